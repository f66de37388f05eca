import type { IncidentKind, RetryOutcome } from '../../domain/incidents.ts';
import { isNotFound } from '../not-found.ts';
import { startCase, type StartDeps } from '../start-case.ts';
import {
  answerAgain,
  beginAgain,
  endOfHistory,
  goBackTo,
  isFull,
  lastTask,
  taskBeforeAnswer,
} from './take-up-again.ts';

/** What is retried. `requestId` makes the engine do it once, however often it is asked. */
export interface Retried {
  kind: IncidentKind;
  subject: string;
  /** the subject is a case */
  ofCase: boolean;
  activity: string | null;
  requestId: string;
}

const PATIENCE_MS = 5_000;

/**
 * Has tried again what failed, by the engine's own means: no row is written, no step left out, nothing recorded is undone. An engine
 * that is away throws and is an outage.
 */
export async function retryIncident(deps: StartDeps, retried: Retried): Promise<RetryOutcome> {
  return deps.temporal.withDeadline(Date.now() + PATIENCE_MS, () => HOW[retried.kind](deps, retried));
}

type How = (deps: StartDeps, retried: Retried) => Promise<RetryOutcome>;

const look: How = () => Promise.resolve('LOOKED');

const HOW: Readonly<Record<IncidentKind, How>> = {
  async STEP_FAILING({ temporal }, { subject, ofCase, activity }) {
    // Local activities live in the worker, where no call of the engine reaches them.
    if (ofCase || activity === null) return 'BY_ITSELF';
    try {
      await temporal.workflowService.resetActivity({
        namespace: temporal.options.namespace,
        execution: { workflowId: subject },
        type: activity,
      });
      return 'RESUMED';
    } catch (problem) {
      if (isNotFound(problem)) return 'BY_ITSELF';
      throw problem;
    }
  },
  PROCEDURE_FAILING: takeUpAgain,
  PAYLOAD_UNREADABLE: takeUpAgain,
  async PROCEDURE_LOST(deps, retried) {
    try {
      return await takeUpAgain(deps, retried);
    } catch (problem) {
      if (!isNotFound(problem)) throw problem;
      // It begins with the first turn and hears of every later one from the store (`superseded`).
      await startCase(deps, retried.subject);
      return 'STARTED';
    }
  },
  async NOT_STARTED(deps, { subject }) {
    await startCase(deps, subject);
    return 'STARTED';
  },
  DECISION_WAITING: askToLook,
  CLOCK_LATE: askToLook,
  MESSAGES_FAILING: sendNow,
  WORKER_MISSING: look,
  ENGINE_AWAY: look,
};

async function askToLook({ temporal }: StartDeps, { subject }: Retried): Promise<RetryOutcome> {
  await temporal.workflow.getHandle(subject).signal('recount');
  return 'ASKED';
}

async function sendNow({ temporal }: StartDeps): Promise<RetryOutcome> {
  await temporal.schedule.getHandle('outbox-send').trigger();
  return 'RESUMED';
}

/** By a reset to its last task; where an answer was lost, to the end of the one before it; where its record is full, to the first. */
async function takeUpAgain({ temporal }: StartDeps, { subject, requestId }: Retried): Promise<RetryOutcome> {
  const newestFirst = await endOfHistory(temporal, subject);
  if (isFull(newestFirst)) return (await beginAgain(temporal, subject, requestId)) ? 'RESUMED' : 'BY_ITSELF';
  const unanswered = taskBeforeAnswer(newestFirst);
  const task = unanswered ?? lastTask(newestFirst);
  // Its first task has not ended in any way yet: there is nothing to go back to, and the engine goes on trying it.
  if (!task) return 'BY_ITSELF';
  if (unanswered) await answerAgain(temporal, subject, unanswered, requestId);
  else await goBackTo(temporal, subject, task, requestId);
  return 'RESUMED';
}
