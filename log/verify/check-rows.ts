import type { Json, JsonObject } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import type { CaseState } from '../../domain/case.ts';
import { canonical } from '../../activities/store/hash-chain.ts';
import type { Finding } from './finding.ts';
import type { LoggedTurn } from '../case-rows.ts';
import type { CaseRecord } from './read-cases.ts';

/**
 * Rows that change with the case are not hashed; they are derived from the log once more and compared. A day that was moved by
 * hand in the case's row, in its stage or suspension, a status, an amount: the log says otherwise.
 */
export function checkRows(record: CaseRecord): Finding[] {
  const last = record.turns.at(-1);
  if (!last) return [];
  const differs: string[] = [];
  const compare = (what: string, row: Json | undefined, log: Json | undefined): void => {
    if (canonical(row ?? null) !== canonical(log ?? null)) differs.push(what);
  };
  header(record, last.result.state, compare);
  stages(record, compare);
  suspensions(record, last.result.state, compare);
  contents(record, compare);
  outcomes(record, compare);
  actors(record, compare);
  return differs.map((detail) => ({
    about: record.acceptanceNo,
    kind: 'ROW_DIFFERS',
    between: ['ROWS', 'CHAIN'],
    detail,
  }));
}

type Compare = (what: string, row: Json | undefined, log: Json | undefined) => void;

function header({ row }: CaseRecord, state: CaseState, compare: Compare): void {
  compare('status', row['status'], state.status);
  compare('stage', row['stage'], state.stage);
  compare('step', row['step'], state.step);
  compare('stage due day', row['stageDueOn'], state.stageClock?.dueOn);
  if (state.totalClock) compare('total due day', row['totalDueOn'], state.totalClock.dueOn);
  if (state.stageSeq !== undefined) compare('number of the stage', row['stageSeq'], state.stageSeq);
}

/** The event of the turn that left a stage closed it: when, by whom, how late. */
function stages({ stages: rows, turns, events }: CaseRecord, compare: Compare): void {
  for (const stage of rows) {
    const seq = Number(stage['seq']);
    const name = `stage ${seq}`;
    const within = turns.filter(({ result }) => result.state.stageSeq === seq);
    const leaves = turns.find(({ result }) => (result.state.stageSeq ?? 0) > seq) ?? within.find(isEnd);
    const clock = within.at(-1)?.result.state.stageClock;
    compare(`${name}: closed`, stage['closedAt'] !== null, leaves !== undefined);
    if (!leaves) {
      compare(`${name}: due day`, stage['dueOn'], clock?.dueOn);
      continue;
    }
    const event = events.find(({ turn }) => turn === leaves.turn);
    compare(`${name}: closed at`, stage['closedAt'], leaves.at);
    compare(`${name}: closed by`, stage['closedBy'], leaves.userId);
    if (event?.days_late !== null) compare(`${name}: days late`, stage['daysLate'], event?.days_late);
    // A stage that is closed while its clock stands keeps the day it had then: none.
    compare(`${name}: due day`, stage['dueOn'], event?.due_on ?? clock?.dueOn);
  }
}

const isEnd = ({ result }: LoggedTurn): boolean => ['REJECTED', 'WITHDRAWN', 'CLOSED'].includes(result.state.status);

function suspensions({ suspensions: rows, events }: CaseRecord, state: CaseState, compare: Compare): void {
  for (const row of rows) {
    const name = `suspension ${String(row['seq'])}`;
    const began = events.find(({ turn }) => turn === row['openedTurn']);
    compare(`${name}: begin`, row['suspendedOn'], began?.data['suspendedOn']);
    if (row['closedTurn'] === null) continue;
    const ended = events.find(({ turn }) => turn === row['closedTurn']);
    const resumed = (ended?.data['resumed'] ?? []) as JsonObject[];
    const days = resumed.filter(({ kind }) => kind === row['kind']).map(({ on }) => on ?? null);
    compare(`${name}: end`, row['resumedOn'], days[0]);
  }
  if (state.stageSeq === undefined) return;
  const open = rows
    .filter((row) => row['resumedOn'] === null)
    .map((row) => ({ seq: row['seq'] ?? 0, on: row['suspendedOn'] ?? null }));
  compare(
    'open suspensions',
    open,
    (state.open ?? []).map(({ seq, suspendedOn }) => ({ seq, on: suspendedOn })),
  );
}

/** Forms are what was filed and amended since; facts are what turns established, on top of what was known at filing. */
function contents({ row, events, turns }: CaseRecord, compare: Compare): void {
  const form: JsonObject = {};
  for (const { data } of events) Object.assign(form, data['form']);
  compare('form', unsealed(row['form']), unsealed(form));
  const facts: JsonObject = {};
  for (const { result } of turns) Object.assign(facts, result.facts);
  const stored = row['facts'] as JsonObject;
  const same = Object.fromEntries(Object.keys(facts).map((key) => [key, stored[key] ?? null]));
  compare('facts', unsealed(same), unsealed(facts));
}

/** Two places seal the same text each with a salt of their own; the log vouches for the one in the event. */
function unsealed(value: Json | undefined): Json {
  if (Array.isArray(value)) return value.map((item) => unsealed(item));
  if (value === null || typeof value !== 'object') return value ?? null;
  if (typeof value['$sealed'] === 'string') return { $sealed: '' };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unsealed(item)]));
}

/** What effects have established, as the facts of the case name it. */
function outcomes({ row, results }: CaseRecord, compare: Compare): void {
  const facts = row['facts'] as JsonObject;
  const of = (name: string): JsonObject | undefined => (results[name] ?? undefined) as JsonObject | undefined;
  const [payment, recovery, chronic, outOfArea] = [of('payment'), of('recovery'), of('chronic'), of('outOfArea')];
  if (payment) {
    compare('payment: list', payment['listNo'], facts['listNo']);
    if (facts['payBy']) compare('payment: to be paid by', payment['payBy'], facts['payBy']);
  }
  if (recovery) compare('recovery: amount', recovery['amount'], facts['toRecover']);
  for (const register of [chronic, outOfArea]) {
    if (!register) continue;
    compare('register: valid from', register['validFrom'], facts['validFrom']);
    compare('register: valid to', register['validTo'], facts['validTo']);
    compare('register: person', register['person'], row['personId']);
  }
  if (outOfArea) compare('register: cancelled', outOfArea['cancelledOn'], facts['cancelledOn']);
  if (results['letters']) compare('introduction letter', results['letters'], [facts['letterNo'] ?? null]);
  const benefits = (results['benefits'] ?? []) as JsonObject[];
  if (benefits.length > 0) {
    compare('benefit in force', benefits.length, 1);
    compare('benefit: fund pays', benefits[0]?.['fundPays'], facts['fundPays']);
    compare('benefit: insured pays', benefits[0]?.['insuredPays'], facts['insuredPays']);
    if (payment) compare('payment: amount', payment['amount'], facts['fundPays']);
  }
}

/** Four eyes: whoever decided on the merits holds the duty of that step, and nobody holds one who did nothing. */
function actors({ row, actors: rows, events }: CaseRecord, compare: Compare): void {
  const definition = PROCESSES[String(row['process'])];
  const acted = new Set(events.map(({ actor_id: id }) => id));
  for (const { userId } of rows) compare(`duty of ${String(userId)}`, acted.has(String(userId)), true);
  for (const event of events) {
    const { duty, decisions } = definition?.steps[event.step] ?? {};
    if (
      event.kind !== 'DECIDED' ||
      !duty ||
      !event.decision ||
      !(decisions as JsonObject | undefined)?.[event.decision]
    )
      continue;
    const held = rows.some(({ chain, userId }) => chain === duty.chain && userId === event.actor_id);
    compare(`duty ${duty.duty} of turn ${event.turn}`, held, true);
  }
}
