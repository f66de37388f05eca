import { jest } from '@jest/globals';
import { startWorkerChild, type WorkerChild } from '../support/children/spawn.ts';
import { openOffice, type Office } from '../support/office.ts';
import { effectsOf, fileInpatient } from '../core/clock-cases.ts';

/** The clock of a case is the engine's: what the machine of a worker takes for now, or for its zone, changes no deadline. */
jest.setTimeout(180_000);
const DAY_MS = 86_400_000;

let office: Office;
let worker: WorkerChild | undefined;
beforeEach(async () => {
  office = await openOffice({ clockAt: '2025-09-28T23:59:48+08:00', worker: false });
});
afterEach(async () => {
  await worker?.kill();
  await office.close();
});

it.each([
  ['a day fast, in New York', { aheadMs: DAY_MS, zone: 'America/New_York' }],
  ['a day slow, in Auckland', { aheadMs: -DAY_MS, zone: 'Pacific/Auckland' }],
])('a worker whose clock is %s records a breach at midnight in China, not before and not after', async (_, clock) => {
  const midnight = Date.parse('2025-09-28T16:00:00Z');
  worker = await startWorkerChild(office, clock);
  await worker.run();
  const no = await fileInpatient(office, '2025-09-22');
  expect(await office.case(no)).toMatchObject({ stageDueOn: '2025-09-28' });
  const passed = async () => (await office.events(no)).find((e) => e.kind === 'LIMIT_PASSED');
  for (let tries = 0; !(await passed()); tries++) {
    if (tries > 600) throw new Error('no breach was recorded');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const breach = await passed();
  expect(Date.parse(breach?.at ?? '')).toBeGreaterThanOrEqual(midnight);
  expect(Date.parse(breach?.at ?? '')).toBeLessThan(midnight + DAY_MS / 2);
  expect((await effectsOf(office, no)).map((line) => line.split(' ')[1])).toEqual([
    'REMINDER',
    'DUE',
    'LIMIT_PASSED',
    'ESCALATED',
  ]);
});
