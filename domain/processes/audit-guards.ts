import type { JsonObject, Role } from '../case.ts';
import { addDays, daysBetween, type PlainDate } from '../plain-date.ts';
import type { Guard, GuardContext } from '../process.ts';
import { Refusal, type Fault } from '../refusal.ts';
import { timeLimit } from '../time-limits.ts';
import { CHECK_LIST_ITEMS, itemsOf } from './audit-checklist.ts';

/**
 * What must be true before an audit may go on (processes.md P04 "Guards"). Checks within one form look at what was sent
 * now, not at the case's whole form, so that nothing left over from before a return counts as said again.
 */

interface Staff {
  staffId: string;
  name: string;
  roles: Role[];
  officeId: string;
  /** the natural person; missing in cases from before */
  identity?: string;
}

/** "At least two auditors", Art. 26(二)2. */
const MIN_AUDITORS = 2;
/** Nobody serves a notice half a year ahead: a day that far back is a mistyped one, and would make any start lawful. `[not in the sources]` */
const NOTICE_MAX_CALENDAR_DAYS_AHEAD = 180;
/** Who may approve an audit without notice. `[not in the sources]`, as is recording the approver. */
const WAIVER_APPROVERS: readonly Role[] = ['AUDIT_LEAD', 'CITY_LEADER', 'MANAGER'];

const listOf = (form: JsonObject, field: string): string[] =>
  Array.isArray(form[field]) ? (form[field] as string[]) : [];
const dayOf = (form: JsonObject, field: string): PlainDate | undefined => form[field] as PlainDate | undefined;
const sent = ({ input }: GuardContext): JsonObject => input.form ?? {};
const staffIn = (facts: JsonObject, field: string): Staff[] =>
  (Array.isArray(facts[field]) ? facts[field] : []) as unknown as Staff[];
const fault = (path: string, zh: string, en: string): Fault => ({ path: `form.${path}`, zh, en });
const refusedFor = (code: ConstructorParameters<typeof Refusal>[0], faults: Fault[]): Refusal | undefined =>
  faults.length > 0 ? new Refusal(code, faults) : undefined;

/** Art. 26: the auditee is a designated hospital. */
export const auditeeIsHospital: Guard = ({ facts }) => {
  const hospital = facts['hospital'] as { type?: string; designated?: boolean } | undefined;
  return hospital?.designated === true && hospital.type === 'HOSPITAL'
    ? undefined
    : new Refusal('PROVIDER_NOT_DESIGNATED', [
        fault('hospitalId', '被稽核对象须为定点医疗机构', 'the auditee must be a designated hospital'),
      ]);
};

/** How many people these accounts are. */
const personsAmong = (ids: readonly string[], staff: readonly Staff[]): number =>
  new Set(ids.map((id) => staff.find(({ staffId }) => staffId === id)?.identity ?? id)).size;

/** At least two different auditors, all of the lead's own office (the lead sits where the case was filed). */
export const teamIsAble: Guard = ({ form, facts, user }) => {
  const ids = listOf(form, 'auditors');
  const staff = staffIn(facts, 'auditors');
  const able = ids.filter((id) =>
    staff.some((s) => s.staffId === id && s.officeId === user.officeId && s.roles.includes('AUDITOR')),
  );
  const distinct = personsAmong(able, staff);
  const faults = ids.flatMap((id, i) => {
    if (!able.includes(id))
      return [fault(`auditors.${i}`, `${id} 不是本机构的稽核人员`, `${id} is no auditor of this office`)];
    return ids.indexOf(id) < i ? [fault(`auditors.${i}`, `${id} 重复`, `${id} is named twice`)] : [];
  });
  if (distinct < MIN_AUDITORS) {
    return new Refusal('TOO_FEW_AUDITORS', [
      fault('auditors', `只有 ${distinct} 名稽核人员`, `only ${distinct} auditor(s)`),
      ...faults,
    ]);
  }
  return refusedFor('BAD_REQUEST', faults);
};

/** Auditors act in audits they were chosen for; the lead answers for all of the office's audits. */
export const ofTheTeam: Guard = ({ user, form }) =>
  user.roles.includes('AUDIT_LEAD') || listOf(form, 'auditors').includes(user.id)
    ? undefined
    : new Refusal('NOT_PERMITTED');

/** Choosing the team is the lead's, whoever else may save notes at the step. */
export const teamChosenByLead: Guard = (context) => {
  if (sent(context)['auditors'] === undefined) return undefined;
  return context.user.roles.includes('AUDIT_LEAD') ? teamIsAble(context) : new Refusal('NOT_PERMITTED');
};

/** The notice says all four things of Art. 26(二)1; leaving it out or shortening it needs a reason and an approver. */
export const noticeIsComplete: Guard = (context) => {
  const form = sent(context);
  const waived = form['noticeWaived'] === true;
  const served = form['noticeServedOn'] !== undefined;
  const missing = (names: string[]) =>
    names.filter((name) => form[name] === undefined).map((name) => fault(name, '必填', 'required'));
  const faults =
    served || !waived ? missing(['contents', 'requirements', 'methods', 'materialsToPrepare', 'noticeServedOn']) : [];
  if (waived) {
    faults.push(...missing(['noticeWaiverReason', 'noticeWaiverApprovedBy']));
    const approver = staffIn(context.facts, 'noticeWaiverApprovedBy').find(
      (s) => s.staffId === form['noticeWaiverApprovedBy'],
    );
    if (
      form['noticeWaiverApprovedBy'] !== undefined &&
      !approver?.roles.some((role) => WAIVER_APPROVERS.includes(role))
    ) {
      faults.push(
        fault(
          'noticeWaiverApprovedBy',
          '批准人须为稽核负责人、领导或管理人员',
          'must be an audit lead, a leader or a manager',
        ),
      );
    }
  } else if (form['noticeWaiverReason'] !== undefined || form['noticeWaiverApprovedBy'] !== undefined) {
    faults.push(fault('noticeWaived', '填写了例外原因但未勾选事先不通知', 'an exception is explained but not claimed'));
  }
  return refusedFor('BAD_REQUEST', faults);
};

/** C6: lawful if start − service ≥ 3 calendar days; weekends and holidays count and nothing is shifted. */
export const earliestLawfulStart = (noticeServedOn: PlainDate): PlainDate =>
  addDays(noticeServedOn, timeLimit('DL-30').limit);

const tooShort = (path: string, noticeServedOn: PlainDate): Refusal => {
  const earliest = earliestLawfulStart(noticeServedOn);
  return new Refusal('NOTICE_TOO_SHORT', [
    fault(
      path,
      `通知于 ${noticeServedOn} 送达，最早可于 ${earliest} 开始`,
      `notice served on ${noticeServedOn}: the earliest lawful start is ${earliest}`,
    ),
  ]);
};

/** DL-30. The plan may be moved in the same decision; the exception of Art. 26(二)1 lifts the three days. */
export const noticeIsEarlyEnough: Guard = (context) => {
  const servedOn = dayOf(sent(context), 'noticeServedOn');
  const startOn = dayOf(context.form, 'plannedStartOn');
  if (!servedOn || !startOn) return undefined;
  const late = notAfterToday('noticeServedOn')(context);
  if (late) return late;
  if (daysBetween(servedOn, startOn) > NOTICE_MAX_CALENDAR_DAYS_AHEAD) {
    return new Refusal('DATE_OUT_OF_RANGE', [
      fault(
        'noticeServedOn',
        `早于计划开始日期 ${startOn} 半年以上`,
        `more than half a year before the start on ${startOn}`,
      ),
    ]);
  }
  return sent(context)['noticeWaived'] === true || startOn >= earliestLawfulStart(servedOn)
    ? undefined
    : tooShort('plannedStartOn', servedOn);
};

/** What was planned isn't binding, what was served is: the real start is held against the notice again. */
export const startIsLawful: Guard = (context) => {
  const startedOn = dayOf(sent(context), 'startedOn');
  const servedOn = context.facts['noticeServedOn'] as PlainDate | null | undefined;
  if (!startedOn || !servedOn || context.facts['noticeWaived'] === true) return undefined;
  return startedOn >= earliestLawfulStart(servedOn) ? undefined : tooShort('startedOn', servedOn);
};

/** At least two of the chosen team are named in the field: present on site, or signing. */
function twoOf(field: string, chosenField: string, code: 'TOO_FEW_AUDITORS' | 'SIGNATURE_REQUIRED'): Guard {
  return (context) => {
    const chosen = listOf(context.form, chosenField);
    const named = listOf(sent(context), field);
    const strangers = named.flatMap((id, i) =>
      chosen.includes(id) ? [] : [fault(`${field}.${i}`, `${id} 不在其中`, `${id} is not one of ${chosenField}`)],
    );
    const able = personsAmong(
      named.filter((id) => chosen.includes(id)),
      staffIn(context.facts, 'auditors'),
    );
    const faults =
      able < MIN_AUDITORS
        ? [fault(field, '须有两名以上稽核人员', `at least two of ${chosenField} are needed`), ...strangers]
        : strangers;
    return refusedFor(able < MIN_AUDITORS ? code : 'BAD_REQUEST', faults);
  };
}
export const twoArePresent = twoOf('auditorsPresent', 'auditors', 'TOO_FEW_AUDITORS');
/** Those sign who were there. */
export const twoHaveSigned = twoOf('auditorsSigned', 'auditorsPresent', 'SIGNATURE_REQUIRED');

/** Art. 26(二)3: the representative signs, or the record says why not; one of the two, never both. */
export const auditeeSignedOrRefused: Guard = (context) => {
  const form = sent(context);
  const required =
    form['representativeSigned'] === true ? ['signerKind', 'representativeName'] : ['signatureRefusalReason'];
  const missing = required.filter((name) => form[name] === undefined).map((name) => fault(name, '必填', 'required'));
  if (missing.length > 0) return new Refusal('SIGNATURE_REQUIRED', missing);
  return form['representativeSigned'] === true && form['signatureRefusalReason'] !== undefined
    ? new Refusal('BAD_REQUEST', [
        fault('signatureRefusalReason', '已签名，不应填写拒签原因', 'the record is signed: no reason for a refusal'),
      ])
    : undefined;
};

/** Results only for items of the chosen scope, each once; the final record answers every one of them. */
export function checkListFits(answered: 'SO_FAR' | 'COMPLETELY'): Guard {
  return ({ form }) => {
    const items = itemsOf(listOf(form, 'scope'));
    const results = (form['checkList'] ?? []) as unknown as { item: string }[];
    const codes = results.map((r) => r.item);
    const faults = codes.flatMap((code, i) => {
      if (!items.includes(code))
        return [fault(`checkList.${i}.item`, `${code} 不在稽核范围内`, `${code} is outside the scope`)];
      return codes.indexOf(code) < i ? [fault(`checkList.${i}.item`, `${code} 重复`, `${code} is answered twice`)] : [];
    });
    const open = answered === 'COMPLETELY' ? items.filter((code) => !codes.includes(code)) : [];
    faults.push(
      ...open.map((code) => fault('checkList', `未填写：${CHECK_LIST_ITEMS[code]?.zh}`, `not answered: ${code}`)),
    );
    return refusedFor('BAD_REQUEST', faults);
  };
}

export const notAfterToday =
  (field: string): Guard =>
  (context) => {
    const day = dayOf(sent(context), field);
    return day && day > context.today
      ? new Refusal('DATE_IN_FUTURE', [
          fault(field, `不能晚于今天 ${context.today}`, `not after today, ${context.today}`),
        ])
      : undefined;
  };

/** The steps happened in their order: `field` is not before `earlierField`, or lies after it. */
export const inOrder =
  (earlierField: string, field: string, how: 'SAME_DAY_ALLOWED' | 'LATER' = 'SAME_DAY_ALLOWED'): Guard =>
  (context) => {
    const earlier = dayOf(context.form, earlierField);
    const day = dayOf(sent(context), field);
    if (!earlier || !day || day > earlier || (day === earlier && how === 'SAME_DAY_ALLOWED')) return undefined;
    return new Refusal('DATE_OUT_OF_RANGE', [
      how === 'LATER'
        ? fault(field, `须晚于 ${earlier}`, `must be after ${earlier}`)
        : fault(field, `不能早于 ${earlier}`, `not before ${earlier}`),
    ]);
  };
