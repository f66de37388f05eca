import type { NewbornClaim } from '../benefits/types.ts';
import { Decimal, isYuanText, roundToFen, sum, yuan } from '../money.ts';
import { yearEnd } from '../plain-date.ts';
import type { Guard, GuardContext } from '../process.ts';
import { Refusal, type Fault } from '../refusal.ts';
import { partFaults } from './reimbursement-parts.ts';
import { isAdvance, isInpatient, isNewborn, readForm, readLines } from './reimbursement-form.ts';

/**
 * What must hold before a bill may be filed or sent on (processes.md P03; most of it `[not in the sources]`, which only
 * say "meets the conditions"). Each guard lists all it finds at once.
 */

const refuseIf = (code: Refusal['code'], faults: Fault[]): Refusal | undefined =>
  faults.length > 0 ? new Refusal(code, faults) : undefined;

const partsFit: Guard = (context) => refuseIf('BAD_REQUEST', partFaults(context));

/** Art. 14 pays for designated institutions only; pharmacies issue none of the bills it names. */
const hospitalDesignated: Guard = ({ facts }) => {
  const hospital = facts['hospital'] as { name?: string; type?: string; designated?: boolean } | undefined;
  if (hospital?.designated === true && (hospital.type ?? 'HOSPITAL') === 'HOSPITAL') return undefined;
  return new Refusal('PROVIDER_NOT_DESIGNATED', [
    {
      path: 'form.hospitalId',
      zh: `${hospital?.name ?? '该机构'}不是定点医疗机构`,
      en: `${hospital?.name ?? 'it'} is not a designated hospital`,
    },
  ]);
};

/** Every day the form names, with its path. */
function daysOf({ form }: GuardContext): Array<[path: string, day: string]> {
  const { visitOn, admittedOn, dischargedOn, trauma, newborn } = readForm(form);
  const named: Array<[string, string | undefined]> = [
    ['form.visitOn', visitOn],
    ['form.admittedOn', admittedOn],
    ['form.dischargedOn', dischargedOn],
    ['form.trauma.injuredOn', trauma?.injuredOn],
    ['form.newborn.bornOn', newborn?.bornOn],
    ['form.newborn.householdRegisteredOn', newborn?.householdRegisteredOn],
    ['form.newborn.enrolledOn', newborn?.enrolledOn],
    ...readLines(form).map((line, i): [string, string] => [`form.lines.${i}.servedOn`, line.servedOn]),
  ];
  return named.filter((entry): entry is [string, string] => entry[1] !== undefined);
}

const notInFuture: Guard = (context) =>
  refuseIf(
    'DATE_IN_FUTURE',
    daysOf(context)
      .filter(([, day]) => day > context.today)
      .map(([path, day]) => ({
        path,
        zh: `${day} 晚于今天 ${context.today}`,
        en: `${day} is after today, ${context.today}`,
      })),
  );

const datesInOrder: Guard = ({ form }) => {
  const { category, visitOn, admittedOn, dischargedOn, trauma, newborn } = readForm(form);
  const start = isInpatient(category) ? admittedOn : visitOn;
  const faults: Fault[] = [];
  const inOrder = (path: string, earlier: string | undefined, later: string | undefined): void => {
    if (!earlier || !later || earlier <= later) return;
    faults.push({ path, zh: `${later} 早于 ${earlier}`, en: `${later} is before ${earlier}` });
  };
  inOrder('form.dischargedOn', start, dischargedOn);
  if (trauma) inOrder('form.admittedOn', trauma.injuredOn, admittedOn);
  if (newborn && isNewborn(category)) {
    inOrder('form.admittedOn', newborn.bornOn, admittedOn);
    inOrder('form.newborn.householdRegisteredOn', newborn.bornOn, newborn.householdRegisteredOn);
    inOrder('form.newborn.enrolledOn', newborn.bornOn, newborn.enrolledOn);
  }
  // One outpatient bill may cover several visits, so only a stay has an end its lines must keep to.
  if (isInpatient(category)) {
    readLines(form).forEach((line, i) => {
      inOrder(`form.lines.${i}.servedOn`, admittedOn, line.servedOn);
      if (dischargedOn && line.servedOn > dischargedOn) {
        faults.push({
          path: `form.lines.${i}.servedOn`,
          zh: `${line.servedOn} 晚于出院日期 ${dischargedOn}`,
          en: `${line.servedOn} is after the discharge on ${dischargedOn}`,
        });
      }
    });
  }
  return refuseIf('DATE_OUT_OF_RANGE', faults);
};

/** Art. 14(五)2: the liable party pays all; the fund only in advance (P11). Also when a verification found that. */
export const liablePartyPays: Guard = ({ form }) =>
  form['category'] === 'TRAUMA_OTHER' && !isAdvance(form)
    ? new Refusal('LIABLE_PARTY_PAYS', [
        { path: 'form.advance', zh: '仅先行支付情形可申报', en: 'only as an advance payment: say on which ground' },
      ])
    : undefined;

/** Art. 14(二): the registration of P01 is what proves the illness, so it must have been valid on the day of the visit. */
const chronicDiseaseRegistered: Guard = ({ form, facts }) => {
  const { category, visitOn, diseaseCode } = readForm(form);
  if (category !== 'CHRONIC_OUTPATIENT') return undefined;
  const registrations = (facts['chronicRegistrations'] ?? []) as Array<{
    diseaseCode: string;
    validFrom: string;
    validTo: string;
  }>;
  const valid = registrations.some(
    (r) =>
      (!diseaseCode || r.diseaseCode === diseaseCode) &&
      visitOn !== undefined &&
      r.validFrom <= visitOn &&
      visitOn <= r.validTo,
  );
  return valid
    ? undefined
    : new Refusal('REGISTRATION_REQUIRED', [
        {
          path: 'form.visitOn',
          zh: `${visitOn ?? ''} 无有效登记`,
          en: `no registration is valid on ${visitOn ?? 'that day'}`,
        },
      ]);
};

/**
 * Art. 14(七). Whole eligibility only: a stay that lies partly outside the covered period is split by its lines'
 * days (benefit-rules.md §7). The last day of DL-36 needs the calendar; the office's look-up hands it in as
 * `facts.newbornEnrolBy`.
 */
const newbornCovered: Guard = ({ form, facts }) => {
  const { category, newborn, admittedOn } = readForm(form);
  if (!isNewborn(category) || !newborn) return undefined;
  const faults =
    category === 'NEWBORN_WITH_PARENT'
      ? withParentFaults(newborn as NewbornClaim, admittedOn)
      : enrolledFaults(newborn as NewbornClaim, admittedOn, facts['newbornEnrolBy'] as string | undefined);
  return refuseIf('NEWBORN_NOT_COVERED', faults);
};

function withParentFaults(
  newborn: Pick<NewbornClaim, 'bornOn' | 'parentInsuredAtBirth'>,
  admittedOn?: string,
): Fault[] {
  const faults: Fault[] = [];
  if (newborn.parentInsuredAtBirth !== true) {
    faults.push({
      path: 'form.newborn.parentInsuredAtBirth',
      zh: '出生时父母均未参加本市基本医疗保险',
      en: 'neither parent was insured in this city when the child was born',
    });
  }
  // DL-37.
  const last = yearEnd(newborn.bornOn);
  if (admittedOn && admittedOn > last) {
    faults.push({
      path: 'form.admittedOn',
      zh: `随父母只享受至 ${last}`,
      en: `covered with the parent until ${last} only`,
    });
  }
  return faults;
}

function enrolledFaults(newborn: NewbornClaim, admittedOn?: string, enrolBy?: string): Fault[] {
  const faults: Fault[] = [];
  for (const field of ['householdRegisteredOn', 'enrolledOn'] as const) {
    const day = newborn[field];
    const path = `form.newborn.${field}`;
    if (!day)
      faults.push({
        path,
        zh: '须在出生三个月内入户并参保',
        en: 'registration and enrolment within three months of birth are needed',
      });
    else if (enrolBy && day > enrolBy)
      faults.push({ path, zh: `最迟为 ${enrolBy}`, en: `the last day was ${enrolBy}` });
  }
  if (admittedOn && newborn.enrolledOn && admittedOn > newborn.enrolledOn) {
    faults.push({
      path: 'form.admittedOn',
      zh: '参保后的住院按普通住院报销',
      en: 'a stay after the enrolment is reimbursed as general inpatient care',
    });
  }
  return faults;
}

/** The lines carry the calculation: a wrong product or sum is an entry mistake and stops here, not in the city. */
const linesMultiply: Guard = ({ form }) =>
  refuseIf(
    'BAD_REQUEST',
    readLines(form).flatMap((line, i): Fault[] => {
      const product = roundToFen(new Decimal(line.quantity).times(line.unitPrice));
      if (product === yuan(line.amount)) return [];
      return [
        {
          path: `form.lines.${i}.amount`,
          zh: `数量乘以单价为 ${product} 元，与金额 ${line.amount} 元不符`,
          en: `quantity times unit price is ${product}, not ${line.amount}`,
        },
      ];
    }),
  );

const linesAddUp: Guard = ({ form }) => {
  const { billTotal } = readForm(form);
  const lines = readLines(form);
  if (billTotal === undefined || lines.length === 0 || !isYuanText(billTotal)) return undefined;
  const added = sum(lines.map((line) => yuan(line.amount)));
  return added === yuan(billTotal)
    ? undefined
    : new Refusal('TOTAL_MISMATCH', [
        {
          path: 'form.billTotal',
          zh: `明细合计 ${added} 元，票据总额 ${yuan(billTotal)} 元`,
          en: `the lines add up to ${added}, the bills say ${yuan(billTotal)}`,
        },
      ]);
};

/** Art. 15: entered one by one before the case is sent on. */
export const linesEntered: Guard = ({ form }) =>
  readLines(form).length > 0
    ? undefined
    : new Refusal('LINES_REQUIRED', [{ path: 'form.lines', zh: '请逐项录入费用明细', en: 'enter at least one line' }]);

/** Held at filing and again whenever the form is amended. */
export const reimbursementGuards: readonly Guard[] = [
  hospitalDesignated,
  liablePartyPays,
  partsFit,
  notInFuture,
  datesInOrder,
  chronicDiseaseRegistered,
  newbornCovered,
  linesMultiply,
  linesAddUp,
];
