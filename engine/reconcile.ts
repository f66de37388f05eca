import { WorkflowNotFoundError } from '@temporalio/client';
import { startCase, type StartDeps } from './start-case.ts';

/**
 * Store and engine drift apart only when a process dies between two writes. What is found is mended the same way it
 * would have gone on: a case that was never started is started from its first turn; a procedure that is behind the
 * store is asked to look, finds the turn it has not heard of, and acts on it (I1, I10). Nothing is mended silently.
 */
export interface Difference {
  acceptanceNo: string;
  kind: 'NOT_STARTED' | 'BEHIND' | 'NO_PROCEDURE';
}

interface Decided {
  acceptanceNo: string;
  version: number;
  ended: boolean;
}

/** By number the version that the look before found its procedure to know: it forgets nothing, so nobody is asked twice. */
export type Heard = Map<string, number>;

/** One case that does not answer says nothing of the others; when so many do not, it is the engine that is away. */
const SILENT_AT_MOST = 10;

/**
 * Cases filed or decided in the last `windowMs` are looked at, the youngest first, at most `most` of them; whoever looks again and
 * again keeps `heard` from one look to the next. Rejects when some could not be compared, after all the others were: then the same
 * window has to be looked at again.
 */
export async function reconcile(
  deps: StartDeps,
  windowMs: number,
  most: number,
  say: (difference: Difference) => void,
  heard: Heard = new Map(),
): Promise<Difference[]> {
  const differences: Difference[] = [];
  const found = (difference: Difference): void => {
    differences.push(difference);
    say(difference);
  };
  let silent = 0;
  const apart = async (work: () => Promise<void>): Promise<void> => {
    await work().catch((problem: unknown) => {
      silent += 1;
      if (silent >= SILENT_AT_MOST) throw problem;
    });
  };
  for (const acceptanceNo of await notStarted(deps)) {
    found({ acceptanceNo, kind: 'NOT_STARTED' });
    await apart(() => startCase(deps, acceptanceNo));
  }
  const before = new Map(heard);
  heard.clear();
  for (const row of await lately(deps, windowMs, most)) {
    await apart(async () => {
      const { acceptanceNo, version } = row;
      const kind = before.get(acceptanceNo) === version ? undefined : await compare(deps, row);
      if (kind) found({ acceptanceNo, kind });
      else heard.set(acceptanceNo, version);
    });
  }
  if (silent > 0) throw new Error(`${silent} cases could not be compared`);
  return differences;
}

/** Rows are given some seconds: whoever wrote them is normally about to start the case itself. */
async function notStarted({ db }: StartDeps): Promise<string[]> {
  const { rows } = await db.query<{ acceptance_no: string }>({
    name: 'not-started',
    text: `SELECT c.acceptance_no FROM case_file c
           WHERE c.started_at IS NULL AND c.case_id IN (SELECT case_id FROM case_file WHERE started_at IS NULL ORDER BY case_id LIMIT 1000)
             AND age(clock_timestamp(), c.filed_at - make_interval(secs => c.clock_ahead_ms / 1000.0)) > interval '5 seconds'`,
  });
  return rows.map((row) => row.acceptance_no);
}

/**
 * Ended cases too: a procedure that has not heard of its end keeps waiting, and so does the case that waits for it. Only
 * those whose last turn somebody asked for: what the clock does is in the engine's history before it is in the store, so a
 * worker that dies in between does it again. A midnight with thousands of them hides no decision here and asks nothing.
 */
async function lately({ db }: StartDeps, windowMs: number, most: number): Promise<Decided[]> {
  const { rows } = await db.query<Decided>({
    name: 'lately-decided',
    text: `SELECT c.acceptance_no AS "acceptanceNo", c.version, c.ended_at IS NOT NULL AS ended FROM case_file c JOIN case_turn t ON t.case_id = c.case_id AND t.turn = c.version
           WHERE c.started_at IS NOT NULL AND c.version > 0 AND t.request_key IS NOT NULL
             AND c.touched_at BETWEEN now() - make_interval(secs => $1) AND now() - interval '3 seconds'
           ORDER BY c.touched_at DESC LIMIT $2`,
    values: [windowMs / 1000, most],
  });
  return rows;
}

/**
 * The version the procedure holds; asking adds nothing to its history. One that is over has heard of its end, and is not asked:
 * a release it was pinned to may be gone by then, and nobody else can answer for it.
 */
async function compare(
  deps: StartDeps,
  { acceptanceNo, version, ended }: Decided,
): Promise<Difference['kind'] | undefined> {
  const handle = deps.temporal.workflow.getHandle(acceptanceNo);
  try {
    if (ended && (await handle.describe()).status.name === 'COMPLETED') return undefined;
    if ((await handle.query<number>('version')) >= version) return undefined;
    await handle.signal('recount');
    return 'BEHIND';
  } catch (problem) {
    if (problem instanceof WorkflowNotFoundError) return 'NO_PROCEDURE';
    throw problem;
  }
}
