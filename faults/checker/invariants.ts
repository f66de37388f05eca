import { createHash } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { everybodyHeard, proceduresAgree } from './procedures.ts';
import { everybodyTold, nothingTwice } from './statements.ts';

/**
 * Says what is wrong with a system after a fault run. It knows what the clients sent and were answered, what SQL shows
 * and what the procedures say of themselves – and nothing of our code: the rules below are written a second time, by hand.
 */

/** One decision as its client saw it, however often it had to be sent. */
export interface Sent {
  acceptanceNo: string;
  userId: string;
  key: string;
  step: string;
  decision: string;
  /** the version that was answered with */
  answeredVersion?: number;
  /** the code it was refused with */
  refused?: string;
}
export interface Ledger {
  /** without a number when nobody was answered one */
  filings: Array<{ acceptanceNo?: string; userId: string; key: string; refused?: string }>;
  decisions: Sent[];
}

export interface CaseRow {
  case_id: string;
  acceptance_no: string;
  process_type: string;
  version: number;
  ended: boolean;
  stage_seq: number;
  stage_due_on: string | null;
  total_due_on: string | null;
  next_effect_at: Date | null;
  clock_ahead_ms: number;
}
export interface TurnRow {
  case_id: string;
  turn: number;
  user_id: string | null;
  request_key: string | null;
  stage_due_on: string | null;
  total_due_on: string | null;
  next_effect_at: string | null;
}
export interface EventRow {
  case_id: string;
  seq: number;
  turn: number;
  kind: string;
  decision: string | null;
  stage: string;
  step: string;
  actor_id: string | null;
  actor_name: string | null;
  office_id: string | null;
  reason: string | null;
  data: Record<string, unknown>;
  at: Date;
  due_on: string | null;
  days_late: number | null;
  effect_key: string | null;
  turn_hash: string | null;
  prev_hash: string;
  hash: string;
}
export interface CaseRecord {
  row: CaseRow;
  turns: TurnRow[];
  events: EventRow[];
}

/** Everything that is wrong, one sentence each; an empty list means that what must hold holds. */
export async function findViolations(
  db: pg.Pool,
  temporal: Client,
  ledger: Ledger,
  patienceMs = 15_000,
): Promise<string[]> {
  // First, since it gives the procedures time to hear of what the store has; what is read then is read afterwards.
  const behind = await proceduresAgree(db, temporal, patienceMs);
  behind.push(...(await everybodyHeard(db, patienceMs)));
  const records = await readRecords(db);
  const byNumber = new Map(records.map((record) => [record.row.acceptance_no, record]));
  return [
    ...answeredOnce(byNumber, ledger),
    ...nobodyElsesRows(records, ledger),
    ...records.flatMap(turnsAreWhole),
    ...records.flatMap(sameDaysEverywhere),
    ...records.flatMap(effectsOnce),
    ...records.flatMap(resultsOnce),
    ...records.flatMap(fourEyes),
    ...records.flatMap(chainHolds),
    ...(await nothingTwice(db)),
    ...(await everybodyTold(db)),
    ...behind,
  ];
}

export async function readRecords(db: pg.Pool): Promise<CaseRecord[]> {
  const cases = await db.query<CaseRow>(
    `SELECT case_id::text, acceptance_no, process_type, version, ended_at IS NOT NULL AS ended, stage_seq, stage_due_on::text,
            CASE WHEN total_ended_on IS NULL THEN total_due_on::text END AS total_due_on, next_effect_at, clock_ahead_ms::float8 FROM case_file`,
  );
  const turns = await db.query<TurnRow>(
    `SELECT case_id::text, turn, user_id, request_key, result #>> '{state,stageClock,dueOn}' AS stage_due_on,
            result #>> '{state,totalClock,dueOn}' AS total_due_on, result #>> '{state,agenda,0,at}' AS next_effect_at FROM case_turn ORDER BY turn`,
  );
  const events = await db.query<EventRow>(
    `SELECT case_id::text, seq, turn, kind, decision, stage, step, actor_id, actor_name, office_id, reason, data, at, due_on::text, days_late,
            effect_key, turn_hash, prev_hash, hash FROM case_event ORDER BY seq`,
  );
  const turnsOf = byCase(turns.rows);
  const eventsOf = byCase(events.rows);
  return cases.rows.map((row) => ({
    row,
    turns: turnsOf.get(row.case_id) ?? [],
    events: eventsOf.get(row.case_id) ?? [],
  }));
}

function byCase<Row extends { case_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) found.set(row.case_id, [...(found.get(row.case_id) ?? []), row]);
  return found;
}

/** I1, I3: what was answered is in the store once, under its key and its version; what was refused is not. */
function answeredOnce(byNumber: Map<string, CaseRecord>, ledger: Ledger): string[] {
  const filings = ledger.filings.flatMap(({ acceptanceNo, userId, key }) => {
    if (acceptanceNo === undefined) return [];
    const turns =
      byNumber.get(acceptanceNo)?.turns.filter((turn) => turn.request_key === key && turn.user_id === userId) ?? [];
    return turns.length === 1 && turns[0]?.turn === 0
      ? []
      : [`${acceptanceNo}: filed under ${key}, ${turns.length} first turns`];
  });
  const decisions = ledger.decisions.flatMap((sent) => {
    const { acceptanceNo, key, answeredVersion } = sent;
    const record = byNumber.get(acceptanceNo);
    const turns = record?.turns.filter((turn) => turn.request_key === key && turn.user_id === sent.userId) ?? [];
    const named = `${acceptanceNo}: ${sent.decision} at ${sent.step} under ${key}`;
    if (sent.refused) return turns.length === 0 ? [] : [`${named} was refused (${sent.refused}) and is in the store`];
    if (answeredVersion === undefined)
      return turns.length <= 1 ? [] : [`${named} is in the store ${turns.length} times`];
    if (turns.length !== 1) return [`${named} was answered and is in the store ${turns.length} times`];
    if (turns[0]?.turn !== answeredVersion)
      return [`${named} was answered with version ${answeredVersion}, stored as ${turns[0]?.turn}`];
    const decided = record?.events.filter((event) => event.turn === answeredVersion && event.kind === 'DECIDED') ?? [];
    const same = decided.length === 1 && decided[0]?.decision === sent.decision && decided[0].step === sent.step;
    return same ? [] : [`${named}: ${decided.length} events of it`];
  });
  return [...filings, ...decisions];
}

/** I1, the other way round: no row that nobody asked for. */
function nobodyElsesRows(records: CaseRecord[], ledger: Ledger): string[] {
  const sent = new Set([...ledger.filings, ...ledger.decisions].map(({ userId, key }) => `${userId} ${key}`));
  return records.flatMap(({ row, turns }) =>
    turns
      .filter((turn) => turn.request_key !== null && !sent.has(`${turn.user_id} ${turn.request_key}`))
      .map((turn) => `${row.acceptance_no}: turn ${turn.turn} under key ${turn.request_key} that nobody sent`),
  );
}

/** One transaction per turn: versions without a gap, each with its events, the last one being the row's. */
function turnsAreWhole({ row, turns, events }: CaseRecord): string[] {
  const problems: string[] = [];
  turns.forEach((turn, i) => {
    if (turn.turn !== i) problems.push(`${row.acceptance_no}: turn ${turn.turn} where ${i} should be`);
    const ofTurn = events.filter((event) => event.turn === turn.turn);
    const wanted = turn.turn === 0 ? 'FILED' : turn.request_key === null ? undefined : 'DECIDED';
    if (ofTurn.length === 0) problems.push(`${row.acceptance_no}: turn ${turn.turn} has no event`);
    if (wanted && ofTurn.filter((event) => event.kind === wanted).length !== 1)
      problems.push(`${row.acceptance_no}: turn ${turn.turn} is not one ${wanted}`);
  });
  const last = turns.at(-1)?.turn;
  if (last !== row.version) problems.push(`${row.acceptance_no}: version ${row.version}, last turn ${last}`);
  return problems;
}

/** I4: the days of the row are the days the last turn answered to the procedure. */
function sameDaysEverywhere({ row, turns }: CaseRecord): string[] {
  const last = turns.at(-1);
  const effectAt = last?.next_effect_at ? Number(last.next_effect_at) : undefined;
  const same =
    row.ended ||
    (last?.stage_due_on === row.stage_due_on &&
      last.total_due_on === row.total_due_on &&
      effectAt === row.next_effect_at?.getTime());
  return same ? [] : [`${row.acceptance_no}: row and last turn disagree about days`];
}

const shanghaiDay = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);

/** I5: each deadline effect once and not before its time, and no breach without its escalation in the same turn. */
function effectsOnce({ row, events }: CaseRecord): string[] {
  const effects = events.filter((event) => event.effect_key !== null);
  const keys = effects.map((event) => event.effect_key);
  const problems = keys
    .filter((key, i) => keys.indexOf(key) !== i)
    .map((key) => `${row.acceptance_no}: ${key} happened twice`);
  for (const event of effects.filter(({ kind }) => kind !== 'ESCALATED')) {
    const dueAt = event.data['dueAt'];
    if (typeof dueAt !== 'string' || event.at < new Date(dueAt))
      problems.push(`${row.acceptance_no}: ${event.effect_key} at ${event.at.toISOString()}, due ${String(dueAt)}`);
  }
  for (const event of effects.filter(({ kind }) => kind === 'LIMIT_PASSED')) {
    const escalations = effects.filter((other) => other.kind === 'ESCALATED' && other.turn === event.turn);
    if (escalations.length !== 1)
      problems.push(`${row.acceptance_no}: ${event.effect_key} has ${escalations.length} escalations`);
    if (event.due_on === null || shanghaiDay(event.at) <= event.due_on)
      problems.push(`${row.acceptance_no}: ${event.effect_key} on its due day ${event.due_on}`);
  }
  return problems;
}

/** A case hears once of the end of each case it waited for; the log names that one as the reason. */
function resultsOnce({ row, events }: CaseRecord): string[] {
  const heard = events.filter(({ kind }) => kind === 'VERIFICATION_RESULT').map(({ reason }) => reason);
  return heard
    .filter((reason, i) => heard.indexOf(reason) !== i)
    .map((reason) => `${row.acceptance_no}: heard of ${reason} twice`);
}

/** I7, from the articles: whoever did one of these is not whoever did another one (a repeated step may be the same person's). */
const FOUR_EYES: Readonly<Record<string, readonly string[][]>> = {
  REIMBURSEMENT_REVIEW: [
    ['ENTRY', 'FIRST_REVIEW', 'SECOND_REVIEW', 'APPROVAL'],
    ['MADE_OUT', 'CHECKED', 'RECHECKED', 'PAID'],
  ],
  CHRONIC_DISEASE_APPROVAL: [['ENTRY', 'FIRST_REVIEW', 'SECOND_REVIEW', 'APPROVAL']],
  OUT_OF_AREA_REFERRAL: [['ENTRY', 'REVIEW']],
};

function fourEyes({ row, events }: CaseRecord): string[] {
  return (FOUR_EYES[row.process_type] ?? []).flatMap((duties) => {
    const held = new Map<string, string>();
    return events.flatMap((event) => {
      const duty = event.kind === 'FILED' ? 'ENTRY' : event.decision === 'APPROVE' ? event.step : '';
      if (!event.actor_id || !duties.includes(duty)) return [];
      const before = held.get(event.actor_id);
      held.set(event.actor_id, duty);
      return before === undefined || before === duty
        ? []
        : [`${row.acceptance_no}: ${event.actor_id} did ${before} and ${duty}`];
    });
  });
}

/** I8: the chain computed anew, gap-free from the first event on. */
function chainHolds({ row, events }: CaseRecord): string[] {
  let previous = '0'.repeat(64);
  return events.flatMap((event, i) => {
    const { case_id: _, prev_hash: stated, hash, turn_hash: vouched, ...content } = event;
    const also = vouched === null ? {} : { turn_hash: vouched };
    const text = sortedJson({ ...content, ...also, acceptance_no: row.acceptance_no, at: event.at.toISOString() });
    const computed = sha256(previous + text);
    const broken = stated !== previous || hash !== computed || event.seq !== i + 1;
    previous = hash;
    return broken ? [`${row.acceptance_no}: the log is broken at event ${event.seq}`] : [];
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = value as Record<string, unknown>;
  // Of what is sealed the log vouches for the commit, whatever key it is sealed with.
  const sealed = fields['$sealed'];
  if (typeof sealed === 'string') return JSON.stringify({ $sealed: sealed.split('.')[1] });
  const names = Object.keys(fields).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${sortedJson(fields[name])}`).join(',')}}`;
}
