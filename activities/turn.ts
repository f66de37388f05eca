import pg from 'pg';
import type { CaseState, DecisionRequest, JsonObject } from '../domain/case.ts';
import type { Calendar } from '../domain/calendar.ts';
import { plainDateAt } from '../domain/plain-date.ts';
import { getProcess } from '../domain/processes/index.ts';
import { Refusal } from '../domain/refusal.ts';
import type { LimitTable } from '../domain/time-limits.ts';
import type { Effect, Turn, TurnEventKind, TurnRecorded, TurnResult } from '../domain/turn.ts';
import type { Vault } from '../vault/vault.ts';
import { loadCalendar, RECOUNT_FRESH_MS } from './calendar.ts';
import { runEffects } from './effects/index.ts';
import { fault } from './fault-points.ts';
import { attachDocuments } from './store/attach-documents.ts';
import { syncClaims } from './store/claims.ts';
import { lockCase, readCase, type CaseRow } from './store/case-row.ts';
import { confirmed } from './store/confirmed.ts';
import { inTransaction } from './store/in-transaction.ts';
import { openTurn, sealTurn } from './store/seal-turn.ts';
import { nextCase, type NextCase } from './store/next-case.ts';
import type { TurnToWrite } from './store/turn-events.ts';
import { endsWithoutApproval, needsTransaction, writeTurn } from './store/write-turn.ts';

export interface TurnDeps {
  db: pg.Pool;
  /** seals and opens sensitive fields */
  vault: Vault;
  /** seconds after midnight over which deadline effects are spread */
  spreadSeconds: number;
  /** other lengths of limits, in rehearsals */
  limits?: LimitTable;
}

/**
 * Writes one turn of a case in one transaction: case row, stage, suspension, event with its hash, effects, papers,
 * notices – all or nothing. Repeating it changes nothing and answers the same: the turn's number is its key.
 * A refusal only the store can see (something claimed meanwhile) rolls everything back and is answered as such; an
 * unreachable database throws and is retried by the engine.
 */
export async function recordTurn(deps: TurnDeps, turn: Turn): Promise<TurnResult> {
  const { db } = deps;
  const calendar = await loadCalendar(db, turn.kind === 'RECOUNTED' ? RECOUNT_FRESH_MS : undefined);
  const definition = getProcess(turn.process);
  fault('turn.begin');
  // Between a timer and its effect, and between the effect and whoever hears of it.
  if (!turn.request) fault('clock.begin');
  const row = await readCase(deps, turn.caseId, turn.user);
  try {
    const stored = await storedResult(deps, db, row, turn);
    if (stored) return stored;
    const { turn: dated, actors } = confirmed(definition, inOrder(turn, row), row);
    const next = nextCase(definition, row, dated, calendar, deps.spreadSeconds, deps.limits);
    if (needsTransaction(definition, row, dated, next)) {
      const recorded = await inTransaction(db, (tx) => recordLocked(deps, tx, turn, calendar));
      committed(turn);
      return recorded;
    }
    const documents = row.documents;
    const result = resultOf(turn, next, {}, documents);
    const written = await write(deps, db, { definition, row, turn: dated, next, result, actors });
    committed(turn);
    // Somebody was faster: what they wrote decides, as it would have if they had been seen at first.
    return written
      ? result
      : ((await storedResult(deps, db, await readCase(deps, turn.caseId), turn)) ?? neverWritten(turn));
  } catch (problem) {
    const refusal = isUsedKey(problem) ? new Refusal('IDEMPOTENCY_KEY_REUSED') : problem;
    if (refusal instanceof Refusal) return { refused: { code: refusal.code, faults: refusal.faults } };
    throw problem;
  }
}

function committed(turn: Turn): void {
  fault('turn.committed');
  if (!turn.request) fault('clock.committed');
}

/** The same person decided another case under this key a moment ago. Retried, it would stop this case for good. */
const isUsedKey = (problem: unknown): boolean =>
  problem instanceof pg.DatabaseError && problem.constraint === 'case_turn_request_key';

/** The turn with all its effects, on one connection, with the case locked from the first read to the commit. */
async function recordLocked(deps: TurnDeps, tx: pg.ClientBase, asked: Turn, calendar: Calendar): Promise<TurnResult> {
  const row = await lockCase(tx, deps.vault, asked.caseId, asked.user);
  const stored = await storedResult(deps, tx, row, asked);
  if (stored) return stored;
  const definition = getProcess(asked.process);
  const { turn, actors } = confirmed(definition, inOrder(asked, row), row);
  const next = nextCase(definition, row, turn, calendar, deps.spreadSeconds, deps.limits);
  const documents = await attachDocuments(tx, row, turn);
  if (turn.form && definition.filing.claims) {
    const claimed = {
      form: next.form,
      facts: next.facts,
      receivedOn: row.received_on,
      ...(row.person_id ? { personId: row.person_id } : {}),
    };
    await syncClaims(tx, deps.vault, turn.caseId, definition.filing.claims(claimed), new Date(turn.at));
  }
  const asksFor = turn.consequence.effects ?? [];
  const effects: Effect[] = endsWithoutApproval(next)
    ? [...asksFor, { kind: 'RELEASE_CLAIMS' }, { kind: 'TAKE_OFF_PAYMENT_LIST' }]
    : asksFor;
  // Effects may establish facts (amounts, letter numbers) that the row and the papers carry.
  const { facts, opened } = await runEffects(
    { deps, tx, row, next, turn, calendar, today: plainDateAt(turn.at), definition },
    effects,
  );
  Object.assign(next.facts, facts);
  const result: TurnRecorded = { ...resultOf(turn, next, facts, documents), ...(opened ? { opened } : {}) };
  if (!(await write(deps, tx, { definition, row, turn, next, result, actors }))) neverWritten(turn);
  fault('turn.written');
  return result;
}

/** Seals the turn and writes it. Where the log stands then is noted in what was written, and in what the procedure is told. */
async function write({ vault }: TurnDeps, tx: pg.ClientBase | pg.Pool, toWrite: TurnToWrite): Promise<boolean> {
  const sealed = await sealTurn(vault, toWrite);
  const written = await writeTurn(tx, sealed);
  if (sealed.result.log) toWrite.result.log = sealed.result.log;
  return written;
}

function resultOf(turn: Turn, next: NextCase, facts: JsonObject, documents: string[]): TurnRecorded {
  const state: CaseState = { caseId: turn.caseId, acceptanceNo: turn.acceptanceNo, version: turn.turn, ...next.state };
  return { state, facts: { ...turn.consequence.facts, ...next.establishedFacts, ...facts }, documents };
}

function neverWritten(turn: Turn): never {
  throw new Error(`${turn.acceptanceNo}: turn ${turn.turn} was neither written nor taken`);
}

/** Filing is stamped by the window's clock, turns by the engine's: where the two differ a little, time still moves forward. */
const inOrder = (turn: Turn, row: CaseRow): Turn => ({ ...turn, at: Math.max(turn.at, row.stage_opened_at.getTime()) });

/** The turn if it is already there: repeated, or taken by something the procedure has not heard of yet. */
async function storedResult(
  { vault }: TurnDeps,
  db: pg.ClientBase | pg.Pool,
  row: CaseRow,
  turn: Turn,
): Promise<TurnResult | undefined> {
  if (row.version === turn.turn - 1) return undefined;
  if (row.version < turn.turn) throw new Error(`${turn.acceptanceNo}: turn ${turn.turn} after version ${row.version}`);
  const { rows } = await db.query<{ result: TurnRecorded; request: DecisionRequest | null; kind: TurnEventKind }>({
    name: 'stored-turn',
    text: `SELECT t.result, t.request, e.kind FROM case_turn t JOIN case_event e USING (case_id, turn)
           WHERE t.case_id = $1 AND t.turn = $2 ORDER BY e.seq LIMIT 1`,
    values: [turn.caseId, turn.turn],
  });
  const stored = rows[0];
  if (!stored) throw new Error(`${turn.acceptanceNo}: version is past turn ${turn.turn}, but the turn is not stored`);
  const { result, request, kind } = await openTurn(vault, turn.acceptanceNo, stored);
  if (request) {
    const same = request.key === turn.request?.key && request.user.id === turn.request.user.id;
    return same ? result : { superseded: { by: 'DECISION', request } };
  }
  if (kind === 'VERIFICATION_RESULT') return turn.kind === kind ? result : { superseded: { by: 'VERIFICATION' } };
  // What the clock does is worked out anew in every turn, so one of its turns is as good as another.
  const byTheClock = turn.kind !== 'DECIDED' && turn.kind !== 'VERIFICATION_RESULT';
  return byTheClock ? result : { superseded: { by: 'CLOCK', recorded: result } };
}
