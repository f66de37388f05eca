/** P12 on its own; how a reimbursement waits for one is in `reimbursement-verification.test.ts`. */
import type { JsonObject } from '../../domain/case.ts';
import type { Office } from '../support/office.ts';
import { formOf, PATIENT, HOSPITAL_ID, papersFor } from './reimbursement-cases.ts';
import { DESK, openApart } from './reimbursement-walk.ts';

const AUDITOR = 'county1.auditor1';
const CONFIRMED: JsonObject = { findings: '现场核实属实' };
let office: Office;
beforeAll(async () => {
  office = await openApart('2025-09-22T10:00:00+08:00');
});
afterAll(() => office.close());

describe('a receipt reported lost before the bill', () => {
  it('is confirmed by the auditors and closed by the window', async () => {
    const form = { ...PATIENT, hospitalId: HOSPITAL_ID, admittedOn: '2025-09-10', billNos: ['LOST-1'], loss: 'LOST' };
    const documents = papersFor(formOf('GENERAL_INPATIENT', { receiptLost: true }));
    const no = await office.file('LOST_RECEIPT_VERIFICATION', DESK.INTAKE, { form, documents });
    expect(await office.decide(no, DESK.INTAKE, { decision: 'APPROVE' })).toMatchObject({ currentStage: 'VERIFYING' });
    expect(await office.decide(no, AUDITOR, { decision: 'APPROVE', form: CONFIRMED })).toMatchObject({
      status: 'APPROVED',
      currentStage: 'CONFIRMED',
    });
    expect(await office.decide(no, DESK.INTAKE, { decision: 'APPROVE' })).toMatchObject({ status: 'CLOSED' });
  });
});
