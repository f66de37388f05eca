import { writeDigests } from '../../activities/digest/write.ts';
import { createChannel } from '../../activities/notify/index.ts';
import type { Digest } from '../../domain/digest.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { openAgency, type Agency } from '../api/agency.ts';
import { climbTo, recordDone, writePeriod } from '../support/duties.ts';

/** Recurring duties in the digest: who is reminded of which, and whom an overdue one reaches. */

const COUNTY = '441602';
const HOSPITAL = 'H4416020001';
const DL05 = '医疗机构清算经初审、复审、审批后上报市级 (DL-05) 2025-10 · 2025-10-20 到期';
const DL04 = '报送清算申请和人员分类汇总表 (DL-04) 2025-10 · 2025-10-10 到期';

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency();
  await writePeriod(db(), 'DL-05', '2025-10');
  await writePeriod(db(), 'DL-04', '2025-10');
  // The other county has done it in time.
  const user = await agency.office.user('county2.approver');
  await recordDone(db(), 'DL-05', '441625', { user, doneOn: plainDate('2025-10-15') });
  await query('ALTER TABLE duty_event DISABLE TRIGGER duty_event_append_only');
});
afterAll(() => agency?.close());
beforeEach(() => query('DELETE FROM outbox'));

const db = (): Agency['office']['deps']['db'] => agency.office.deps.db;
const query = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await agency.office.owner.query<Row>(sql, values)).rows;

async function morning(day: string): Promise<void> {
  const deps = { db: db(), channel: createChannel({}), now: () => Date.parse(`${day}T08:30:00+08:00`) };
  for (let after: string | undefined = ''; after !== undefined;)
    after = await writeDigests(deps, { day: plainDate(day), after });
}
interface Written {
  username: string;
  subject: string;
  body: string;
}
const written = (): Promise<Written[]> =>
  query('SELECT s.username, m.subject, m.body FROM outbox m JOIN staff s USING (staff_id) ORDER BY s.username');
const bodyTo = async (username: string): Promise<string> =>
  (await written()).find((message) => message.username === username)?.body ?? '';

/** everything due until the morning of a day has happened, more than a minute ago */
async function climb(limitId: 'DL-04' | 'DL-05', holderId: string, day: string): Promise<void> {
  await climbTo(db(), limitId, holderId, plainDate(day));
  await query(`UPDATE duty_event SET recorded_at = recorded_at - interval '1 hour'`);
}
/** the digests of a morning, by person: the Chinese half, since all of it is of duties here */
async function digests(day: string): Promise<Record<string, string>> {
  await morning(day);
  return Object.fromEntries(
    (await written()).map(({ username, body }) => [username, body.split('\n\n——\n\n')[0] ?? '']),
  );
}

it('duties are in the digest of those who do them: coming, today and overdue, and are not told a second time', async () => {
  const overdue = (days: number): object => ({ 'hosp1.affairs': `定期事项已逾期: 1\n- ${DL04},逾期 ${days} 天` });
  // Friday; the next working day is the due day.
  expect(await digests('2025-10-17')).toEqual({
    'county1.approver': `定期事项下一工作日(2025-10-20)及以前到期: 1\n- ${DL05}`,
    ...overdue(7),
  });
  await query('DELETE FROM outbox');
  await climb('DL-05', COUNTY, '2025-10-20');
  expect(await digests('2025-10-20')).toEqual({
    'county1.approver': `定期事项今日到期(2025-10-20): 1\n- ${DL05}`,
    ...overdue(10),
  });
  expect((await written()).find(({ username }) => username === 'county1.approver')).toMatchObject({
    subject: '经办日报 2025-10-20:逾期 0 件,今日到期 1 件 / Daily digest: 0 overdue, 1 due today',
  });
});

it('what is overdue reaches the manager of the office, once; those above when it is escalated; nobody else', async () => {
  await climb('DL-05', COUNTY, '2025-10-21');
  const told = `定期事项通知: 1\n- 逾期 · 源城区社会保险基金管理局 · ${DL05}`;
  const late = (days: number): string => `定期事项已逾期: 1\n- ${DL05},逾期 ${days} 天`;
  expect(await digests('2025-10-21')).toMatchObject({
    'county1.approver': late(1),
    'county1.manager': `${told},逾期 1 天`,
  });
  expect(await bodyTo('county1.approver')).toContain(
    'Recurring duties overdue: 1\n- review the hospitals’ clearing three times and submit it (DL-05) 2025-10 · due 2025-10-20, 1 day late',
  );
  expect(Object.keys(await digests('2025-10-21')).sort()).toEqual([
    'county1.approver',
    'county1.manager',
    'hosp1.affairs',
  ]);
  // The next morning the list says it again, the notice does not.
  await morning('2025-10-22');
  const bodies = async (staffId: string): Promise<string> =>
    JSON.stringify(await query('SELECT body FROM outbox WHERE dedup_key = $1', [`digest:${staffId}:2025-10-22`]));
  expect(await bodies('s-county1.manager')).not.toContain('定期事项');
  expect(await bodies('s-county1.approver')).toContain(`${DL05},逾期 2 天`);
  await query('DELETE FROM outbox');

  await climb('DL-05', COUNTY, '2025-10-27');
  const monday = await digests('2025-10-27');
  expect(monday['city.manager']).toBe(`定期事项通知: 1\n- 逐级上报 · 源城区社会保险基金管理局 · ${DL05},逾期 7 天`);
});

it('a hospital’s delay reaches the managers of its county and of the city; it has them in its own list', async () => {
  await climb('DL-04', HOSPITAL, '2025-10-16');
  const found = await digests('2025-10-16');
  const escalated = `逐级上报 · 市人民医院 · ${DL04},逾期 6 天`;
  expect(found['county1.manager']).toContain(escalated);
  expect(found['city.manager']).toContain(escalated);
  expect(found['hosp1.affairs']).toBe(`定期事项已逾期: 1\n- ${DL04},逾期 6 天`);
  expect(Object.keys(found).filter((username) => /county2|town|person|physician/.test(username))).toEqual([]);
});

it('what is done is in no list; who was told of the delay learns of that, too; no person is named', async () => {
  const user = await agency.office.user('county1.approver');
  await recordDone(db(), 'DL-05', COUNTY, { user, doneOn: plainDate('2025-10-28') });
  const found = await digests('2025-10-29');
  expect(found['county1.approver']).toBeUndefined();
  expect(found['county1.manager']).toContain(
    `逾期 · 源城区社会保险基金管理局 · ${DL05},逾期 8 天,已于 2025-10-28 完成`,
  );
  const messages = JSON.stringify(await query('SELECT * FROM outbox'));
  const staff = await query<{ name: string }>('SELECT name FROM staff');
  expect(staff.filter(({ name }) => messages.includes(name))).toEqual([]);
});

it('the digest says that a reminder that is still to come may move, where no calendar is known', async () => {
  await query(
    `UPDATE duty SET provisional = true, done_on = NULL, done_by = NULL, done_at = NULL, days_late = NULL
     WHERE limit_id = 'DL-05' AND holder_id = $1`,
    [COUNTY],
  );
  const found = await digests('2025-10-17');
  expect(found['county1.approver']).toContain(`${DL05},提醒日暂定`);
  await query('DELETE FROM outbox');
  expect((await digests('2025-10-20'))['county1.approver']).toContain(DL05);
  expect(await bodyTo('county1.approver')).not.toContain('暂定');
});

it('duties are at the API as they are sent', async () => {
  const { body } = await agency.get('county1.approver', '/api/v1/digest').expect(200);
  expect((body as Digest).duties.overdue).toMatchObject({
    total: 1,
    items: [{ limitId: 'DL-05', period: '2025-10' }],
  });
  const manager = (await agency.get('county1.manager', '/api/v1/digest').expect(200)).body as Digest;
  expect(manager.duties.told.items.map(({ kind, holder }) => `${kind} ${holder}`)).toContain(
    'LIMIT_PASSED 源城区社会保险基金管理局',
  );
  expect(((await agency.get('town1.clerk', '/api/v1/digest')).body as Digest).duties.told.total).toBe(0);
});
