import { checkDuties, ensureSchedules, scheduleIdOf } from '../../engine/duty-schedules.ts';
import { openDuties } from '../../engine/duties.ts';
import { startOfDay, plainDate } from '../../domain/plain-date.ts';
import { ownNamespace } from '../support/namespace.ts';
import { openAgency, type Agency } from './agency.ts';

/** Recurring duties over HTTP: who sees which, who records what, and how the schedules stand. */

interface Duty {
  dutyId: string;
  limitId: string;
  holder: { id: string; name: string };
  dueOn: string;
  state: string;
  overdue: boolean;
  daysLate: number | null;
  mayMarkDone: boolean;
  explanation: string;
  events: { kind: string }[];
}

let agency: Agency;
beforeAll(async () => {
  await ownNamespace();
  agency = await openAgency();
  // The duties live on Monday, 20 October 2025: the 10th has passed, the 25th is to come.
  const at = startOfDay(plainDate('2025-10-20')) + 9 * 3_600_000;
  const deps = { ...agency.office.deps, clockAheadMs: at - Date.now() };
  for (const [limitId, opening] of [
    ['DL-04', '2025-09-15'],
    ['DL-05', '2025-10-01'],
    ['DL-06', '2025-10-01'],
  ] as const) {
    await openDuties(deps, { limitId, nominalAt: startOfDay(plainDate(opening)), at });
  }
});
afterAll(() => agency?.close());

const list = async (username: string, query = ''): Promise<Duty[]> =>
  ((await agency.get(username, `/api/v1/duties${query}`).expect(200)).body as { items: Duty[] }).items;
const held = (duties: Duty[]): string[] => duties.map(({ limitId, holder }) => `${limitId} ${holder.id}`).sort();
const HOSPITALS_OF_COUNTY1 = ['H4416020001', 'H4416020002', 'H4416020003', 'H4416020004'];

it('everybody sees the duties of their own place, managers those below, nobody else any', async () => {
  expect(held(await list('hosp1.affairs'))).toEqual(['DL-04 H4416020001']);
  expect(held(await list('county1.approver'))).toEqual(['DL-05 441602']);
  expect(held(await list('city.medical'))).toEqual(['DL-06 441600']);
  expect(held(await list('county1.manager'))).toEqual([
    ...HOSPITALS_OF_COUNTY1.map((id) => `DL-04 ${id}`),
    'DL-05 441602',
  ]);
  expect(await list('city.manager')).toHaveLength(10);
  expect(await list('town1.manager')).toEqual([]);
  await agency.get('person1', '/api/v1/duties').expect(403);
});

it('overdue says the day alone; the earliest is first, page by page', async () => {
  const overdue = await list('city.manager', '?overdue=true');
  expect(new Set(overdue.map(({ limitId, daysLate }) => `${limitId} ${daysLate}`))).toEqual(new Set(['DL-04 10']));
  expect(overdue).toHaveLength(6);
  expect(await list('city.manager', '?state=overdue&officeId=441625')).toHaveLength(2);
  const all = (await list('city.manager', '?state=open')).map(({ dueOn }) => dueOn);
  expect(all).toEqual([...all].sort());
  const first = (await agency.get('city.manager', '/api/v1/duties?limit=7').expect(200)).body as {
    items: Duty[];
    nextCursor: string;
  };
  const rest = await list('city.manager', `?limit=7&cursor=${first.nextCursor}`);
  expect([first.items.length, rest.length]).toEqual([7, 3]);
});

it('one shows what has happened to it and where its day is explained; whoever may not see it is told there is none', async () => {
  const [duty] = (await list('county1.approver')) as [Duty];
  const path = `/api/v1/duties/${duty.dutyId}`;
  const shown = (await agency.get('county1.manager', path).expect(200)).body as Duty;
  expect(shown).toMatchObject({ dueOn: '2025-10-20', overdue: false, mayMarkDone: false });
  expect(shown.events[0]).toMatchObject({ kind: 'OPENED' });
  const explained = await agency.get('county1.manager', shown.explanation).expect(200);
  expect((explained.body as { items: unknown[] }).items[0]).toMatchObject({ limitId: 'DL-05', dueOn: '2025-10-20' });
  for (const stranger of ['county2.manager', 'city.medical', 'hosp1.affairs']) {
    expect((await agency.get(stranger, path).expect(404)).body).toMatchObject({ code: 'NOT_FOUND' });
  }
});

it('is recorded as done by the role at its place, once, under the key', async () => {
  const [duty] = (await list('hosp1.affairs')) as [Duty];
  const path = `/api/v1/duties/${duty.dutyId}/done`;
  expect(duty).toMatchObject({ mayMarkDone: true, overdue: true });
  const codeOf = async (username: string, body: object, status: number): Promise<string> =>
    ((await agency.post(username, path, body).expect(status)).body as { code: string }).code;
  expect(await codeOf('county1.manager', {}, 403)).toBe('NOT_PERMITTED');
  expect(await codeOf('county1.approver', {}, 404)).toBe('NOT_FOUND');
  expect(await codeOf('hosp1.affairs', { doneOn: '2025-10-21' }, 422)).toBe('DATE_IN_FUTURE');
  expect(await codeOf('hosp1.affairs', { doneOn: '2025-09-01' }, 422)).toBe('DATE_OUT_OF_RANGE');
  expect(await codeOf('hosp1.affairs', { doneOn: '2025-10-32' }, 400)).toBe('BAD_REQUEST');
  const body = { doneOn: '2025-10-13', note: '邮寄，13日寄达' };
  const first = await agency.post('hosp1.affairs', path, body, 'key-1').expect(200);
  expect(first.body).toMatchObject({
    state: 'DONE',
    doneOn: '2025-10-13',
    daysLate: 3,
    doneBy: '市人民医院医务科',
    overdue: false,
  });
  expect((await agency.post('hosp1.affairs', path, body, 'key-1').expect(200)).body).toEqual(first.body);
  const other = await agency.post('hosp1.affairs', path, {}, 'key-1').expect(422);
  expect(other.body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  expect(await codeOf('hosp1.affairs', {}, 409)).toBe('DUTY_DONE');
  expect(held(await list('county1.manager', '?state=done'))).toEqual(['DL-04 H4416020001']);
});

it('city managers see the schedules, missing, paused or with their next run', async () => {
  const path = '/api/v1/schedules';
  const states = async (): Promise<Record<string, unknown>[]> =>
    ((await agency.get('city.manager', path).expect(200)).body as { items: Record<string, unknown>[] }).items;
  expect(new Set((await states()).map(({ state }) => state))).toEqual(new Set(['MISSING']));
  const { temporal } = agency.office.deps;
  await ensureSchedules(temporal, agency.office.deps.config.temporalTaskQueue);
  await temporal.schedule.getHandle(scheduleIdOf('DL-13')).pause('账户变更');
  const items = await states();
  expect(items.find(({ limitId }) => limitId === 'DL-13')).toMatchObject({
    state: 'PAUSED',
    note: '账户变更',
    nextRunAt: null,
  });
  expect(items.find(({ limitId }) => limitId === 'DL-19')).toMatchObject({
    ...{ state: 'ACTIVE', note: null, lastRunAt: null, nextRunAt: expect.stringMatching(/-15T05:00:00.000\+08:00$/) },
  });
  await agency.get('county1.manager', path).expect(403);
  await agency.get('city.leader', path).expect(403);
  // What is paused is not opened by the check either; the yearly one is not due to be done any more, or still is.
  await checkDuties(agency.office.deps, Date.now());
  expect(await list('city.manager', '?limitId=DL-13')).toEqual([]);
});
