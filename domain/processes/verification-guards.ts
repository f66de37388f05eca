import type { Guard } from '../process.ts';
import { Refusal, type Fault } from '../refusal.ts';

/** What P10 and P12 ask of a report about one hospital stay: a designated hospital, days that can be. */

const hospitalDesignated: Guard = ({ facts }) => {
  const hospital = facts['hospital'] as { designated?: boolean; type?: string } | undefined;
  if (hospital?.designated === true && (hospital.type ?? 'HOSPITAL') === 'HOSPITAL') return undefined;
  return new Refusal('PROVIDER_NOT_DESIGNATED', [
    { path: 'form.hospitalId', zh: '不是定点医疗机构', en: 'not a designated hospital' },
  ]);
};

const DAYS = ['injuredOn', 'admittedOn', 'dischargedOn'] as const;

const notInFuture: Guard = ({ form, today }) => {
  const faults = DAYS.filter((field) => String(form[field] ?? '') > today).map((field): Fault => ({
    path: `form.${field}`,
    zh: `不能晚于今天 ${today}`,
    en: `not after today, ${today}`,
  }));
  return faults.length > 0 ? new Refusal('DATE_IN_FUTURE', faults) : undefined;
};

const inOrder: Guard = ({ form }) => {
  const given = DAYS.filter((field) => form[field] !== undefined);
  const faults = given.flatMap((field, i): Fault[] => {
    const earlier = given[i - 1];
    if (!earlier || String(form[earlier]) <= String(form[field])) return [];
    return [{ path: `form.${field}`, zh: `早于 ${String(form[earlier])}`, en: `before ${String(form[earlier])}` }];
  });
  return faults.length > 0 ? new Refusal('DATE_OUT_OF_RANGE', faults) : undefined;
};

export const verificationGuards: readonly Guard[] = [hospitalDesignated, notInFuture, inOrder];
