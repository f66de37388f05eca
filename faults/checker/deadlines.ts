import type pg from 'pg';
import { compare } from '../../rehearsal/compare.ts';
import { observe } from '../../rehearsal/observe.ts';
import type { Plan } from '../../rehearsal/plan/index.ts';
import type { Entered, Level, ProcessCode } from '../../rehearsal/recount/procedures.ts';
import { recount, type Act, type Life } from '../../rehearsal/recount/recount.ts';
import type { Sheet } from './ledger.ts';
import type { CaseRecord, EventRow } from './invariants.ts';

/**
 * I2, I4: every due day and every effect of the clock counted a second time (`rehearsal/recount`, which shares nothing with the
 * product) from what the clients asked for and when the log says it happened. A case that went an impossible way makes the
 * recount stumble, and is found by that.
 */
export async function deadlinesAgree(
  db: pg.Pool,
  records: readonly CaseRecord[],
  sheets: readonly Sheet[],
  plans: readonly Plan[],
): Promise<{ deadlines: number; violations: string[] }> {
  const now = await clocksOf(db);
  const bySender = new Map(sheets.map((sheet) => [sheet.asked.key, sheet]));
  const byNumber = new Map(records.map((record) => [record.row.acceptance_no, record]));
  const planOf = ({ turns }: CaseRecord): Plan | undefined => {
    const number = bySender.get(turns[0]?.request_key ?? '')?.asked.number;
    return number === undefined ? undefined : plans[number];
  };
  const violations: string[] = [];
  let deadlines = 0;
  for (const record of records) {
    const no = record.row.acceptance_no;
    try {
      const life = lifeOf(record, bySender, byNumber, planOf(record), now.get(no));
      if (!life) continue;
      const compared = compare(await observe(db, no), recount(life));
      deadlines += compared.deadlines;
      violations.push(
        ...compared.differences
          .filter((each) => !isOnlyLate(each) && !isOvertaken(each, life.acts))
          .map(({ about, system, recount: counted }) => `${no}: ${about}: ${system}; counted again: ${counted}`),
      );
    } catch (problem) {
      violations.push(
        `${no}: its way cannot be counted again: ${problem instanceof Error ? problem.message : String(problem)}`,
      );
    }
  }
  return { deadlines, violations };
}

/**
 * Where a worker is dead while the clock of its case is moved on by days, an effect comes days late by that clock. That is not
 * early, not twice, and not another one; how late effects are when nobody moves the clock is measured by `bench:timers`.
 */
function isOnlyLate({ system, recount: counted }: { system: string; recount: string }): boolean {
  const [seen, own] = [system, counted].map((text) => /^([A-Z_]+ due \S+), recorded (\S+)$/.exec(text));
  return seen?.[1] !== undefined && seen[1] === own?.[1] && (seen[2] ?? '') > (own[2] ?? '');
}

/** The effects of a midnight are spread over ten minutes; the recount counts days. Who decides in between may be first. */
function isOvertaken({ system, recount: counted }: { system: string; recount: string }, acts: readonly Act[]): boolean {
  const day = /, recorded (\S+)$/.exec(counted)?.[1];
  if (system !== 'nothing' || day === undefined) return false;
  const midnight = Date.parse(`${day}T00:00:00+08:00`);
  return acts.some(({ at }) => at >= midnight && at < midnight + SPREAD_MS);
}

const SPREAD_MS = 10 * 60_000;

interface Clock {
  receivedOn: string;
  /** epoch ms on the clock of the case, a moment ago */
  now: number;
}

/** What has not been due for a while has certainly happened: the effects of a midnight are spread over ten minutes. */
const SETTLED_MS = 20 * 60_000;

async function clocksOf(db: pg.Pool): Promise<Map<string, Clock>> {
  const { rows } = await db.query<{ no: string; received: string; ahead: string }>(
    'SELECT acceptance_no AS no, received_on::text AS received, clock_ahead_ms::text AS ahead FROM case_file',
  );
  return new Map(
    rows.map(({ no, received, ahead }) => [no, { receivedOn: received, now: Date.now() + Number(ahead) - SETTLED_MS }]),
  );
}

function lifeOf(
  { row, events }: CaseRecord,
  sheets: ReadonlyMap<string, Sheet>,
  records: ReadonlyMap<string, CaseRecord>,
  plan: Plan | undefined,
  clock: Clock | undefined,
): Life | undefined {
  const filed = events[0];
  if (!filed || !clock) return undefined;
  const keys = new Map((records.get(row.acceptance_no)?.turns ?? []).map((turn) => [turn.turn, turn.request_key]));
  const actOf = (event: EventRow): Act[] => {
    const at = event.at.getTime();
    const common = { at, version: event.turn };
    if (event.kind === 'VERIFICATION_RESULT') {
      const verified = verifiedBy(records.get(event.reason ?? ''), sheets);
      return [{ ...common, act: 'VERIFIED', ...(verified ? { verified } : {}) }];
    }
    if (event.kind !== 'DECIDED') return [];
    const act = sheets.get(keys.get(event.turn) ?? '')?.asked.act as Omit<Act, 'at' | 'version'> | undefined;
    if (!act) throw new Error(`nobody knows what turn ${event.turn} means`);
    return [{ ...act, ...common }];
  };
  const acts = events.flatMap(actOf);
  const last = events.at(-1)?.at.getTime() ?? 0;
  const common = {
    process: row.process_type as ProcessCode,
    receivedOn: clock.receivedOn,
    filedAt: filed.at.getTime(),
    filedVersion: 0,
    acts,
    until: Math.max(clock.now, last + 1),
  };
  // A case that another one waits for has no plan of its own; nobody filed it.
  if (!plan && row.process_type.endsWith('VERIFICATION'))
    return { ...common, window: 'COUNTY', firstStep: 'VERIFYING', endsAfter: 'VERIFYING' };
  if (!plan) return undefined;
  return {
    ...common,
    window: plan.window satisfies Level,
    firstStep: plan.firstStep,
    ...(plan.filing.entered ? { entered: plan.filing.entered satisfies Entered } : {}),
  };
}

/** How the verification ended, as its auditor's request says. */
function verifiedBy(record: CaseRecord | undefined, sheets: ReadonlyMap<string, Sheet>): Act['verified'] {
  const acts = (record?.turns ?? []).map(({ request_key }) => sheets.get(request_key ?? '')?.asked.act);
  return acts.map((act) => act?.['verified']).find((each) => each !== undefined) as Act['verified'];
}
