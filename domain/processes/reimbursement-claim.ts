import type { BenefitClaim, BillLine, HospitalGrade } from '../benefits/types.ts';
import type { JsonObject } from '../case.ts';
import { yuan } from '../money.ts';
import {
  establishedLiability,
  isAdvance,
  isInpatient,
  LIABILITY_OF,
  readForm,
  readLines,
} from './reimbursement-form.ts';

/**
 * What is to be calculated: the entered lines and the parts of the form its category looks at, amounts in normal form.
 * Parts of another category that an amendment left behind are not looked at. Where a verification found another grade of
 * a shared liability, the finding holds (S0 Art. 14(五)3); another *kind* of liability is another category and has to be
 * amended by the clerk, so the category's own kind stays here.
 */
export function benefitClaimOf(form: JsonObject, facts: JsonObject): BenefitClaim {
  const filed = readForm(form);
  const hospital = facts['hospital'] as { name: string; grade: number };
  const claim: BenefitClaim = {
    category: filed.category,
    hospitalGrade: gradeOf(hospital.grade),
    hospitalName: hospital.name,
    lines: readLines(form).map(normalised),
  };
  if (filed.dischargedOn && isInpatient(filed.category)) claim.dischargedOn = filed.dischargedOn;
  if (filed.billTotal !== undefined) claim.total = yuan(filed.billTotal, 'billTotal');
  const trauma = traumaOf(form, facts);
  if (trauma) claim.trauma = trauma;
  const newborn = newbornOf(form);
  if (newborn) claim.newborn = newborn;
  return claim;
}

/** `[not in the sources]`: an institution without a level is treated as one of the lowest. */
const gradeOf = (grade: number): HospitalGrade => (grade >= 3 ? 3 : grade === 2 ? 2 : 1);

const normalised = (line: BillLine, index: number): BillLine => ({
  ...line,
  unitPrice: yuan(line.unitPrice, `lines.${index}.unitPrice`),
  amount: yuan(line.amount, `lines.${index}.amount`),
});

function traumaOf(form: JsonObject, facts: JsonObject): BenefitClaim['trauma'] {
  const { category, trauma } = readForm(form);
  const liability = LIABILITY_OF[category];
  if (!liability || !trauma) return undefined;
  const established = establishedLiability(facts);
  const grade = established?.liability === 'SHARED' ? (established.grade ?? trauma.grade) : trauma.grade;
  return {
    liability,
    ...(liability === 'SHARED' && grade ? { grade } : {}),
    traffic: trauma.traffic,
    ...(trauma.traffic && trauma.ctiPaid !== undefined ? { ctiPaid: yuan(trauma.ctiPaid, 'trauma.ctiPaid') } : {}),
    ...(isAdvance(form) ? { advance: true } : {}),
  };
}

function newbornOf(form: JsonObject): BenefitClaim['newborn'] {
  const { category, newborn } = readForm(form);
  if (!newborn || (category !== 'NEWBORN_WITH_PARENT' && category !== 'NEWBORN_ENROLLED')) return undefined;
  return {
    route: category === 'NEWBORN_ENROLLED' ? 'ENROLLED' : 'WITH_PARENT',
    bornOn: newborn.bornOn,
    parentInsuredAtBirth: newborn.parentInsuredAtBirth === true,
    ...(newborn.householdRegisteredOn ? { householdRegisteredOn: newborn.householdRegisteredOn } : {}),
    ...(newborn.enrolledOn ? { enrolledOn: newborn.enrolledOn } : {}),
  };
}
