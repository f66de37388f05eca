import { madeUpEdition } from '../support/days.ts';
import { storeEdition } from '../../prisma/editions.ts';
import { Refusal } from '../../domain/refusal.ts';
import { dutyWorkflowId, recountDuties } from '../../engine/duties.ts';
import { openDutyOffice, type DutyOffice } from './duty-office.ts';

/** The life of a duty on the real engine, from its opening to its being done, days passing in milliseconds. */

let agency: DutyOffice;
beforeAll(async () => {
  agency = await openDutyOffice();
});
afterAll(() => agency?.close());

const CITY = '441600';
const COUNTY = '441602';
const HOSPITAL = 'H4416020001';

/** kind, when it was due, who is told */
const told = async (dutyId: string) =>
  (await agency.events(dutyId)).map(({ kind, dueAt, toOfficeId, toProviderId, toRole }) =>
    [kind, dueAt?.slice(0, 16), toOfficeId ?? toProviderId, toRole].filter((part) => part != null).join(' '),
  );
const historyLength = async (limitId: 'DL-13', period: string): Promise<number> => {
  const id = dutyWorkflowId({ limit_id: limitId, holder_id: CITY, period });
  return (await agency.deps.temporal.workflow.getHandle(id).describe()).historyLength;
};
const refusedWith = async (attempt: Promise<void>): Promise<string> => {
  try {
    await attempt;
    return 'DONE';
  } catch (problem) {
    if (problem instanceof Refusal) return problem.code;
    throw problem;
  }
};

it('DL-19, example 9: reminds before the holiday, is due on the Sunday, overdue from Monday, and four days late on Thursday', async () => {
  expect(await agency.open('DL-19', '2025-10')).toBe(1);
  const { duty_id: id, ...row } = await agency.duty('DL-19', CITY, '2025-10');
  expect(row).toMatchObject({
    opens_on: '2025-09-15',
    due_on: '2025-10-05',
    reminder_on: '2025-09-30',
    target_on: '2025-09-30',
  });
  await agency.forwardTo(id, '2025-09-29T23:59:00+08:00');
  expect(await told(id)).toEqual(['OPENED 441600 CITY_FINANCE_CLERK']);
  await agency.forwardTo(id, '2025-10-05T23:59:00+08:00');
  expect((await told(id)).slice(1)).toEqual([
    'REMINDER 2025-09-30T00:00 441600 CITY_FINANCE_CLERK',
    'DUE 2025-10-05T00:00 441600 CITY_FINANCE_CLERK',
  ]);
  await agency.forwardTo(id, '2025-10-09T09:00:00+08:00');
  expect((await told(id)).slice(3)).toEqual(['LIMIT_PASSED 2025-10-06T00:00 441600 MANAGER']);
  await agency.done(id, 'city.finclerk', { note: '节后申报' });
  expect(await agency.duty('DL-19', CITY, '2025-10')).toMatchObject({ done_on: '2025-10-09', days_late: 4 });
  const [last] = (await agency.events(id)).slice(-1);
  expect(last).toMatchObject({ kind: 'DONE', daysLate: 4, actorName: '市局财务制单' });
});

it('DL-05: a county’s delay reaches its manager, and the city after five working days; nobody is told twice', async () => {
  expect(await agency.open('DL-05', '2025-10')).toBe(3);
  const { duty_id: id } = await agency.duty('DL-05', COUNTY, '2025-10');
  await agency.forwardTo(id, '2025-11-30T09:00:00+08:00');
  // Monday 20 October is a working day: the reminder is on the day itself, which then is not announced a second time.
  expect(await told(id)).toEqual([
    'OPENED 441602 COUNTY_APPROVER',
    'REMINDER 2025-10-20T00:00 441602 COUNTY_APPROVER',
    'LIMIT_PASSED 2025-10-21T00:00 441602 MANAGER',
    'ESCALATION 2025-10-27T00:00 441600 MANAGER',
  ]);
  const events = await agency.events(id);
  expect(events.every(({ at, dueAt }) => dueAt === null || at >= dueAt)).toBe(true);
});

it('DL-04, example 17: a hospital is told itself, then its county, then the city; and still can do it', async () => {
  expect(await agency.open('DL-04', '2026-01')).toBe(6);
  const { duty_id: id } = await agency.duty('DL-04', HOSPITAL, '2026-01');
  await agency.forwardTo(id, '2026-01-20T09:00:00+08:00');
  expect(await told(id)).toEqual([
    'OPENED H4416020001 HOSPITAL_MEDICAL_AFFAIRS',
    'REMINDER 2026-01-09T00:00 H4416020001 HOSPITAL_MEDICAL_AFFAIRS',
    'DUE 2026-01-10T00:00 H4416020001 HOSPITAL_MEDICAL_AFFAIRS',
    'LIMIT_PASSED 2026-01-11T00:00 H4416020001 HOSPITAL_MEDICAL_AFFAIRS',
    'ESCALATION 2026-01-13T00:00 441602 MANAGER',
    'ESCALATION 2026-01-16T00:00 441600 MANAGER',
  ]);
  // Done in time and entered late: in time.
  await agency.done(id, 'hosp1.affairs', { doneOn: '2026-01-10' });
  expect(await agency.duty('DL-04', HOSPITAL, '2026-01')).toMatchObject({ done_on: '2026-01-10', days_late: 0 });
});

describe('recording a duty as done', () => {
  it('ends it: nothing is announced any more', async () => {
    await agency.open('DL-06', '2026-01');
    const { duty_id: id } = await agency.duty('DL-06', CITY, '2026-01');
    await agency.forwardTo(id, '2026-01-23T10:00:00+08:00');
    await agency.done(id, 'city.medical');
    const handle = agency.deps.temporal.workflow.getHandle(`duty-DL-06-${CITY}-2026-01`);
    await handle.result();
    expect((await agency.events(id)).map(({ kind }) => kind)).toEqual(['OPENED', 'REMINDER', 'DONE']);
  });

  it('happens once: the same key is answered again, another one refused, and no refusal leaves a trace', async () => {
    await agency.open('DL-13', '2026-01');
    const { duty_id: id } = await agency.duty('DL-13', CITY, '2026-01');
    await agency.forwardTo(id, '2026-01-12T10:00:00+08:00');
    const before = await historyLength('DL-13', '2026-01');
    expect(await refusedWith(agency.done(id, 'city.finclerk'))).toBe('NOT_PERMITTED');
    expect(await refusedWith(agency.done(id, 'county1.approver'))).toBe('NOT_PERMITTED');
    expect(await refusedWith(agency.done(id, 'city.finpayer', { doneOn: '2026-01-13' }))).toBe('DATE_IN_FUTURE');
    expect(await refusedWith(agency.done(id, 'city.finpayer', { doneOn: '2025-12-31' }))).toBe('DATE_OUT_OF_RANGE');
    expect(await historyLength('DL-13', '2026-01')).toBe(before);
    const answers = await Promise.all(
      [1, 2, 3].map(() => refusedWith(agency.done(id, 'city.finpayer', { key: 'once' }))),
    );
    // Of the same key sent at once, some may be told that it is being done; repeated, they are answered as the first.
    expect(answers).toContain('DONE');
    expect(await refusedWith(agency.done(id, 'city.finpayer', { key: 'once' }))).toBe('DONE');
    expect(await refusedWith(agency.done(id, 'city.finpayer', { key: 'once', note: '另' }))).toBe(
      'IDEMPOTENCY_KEY_REUSED',
    );
    expect(await refusedWith(agency.done(id, 'city.finpayer'))).toBe('DUTY_DONE');
    expect((await agency.events(id)).filter(({ kind }) => kind === 'DONE')).toHaveLength(1);
  });

  it('is won by one of two who do it at once', async () => {
    await agency.open('DL-22', '2026-01');
    const { duty_id: id } = await agency.duty('DL-22', CITY, '2026-01');
    const both = ['city.finclerk', 'city.finreviewer'].map((who) => refusedWith(agency.done(id, who)));
    const answers = await Promise.all(both);
    expect(answers.filter((answer) => answer === 'DONE')).toHaveLength(1);
    expect(['BEING_DECIDED', 'DUTY_DONE']).toContain(answers.find((answer) => answer !== 'DONE'));
    expect((await agency.events(id)).filter(({ kind }) => kind === 'DONE')).toHaveLength(1);
  });
});

it('a calendar that comes later moves the reminder, not the day, and says so', async () => {
  await agency.open('DL-07', '2027-10');
  const { duty_id: id, ...before } = await agency.duty('DL-07', CITY, '2027-10');
  expect(before).toMatchObject({ due_on: '2027-10-24', reminder_on: '2027-10-22', provisional: true });
  const client = await agency.deps.db.connect();
  await client.query('BEGIN');
  await storeEdition(client, madeUpEdition(2027, '10-20', '10-21', '10-22', '10-23', '10-24'));
  await client.query('COMMIT');
  client.release();
  expect(await recountDuties(agency.deps)).toBeGreaterThan(0);
  await agency.forwardTo(id, '2027-10-20T09:00:00+08:00');
  expect(await agency.duty('DL-07', CITY, '2027-10')).toMatchObject({
    ...{ due_on: '2027-10-24', reminder_on: '2027-10-19', provisional: false },
  });
  expect(await told(id)).toEqual([
    'OPENED 441600 CITY_MEDICAL_CLERK',
    'RECOUNTED',
    'REMINDER 2027-10-19T00:00 441600 CITY_MEDICAL_CLERK',
  ]);
});
