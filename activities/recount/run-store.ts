import type pg from 'pg';

/** Where a run stands, as its procedure, the API and the command line read it. */
export interface CalendarRun {
  editionId: string;
  startedAt: Date;
  startedBy: string;
  finishedAt: Date | null;
  /** the first pass asks nearly everybody, the following ones those who were decided meanwhile */
  pass: number;
  /** the last case this pass has looked at */
  cursor: string;
  /** open cases when the run began, and how many of them this pass has looked at */
  total: number;
  done: number;
  /** times a case was asked to count again, those of them that move a day, and cases without a procedure in the engine */
  asked: number;
  moved: number;
  gone: number;
}

const RUNS = `
  SELECT r.edition_id AS "editionId", r.started_at AS "startedAt", r.started_by AS "startedBy", r.finished_at AS "finishedAt",
         r.pass, r.cursor::text, r.total, r.done, coalesce(c.asked, 0) AS asked, coalesce(c.moved, 0) AS moved, coalesce(c.gone, 0) AS gone
  FROM calendar_run r LEFT JOIN LATERAL (
    SELECT count(*)::int AS asked, count(*) FILTER (WHERE moves)::int AS moved, count(*) FILTER (WHERE gone)::int AS gone
    FROM calendar_run_case c WHERE c.edition_id = r.edition_id) c ON true`;

/** The run of an edition; undefined for one that came with the program or was never loaded. */
export async function findRun(db: pg.Pool, editionId: string): Promise<CalendarRun | undefined> {
  return (await db.query<CalendarRun>(`${RUNS} WHERE r.edition_id = $1`, [editionId])).rows[0];
}

export const findUnfinishedRuns = async (db: pg.Pool | pg.ClientBase): Promise<CalendarRun[]> =>
  (await db.query<CalendarRun>(`${RUNS} WHERE r.finished_at IS NULL`)).rows;

/** The run begins with the edition, in the transaction that stores it. */
export async function insertRun(tx: pg.ClientBase, editionId: string, by: string, at: Date): Promise<void> {
  await tx.query(
    `INSERT INTO calendar_run (edition_id, started_at, started_by, total)
     SELECT $1, $2, $3, count(*) FROM case_file WHERE ended_at IS NULL`,
    [editionId, at, by],
  );
}

/** Cases about to be asked; one that was noted before a worker died is not noted twice. */
export async function noteAsked(
  db: pg.Pool,
  run: CalendarRun,
  asked: ReadonlyArray<{ caseId: string; version: number; moves: boolean }>,
): Promise<void> {
  await db.query({
    name: 'note-asked',
    text: `INSERT INTO calendar_run_case (edition_id, case_id, version, pass, moves)
           SELECT $1, a.case_id, a.version, $2, a.moves
           FROM unnest($3::bigint[], $4::int[], $5::boolean[]) AS a(case_id, version, moves) ON CONFLICT DO NOTHING`,
    values: [
      run.editionId,
      run.pass,
      asked.map(({ caseId }) => caseId),
      asked.map(({ version }) => version),
      asked.map(({ moves }) => moves),
    ],
  });
}

export async function noteGone(db: pg.Pool, editionId: string, caseId: string, version: number): Promise<void> {
  await db.query('UPDATE calendar_run_case SET gone = true WHERE edition_id = $1 AND case_id = $2 AND version = $3', [
    editionId,
    caseId,
    version,
  ]);
}

/** Only from where it stood: of two that did the same batch, one after the death of the other, one moves the run on. */
export async function moveCursor(
  db: pg.Pool,
  run: CalendarRun,
  from: string,
  to: string,
  looked: number,
): Promise<void> {
  await db.query(
    `UPDATE calendar_run SET cursor = $4, done = least(done + $5, total)
     WHERE edition_id = $1 AND pass = $2 AND cursor = $3`,
    [run.editionId, run.pass, from, to, looked],
  );
}

/** The end of a pass. True: somebody was asked in it, so another one follows; false: the run is over. */
export async function endPass(db: pg.Pool, run: CalendarRun, at: Date): Promise<boolean> {
  const { rows } = await db.query<{ again: boolean }>(
    `WITH pass AS (
       SELECT $2 = 1 OR EXISTS (SELECT FROM calendar_run_case WHERE edition_id = $1 AND pass = $2 AND NOT gone) AS again
     ), moved AS (
       UPDATE calendar_run SET pass = CASE WHEN again THEN $2 + 1 ELSE $2 END, cursor = CASE WHEN again THEN 0 ELSE cursor END,
              done = CASE WHEN again THEN 0 ELSE total END, finished_at = CASE WHEN again THEN NULL ELSE $3::timestamptz END
       FROM pass WHERE edition_id = $1 AND calendar_run.pass = $2::int
     )
     SELECT again FROM pass`,
    [run.editionId, run.pass, at],
  );
  return rows[0]?.again ?? false;
}
