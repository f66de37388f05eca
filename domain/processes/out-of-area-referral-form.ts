import { z } from 'zod';
import type { CaseSnapshot, JsonObject } from '../case.ts';
import { formChoice, formDate, formIdCardNo, formPhone, formText, formYesNo } from '../form.ts';
import { addDays, daysBetween, type PlainDate } from '../plain-date.ts';
import type { DocumentRule, Guard } from '../process.ts';
import { Refusal, type Fault } from '../refusal.ts';

/**
 * What a filing for treatment outside the city (P02, S0 Art. 12(二)) asks, which papers it needs and what is checked. The
 * sources name the papers only; the fields and every threshold here are `[not in the sources]`.
 */

/** Thresholds an agency may change `[not in the sources]`. Days are calendar days. */
export const outOfAreaSettings = {
  /** how long after an emergency admission the filing may still be entered */
  EMERGENCY_FILING_CALENDAR_DAYS: 5,
  /** longest filing, first and last day included */
  LONGEST_FILING_CALENDAR_DAYS: 366,
  /** the city whose hospitals need no filing */
  HOME_CITY: '河源市',
} as const;

export const FILING_FORM = z.strictObject({
  idCardNo: formIdCardNo(),
  name: formText('姓名', 'name', 50),
  phone: formPhone(),
  filingKind: formChoice('备案类别', 'kind of filing: REFERRAL 转诊, DIRECT on a diagnosis certificate', [
    'REFERRAL',
    'DIRECT',
  ]),
  destinationProvince: formText('就医地省份', 'province of treatment', 30),
  destinationCity: formText('就医地城市', 'city of treatment', 30),
  targetHospital: formText('就诊医院', 'hospital', 100).optional(),
  diagnosis: formText('诊断', 'diagnosis', 500),
  plannedFrom: formDate('计划就医开始日期', 'planned first day of treatment'),
  plannedTo: formDate('计划就医结束日期', 'planned last day of treatment'),
  admittedOn: formDate('急诊已入院日期', 'day of an emergency admission, if already admitted').optional(),
  proxy: formText('代办人', 'proxy who acts for the person', 100).optional(),
});

/** What a cancellation states when the planned start has come but the person did not go. */
export const CANCELLATION_FORM = z.strictObject({
  treatmentNotStarted: formYesNo('声明尚未就医', 'declaration that treatment has not begun').optional(),
});

/** documents.md §2: of the two certificates the kind of filing says which. */
export function filingDocuments({ form }: { form: JsonObject }): DocumentRule[] {
  return [
    { anyOf: ['ID_CARD', 'SOCIAL_SECURITY_CARD'], paper: 'S', source: 'S0 Art. 12(二)' },
    {
      anyOf: [form['filingKind'] === 'REFERRAL' ? 'REFERRAL_CERTIFICATE' : 'DIAGNOSIS_CERTIFICATE'],
      paper: 'O',
      source: 'S0 Art. 12(二)',
    },
  ];
}

/** 「广东」 and 「广东省」 are one place: the key of a destination, so that an overlap is not missed by a spelling. */
export const destinationKey = (form: JsonObject): string =>
  [form['destinationProvince'], form['destinationCity']].map((place) => withoutRank(String(place))).join('/');

/** The destination as it stands on the form and in the filing. */
export const destinationName = (form: JsonObject): string =>
  `${String(form['destinationProvince'])}${String(form['destinationCity'])}`;

const withoutRank = (place: string): string => place.replace(/\s+/g, '').replace(/(?<=..)(省|市|特别行政区)$/, '');

/** Care inside the home city is settled on the spot and needs no filing. */
export const outsideTheCity: Guard = ({ form }) =>
  withoutRank(String(form['destinationCity'])) === withoutRank(outOfAreaSettings.HOME_CITY)
    ? new Refusal('BAD_REQUEST', [
        fault('destinationCity', '市内就医无需异地备案', 'treatment inside the city needs no out-of-area filing'),
      ])
    : undefined;

/**
 * DATE_OUT_OF_RANGE with every day that does not fit: from ≤ to, not longer than permitted, not beginning before the
 * office received it – but for an emergency, which may reach back to an admission of the last few days.
 */
export const periodIsPossible: Guard = ({ form, case: { receivedOn } }) => {
  const from = form['plannedFrom'] as PlainDate;
  const to = form['plannedTo'] as PlainDate;
  const admittedOn = form['admittedOn'] as PlainDate | undefined;
  const longest = outOfAreaSettings.LONGEST_FILING_CALENDAR_DAYS;
  const window = outOfAreaSettings.EMERGENCY_FILING_CALENDAR_DAYS;
  const faults: Fault[] = [];
  if (to < from) faults.push(fault('plannedTo', '不能早于开始日期', 'not before plannedFrom'));
  if (daysBetween(from, to) >= longest) {
    faults.push(fault('plannedTo', `备案期最长 ${longest} 天`, `a filing lasts at most ${longest} days`));
  }
  if (admittedOn === undefined && from < receivedOn) {
    faults.push(
      fault(
        'plannedFrom',
        `不能早于受理日 ${receivedOn}；急诊已入院的请填写入院日期`,
        `not before ${receivedOn}; state admittedOn for an emergency`,
      ),
    );
  }
  if (admittedOn !== undefined) {
    const oldest = addDays(receivedOn, -window);
    if (admittedOn < oldest || admittedOn > receivedOn) {
      faults.push(
        fault('admittedOn', `急诊入院须在 ${oldest} 至 ${receivedOn} 之间`, `between ${oldest} and ${receivedOn}`),
      );
    }
    if (from < admittedOn)
      faults.push(fault('plannedFrom', `不能早于入院日 ${admittedOn}`, `not before the admission on ${admittedOn}`));
  }
  return faults.length > 0 ? new Refusal('DATE_OUT_OF_RANGE', faults) : undefined;
};

/** A filing can be cancelled once, when its form is out and while it lasts; who was already admitted has begun treatment. */
export const stillCancellable: Guard = ({ case: { status, form, facts }, today }) => {
  if (status !== 'CLOSED') return new Refusal('DECISION_NOT_POSSIBLE');
  if (facts['filingStatus'] !== 'ACTIVE' || today > String(form['plannedTo'])) return new Refusal('CASE_ENDED');
  return form['admittedOn'] === undefined ? undefined : new Refusal('TREATMENT_STARTED');
};

/** Before the planned start a cancellation needs nothing; from that day on, the declaration that nobody went. */
export const beforeTreatment: Guard = ({ case: snapshot, input, today }) =>
  today < String(snapshot.form['plannedFrom']) || input.form?.['treatmentNotStarted'] === true
    ? undefined
    : new Refusal('TREATMENT_STARTED', [
        fault(
          'treatmentNotStarted',
          '计划就医日已到，须声明尚未就医',
          'the planned day has come: declare that treatment has not begun',
        ),
      ]);

/** What stands on 《广东省异地就医备案登记表》, which is shown at the other hospital together with a card. */
export const filingFormContent = ({ acceptanceNo, form }: CaseSnapshot): JsonObject => ({
  acceptanceNo,
  name: form['name'] ?? null,
  idCardNo: form['idCardNo'] ?? null,
  phone: form['phone'] ?? null,
  filingKind: form['filingKind'] ?? null,
  destination: destinationName(form),
  targetHospital: form['targetHospital'] ?? null,
  diagnosis: form['diagnosis'] ?? null,
  validFrom: form['plannedFrom'] ?? null,
  validTo: form['plannedTo'] ?? null,
  proxy: form['proxy'] ?? null,
});

const fault = (field: string, zh: string, en: string): Fault => ({ path: `form.${field}`, zh, en });
