import { randomUUID } from 'node:crypto';
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { SEALED_ENCODING } from '../../engine/payload-codec.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
}, 180_000);
afterAll(() => office?.close());

/** As if the key of this payload had been lost. */
const lost = (): Payload => ({
  metadata: { encoding: Buffer.from(SEALED_ENCODING), 'key-id': Buffer.from('424242') },
  data: Buffer.alloc(200, 7),
});
const failedTasks = async (handle: WorkflowHandle) =>
  ((await handle.fetchHistory()).events ?? []).flatMap((event) => event.workflowTaskFailedEventAttributes ?? []);

it('a case whose payload does not open waits alone: its task is tried again, the worker and other cases go on', async () => {
  const { connection, namespace } = office.engine;
  const codec = {
    encode: (all: Payload[]) => Promise.resolve(all.map(lost)),
    decode: (all: Payload[]) => Promise.resolve(all),
  };
  const careless = new Client({ connection, namespace, dataConverter: { payloadCodecs: [codec] } });
  const handle = await careless.workflow.start('OUT_OF_AREA_REFERRAL', {
    workflowId: `unreadable-${randomUUID()}`,
    taskQueue: office.deps.config.temporalTaskQueue,
    args: [{}],
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
    expect((await handle.describe()).status.name).toBe('RUNNING');
  } finally {
    await handle.terminate();
  }
}, 120_000);
