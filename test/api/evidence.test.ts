import { openFindings } from '../../evidence/check.ts';
import type { SignedBundle } from '../../evidence/bundle.ts';
import { checkSignature } from '../../evidence/sign.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { openAgency, type Agency } from './agency.ts';

let agency: Agency;
let no: string;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
  const form = formOf('GENERAL_INPATIENT');
  no = await agency.file('town1.clerk', 'REIMBURSEMENT_REVIEW', form, papersFor(form));
});
afterAll(() => agency?.close());

const take = (username: string, query = '') => agency.get(username, `/api/v1/cases/${no}/evidence${query}`);

it('gives the evidence of a case in one signed file, sealed values only for a reason that is in the log first', async () => {
  const keys = (await agency.get('person1', '/api/v1/evidence-keys').expect(200)).body as { items: string[] };
  const whole = (await take('county1.manager', '?reason=COMPLAINT').expect(200)).body as SignedBundle;
  const withheld = (await take('county1.manager').expect(200)).body as SignedBundle;
  for (const bundle of [whole, withheld]) {
    const found = openFindings();
    checkSignature(bundle, keys.items, found);
    expect(verifyBundle(bundle, found).filter(({ wrong }) => wrong)).toEqual([]);
  }
  const { idCardNo } = formOf('GENERAL_INPATIENT') as { idCardNo: string };
  expect(JSON.stringify(whole)).toContain(idCardNo);
  expect(JSON.stringify(withheld)).not.toContain(idCardNo);
  const { rows } = await agency.office.deps.db.query<{ user_id: string; reason: string }>(
    `SELECT user_id, reason FROM access_log WHERE acceptance_no = $1 AND reason IS NOT NULL`,
    [no],
  );
  expect(rows).toEqual([{ user_id: 's-county1.manager', reason: expect.stringContaining('COMPLAINT') as string }]);
});

it('is for managers and leaders of the case’s offices, and tells nobody else that there is one', async () => {
  await take('county1.first', '?reason=AUDIT').expect(403);
  const elsewhere = await take('county2.manager', '?reason=AUDIT').expect(404);
  expect(elsewhere.body).toMatchObject({ code: 'CASE_NOT_FOUND' });
  await take('county1.manager', '?reason=BECAUSE').expect(400);
});
