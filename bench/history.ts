import type { WorkflowHandle } from '@temporalio/client';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { Refusal } from '../domain/refusal.ts';
import type { DecisionRequest } from '../domain/case.ts';
import type { Side } from './load.ts';
import { CLERK, accountOf } from './ours.ts';
import type { Bench } from './surroundings.ts';

const CASES = 4;

/** History events of the engine that one decision adds, all in, on average over whole cases with nothing else going on. */
export async function eventsPerDecision(bench: Bench, side: Side): Promise<number> {
  let events = 0;
  for (let n = 0; n < CASES; n += 1) {
    const id = await side.file();
    const before = await settledLength(bench, id);
    for (let nth = 0; nth < side.decisionsPerCase; nth += 1) await side.decide(id, nth);
    events += (await settledLength(bench, id)) - before;
  }
  return events / (CASES * side.decisionsPerCase);
}

/** What a refusal adds: asked of the service, which looks into the store first, and of the workflow itself. */
export async function refusedEvents(bench: Bench, ours: Side): Promise<{ byService: number; byWorkflow: number }> {
  const id = await ours.file();
  await ours.decide(id, 0);
  const before = await lengthOf(bench, id);
  await expectRefusal(ours.decide(id, 0));
  const afterService = await lengthOf(bench, id);
  const handle: WorkflowHandle = bench.sealed.workflow.getHandle(id);
  const user = await accountOf(bench, CLERK);
  const wrong: DecisionRequest = {
    user,
    input: { step: 'REGISTERED', decision: 'APPROVE' },
    key: 'refused',
    requestHash: '',
  };
  await expectRefusal(handle.executeUpdate('decide', { args: [wrong] }));
  return { byService: afterService - before, byWorkflow: (await lengthOf(bench, id)) - afterService };
}

async function expectRefusal(decided: Promise<unknown>): Promise<void> {
  try {
    await decided;
  } catch (problem) {
    if (problem instanceof Refusal || problem instanceof WorkflowUpdateFailedError) return;
    throw problem;
  }
  throw new Error('a decision that is not possible was not refused');
}

const lengthOf = async (bench: Bench, id: string): Promise<number> =>
  (await bench.sealed.workflow.getHandle(id).describe()).historyLength;

/** The first workflow task ends a moment after the start, and what a decision leaves a moment after its answer. */
async function settledLength(bench: Bench, id: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return lengthOf(bench, id);
}
