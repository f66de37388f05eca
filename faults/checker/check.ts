import type { Client } from '@temporalio/client';
import type pg from 'pg';
import type { Plan } from '../../rehearsal/plan/index.ts';
import { readRecord } from '../record.ts';
import { deadlinesAgree } from './deadlines.ts';
import { historiesAgree } from './histories.ts';
import { findViolations, readRecords } from './invariants.ts';
import { hiddenFrom } from './stuck.ts';
import { answersAreRight, countDecided, ledgerOf, sheetsOf, type Sheet } from './ledger.ts';

export interface Checked {
  sheets: readonly Sheet[];
  /** keys of the decisions that are in the store, each as often as it is there */
  stored: readonly string[];
  decisions: number;
  cases: number;
  deadlines: number;
  violations: string[];
}

/** Longer than the minute after which every worker compares store and engine, twice. */
const PATIENCE_MS = 150_000;

export interface Evidence {
  recordFile: string;
  db: pg.Pool;
  temporal: Client;
  /** the processes, as the engine names their procedures */
  types: readonly string[];
  /** what was going to be done with a case, by the number of its filing */
  plans: readonly Plan[];
  /** the numbers on the stuck list of the city's manager */
  stuckList: () => Promise<ReadonlySet<string>>;
  say: (line: string) => void;
  patienceMs?: number;
}

/** Everything that is wrong after a run, from the clients' record, the rows and the histories alone. */
export async function check(evidence: Evidence): Promise<Checked> {
  const { recordFile, db, temporal, types, plans, stuckList, say, patienceMs = PATIENCE_MS } = evidence;
  const lines = readRecord(recordFile);
  const sheets = sheetsOf(lines);
  const { rows } = await db.query<{ username: string; staff_id: string }>('SELECT username, staff_id FROM staff');
  const ids = new Map(rows.map(({ username, staff_id }) => [username, staff_id]));
  const ledger = ledgerOf(sheets, (username) => ids.get(username) ?? username);
  say('rows, and what each procedure says of itself');
  const violations = await findViolations(db, temporal, ledger, patienceMs);
  say('histories');
  const records = await readRecords(db);
  violations.push(...(await historiesAgree(temporal, records, types)));
  say('answers, deadlines');
  violations.push(...answersAreRight(sheets));
  const counted = await deadlinesAgree(db, records, sheets, plans);
  violations.push(...counted.violations);
  violations.push(...hiddenFrom(await stuckList(), records));
  violations.push(
    ...lines.flatMap((line) => (line.what === 'MISSED' ? [`${line.acceptanceNo}: ${line.sentence}`] : [])),
  );
  const stored = records.flatMap(({ turns }) => turns.flatMap(({ request_key }) => request_key ?? []));
  const { deadlines } = counted;
  return { sheets, stored, decisions: countDecided(sheets), cases: records.length, deadlines, violations };
}
