import { jest } from '@jest/globals';
import { startWorkerChild } from '../support/children/spawn.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea, OUT_OF_AREA_WALK, patientClient, type PatientClient } from './client.ts';
import { arrived, decidedCount, nothingIsWrong, openReserve } from './reserve.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';

/**
 * A worker is killed exactly at each named point of a turn, and another one takes over: the person who decided gets the
 * one answer, and nothing is lost or doubled. The next worker waits prepared, so a death costs one task time-out.
 */
const POINTS = ['turn.begin', 'turn.written', 'turn.committed'] as const;
type Point = (typeof POINTS)[number];

let office: Office;
let client: PatientClient;
let reserve: ReturnType<typeof openReserve>;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
  client = patientClient(office);
  reserve = openReserve(() => startWorkerChild(office));
});
afterAll(async () => {
  await reserve.close();
  await office.close();
});

// Several deaths in one test, each of which costs two task time-outs at most when the machine has time for us.
jest.setTimeout(180_000);

let deaths = 0;
beforeEach(() => (deaths = 0));

/**
 * Runs `work` while a worker is there that dies at the point; the next one begins when it is dead, and after whatever
 * happens in between. A turn that is one statement has no moment between writing and commit: there nobody dies.
 */
async function dyingAt<T>(
  point: Point,
  work: () => Promise<T>,
  { passes = 0, between = async () => {} } = {},
): Promise<T> {
  const doomed = await reserve.working();
  await doomed.arm(point, passes);
  const working = work();
  const done = working.then(() => 'DONE' as const);
  const ended = await (point === 'turn.written' ? Promise.race([doomed.died, done]) : doomed.died);
  if (ended === 'DONE') return working;
  expect(ended).toBe('SIGKILL');
  deaths++;
  await between();
  await reserve.next();
  return working;
}

describe.each(POINTS)('a worker killed at %s', (point) => {
  it('of any step loses and doubles nothing, and the next decision works', async () => {
    const no = await fileOutOfArea(client);
    for (const [step, username] of OUT_OF_AREA_WALK) {
      const answer = await dyingAt(point, () => client.decide(no, username, step));
      expect(answer).toMatchObject({ acceptanceNo: no });
      expect(await decidedCount(office, no, step)).toBe(1);
    }
    expect((await office.case(no)).status).toBe('CLOSED');
    expect(deaths).toBe(point === 'turn.written' ? 2 : 4);
    await nothingIsWrong(office, client);
  });

  it('while a limit passes records and escalates it once', async () => {
    const form = formOf('GENERAL_INPATIENT');
    const no = await client.file('REIMBURSEMENT_REVIEW', 'town1.clerk', { form, documents: papersFor(form) });
    // Reminder and due day are the first turns on the way, the breach is the third.
    await dyingAt(point, () => office.forwardTo(no, '2025-09-29T09:00:00+08:00'), { passes: 2 });
    expect((await office.events(no)).flatMap((event) => event.effectKey ?? [])).toEqual([
      'S1:REMINDER:2025-09-28',
      'S1:DUE:2025-09-28',
      'S1:LIMIT_PASSED:2025-09-28',
      'S1:LIMIT_PASSED:2025-09-28:ESCALATED',
    ]);
    expect(await client.decide(no, 'town1.clerk', 'INTAKE')).toMatchObject({ currentStep: 'FIRST_REVIEW' });
    await nothingIsWrong(office, client);
  });

  it('opens the verification a case waits for once, and hears of its result once', async () => {
    const form = formOf('TRAUMA_OWN');
    const no = await client.file('REIMBURSEMENT_REVIEW', 'town1.clerk', { form, documents: papersFor(form) });
    await dyingAt(point, () => client.decide(no, 'town1.clerk', 'INTAKE'));
    const verification = String((await office.case(no)).facts['verificationCase']);
    const found = { form: { findings: '现场核实属实', liability: 'OWN' } };
    // The verification's own turn passes; the worker dies in that of the case that waited.
    await dyingAt(
      point,
      async () => {
        await client.decide(verification, 'county1.auditor1', 'VERIFYING', found);
        await arrived(office, no, 'IN_PROGRESS');
      },
      // Asked to look while nobody is there, the case does not take the result it has not heard of for its looking.
      {
        passes: point === 'turn.written' ? 0 : 1,
        between: () => office.engine.client.workflow.getHandle(no).signal('recount'),
      },
    );
    expect(deaths).toBe(2);
    expect(await client.decide(no, 'county1.first', 'FIRST_REVIEW')).toMatchObject({ currentStep: 'SECOND_REVIEW' });
    await nothingIsWrong(office, client);
    expect((await office.events(no)).filter((event) => event.kind === 'VERIFICATION_RESULT')).toHaveLength(1);
  });
});
