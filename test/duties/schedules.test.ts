import { NativeConnection } from '@temporalio/worker';
import { createWorker } from '../../activities/create-worker.ts';
import { DUTY_LIMITS, dutyRule, periodOpenedBy, nextPeriod, type DutyLimitId } from '../../domain/duties.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { checkDuties, ensureSchedules, scheduleIdOf } from '../../engine/duty-schedules.ts';
import { eventually } from '../support/eventually.ts';
import { openDutyOffice, type DutyOffice } from './duty-office.ts';

/** The schedules of the real engine: made once, catching up, paused, and a worker that begins again. */

let agency: DutyOffice;
beforeAll(async () => {
  agency = await openDutyOffice();
});
afterAll(() => agency?.close());

const ensure = (queue = agency.office.deps.config.temporalTaskQueue): Promise<string[]> =>
  ensureSchedules(agency.deps.temporal, queue);
const scheduleOf = (id: DutyLimitId) => agency.deps.temporal.schedule.getHandle(scheduleIdOf(id));

interface Opened {
  period: string;
  holders: number;
}
async function opened(limitId: DutyLimitId): Promise<Opened[]> {
  const { rows } = await agency.deps.db.query<Opened>(
    'SELECT period, count(*)::int AS holders FROM duty WHERE limit_id = $1 GROUP BY period ORDER BY period',
    [limitId],
  );
  return rows;
}
const total = async (): Promise<{ duties: number; events: number }> => {
  const { rows } = await agency.deps.db.query<{ duties: number; events: number }>(
    `SELECT (SELECT count(*)::int FROM duty) AS duties, (SELECT count(*)::int FROM duty_event WHERE kind = 'OPENED') AS events`,
  );
  return rows[0] as { duties: number; events: number };
};

/** Where nothing is to be seen of it: when the schedule says that so many openings are behind it. */
const hasCarriedOut = (limitId: DutyLimitId, openings: number) =>
  eventually(async () => {
    const { info } = await scheduleOf(limitId).describe();
    expect(info.numActionsTaken).toBeGreaterThanOrEqual(openings);
    expect(info.runningActions).toEqual([]);
  });

const day = (text: string): Date => new Date(`${text}T12:00:00+08:00`);

/** The last `n` periods opened by now, the oldest first. */
function lastPeriods(id: DutyLimitId, n: number): string[] {
  const rule = dutyRule(id);
  let period = periodOpenedBy(rule, plainDateAt(Date.now()));
  const periods: string[] = [];
  for (let i = 0; i < n; i++) {
    periods.unshift(period);
    period = nextPeriod(rule, period, -1);
  }
  return periods;
}

it('are made once for every limit; a second worker, or the same again, writes nothing', async () => {
  const [first, second] = await Promise.all([ensure(), ensure()]);
  expect(new Set([...first, ...second])).toEqual(new Set(DUTY_LIMITS.map(scheduleIdOf)));
  expect(await ensure()).toEqual([]);
  const { spec, policies, state, info } = await scheduleOf('DL-19').describe();
  expect(spec).toMatchObject({
    timezone: 'Asia/Shanghai',
    calendars: [{ dayOfMonth: [{ start: 15 }], hour: [{ start: 5 }] }],
  });
  expect(policies).toMatchObject({ overlap: 'BUFFER_ALL', catchupWindow: 400 * 86_400_000 });
  expect(state.paused).toBe(false);
  // 05:00 in Shanghai is 21:00 of the day before in UTC.
  expect(info.nextActionTimes.slice(0, 3).every((at) => at.toISOString().endsWith('-14T21:00:00.000Z'))).toBe(true);
  const yearly = await scheduleOf('DL-01').describe();
  expect(yearly.info.nextActionTimes.every((at) => at.toISOString().endsWith('-07-31T21:00:00.000Z'))).toBe(true);
});

it('are mended when somebody has changed one, and keep a pause', async () => {
  await scheduleOf('DL-16').pause('年终决算');
  await scheduleOf('DL-16').update(({ action, policies, state }) => ({
    ...{ action, policies, state, spec: { calendars: [{ dayOfMonth: 9 }], timezone: 'UTC' } },
  }));
  expect(await ensure()).toEqual([scheduleIdOf('DL-16')]);
  const { spec, state } = await scheduleOf('DL-16').describe();
  expect(spec).toMatchObject({ timezone: 'Asia/Shanghai', calendars: [{ dayOfMonth: [{ start: 1 }] }] });
  expect(state).toMatchObject({ paused: true, note: '年终决算' });
});

it('open the period of the time they meant, three missed months in their order, each once for each holder', async () => {
  // What the engine does by itself after an outage: it carries out the times that have passed.
  const months = { start: day('2025-08-20'), end: day('2025-11-02') };
  await scheduleOf('DL-05').backfill(months);
  const three = ['2025-09', '2025-10', '2025-11'].map((period) => ({ period, holders: 3 }));
  await eventually(async () => expect(await opened('DL-05')).toEqual(three));
  await scheduleOf('DL-05').backfill(months);
  await hasCarriedOut('DL-05', 6);
  expect(await opened('DL-05')).toEqual(three);
  // Their days have passed long ago: the delay is told with the day it began, nobody is reminded.
  const duty = await agency.duty('DL-05', '441602', '2025-09');
  await eventually(async () => {
    const events = await agency.events(duty.duty_id);
    expect(events.map(({ kind, dueAt }) => `${kind} ${dueAt?.slice(0, 10) ?? ''}`)).toEqual([
      ...['OPENED ', 'LIMIT_PASSED 2025-09-21', 'ESCALATION 2025-09-26'],
    ]);
  });
});

it('asked by hand, twice, open the period of today once', async () => {
  const current = [{ period: lastPeriods('DL-04', 1)[0], holders: 6 }];
  await scheduleOf('DL-04').trigger();
  await eventually(async () => expect(await opened('DL-04')).toEqual(current));
  await hasCarriedOut('DL-04', 1);
  // The engine names what a schedule starts by the second: asked twice within one, it starts it once.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await scheduleOf('DL-04').trigger();
  await hasCarriedOut('DL-04', 2);
  expect(await opened('DL-04')).toEqual(current);
});

it('paused over an opening: nothing is opened meanwhile, everything that was missed afterwards', async () => {
  const [before, ...missed] = lastPeriods('DL-07', 4);
  const start = new Date(`${before}-01T00:00:00+08:00`);
  await scheduleOf('DL-07').backfill({ start, end: new Date(start.getTime() + 86_400_000) });
  await eventually(async () => expect(await opened('DL-07')).toEqual([{ period: before, holders: 1 }]));
  await scheduleOf('DL-07').pause('系统切换');
  await checkDuties(agency.deps, Date.now());
  expect(await opened('DL-07')).toHaveLength(1);
  await scheduleOf('DL-07').unpause();
  const found: { limitId: string; opened: number }[] = [];
  await checkDuties(agency.deps, Date.now(), (each) => found.push(each));
  expect(found).toContainEqual({ limitId: 'DL-07', opened: missed.length });
  expect(await opened('DL-07')).toEqual([before, ...missed].map((period) => ({ period, holders: 1 })));
});

it('a worker that begins again opens nothing twice, and starts what was opened and not started', async () => {
  await checkDuties(agency.deps, Date.now());
  const before = await total();
  // As after a worker that died between writing the duties and starting them.
  await agency.deps.db.query('UPDATE duty SET started_at = NULL');
  const native = await NativeConnection.connect({ address: agency.office.engine.address });
  const settings = {
    temporalNamespace: agency.office.engine.namespace,
    temporalTaskQueue: agency.deps.config.temporalTaskQueue,
    maxCachedWorkflows: 10,
    effectSpreadSeconds: 0,
  };
  const worker = await createWorker(agency.deps.db, native, settings, agency.office.deps.vault);
  await worker.runUntil(async () => {
    await ensure();
    await Promise.all([checkDuties(agency.deps, Date.now()), checkDuties(agency.deps, Date.now())]);
  });
  await native.close();
  expect(await total()).toEqual(before);
  expect(before.duties).toBe(before.events);
  const { rows } = await agency.deps.db.query('SELECT 1 FROM duty WHERE started_at IS NULL');
  expect(rows).toEqual([]);
});

it('an office that is new gets its duty by the check, for what it can still do in time', async () => {
  await agency.office.owner.query(
    `INSERT INTO office (office_id, name, level, parent_id) VALUES ('441699', '示例区', 'COUNTY', '441600')`,
  );
  const [current] = lastPeriods('DL-05', 1);
  await checkDuties(agency.deps, Date.parse(`${current}-10T09:00:00+08:00`));
  const { rows } = await agency.deps.db.query<{ period: string }>(
    `SELECT period FROM duty WHERE holder_id = '441699' AND limit_id = 'DL-05'`,
  );
  expect(rows).toEqual([{ period: current }]);
});
