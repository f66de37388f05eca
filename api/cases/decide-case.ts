import { WorkflowNotFoundError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { fault } from '../../activities/fault-points.ts';
import { report } from '../../activities/incidents/record.ts';
import { findCase, findCaseAsked, snapshotOf, type CaseRow } from '../../activities/store/case-row.ts';
import { ENDED, type CaseSnapshot, type DecisionInput, type DecisionRequest, type User } from '../../domain/case.ts';
import { checkAmendment, checkDecision, chosenOffer } from '../../domain/decisions.ts';
import { plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { DecisionAnswer } from '../../domain/turn.ts';
import { isOutage } from '../outage.ts';
import { refusalOf, updateIdOf } from '../updates.ts';
import { sees } from '../visibility.ts';
import { startCase } from '../../engine/start-case.ts';
import type { CaseDeps } from './deps.ts';
import { parseDecisionForm } from './forms.ts';
import { lookUp } from './lookups.ts';
import { earlierRequest, findEarlier } from './requests.ts';

export interface DecideRequest {
  user: User;
  acceptanceNo: string;
  input: DecisionInput;
  key: string;
  requestHash: string;
}

/** How long the caller waits before being told to repeat with the same key (reliability.md §4 lesson b). */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 150;
/** A procedure whose worker has died hears of what is stored after one task time-out; then it is asked to look. */
const CATCHES_UP_MS = 3_000;

/**
 * Carries a decision into the case: one update under an id made of user and key, so that repeating it – by the caller
 * or here, while the engine is away – never has a second effect. Answers the case after the decision; refuses with the
 * reason; an engine that stays away is an outage, and the decision may still happen once it is back.
 */
export async function decideCase(deps: CaseDeps, request: DecideRequest): Promise<DecisionAnswer> {
  try {
    return await decideAnew(deps, request);
  } catch (problem) {
    if (!(problem instanceof Refusal) || problem.code === 'NOT_AVAILABLE') throw problem;
    // Sent twice at one moment, the second one looks at a case that the first one has moved on: it is the same decision.
    const { user, key, requestHash } = request;
    const meanwhile = await findEarlier(deps.db, user, key, requestHash);
    if (meanwhile) return meanwhile.answer;
    throw problem;
  }
}

async function decideAnew(deps: CaseDeps, request: DecideRequest): Promise<DecisionAnswer> {
  const { user, acceptanceNo, key, requestHash } = request;
  const { earlier, row } = await findCaseAsked(deps, acceptanceNo, user.id, key);
  if (earlier) return earlierRequest(earlier, requestHash).answer;
  const current = row && loaded(deps, row);
  if (!current || !sees(user, current.snapshot)) throw new Refusal('CASE_NOT_FOUND');
  const { input, facts } = await prepare(deps, current, request);
  if (!current.started) await startCase(deps, acceptanceNo);
  const decision: DecisionRequest = {
    user,
    input,
    key,
    requestHash,
    ...(Object.keys(facts).length > 0 ? { facts } : {}),
  };
  return send(deps, current.snapshot, decision);
}

/** The case as the rules see it, with the day its own clock shows. */
export interface LoadedCase {
  snapshot: CaseSnapshot;
  /** staff id; 'system' for a case opened by another one */
  filedBy: string;
  clockAheadMs: number;
  today: PlainDate;
  started: boolean;
}

export async function loadSnapshot(
  deps: Pick<CaseDeps, 'db' | 'vault' | 'now'>,
  acceptanceNo: string,
): Promise<LoadedCase | undefined> {
  const row = await findCase(deps, acceptanceNo);
  return row && loaded(deps, row);
}

function loaded(deps: Pick<CaseDeps, 'now'>, row: CaseRow): LoadedCase {
  const clockAheadMs = Number(row.clock_ahead_ms);
  return {
    snapshot: snapshotOf(row),
    filedBy: row.filed_by,
    clockAheadMs,
    today: plainDateAt(deps.now() + clockAheadMs),
    started: row.started,
  };
}

/** Form, references and rules before the engine is asked: what is refused here costs no history and no worker. */
async function prepare(deps: CaseDeps, { snapshot, today }: LoadedCase, { user, input }: DecideRequest) {
  const definition = getProcess(snapshot.process);
  const offer = chosenOffer(definition, snapshot, user, input);
  const form = parseDecisionForm(definition, offer, snapshot.form, input.form);
  // One field may decide what another one is looked up by (a letter's number stands in the trauma part).
  const amended = offer.amends && Object.keys(form).some((field) => field in definition.filing.form.shape);
  const references = { ...(amended ? definition.filing.references : {}), ...touched(offer.references ?? {}, form) };
  const { facts } = await lookUp(deps, references, { ...snapshot.form, ...form }, today);
  const checked: DecisionInput = { ...input, ...(Object.keys(form).length > 0 ? { form } : {}) };
  if (input.form !== undefined && Object.keys(form).length === 0) delete checked.form;
  checkDecision(definition, snapshot, user, checked, today, facts);
  if (amended) checkAmendment(definition, snapshot, user, checked, today, facts);
  return { input: checked, facts };
}

const touched = <K>(references: Readonly<Record<string, K>>, form: object): Record<string, K> =>
  Object.fromEntries(Object.entries(references).filter(([field]) => field in form));

async function send(deps: CaseDeps, checkedAgainst: CaseSnapshot, decision: DecisionRequest): Promise<DecisionAnswer> {
  const handle = deps.temporal.workflow.getHandle(checkedAgainst.acceptanceNo);
  const begun = performance.now();
  let askedToLook = false;
  for (;;) {
    try {
      return await execute(handle, decision, begun + PATIENCE_MS);
    } catch (problem) {
      await mayBeRepeated(deps, checkedAgainst, problem);
      const passed = performance.now() - begun;
      if (passed > PATIENCE_MS) {
        await tellOfSilence(deps, checkedAgainst.acceptanceNo);
        throw new Refusal('NOT_AVAILABLE');
      }
      if (problem instanceof WorkflowUpdateFailedError && passed > CATCHES_UP_MS && !askedToLook) {
        askedToLook = true;
        await askToLook(handle);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** What keeps a procedure from looking – it has just ended, the engine is away – the next attempt meets as well. */
async function askToLook(handle: WorkflowHandle): Promise<void> {
  try {
    await handle.signal('recount');
  } catch (problem) {
    if (!(problem instanceof WorkflowNotFoundError) && !isOutage(problem)) throw problem;
  }
}

/** Somebody waits, and would wait unseen if they did not ask again. */
const tellOfSilence = ({ db }: CaseDeps, subject: string): Promise<void> =>
  report(db, [{ kind: 'DECISION_WAITING', subject, error: 'NOT_ANSWERED' }]).catch(() => undefined);

async function execute(handle: WorkflowHandle, decision: DecisionRequest, giveUpAt: number): Promise<DecisionAnswer> {
  const updateId = updateIdOf(decision.user.id, decision.key);
  fault('update.sent');
  const left = Math.max(1_000, giveUpAt - performance.now());
  const answer = await handle.client.withDeadline(Date.now() + left, () =>
    handle.executeUpdate<DecisionAnswer, [DecisionRequest]>('decide', { updateId, args: [decision] }),
  );
  fault('update.answered');
  return answer;
}

/**
 * Throws what is final. Not final is an outage; a refusal by a procedure that has not heard yet of a turn we have seen in
 * the store (its worker died in between), since it judged the case of before; and a procedure that is not there
 * although the case goes on: the one that opened it is about to start it.
 */
async function mayBeRepeated(deps: CaseDeps, checkedAgainst: CaseSnapshot, problem: unknown): Promise<void> {
  if (problem instanceof WorkflowUpdateFailedError) {
    const refused = refusalOf(problem);
    if (!refused && !isOutage(problem)) throw problem;
    if (refused && (refused.version ?? Infinity) >= checkedAgainst.version) throw refused.refusal;
  } else if (problem instanceof WorkflowNotFoundError) {
    const now = await findCase(deps, checkedAgainst.acceptanceNo);
    if (!now || ENDED.includes(now.status)) throw new Refusal('CASE_ENDED');
  } else if (!isOutage(problem)) throw problem;
}
