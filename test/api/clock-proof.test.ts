import { pino } from 'pino';
import type { ClockProofView, ProvedLimit } from '../../api/read/clock-schema.ts';
import { decideAt, fileOne, onDay, pass, passAll } from '../processes/reimbursement-walk.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

const TO_APPLICANT = { decision: 'RETURN_TO_APPLICANT' as const, reason: '材料不全<b>', missing: ['出院小结'] };

const logged: string[] = [];
let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({
    proves: false,
    clockAt: '2025-09-22T10:00:00+08:00',
    log: pino({ level: 'error' }, { write: (line: string) => void logged.push(line) }),
  });
});
afterAll(() => agency?.close());

const today = (day: string): void => {
  agency.office.deps.clockAheadMs = Date.parse(`${day}T10:00:00+08:00`) - Date.now();
};
const clockOf = async (no: string, username = 'county1.approver'): Promise<ClockProofView> =>
  (await agency.get(username, `/api/v1/cases/${no}/clock`).expect(200)).body as ClockProofView;
const pageOf = async (no: string): Promise<string> =>
  (await agency.get('county1.approver', `/api/v1/cases/${no}/clock/page`).expect(200)).text;
const limitOf = (proof: ClockProofView, limitId: string, nth = 0): ProvedLimit => {
  const found = proof.limits.filter((limit) => limit.limitId === limitId)[nth];
  if (!found) throw new Error(`no ${limitId}`);
  return found;
};
const counted = (limit: ProvedLimit): string =>
  limit.days
    .filter((each) => each.counted)
    .map((each) => each.day.slice(5) + (each.why === 'MAKE_UP_WORKDAY' ? '(m)' : ''))
    .join(' ');
const stored = async (no: string) => {
  const { stageDueOn, totalDueOn } = await agency.office.case(no);
  return { stageDueOn, totalDueOn };
};

describe('the clock proof of a case', () => {
  it('explains a Spring Festival with a return to the applicant (example 11), while it waits and afterwards', async () => {
    const { office } = agency;
    today('2026-02-11');
    const no = await fileOne(office);
    await onDay(office, no, '2026-02-13');
    await decideAt(office, no, 'INTAKE', TO_APPLICANT);
    await onDay(office, no, '2026-02-16');

    const waiting = await clockOf(no);
    expect(waiting).toMatchObject({ today: '2026-02-16', agrees: true });
    expect(limitOf(waiting, 'DL-08')).toMatchObject({
      ...{ state: 'STOPPED', storedDueOn: null, dueOn: null, agrees: true, daysUsed: 2, daysLeft: 3 },
    });
    expect(
      limitOf(waiting, 'DL-08')
        .days.slice(3)
        .map(({ day, why, suspensions }) => [day, why, suspensions]),
    ).toEqual([
      ['2026-02-14', 'SUSPENDED', [1]],
      ['2026-02-15', 'SUSPENDED', [1]],
      ['2026-02-16', 'SUSPENDED', [1]],
    ]);
    // 2026-03-15 is a Sunday: thirty calendar days and one more (C4).
    const window = waiting.limits.find(({ kind }) => kind === 'CORRECTION_WINDOW');
    expect(window).toMatchObject({ startOn: '2026-02-13', dueOn: '2026-03-16', agrees: true, limitId: null });
    expect(window?.days.slice(-2).map(({ day, why, n }) => [day, why, n])).toEqual([
      ['2026-03-15', 'COUNTED', 30],
      ['2026-03-16', 'MOVED', null],
    ]);

    await onDay(office, no, '2026-02-25');
    await decideAt(office, no, 'INTAKE', { decision: 'CORRECTION_RECEIVED' });
    const proof = await clockOf(no);
    expect(proof.agrees).toBe(true);
    expect(await stored(no)).toEqual({ stageDueOn: '2026-02-28', totalDueOn: '2026-03-13' });
    const intake = limitOf(proof, 'DL-08');
    expect(intake).toMatchObject({
      storedDueOn: '2026-02-28',
      dueOn: '2026-02-28',
      agrees: true,
      article: 'S0 Art. 15',
    });
    expect(counted(intake)).toBe('02-12 02-13 02-26 02-27 02-28(m)');
    expect(intake.moves.map(({ from, to, because }) => [from, to, because.zh])).toEqual([
      ['2026-02-25', null, '退回补正'],
      [null, '2026-02-28', '收到补正材料'],
    ]);
    expect(limitOf(proof, 'DL-11').dueOn).toBe('2026-03-13');
    expect(proof.suspensions).toMatchObject([
      {
        ...{ seq: 1, kind: 'CORRECTION', suspendedOn: '2026-02-13', resumedOn: '2026-02-25' },
        ...{
          stageDaysLeft: 3,
          totalDaysLeft: 13,
          openedBy: { id: 's-town1.clerk' },
          closedBy: { id: 's-town1.clerk' },
        },
      },
    ]);
    expect(proof.calendars.map(({ id, publishedOn }) => [id, publishedOn])).toEqual([
      ['CN-2025-1', '2024-11-12'],
      ['CN-2026-1', '2025-11-04'],
    ]);
    expect(proof.term.passes[0]).toMatchObject({ allotted: 5, used: 2, paused: 3 });

    const page = await pageOf(no);
    expect(page).toContain('2026年2月28日');
    expect(page).toContain('时限中止 #1');
    expect(page).toContain('第5日 调休上班');
    expect(page).toContain('材料不全&lt;b&gt;');
    expect(page).not.toContain('材料不全<b>');
  });

  it('explains a county’s return and whose days were used (example 12)', async () => {
    const { office } = agency;
    today('2025-09-24');
    const no = await fileOne(office);
    await onDay(office, no, '2025-09-28');
    await pass(office, no, 'INTAKE');
    await onDay(office, no, '2025-09-30');
    await decideAt(office, no, 'FIRST_REVIEW', { decision: 'RETURN_TO_PREVIOUS', reason: '录入有误' });
    await onDay(office, no, '2025-10-13');
    await pass(office, no, 'INTAKE');
    await onDay(office, no, '2025-10-17');
    await passAll(office, no, 'FIRST_REVIEW', 'APPROVAL');
    await onDay(office, no, '2025-10-23');
    await pass(office, no, 'CITY_SUMMARY');

    const proof = await clockOf(no);
    expect(proof.agrees).toBe(true);
    const dueDays = proof.limits.map(({ limitId, dueOn, daysLate }) => [limitId, dueOn, daysLate]);
    expect(dueDays).toEqual([
      ['DL-08', '2025-09-30', 0],
      ['DL-09', '2025-10-11', 0],
      ['DL-08', '2025-10-14', 0],
      ['DL-09', '2025-10-20', 0],
      ['DL-10', '2025-10-24', 0],
      ['DL-06', '2025-10-25', 0],
      ['DL-11', '2025-10-21', 2],
    ]);
    expect(limitOf(proof, 'DL-11').lateDays.map(({ day, n }) => [day, n])).toEqual([
      ['2025-10-22', 1],
      ['2025-10-23', 2],
    ]);
    expect(proof.term.total).toMatchObject({ limit: 15, days: 17, daysLate: 2, ended: true, until: '2025-10-23' });
    expect(
      proof.term.passes.map(({ stage, handedOver, used, passedOn, ofTerm, lateOfTerm }) => [
        ...[stage, handedOver, used, passedOn, ofTerm, lateOfTerm],
      ]),
    ).toEqual([
      ['INTAKE', 'UP', 3, 2, 3, 0],
      ['COUNTY_REVIEW', 'BACK', 2, null, 2, 0],
      ['INTAKE', 'UP', 4, 1, 4, 0],
      ['COUNTY_REVIEW', 'UP', 4, 1, 4, 0],
      ['CITY_SUMMARY', 'UP', 4, 1, 4, 2],
      ['CITY_APPROVAL', 'OPEN', 0, null, 0, 0],
    ]);
    expect(proof.term.offices.map(({ officeId, ofTerm, lateOfTerm }) => [officeId, ofTerm, lateOfTerm])).toEqual([
      ['441602001', 7, 0],
      ['441602', 6, 0],
      ['441600', 4, 2],
    ]);
  });

  it('names who stopped a clock and who lengthened a limit, by how much and on what basis', async () => {
    const { office } = agency;
    today('2025-09-22');
    const no = await fileOne(office);
    await onDay(office, no, '2025-09-24');
    await office.decide(no, 'county1.approver', {
      decision: 'EXTEND',
      form: { clock: 'STAGE', workingDays: 2, basis: '县局批复' },
      reason: '票据较多',
    });
    expect((await stored(no)).stageDueOn).toBe('2025-09-30');
    await office.decide(no, 'county1.approver', {
      decision: 'SUSPEND',
      form: { kind: 'SERVICE_CLOSED', suspendedOn: '2025-09-23', basis: '县局通告' },
      reason: '窗口搬迁',
    });
    expect(await clockOf(no)).toMatchObject({ agrees: true, limits: [{ state: 'STOPPED' }, { state: 'STOPPED' }] });
    await onDay(office, no, '2025-09-25');
    await office.decide(no, 'county1.approver', { decision: 'RESUME', form: { kind: 'SERVICE_CLOSED' } });

    const proof = await clockOf(no);
    expect(proof.agrees).toBe(true);
    const intake = limitOf(proof, 'DL-08');
    expect(intake).toMatchObject({ limit: 5, extendedBy: 2, daysUsed: 1, daysLeft: 6 });
    expect(intake.dueOn).toBe((await stored(no)).stageDueOn);
    expect(counted(intake)).toBe('09-23 09-26 09-28(m) 09-29 09-30 10-09 10-10');
    expect(intake.moves.map(({ from, to, because }) => [from, to, because.zh])).toEqual([
      ['2025-09-28', '2025-09-30', '延长时限'],
      ['2025-09-30', null, '时限中止'],
      [null, '2025-10-10', '恢复计时'],
    ]);
    expect(limitOf(proof, 'DL-11')).toMatchObject({ extendedBy: 0, agrees: true });
    expect(proof.extensions).toMatchObject([
      {
        ...{ clock: 'STAGE', limitId: 'DL-08', workingDays: 2, basis: '县局批复', reason: '票据较多' },
        ...{ grantedBy: { id: 's-county1.approver' }, grantedOn: '2025-09-24' },
        ...{ dueBefore: '2025-09-28', dueAfter: '2025-09-30' },
      },
    ]);
    expect(proof.suspensions).toMatchObject([
      {
        kind: 'SERVICE_CLOSED',
        title: { zh: '服务窗口暂停' },
        basis: '县局通告',
        openedBy: { id: 's-county1.approver' },
      },
    ]);
    const page = await pageOf(no);
    expect(page).toContain('延长 extended by 2');
    expect(page).toContain('县局批复');

    const view = (await agency.get('county1.approver', `/api/v1/cases/${no}`).expect(200)).body as {
      clock: Record<string, unknown>;
      suspensions: unknown[];
      extensions: unknown[];
    };
    expect(view.clock).toEqual({
      ...{ state: 'RUNNING', standsSince: null, stageExtendedBy: 2, totalExtendedBy: 0 },
      ...{ proof: `/api/v1/cases/${no}/clock`, page: `/api/v1/cases/${no}/clock/page` },
    });
    expect(view.suspensions).toEqual(proof.suspensions);
    expect(view.extensions).toEqual(proof.extensions);
  });

  it('of a case without limits has none, and invents none', async () => {
    today('2025-09-22');
    const no = await fileOutOfArea(agency.office);
    const proof = await clockOf(no, 'county1.clerk');
    expect(proof).toMatchObject({ agrees: true, limits: [], term: { total: null, days: [], offices: [] } });
  });

  it('says so, and writes it to the log, when the stored day is not the one counted again', async () => {
    today('2025-09-22');
    const no = await fileOne(agency.office);
    await agency.office.deps.db.query(
      `WITH c AS (UPDATE case_file SET stage_due_on = '2025-09-27' WHERE acceptance_no = $1 RETURNING case_id)
       UPDATE stage s SET due_on = '2025-09-27' FROM c WHERE s.case_id = c.case_id`,
      [no],
    );
    const proof = await clockOf(no);
    expect(proof.agrees).toBe(false);
    expect(limitOf(proof, 'DL-08')).toMatchObject({ agrees: false, storedDueOn: '2025-09-27', dueOn: '2025-09-28' });
    expect(limitOf(proof, 'DL-08').disagreement?.en).toContain('tell the administrator');
    expect(limitOf(proof, 'DL-11').agrees).toBe(true);
    expect(await pageOf(no)).toContain('class="warning"');
    expect(logged.join('')).toContain(`"acceptanceNo":"${no}"`);
  });

  it('is nobody’s but those who see the case', async () => {
    const no = await fileOne(agency.office);
    for (const path of ['clock', 'clock/page']) {
      for (const stranger of ['county2.approver', 'town2.clerk']) {
        const answer = await agency.get(stranger, `/api/v1/cases/${no}/${path}`).expect(404);
        expect((answer.body as { code: string }).code).toBe('CASE_NOT_FOUND');
      }
      await agency.get('town1.clerk', `/api/v1/cases/${no}/${path}`).expect(200);
    }
  });
});
