import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { checkCases } from '../../operations/check/index.ts';
import { withLostKey } from '../support/lost-key.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
}, 180_000);
afterAll(() => office?.close());

/** Of temporal.api.enums.v1.WorkflowExecutionStatus. */
const RUNNING = 1;
const failedTasks = async (handle: WorkflowHandle) =>
  ((await handle.fetchHistory()).events ?? []).flatMap((event) => event.workflowTaskFailedEventAttributes ?? []);

it('a case whose payload does not open waits alone: its task is tried again, the worker and other cases go on', async () => {
  const handle = await withLostKey(office.engine).workflow.start('OUT_OF_AREA_REFERRAL', {
    workflowId: `unreadable-${randomUUID()}`,
    taskQueue: office.deps.config.temporalTaskQueue,
    args: [{}],
    memo: { caseId: randomUUID() },
  });
  try {
    while ((await failedTasks(handle)).length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    // What is wrong stands there sealed, too.
    const [failed] = await failedTasks(handle);
    expect(failed?.failure?.message).toBe('Encoded failure');
    const [opened] = (await office.engine.client.options.dataConverter?.payloadCodecs?.[0]?.decode([
      failed?.failure?.encodedAttributes as Payload,
    ])) ?? [undefined];
    expect(Buffer.from(opened?.data ?? []).toString()).toContain(
      'a payload sealed under key 424242 cannot be opened: unknown key',
    );
    const no = await fileOutOfArea(office);
    await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    expect((await office.case(no)).currentStep).toBe('REVIEW');
    const { connection, namespace } = office.engine;
    const execution = { workflowId: handle.workflowId };
    const described = await connection.workflowService.describeWorkflowExecution({ namespace, execution });
    expect(described.workflowExecutionInfo?.status).toBe(RUNNING);
    // Its memo does not open either, and whoever compares store and engine sees it all the same.
    const { found } = await checkCases(office.deps, { pauseMs: 100 });
    expect(found).toMatchObject([{ acceptanceNo: handle.workflowId, kind: 'NO_CASE' }]);
  } finally {
    await handle.terminate();
  }
}, 120_000);
