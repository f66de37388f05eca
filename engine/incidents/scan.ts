import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { Classified } from '../../activities/incidents/classify.ts';
import { report, resolve, resolveOthers, type Finding } from '../../activities/incidents/record.ts';
import type { IncidentKind } from '../../domain/incidents.ts';
import { workerIsThere } from '../pollers.ts';
import { findFailingProcedures, listBroken, notRunning, stepIsPending, type Asking } from './in-engine.ts';
import { AT_MOST, findInStore } from './in-store.ts';
import { answerAgain, endOfHistory, taskBeforeAnswer } from './take-up-again.ts';

export interface ScanDeps extends Asking {
  db: pg.Pool;
}

/** An engine that is silent must hold up neither the look at the store nor a process that is stopping. */
const ENGINE_PATIENCE_MS = 5_000;
const ANSWERS_WITHIN_MS = 2_000;
/** So many cases are asked one by one in one look. */
const ONE_BY_ONE = 200;
/** A step that fails is tried at least every hundred seconds: one that has been silent for longer fails no more. */
const SILENT_MINUTES = 5;
/** Local steps are tried again within half a minute. */
const SILENT_SECONDS = 45;

/** Kinds of which one look sees everything there is, so that what it does not see is over. */
const IN_STORE: readonly IncidentKind[] = ['NOT_STARTED', 'CLOCK_LATE', 'MESSAGES_FAILING'];
const IN_ENGINE: readonly IncidentKind[] = ['WORKER_MISSING', 'PROCEDURE_FAILING', 'PAYLOAD_UNREADABLE'];

/**
 * One look at store and engine: writes what is wrong, and that what was wrong before is over. Some dozen questions, however many
 * cases are open. Throws when the store is away.
 */
export async function scanIncidents(deps: ScanDeps): Promise<void> {
  const engine = await inTime(deps, () => lookAtEngine(deps));
  const client = await deps.db.connect();
  try {
    const store = await findInStore(client, engine?.worker !== false);
    const found = distinct([...store, ...(engine ? engine.found : [engineAway(deps)])]);
    await report(client, found);
    const looked: IncidentKind[] = [...IN_STORE, 'ENGINE_AWAY', ...(engine?.looked ?? [])];
    await resolveOthers(
      client,
      looked.filter((kind) => found.filter((finding) => finding.kind === kind).length < AT_MOST),
      found,
    );
    await resolveWhatWentOn(client, engine?.worker === true);
  } finally {
    client.release();
  }
  if (engine?.worker) {
    await inTime(deps, () => takeUpUnanswered(deps, engine.found));
    await inTime(deps, () => askThoseWaiting(deps));
    await inTime(deps, () => askStepsOfOthers(deps));
  }
}

const engineAway = ({ temporal }: Asking): Finding => ({
  kind: 'ENGINE_AWAY',
  subject: temporal.options.namespace,
  error: 'ENGINE_UNREACHABLE',
});

const distinct = (found: readonly Finding[]): Finding[] => [
  ...new Map(found.map((finding) => [`${finding.kind} ${finding.subject}`, finding])).values(),
];

/** gRPC: the engine does not understand the question. That is no outage, and must be loud. */
const INVALID_ARGUMENT = 3;

/** Undefined when the engine cannot be asked now. */
async function inTime<T>({ temporal }: Asking, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await temporal.withDeadline(Date.now() + ENGINE_PATIENCE_MS, ask);
  } catch (problem) {
    const { code } = problem as { code?: unknown };
    // With letters it is the store's.
    if (typeof code === 'string' || code === INVALID_ARGUMENT) throw problem;
    return undefined;
  }
}

async function lookAtEngine(
  deps: ScanDeps,
): Promise<{ worker: boolean; found: Finding[]; looked: readonly IncidentKind[] }> {
  const worker = await workerIsThere(deps.temporal, deps.config.temporalTaskQueue);
  const missing: Finding = { kind: 'WORKER_MISSING', subject: deps.config.temporalTaskQueue, error: 'NO_WORKER' };
  const failing = await findFailingProcedures(deps, await knownCauses(deps.db));
  const { lost, all } = await findLost(deps);
  return {
    worker,
    found: [...(worker ? [] : [missing]), ...failing, ...lost],
    looked: all ? [...IN_ENGINE, 'PROCEDURE_LOST'] : IN_ENGINE,
  };
}

/** Why a procedure fails does not change while it does: it was asked when it was found. */
async function knownCauses(db: pg.Pool): Promise<Map<string, Classified>> {
  const { rows } = await db.query<Classified & { subject: string; detail: string | null }>(
    `SELECT subject, error, error_detail AS detail FROM incident
     WHERE resolved_at IS NULL AND kind IN ('PROCEDURE_FAILING', 'PAYLOAD_UNREADABLE') AND error NOT IN ('PROGRAM_ERROR', 'TIMED_OUT')`,
  );
  return new Map(
    rows.map(({ subject, error, detail }) => [subject, { error, ...(detail === null ? {} : { detail }) }]),
  );
}

/** Open cases whose procedure does not run: those that broke lately, those known as lost, those that something else waits for. */
async function findLost(deps: ScanDeps): Promise<{ lost: Finding[]; all: boolean }> {
  const { rows } = await deps.db.query<{ subject: string }>(
    `SELECT c.acceptance_no AS subject FROM case_file c
     WHERE c.ended_at IS NULL AND c.started_at IS NOT NULL AND c.case_id IN (
       SELECT case_id FROM case_file WHERE acceptance_no = ANY($1) UNION
       SELECT case_id FROM incident WHERE resolved_at IS NULL AND case_id IS NOT NULL AND kind IN ('PROCEDURE_LOST', 'DECISION_WAITING', 'CLOCK_LATE'))
     ORDER BY c.acceptance_no = ANY($1) DESC, c.case_id LIMIT ${ONE_BY_ONE}`,
    [await listBroken(deps)],
  );
  const missing = await notRunning(
    deps,
    rows.map(({ subject }) => subject),
  );
  const lost = [...missing].map(([subject, what]) => ({ kind: 'PROCEDURE_LOST' as const, subject, ...what }));
  return { lost, all: rows.length < ONE_BY_ONE };
}

/**
 * Procedures whose tasks fail or run out of time because the answer to a decision was lost between two of them: no attempt can succeed,
 * and nobody has to be asked (`take-up-again.ts`).
 */
async function takeUpUnanswered({ temporal }: Asking, found: readonly Finding[]): Promise<void> {
  const failing = found.filter(({ kind, error }) => kind === 'PROCEDURE_FAILING' && error !== 'PROGRAM_CHANGED');
  for (const { subject: workflowId } of failing.slice(0, ONE_BY_ONE)) {
    const task = taskBeforeAnswer(await endOfHistory(temporal, workflowId));
    if (task !== undefined) await answerAgain(temporal, workflowId, task, randomUUID());
  }
}

/** A step that fails no more: its case has gone on or ended, or nobody has told of it for a while although workers work. */
async function resolveWhatWentOn(db: pg.ClientBase, workerThere: boolean): Promise<void> {
  await db.query(
    `UPDATE incident i SET resolved_at = clock_timestamp() FROM case_file c
     WHERE i.resolved_at IS NULL AND i.kind IN ('STEP_FAILING', 'DECISION_WAITING') AND c.case_id = i.case_id
       AND (c.version > i.case_version OR c.ended_at IS NOT NULL)`,
  );
  await db.query(
    `UPDATE incident SET error = CASE WHEN $1 THEN 'NOT_ANSWERED' ELSE 'NO_WORKER' END
     WHERE resolved_at IS NULL AND kind = 'DECISION_WAITING'`,
    [workerThere],
  );
  await db.query(
    `UPDATE incident SET resolved_at = clock_timestamp() WHERE resolved_at IS NULL AND kind = 'STEP_FAILING' AND $1
       AND last_seen_at < clock_timestamp() - interval '${SILENT_MINUTES} minutes'`,
    [workerThere],
  );
}

/**
 * A step of the system's own procedures that has been silent for longer than local ones wait between two attempts: it is over when the
 * engine does not have it before it any more. That it succeeded after a retry nobody tells, since a retry begins to count anew.
 */
async function askStepsOfOthers(deps: ScanDeps): Promise<void> {
  const { rows } = await deps.db.query<{ subject: string; activity: string }>(
    `SELECT subject, activity FROM incident WHERE resolved_at IS NULL AND kind = 'STEP_FAILING' AND case_id IS NULL AND activity IS NOT NULL
       AND last_seen_at < clock_timestamp() - interval '${SILENT_SECONDS} seconds' ORDER BY incident_id LIMIT ${ONE_BY_ONE}`,
  );
  for (const { subject, activity } of rows)
    if (!(await stepIsPending(deps, subject, activity))) await resolve(deps.db, 'STEP_FAILING', subject);
}

/** A decision that got no answer: once the procedure answers anything, the case waits for people again and not for the system. */
async function askThoseWaiting({ db, temporal }: ScanDeps): Promise<void> {
  const { rows } = await db.query<{ subject: string }>(
    `SELECT subject FROM incident WHERE resolved_at IS NULL AND kind = 'DECISION_WAITING' ORDER BY incident_id LIMIT ${ONE_BY_ONE}`,
  );
  for (const { subject } of rows) {
    const answers = await temporal
      .withDeadline(Date.now() + ANSWERS_WITHIN_MS, () => temporal.workflow.getHandle(subject).query('version'))
      .then(
        () => true,
        // It waits on; one that is gone is found as lost.
        () => false,
      );
    if (answers) await resolve(db, 'DECISION_WAITING', subject);
  }
}
