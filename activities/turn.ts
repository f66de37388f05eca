import type pg from 'pg';
import { ENDED, type CaseState, type DecisionRequest, type JsonObject } from '../domain/case.ts';
import type { Calendar } from '../domain/calendar.ts';
import { plainDateAt } from '../domain/plain-date.ts';
import { getProcess } from '../domain/processes/index.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Turn, TurnRecorded, TurnResult } from '../domain/turn.ts';
import { loadCalendar, RECOUNT_FRESH_MS } from './calendar.ts';
import { runEffects } from './effects/index.ts';
import { fault } from './fault-points.ts';
import { attachDocuments } from './store/attach-documents.ts';
import { syncClaims } from './store/claims.ts';
import { lockCase, type CaseRow } from './store/case-row.ts';
import { nextCase, type NextCase } from './store/next-case.ts';
import { writeTurn } from './store/write-turn.ts';

export interface TurnDeps {
  db: pg.Pool;
  /** seconds after midnight over which deadline effects are spread */
  spreadSeconds: number;
}

/**
 * Writes one turn of a case in one transaction: case row, stage, suspension, event with its hash, effects, papers,
 * notices – all or nothing. Repeating it changes nothing and answers the same: the turn's number is its key.
 * A refusal only the store can see (something claimed meanwhile) rolls everything back and is answered as such; an
 * unreachable database throws and is retried by the engine.
 */
export async function recordTurn(deps: TurnDeps, turn: Turn): Promise<TurnResult> {
  const calendar = await loadCalendar(deps.db, turn.kind === 'RECOUNTED' ? RECOUNT_FRESH_MS : undefined);
  fault('turn.begin');
  return inTransaction(deps.db, async (tx) => {
    const row = await lockCase(tx, turn.caseId);
    if (row.version >= turn.turn) return storedResult(tx, turn);
    if (row.version !== turn.turn - 1) throw new Error(`${turn.acceptanceNo}: turn ${turn.turn} after version ${row.version}`);
    const result = await writeNext(deps, tx, row, inOrder(turn, row), calendar);
    fault('turn.written');
    return result;
  });
}

async function writeNext(deps: TurnDeps, tx: pg.ClientBase, row: CaseRow, turn: Turn, calendar: Calendar): Promise<TurnRecorded> {
  const definition = getProcess(turn.process);
  const next: NextCase = nextCase(definition, row, turn, calendar, deps.spreadSeconds);
  const documents = await attachDocuments(tx, row, turn);
  if (turn.form && definition.filing.claims) {
    const claimed = { form: next.form, facts: next.facts, receivedOn: row.received_on, ...(row.person_id ? { personId: row.person_id } : {}) };
    await syncClaims(tx, turn.caseId, definition.filing.claims(claimed), new Date(turn.at));
  }
  // Effects may establish facts (amounts, letter numbers) that the row and the papers carry.
  const effects = ENDED.includes(next.status) && next.status !== 'CLOSED'
    ? [...(turn.consequence.effects ?? []), { kind: 'RELEASE_CLAIMS' } as const, { kind: 'TAKE_OFF_PAYMENT_LIST' } as const]
    : (turn.consequence.effects ?? []);
  const { facts, opened } = await runEffects({ deps, tx, row, next, turn, calendar, today: plainDateAt(turn.at), definition }, effects);
  Object.assign(next.facts, facts);
  const state: CaseState = { caseId: turn.caseId, acceptanceNo: turn.acceptanceNo, version: turn.turn, ...next.state };
  const newFacts: JsonObject = { ...turn.consequence.facts, ...next.establishedFacts, ...facts };
  const result: TurnRecorded = { state, facts: newFacts, documents, ...(opened ? { opened } : {}) };
  await writeTurn(tx, { definition, row, turn, next, result });
  return result;
}

/** Filing is stamped by the window's clock, turns by the engine's: where the two differ a little, time still moves forward. */
const inOrder = (turn: Turn, row: CaseRow): Turn => ({ ...turn, at: Math.max(turn.at, row.stage_opened_at.getTime()) });

/** The turn is already there: repeated, or taken by a decision the procedure has not heard of yet. */
async function storedResult(tx: pg.ClientBase, turn: Turn): Promise<TurnResult> {
  const { rows } = await tx.query<{ result: TurnRecorded; request: DecisionRequest | null }>({
    name: 'stored-turn',
    text: 'SELECT result, request FROM case_turn WHERE case_id = $1 AND turn = $2',
    values: [turn.caseId, turn.turn],
  });
  const stored = rows[0];
  if (!stored) throw new Error(`${turn.acceptanceNo}: version is past turn ${turn.turn}, but the turn is not stored`);
  const theirs = stored.request;
  if (theirs && (theirs.key !== turn.request?.key || theirs.user.id !== turn.request.user.id)) return { superseded: theirs };
  return stored.result;
}

/** One transaction on one connection; a Refusal rolls back and becomes the answer, anything else is thrown. */
async function inTransaction(db: pg.Pool, work: (tx: pg.PoolClient) => Promise<TurnResult>): Promise<TurnResult> {
  const tx = await db.connect();
  let broken: Error | undefined;
  try {
    await tx.query('BEGIN');
    const result = await work(tx);
    await tx.query('COMMIT');
    fault('turn.committed');
    return result;
  } catch (problem) {
    await tx.query('ROLLBACK').catch((error: Error) => {
      broken = error;
    });
    if (problem instanceof Refusal) return { refused: { code: problem.code, faults: problem.faults } };
    throw problem;
  } finally {
    tx.release(broken);
  }
}
