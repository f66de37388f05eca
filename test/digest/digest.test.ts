import { randomUUID } from 'node:crypto';
import { forgetCalendar } from '../../activities/calendar.ts';
import { writeDigests } from '../../activities/digest/write.ts';
import { createChannel } from '../../activities/notify/index.ts';
import type { NotifySettings } from '../../config/notify.ts';
import type { OutboxMessage } from '../../api/read/outbox.ts';
import type { Digest } from '../../domain/digest.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { ensureDigestSchedules } from '../../engine/digest-schedules.ts';
import { PERSONS } from '../../prisma/seed/persons.ts';
import { openAgency, type Agency } from '../api/agency.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';

let agency: Agency;
/** received 2025-09-22: five working days end on the make-up Sunday 2025-09-28 (deadlines.md §4, example 1) */
let early: string;
let late: string;
let returned: string;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-24T10:00:00+08:00' });
  const bill = (receivedOn: string): Promise<string> => {
    const form = formOf('GENERAL_INPATIENT');
    return agency.file('town1.clerk', 'REIMBURSEMENT_REVIEW', form, papersFor(form), receivedOn);
  };
  early = await bill('2025-09-22');
  late = await bill('2025-09-23');
  returned = await bill('2025-09-24');
  await agency
    .post('town1.clerk', `/api/v1/cases/${returned}/decisions`, {
      step: 'INTAKE',
      decision: 'RETURN_TO_APPLICANT',
      reason: '示例甲的诊断证明不清',
      missing: ['诊断证明'],
    })
    .expect(200);
  // From here on the cases live on the day that is handed in; and a minute has passed since the notice.
  await query('UPDATE case_file SET clock_ahead_ms = 0');
  await query(`UPDATE notice SET recorded_at = recorded_at - interval '1 hour'`);
});
afterAll(() => agency?.close());
beforeEach(() => query('DELETE FROM outbox'));

const query = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await agency.office.owner.query<Row>(sql, values)).rows;

async function morning(day: string, notify: Partial<NotifySettings> = {}): Promise<void> {
  const deps = {
    db: agency.office.deps.db,
    channel: createChannel(notify),
    now: () => Date.parse(`${day}T08:30:00+08:00`),
  };
  for (let after: string | undefined = ''; after !== undefined;)
    after = await writeDigests(deps, { day: plainDate(day), after });
}
const BY_MAIL = { notify: 'smtp', smtpUrl: 'smtp://127.0.0.1:1', smtpFrom: 'jingban@example.org' } as const;
interface Written {
  username: string;
  channel: string;
  state: string;
  recipient: string;
  subject: string;
  body: string;
}
const written = (): Promise<Written[]> =>
  query(`SELECT s.username, m.channel, m.state, m.recipient, m.subject, m.body FROM outbox m JOIN staff s USING (staff_id)
         ORDER BY s.username`);
const bodyTo = async (username: string): Promise<string> =>
  (await written()).find((message) => message.username === username)?.body ?? '';
const chinese = (body: string): string => body.split('\n\n——\n\n')[0] ?? '';

describe('the digest of a clerk', () => {
  it('says what is due today, on the next working day across a holiday, and overdue with days late', async () => {
    await morning('2025-09-26');
    expect(chinese(await bodyTo('town1.clerk'))).toBe(
      `下一工作日到期(2025-09-28): 1\n- ${early} 零星报销 · 受理录入 · 环节时限(DL-08)2025-09-28 到期`,
    );
    await query('DELETE FROM outbox');
    // A make-up Sunday is a working day.
    await morning('2025-09-28');
    const sunday = await bodyTo('town1.clerk');
    expect(chinese(sunday)).toContain(`今日到期(2025-09-28): 1\n- ${early}`);
    expect(chinese(sunday)).toContain(`下一工作日到期(2025-09-29): 1\n- ${late}`);
    await query('DELETE FROM outbox');
    // C11: the first day after the holiday week is the third working day after 2025-09-28.
    await morning('2025-10-09');
    const after = await bodyTo('town1.clerk');
    expect(chinese(after)).toContain(`已逾期: 2\n- ${early}`);
    expect(chinese(after)).toContain('2025-09-28 到期,逾期 3 天');
    expect(after).toContain('due 2025-09-28, 3 days late');
  });

  it('marks a day that is counted into a year whose holidays are unknown, and holds no breach against it', async () => {
    await query('UPDATE case_file SET stage_provisional = true WHERE acceptance_no = $1', [early]);
    await morning('2025-09-28');
    expect(await bodyTo('town1.clerk')).toContain('2025-09-28 到期,暂定');
    await query('DELETE FROM outbox');
    await morning('2025-09-29');
    expect(chinese(await bodyTo('town1.clerk'))).not.toContain('已逾期');
    await query('UPDATE case_file SET stage_provisional = false');
  });
});

describe('the digest of a manager', () => {
  it('has the stuck cases of the area, and of no other', async () => {
    await morning('2025-09-29');
    for (const username of ['town1.manager', 'county1.manager', 'city.manager']) {
      expect(chinese(await bodyTo(username))).toContain(`辖区滞留件: 1\n- ${early} `);
      expect(chinese(await bodyTo(username))).toContain('2025-09-29 起滞留');
    }
    expect(await bodyTo('county2.manager')).toBe('');
  });
});

describe('the digest of an insured person', () => {
  it('has their own notices since the last one and nothing else', async () => {
    await morning('2025-09-29');
    expect(chinese(await bodyTo('person1'))).toBe(
      `新通知: 1\n- ${returned} 零星报销 · 受理录入 · 退回补正,请登录查看原因`,
    );
    expect(await bodyTo('person2')).toBe('');
    await morning('2025-09-30');
    const days = await query<{ key: string }>(`SELECT dedup_key AS key FROM outbox WHERE staff_id = 's-person1'`);
    expect(days.map(({ key }) => key)).toEqual(['digest:s-person1:2025-09-29']);
  });
});

describe('a day', () => {
  it.each(['2025-10-01', '2025-09-27', '2025-10-05'])('that is no working day has no digest: %s', async (day) => {
    await morning(day);
    expect(await written()).toEqual([]);
  });

  it('has one message for each person, however often it is run', async () => {
    await morning('2025-09-29');
    const first = await written();
    expect(first.map(({ username }) => username)).toEqual([
      'city.manager',
      'county1.manager',
      'person1',
      'town1.clerk',
      'town1.manager',
    ]);
    await Promise.all([morning('2025-09-29'), morning('2025-09-29')]);
    expect(await written()).toEqual(first);
  });

  it('that has passed is not made up for', async () => {
    const { db } = agency.office.deps;
    const now = (): number => Date.parse('2025-09-30T07:00:00+08:00');
    await writeDigests({ db, channel: createChannel({}), now }, { day: plainDate('2025-09-29'), after: '' });
    expect(await written()).toEqual([]);
  });

  it('without a channel keeps what it has to say; a person without an address is not written to', async () => {
    await morning('2025-09-29');
    expect(new Set((await written()).map(({ channel, state }) => `${channel} ${state}`))).toEqual(
      new Set(['NONE KEPT']),
    );
    await query('DELETE FROM outbox');
    await query(`UPDATE staff SET email = NULL WHERE username = 'town1.manager'`);
    await query(`UPDATE staff SET active = false WHERE username = 'county1.manager'`);
    await morning('2025-09-29', BY_MAIL);
    const found = (await written()).map(({ username, state, recipient }) => [username, state, recipient]);
    expect(found).toEqual([
      ['city.manager', 'PENDING', 'city.manager@jingban.example.org'],
      ['person1', 'PENDING', 'person1@jingban.example.org'],
      ['town1.clerk', 'PENDING', 'town1.clerk@jingban.example.org'],
      ['town1.manager', 'KEPT', 's-town1.manager'],
    ]);
    await query(`UPDATE staff SET active = true, email = username || '@jingban.example.org'`);
  });
});

it('names nobody: no name, ID number or diagnosis of the test data is in any message', async () => {
  for (const day of ['2025-09-26', '2025-09-28', '2025-09-29', '2025-10-09', '2025-11-03']) await morning(day);
  const messages = JSON.stringify(await query('SELECT * FROM outbox'));
  const staff = await query<{ name: string }>('SELECT name FROM staff');
  const secrets = [...PERSONS.flatMap(({ name, id_card_no: id }) => [name, id]), ...staff.map(({ name }) => name)];
  expect(secrets.filter((secret) => messages.includes(secret))).toEqual([]);
  expect(messages).not.toMatch(/\d{17}[\dX]/);
  expect(messages).not.toMatch(/示例|诊断|市人民医院|6222020000000001/);
});

describe('at the API', () => {
  it('everybody reads their own digest as of now, by the function that is sent', async () => {
    const { body } = await agency.get('town1.clerk', '/api/v1/digest').expect(200);
    const digest = body as Digest & { message: { body: string } };
    // Today these cases are long overdue, stage and total; each is one line.
    expect(digest.overdue).toMatchObject({
      total: 2,
      items: [{ acceptanceNo: early, limitId: 'DL-08', clock: 'STAGE' }, {}],
    });
    expect(digest.message.body).toContain(early);
    const other = (await agency.get('town2.clerk', '/api/v1/digest').expect(200)).body as Digest;
    expect([other.overdue.total, other.stuck.total, other.notices.total]).toEqual([0, 0, 0]);
    const person = (await agency.get('person1', '/api/v1/digest').expect(200)).body as Digest;
    expect(person.notices).toMatchObject({ total: 1, items: [{ acceptanceNo: returned, kind: 'RETURNED' }] });
    expect(person.overdue.total).toBe(0);
  });

  it('the city’s manager sees every message by its state, another one those of the own area', async () => {
    await morning('2025-09-29');
    await query(`UPDATE outbox SET channel = 'SMTP', state = 'UNCERTAIN' WHERE staff_id = 's-town1.clerk'`);
    const read = async (username: string, rest = ''): Promise<OutboxMessage[]> =>
      ((await agency.get(username, `/api/v1/outbox${rest}`).expect(200)).body as { items: OutboxMessage[] }).items;
    expect(await read('city.manager')).toHaveLength(5);
    expect((await read('city.manager', '?state=UNCERTAIN')).map(({ staffId }) => staffId)).toEqual(['s-town1.clerk']);
    expect((await read('county1.manager')).map(({ staffId }) => staffId).sort()).not.toContain('s-city.manager');
    expect(await read('county2.manager')).toEqual([]);
    await agency.get('town1.clerk', '/api/v1/outbox').expect(403);
    await agency.get('city.manager', '/api/v1/outbox?state=LOST').expect(400);
    const page = (await agency.get('city.manager', '/api/v1/outbox?limit=3')).body as { nextCursor: string };
    expect(await read('city.manager', `?limit=3&cursor=${page.nextCursor}`)).toHaveLength(2);
  });
});

/** Whatever day this test runs on, this test's calendar knows it as a working day. */
async function makeWorkingDay(day: string): Promise<void> {
  const year = day.slice(0, 4);
  const dayOff = day === `${year}-12-31` ? `${year}-01-01` : `${year}-12-31`;
  await query(
    `WITH fresh AS (
       INSERT INTO calendar_edition (edition_id, year, source, published_on, loaded_at, horizon_on)
       VALUES ('TEST', $1::int, 'test', '2025-01-01', now(), make_date($1::int, 12, 31)) ON CONFLICT DO NOTHING RETURNING edition_id)
     INSERT INTO calendar_day SELECT edition_id, $2::date, 'DAY_OFF' FROM fresh`,
    [year, dayOff],
  );
  await query('DELETE FROM calendar_day WHERE day = $1::date', [day]);
  if ([0, 6].includes(new Date(day).getUTCDay()))
    await query(
      `INSERT INTO calendar_day SELECT edition_id, $2::date, 'MAKE_UP_WORKDAY' FROM calendar_edition
       WHERE year = $1::int AND amends IS NULL`,
      [year, day],
    );
}

describe('the schedule', () => {
  it('writes the digests of today through the worker, once for each person, however often it runs', async () => {
    const { engine, deps } = agency.office;
    const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    await makeWorkingDay(today);
    forgetCalendar(deps.db);
    const idPrefix = `${randomUUID()}-`;
    const settings = { temporalTaskQueue: deps.config.temporalTaskQueue, digestAt: '08:30' };
    await Promise.all([
      ensureDigestSchedules(engine.client, settings, idPrefix),
      ensureDigestSchedules(engine.client, settings, idPrefix),
    ]);
    const daily = engine.client.schedule.getHandle(`${idPrefix}digest-daily`);
    try {
      const runs = async (n: number): Promise<void> => {
        await daily.trigger('ALLOW_ALL');
        for (;;) {
          const { info } = await daily.describe();
          const started = info.recentActions[n - 1];
          if (started)
            return void (await engine.client.workflow.getHandle(started.action.workflow.workflowId).result());
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      };
      await runs(1);
      const first = await query('SELECT message_id, dedup_key FROM outbox ORDER BY 2');
      expect(first.map((row) => (row as { dedup_key: string }).dedup_key)).toContain(`digest:s-town1.clerk:${today}`);
      await runs(2);
      expect(await query('SELECT message_id, dedup_key FROM outbox ORDER BY 2')).toEqual(first);

      await daily.pause('by an operator');
      await ensureDigestSchedules(engine.client, { ...settings, digestAt: '09:15' }, idPrefix);
      const { state, spec, policies } = await daily.describe();
      expect(state.paused).toBe(true);
      expect(JSON.stringify(spec.calendars)).toContain('"minute":[{"start":15,"end":15,"step":1}]');
      expect([spec.timezone, policies.catchupWindow]).toEqual(['Asia/Shanghai', 885 * 60_000]);
    } finally {
      await daily.delete();
      await engine.client.schedule.getHandle(`${idPrefix}outbox-send`).delete();
    }
  });
});
