import type { Json } from '../../domain/case.ts';
import { caseSubject } from '../../vault/vault.ts';
import type { Office } from '../support/office.ts';
import { formOf } from './reimbursement-cases.ts';
import { decideAt, fileOne, onDay, openApart, pass, passAll, rows, TRANSFER } from './reimbursement-walk.ts';

let office: Office;
const open = (clockAt: string) => {
  beforeAll(async () => {
    office = await openApart(clockAt);
  });
  afterAll(() => office.close());
};

describe('a bill brought on Monday 22 September 2025', () => {
  open('2025-09-22T10:00:00+08:00');

  it('reaches list, bank and archive within its days when every office uses its whole limit (examples 1 and 2)', async () => {
    const no = await fileOne(office);
    expect(await office.case(no)).toMatchObject({
      currentStage: 'INTAKE',
      stageDueOn: '2025-09-28',
      totalDueOn: '2025-10-17',
    });

    await onDay(office, no, '2025-09-28');
    expect(await pass(office, no, 'INTAKE')).toMatchObject({ currentStage: 'COUNTY_REVIEW', stageDueOn: '2025-10-11' });
    expect((await office.case(no)).facts).toMatchObject({
      total: '12247.70',
      fundPays: '6161.81',
      insuredPays: '6085.89',
    });

    await onDay(office, no, '2025-10-11');
    expect(await passAll(office, no, 'FIRST_REVIEW', 'APPROVAL')).toMatchObject({
      currentStage: 'CITY_SUMMARY',
      stageDueOn: '2025-10-17',
      totalDueOn: '2025-10-17',
    });

    await onDay(office, no, '2025-10-17');
    expect(await pass(office, no, 'CITY_SUMMARY')).toMatchObject({
      currentStage: 'CITY_APPROVAL',
      stageDueOn: '2025-10-25',
    });
    expect(await office.case(no)).toMatchObject({ totalEndedOn: '2025-10-17', totalDaysLate: 0 });

    expect(await passAll(office, no, 'MEDICAL_RECHECK', 'LEADER_APPROVAL')).toMatchObject({
      status: 'APPROVED',
      currentStage: 'PAYMENT',
      stageDueOn: '2025-10-31',
    });
    expect(await passAll(office, no, 'MADE_OUT', 'PAID')).toMatchObject({
      currentStage: 'BANK_FEEDBACK',
      stageDueOn: '2025-10-20',
    });
    expect(await pass(office, no, 'BANK_RESULT')).toMatchObject({
      status: 'CLOSED',
      currentStage: 'CLOSED',
      stageDueOn: null,
    });

    const outputs = await rows(
      office,
      'SELECT o.kind, o.content FROM case_output o JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1 ORDER BY o.turn',
      no,
    );
    expect(await office.deps.vault.openJson(caseSubject(no), outputs as Json[])).toMatchObject([
      { kind: 'SUMMARY_PAYMENT_LIST', content: { fundPays: '6161.81', account: '6222020000000001' } },
      {
        kind: 'BENEFIT_STATEMENT',
        content: { total: '12247.70', firstSelfPay: '2945.12', fundPays: '6161.81', insuredPays: '6085.89' },
      },
    ]);
    expect(
      await rows(
        office,
        'SELECT p.status, p.amount FROM payment_item p JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1',
        no,
      ),
    ).toEqual([{ status: 'PAID', amount: '6161.81' }]);
  });

  it('tells the township ahead and on the day, then manager, county and city once each, and stays open', async () => {
    const no = await fileOne(office);
    await onDay(office, no, '2025-10-20');
    const effects = (await office.events(no))
      .filter((event) => event.effectKey)
      .map(({ kind, at, effectKey }) => [kind, effectKey?.slice(0, 2), at.slice(0, 16)]);
    // 00:00 in Shanghai is 16:00 of the day before in UTC.
    expect(effects).toEqual([
      ['REMINDER', 'S1', '2025-09-25T16:00'],
      ['DUE', 'S1', '2025-09-27T16:00'],
      ['LIMIT_PASSED', 'S1', '2025-09-28T16:00'],
      ['ESCALATED', 'S1', '2025-09-28T16:00'],
      ['ESCALATION', 'S1', '2025-09-29T16:00'],
      ['ESCALATION', 'S1', '2025-10-10T16:00'],
      ['REMINDER', 'T:', '2025-10-15T16:00'],
      ['DUE', 'T:', '2025-10-16T16:00'],
      ['LIMIT_PASSED', 'T:', '2025-10-17T16:00'],
      ['ESCALATED', 'T:', '2025-10-17T16:00'],
    ]);
    expect(await office.case(no)).toMatchObject({ status: 'IN_PROGRESS', currentStage: 'INTAKE' });
    // Example 18: printed late by as many working days.
    expect(await passAll(office, no, 'INTAKE', 'APPROVAL')).toMatchObject({
      currentStage: 'CITY_SUMMARY',
      stageDueOn: '2025-10-27',
    });
    await onDay(office, no, '2025-10-21');
    await pass(office, no, 'CITY_SUMMARY');
    expect(await office.case(no)).toMatchObject({ totalEndedOn: '2025-10-21', totalDaysLate: 2 });
  });

  it('is refused for the same bill twice, until the first case is rejected', async () => {
    const form = formOf('GENERAL_INPATIENT', { billNos: ['SAME-1'] });
    const first = await fileOne(office, form);
    await expect(fileOne(office, form)).rejects.toMatchObject({ code: 'BILL_ALREADY_REIMBURSED' });
    await pass(office, first, 'INTAKE');
    await decideAt(office, first, 'FIRST_REVIEW', { decision: 'REJECT', reason: '已即时结算' });
    expect((await office.case(first)).status).toBe('REJECTED');
    await expect(fileOne(office, form)).resolves.toMatch(/^441602001-/);
  });

  it('counts one working day for the same bank and three for another, and pays again what failed', async () => {
    const no = await fileOne(office);
    await passAll(office, no, 'INTAKE', 'LEADER_APPROVAL');
    await onDay(office, no, '2025-09-30');
    await passAll(office, no, 'MADE_OUT', 'RECHECKED');
    // Example 7: paid on the day before the holiday week.
    expect(await pass(office, no, 'PAID', { transferKind: 'OTHER_BANK' })).toMatchObject({ stageDueOn: '2025-10-11' });
    await onDay(office, no, '2025-10-09');
    const failed = await pass(office, no, 'BANK_RESULT', { result: 'FAILED', failureReason: '账号不符' });
    expect(failed).toMatchObject({ status: 'APPROVED', currentStep: 'ACCOUNT_CORRECTION' });
    expect(await office.case(no)).toMatchObject({ repairDueOn: '2025-10-15' });

    await onDay(office, no, '2025-10-27');
    expect((await office.events(no)).filter((event) => event.kind === 'REPAIR_WINDOW_PASSED')).toHaveLength(1);
    const paymentCard = { kind: 'BANK_CARD', holder: '示例甲', bank: '示例银行', account: '6222020000000002' };
    // The next run: corrected after the 25th, so in the following month.
    expect(await pass(office, no, 'ACCOUNT_CORRECTION', { paymentCard })).toMatchObject({
      currentStep: 'MADE_OUT',
      stageDueOn: '2025-11-30',
    });
    expect(await passAll(office, no, 'MADE_OUT', 'BANK_RESULT')).toMatchObject({ status: 'CLOSED' });
    expect((await office.case(no)).form['paymentCard']).toEqual(paymentCard);
  });

  it('goes through four hands in finance', async () => {
    const no = await fileOne(office);
    await passAll(office, no, 'INTAKE', 'MADE_OUT');
    await office.deps.db.query(
      `UPDATE staff SET roles = roles || '{CITY_FINANCE_CHECKER}' WHERE username = 'city.finclerk'`,
    );
    await expect(office.decide(no, 'city.finclerk', { decision: 'APPROVE' })).rejects.toMatchObject({
      code: 'SAME_PERSON',
    });
    await pass(office, no, 'CHECKED');
    await expect(pass(office, no, 'PAID', TRANSFER)).rejects.toMatchObject({ code: 'STAGE_PASSED' });
    expect(
      await decideAt(office, no, 'RECHECKED', { decision: 'RETURN_TO_PREVIOUS', reason: '金额有误' }),
    ).toMatchObject({ currentStep: 'CHECKED' });
  });
});
