import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { eventually } from '../support/eventually.ts';
import { runWorker } from '../incidents/workers.ts';

/**
 * A worker that ends its task and has overlooked the decision that came with it, as the SDK was seen to do under faults: the engine
 * rejects the decision itself. Nothing has happened then, and nobody has looked at it, so it is asked again.
 */
const OVERLOOKS = 'overlooks';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
});
afterAll(() => office?.close());

/** Takes tasks as a worker does, until one of them brings a decision, and ends it without a word about it. */
async function overlookOne(): Promise<void> {
  const { workflowService, options } = office.deps.temporal;
  const { namespace } = options;
  for (;;) {
    const task = await office.deps.temporal.withDeadline(Date.now() + 60_000, () =>
      workflowService.pollWorkflowTaskQueue({
        ...{ namespace, identity: OVERLOOKS },
        taskQueue: { name: office.deps.config.temporalTaskQueue },
      }),
    );
    if (!task.messages?.length) continue;
    await workflowService.respondWorkflowTaskCompleted({ namespace, identity: OVERLOOKS, taskToken: task.taskToken });
    return;
  }
}

it('a decision that a worker overlooked is asked again, and taken once', async () => {
  const stop = await runWorker(office);
  const no = await fileOutOfArea(office);
  const handle = office.deps.temporal.workflow.getHandle(no);
  const eventsOf = async () => (await handle.fetchHistory()).events ?? [];
  await eventually(async () =>
    expect((await eventsOf()).filter((event) => event.timerStartedEventAttributes)).toHaveLength(1),
  );
  await stop();

  const deciding = office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
  await overlookOne();
  const stopAgain = await runWorker(office);
  try {
    expect(await deciding).toMatchObject({ version: 1, currentStep: 'REVIEW' });
  } finally {
    await stopAgain();
  }
  const decided = (await office.events(no)).filter(({ kind }) => kind === 'DECIDED');
  expect(decided).toHaveLength(1);
});
