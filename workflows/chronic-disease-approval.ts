import type { FiledCase } from '../domain/case.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import { registrationFormContent } from '../domain/processes/chronic-disease-approval-form.ts';
import { chronicDiseaseApproval as rules } from '../domain/processes/chronic-disease-approval.ts';
import type { Consequence } from '../domain/turn.ts';
import { openCaseFile } from './case-file.ts';
import { reviewChain } from './review-chain.ts';

/**
 * P01, S0 Art. 11(三)1: hospital physician and medical affairs attest, the county accepts, reviews twice and approves,
 * the clerk registers and issues the registration form. A case typed in from paper opens at acceptance.
 */
export async function chronicDiseaseApproval(filed: FiledCase): Promise<void> {
  const file = openCaseFile(rules, filed);

  const outcome = await reviewChain(
    file,
    [
      'PHYSICIAN_REVIEW',
      'HOSPITAL_CONFIRMATION',
      'AGENCY_ACCEPTANCE',
      'FIRST_REVIEW',
      'SECOND_REVIEW',
      'APPROVAL',
      'REGISTRATION',
    ],
    'FORM_ISSUED',
    {
      // Who signed and when is part of annex 4; a paper application brings the same with its form.
      PHYSICIAN_REVIEW: ({ user }) => ({ facts: { physicianName: user.name, physicianSignedOn: file.today() } }),
      HOSPITAL_CONFIRMATION: ({ user }) => ({
        facts: { medicalAffairsSigner: user.name, medicalAffairsSignedOn: file.today() },
      }),
      APPROVAL: () => ({ status: 'APPROVED', facts: { approvedOn: file.today() } }),
      REGISTRATION: () => registration(),
    },
  );
  if (outcome !== 'PASSED') return;

  for (;;) {
    const issued = await file.next();
    const content = registrationFormContent(file.snapshot);
    if (await file.record(issued, { status: 'CLOSED', outputs: [{ kind: 'CHRONIC_REGISTRATION_FORM', content }] }))
      return;
  }

  /** `[not in the sources]`: the registration begins on the day of the approval, whenever the clerk enters it. */
  function registration(): Consequence {
    const { form, facts } = file.snapshot;
    const validFrom = facts['approvedOn'] as PlainDate;
    return { effects: [{ kind: 'REGISTER_CHRONIC_DISEASE', diseaseCode: String(form['diseaseCode']), validFrom }] };
  }
}
