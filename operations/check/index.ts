import { setTimeout as pause } from 'node:timers/promises';
import { listProcedures } from '../../engine/list-workflow-ids.ts';
import { orUnreadable, UnreadablePayload } from '../../engine/payload-codec.ts';
import type { StartDeps } from '../../engine/start-case.ts';
import { atOnce } from '../at-once.ts';
import { compareCase, DIFFERENCES, type Difference } from './compare.ts';
import { lookAtDuties } from './duties.ts';
import { mendCase, type CheckDeps } from './mend.ts';
import { readProcedure } from './procedure.ts';
import { countRunning, readCases, readRunning, type StoredCase } from './store.ts';

export interface CheckOptions {
  /** only this case */
  acceptanceNo?: string | undefined;
  /** put right what may be */
  mend?: boolean | undefined;
  /** questions to the engine at one time; default 16 */
  most?: number | undefined;
  /** between two looks at what seems wrong while decisions go on; default two seconds */
  pauseMs?: number | undefined;
}
export interface Checked {
  cases: number;
  duties: number;
  /** what was found at first */
  found: Difference[];
  /** what is still so: all of it without `mend` */
  left: Difference[];
}

const PAGE = 500;
const AT_ONCE = 16;
const LOOKS = 4;
/** How often what was mended is looked at again: a procedure catches up turn by turn. */
const LOOKS_AFTER_MENDING = 30;

/**
 * Compares every case that must have a running procedure with that procedure, and every running procedure with its case. A
 * running system moves between two readings, so what seems wrong is looked at again and told only if it stays so. Throws when
 * store or engine cannot be reached. `say` hears how far it has come.
 */
export async function checkCases(
  deps: CheckDeps,
  options: CheckOptions = {},
  say: (done: number, of: number) => void = () => undefined,
): Promise<Checked> {
  const { acceptanceNo, most = AT_ONCE, pauseMs = 2_000 } = options;
  const look = (rows: readonly StoredCase[]): Promise<Difference[]> => lookAt(deps, rows, most);
  const again = async (suspects: readonly Difference[]): Promise<Difference[]> => {
    const numbers = [...new Set(suspects.filter(({ dutyId }) => !dutyId).map((each) => each.acceptanceNo))];
    const dutyIds = suspects.flatMap(({ dutyId }) => dutyId ?? []);
    const differences = dutyIds.length > 0 ? (await lookAtDuties(deps, dutyIds)).differences : [];
    for (let from = 0; from < numbers.length; from += PAGE) {
      const some = numbers.slice(from, from + PAGE);
      const rows = await readCases(deps.db, some);
      differences.push(...(await look(rows)), ...(await withoutCase(deps, some, rows)));
    }
    return differences;
  };

  const { suspects, ...counts } = acceptanceNo
    ? { cases: 1, duties: 0, suspects: await one(deps, acceptanceNo) }
    : await lookAtAll(deps, look, say);
  let found = suspects;
  for (let looks = 1; found.length > 0 && looks < LOOKS; looks++) {
    await pause(pauseMs);
    found = await again(found);
  }
  if (!options.mend || found.length === 0) return { ...counts, found, left: found };

  const mendable = found.filter(({ kind }) => DIFFERENCES[kind].mends);
  // In the order they were filed: a case that was opened by another one is told to a procedure that is there.
  for (const [done, difference] of mendable.entries()) {
    await mendCase(deps, difference);
    say(done + 1, mendable.length);
  }
  let left = await again(found);
  const mended = new Set(mendable.map((each) => each.acceptanceNo));
  const onItsWay = (): boolean => left.some((each) => mended.has(each.acceptanceNo));
  for (let looks = 1; onItsWay() && looks < LOOKS_AFTER_MENDING; looks++) {
    await pause(pauseMs);
    left = await again(left);
  }
  return { ...counts, found, left };
}

async function one(deps: StartDeps, acceptanceNo: string): Promise<Difference[]> {
  const rows = await readCases(deps.db, [acceptanceNo]);
  return [...(await lookAt(deps, rows, 1)), ...(await withoutCase(deps, [acceptanceNo], rows))];
}

async function lookAtAll(
  deps: StartDeps,
  look: (rows: readonly StoredCase[]) => Promise<Difference[]>,
  say: (done: number, of: number) => void,
): Promise<{ cases: number; duties: number; suspects: Difference[] }> {
  const suspects: Difference[] = [];
  const total = await countRunning(deps.db);
  const seen = new Set<string>();
  for await (const rows of readRunning(deps.db, PAGE)) {
    suspects.push(...(await look(rows)));
    for (const row of rows) seen.add(row.acceptanceNo);
    say(seen.size, total);
  }
  let cases = seen.size;
  // The other way round: what runs and should not, or runs for a case that has ended without it.
  const lookAtOthers = async (numbers: readonly string[]): Promise<void> => {
    const rows = await readCases(deps.db, numbers);
    suspects.push(...(await look(rows)), ...(await withoutCase(deps, numbers, rows)));
    cases += rows.length;
  };
  let others: string[] = [];
  for await (const workflowId of listProcedures(deps.temporal, {
    taskQueue: deps.config.temporalTaskQueue,
    running: true,
  })) {
    if (seen.has(workflowId)) continue;
    others.push(workflowId);
    if (others.length === PAGE) await lookAtOthers(others.splice(0));
  }
  if (others.length > 0) await lookAtOthers((others = [...others]));
  const { duties, differences } = await lookAtDuties(deps);
  return { cases, duties, suspects: [...suspects, ...differences] };
}

async function lookAt(deps: StartDeps, rows: readonly StoredCase[], most: number): Promise<Difference[]> {
  const differences: Difference[] = [];
  // Few at one time: the engine has decisions to carry out meanwhile.
  await atOnce(most, rows, async (row) => {
    differences.push(...compareCase(row, await orUnreadable(readProcedure(deps.temporal, row.acceptanceNo))));
  });
  return differences;
}

/** Of these numbers, those that have a running procedure and no row. */
async function withoutCase(
  { temporal }: StartDeps,
  numbers: readonly string[],
  rows: readonly StoredCase[],
): Promise<Difference[]> {
  const known = new Set(rows.map((row) => row.acceptanceNo));
  const differences: Difference[] = [];
  for (const acceptanceNo of numbers.filter((number) => !known.has(number))) {
    const procedure = await orUnreadable(readProcedure(temporal, acceptanceNo));
    const unreadable = procedure instanceof UnreadablePayload;
    if (!procedure || !(unreadable || procedure.running)) continue;
    const engine = unreadable ? 'UNREADABLE' : `${procedure.state.status} ${procedure.state.version}`;
    differences.push({ acceptanceNo, kind: 'NO_CASE', store: '–', engine });
  }
  return differences;
}
