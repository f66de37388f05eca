import type pg from 'pg';
import type { Calendar } from '../../domain/calendar.ts';
import type { LimitTable } from '../../domain/time-limits.ts';
import { calendarsByEdition } from '../calendar.ts';
import { readCases } from '../store/case-row.ts';
import { createComparison, mayTouch, movesOf, type Comparison, type Move, type OpenCase } from './moves.ts';

/** An open case that has to be counted again. */
export interface Recount {
  caseId: string;
  acceptanceNo: string;
  version: number;
  started: boolean;
  process: string;
  officeId: string | null;
  moves: Move[];
  /** how many open cases of its batch have been looked at with this one */
  nth: number;
}

export interface ScannedBatch {
  recounts: Recount[];
  /** open cases looked at; 0: there are no more */
  looked: number;
  /** where the next batch goes on */
  last: string;
}

/** Cases read at once: some megabytes, and a few hundred milliseconds of one processor. */
const BATCH = 500;

/**
 * Open cases in the order of their ids (the column, not its text); those counted with the new editions already have
 * nothing to gain.
 */
export const OPEN_CASES = {
  name: 'open-cases-to-recount',
  text: `SELECT case_id::text, calendar_edition, handling_office_id, stage_days_left, total_days_left,
                stage_provisional OR total_provisional AS provisional,
                greatest(stage_due_on, total_due_on, stuck_on, correction_due_on, repair_due_on)::text AS last_on
         FROM case_file WHERE case_id > $1::bigint AND ended_at IS NULL AND calendar_edition <> $2 AND ($4::text IS NULL OR city_id = $4)
         ORDER BY case_file.case_id LIMIT $3`,
};

/** What a scan compares with; read once, since it holds whatever editions cases were counted with. */
export const readComparison = async (db: pg.Pool, calendar: Calendar, table?: LimitTable): Promise<Comparison> =>
  createComparison(calendar, await calendarsByEdition(db), table);

/**
 * The next open cases after `after`, of one city or of all, and which of them a changed day touches. Reads only. `now` in
 * epoch ms.
 */
export async function scanBatch(
  db: pg.Pool,
  comparison: Comparison,
  after: string,
  now: number,
  cityId?: string,
  size = BATCH,
): Promise<ScannedBatch> {
  const { rows } = await db.query<OpenCase>({
    ...OPEN_CASES,
    values: [after, comparison.calendar.editionId, size, cityId],
  });
  const nth = new Map(rows.map((open, i) => [open.case_id, i + 1]));
  const candidates = new Map(rows.filter((open) => mayTouch(open, comparison)).map((open) => [open.case_id, open]));
  const cases = candidates.size === 0 ? [] : await readCases(db, [...candidates.keys()]);
  const recounts = cases.flatMap((row): Recount[] => {
    const open = candidates.get(row.case_id);
    const moves = open && movesOf(open, row, comparison, now);
    if (!open || !moves) return [];
    const { case_id: caseId, acceptance_no: acceptanceNo, version, started, process_type: process } = row;
    return [
      {
        caseId,
        acceptanceNo,
        version,
        started,
        process,
        officeId: open.handling_office_id,
        moves,
        nth: nth.get(caseId) ?? 0,
      },
    ];
  });
  return { recounts, looked: rows.length, last: rows.at(-1)?.case_id ?? after };
}
