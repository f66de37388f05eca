import { openOffice, type Office } from '../support/office.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { DESK, decideAt, onDay, pass } from '../processes/reimbursement-walk.ts';

/** What a rehearsal found (seed 1, case 401): the smallest case that shows it. */

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2026-03-11T10:00:00+08:00' });
});
afterAll(() => office.close());

describe('a limit whose clock stops on its very last day', () => {
  // DL-11 from Mon 2026-02-23 (holiday): 15th working day = Fri 2026-03-13. From the 14th on the clock stands (C7), so
  // nothing passes; nobody has worked a day too long when the applicant then gives up.
  it('is not late when the case is withdrawn while it stands', async () => {
    const form = formOf('GENERAL_INPATIENT');
    const no = await office.file('REIMBURSEMENT_REVIEW', DESK.INTAKE, {
      form,
      documents: papersFor(form),
      receivedOn: '2026-02-23',
    });
    await pass(office, no, 'INTAKE');
    await onDay(office, no, '2026-03-13');
    await decideAt(office, no, 'FIRST_REVIEW', {
      decision: 'RETURN_TO_APPLICANT',
      reason: '缺',
      missing: ['检查结果'],
    });
    await onDay(office, no, '2026-03-31');
    await office.decide(no, DESK.INTAKE, { decision: 'WITHDRAW' });
    const events = await office.events(no);
    expect(events.filter(({ effectKey }) => effectKey === 'T:LIMIT_PASSED:2026-03-13')).toEqual([]);
    expect((await office.case(no))['totalDaysLate'] ?? 0).toBe(0);
  });
});
