import { z } from 'zod';
import type { CaseClocks, CaseSnapshot, Decision, Role, SuspensionKind } from './case.ts';
import { formChoice, formCount, formDate, formText } from './form.ts';
import { addDays, type PlainDate } from './plain-date.ts';
import type { Guard, Offer, ProcessDefinition } from './process.ts';
import { Refusal, type Fault } from './refusal.ts';
import { settings, type LimitId } from './time-limits.ts';
import type { Consequence } from './turn.ts';

/**
 * What people may decide about the clock of a case, whatever its process: stop it and start it again (deadlines.md C13),
 * and lengthen a limit (延长). `[not in the sources]`: S0 names neither an authority nor an extension for these limits; an
 * agency changes the tables here.
 */
export const CLOCK_DECISIONS = ['SUSPEND', 'RESUME', 'EXTEND'] as const satisfies Decision[];
export type ClockDecision = (typeof CLOCK_DECISIONS)[number];
export const isClockDecision = (decision: Decision): decision is ClockDecision =>
  CLOCK_DECISIONS.some((known) => known === decision);

/** Reasons the agency itself records; corrections and verifications stop the clock by what is decided about the case. */
export const AGENCY_SUSPENSIONS = [
  'SERVICE_CLOSED',
  'SYSTEM_SWITCHOVER',
  'FORCE_MAJEURE',
] as const satisfies SuspensionKind[];

/** Who may lengthen a limit, how often (a stage: in one pass; the total: in all), and by how much altogether. */
export interface ExtensionRule {
  by: Role;
  times: number;
  workingDays: number;
}

export const EXTENSION_RULES: Partial<Record<LimitId, ExtensionRule>> = {
  'DL-08': { by: 'COUNTY_APPROVER', times: 1, workingDays: 5 },
  'DL-09': { by: 'COUNTY_APPROVER', times: 1, workingDays: 5 },
  'DL-10': { by: 'CITY_LEADER', times: 1, workingDays: 5 },
  'DL-11': { by: 'CITY_LEADER', times: 1, workingDays: 5 },
  'DL-31': { by: 'AUDIT_LEAD', times: 1, workingDays: 5 },
  'DL-32': { by: 'AUDIT_LEAD', times: 1, workingDays: 10 },
};

/** The heads who answer for a term, wherever along its way the case lies. */
const HEADS = {
  by: ['COUNTY_APPROVER', 'CITY_LEADER', 'AUDIT_LEAD'],
  at: ['COUNTY', 'CITY', 'RECEIVING'],
} as const satisfies Pick<Offer, 'by' | 'at'>;

const NONE: CaseClocks = { stageSeq: 0, open: [], extensions: [] };
const clocks = (snapshot: CaseSnapshot): CaseClocks => snapshot.clocks ?? NONE;
const wrong = (field: string, zh: string, en: string): Fault[] => [{ path: `form.${field}`, zh, en }];

const someLimitRuns: Guard = ({ case: snapshot }) =>
  clocks(snapshot).stage || clocks(snapshot).total ? undefined : new Refusal('NO_LIMIT_RUNS');

const notOpenYet: Guard = ({ case: snapshot, input }) =>
  clocks(snapshot).open.some(({ kind }) => kind === input.form?.['kind'])
    ? new Refusal('ALREADY_SUSPENDED')
    : undefined;

const begunLately: Guard = ({ case: snapshot, input, today }) => {
  const on = (input.form?.['suspendedOn'] ?? today) as PlainDate;
  if (on > today) return new Refusal('DATE_IN_FUTURE', wrong('suspendedOn', '不能晚于今天', 'not after today'));
  const limit = addDays(today, -settings.SUSPENSION_ENTRY_CALENDAR_DAYS);
  const earliest = limit > snapshot.receivedOn ? limit : snapshot.receivedOn;
  return on < earliest
    ? new Refusal('DATE_OUT_OF_RANGE', wrong('suspendedOn', `不能早于 ${earliest}`, `not before ${earliest}`))
    : undefined;
};

const openByTheAgency = (snapshot: CaseSnapshot) =>
  clocks(snapshot).open.filter(({ kind }) => AGENCY_SUSPENSIONS.some((own) => own === kind));

const somethingIsOpen: Guard = ({ case: snapshot }) =>
  openByTheAgency(snapshot).length > 0 ? undefined : new Refusal('NOT_SUSPENDED');

const thatIsOpen: Guard = ({ case: snapshot, input, today }) => {
  const open = openByTheAgency(snapshot).find(({ kind }) => kind === input.form?.['kind']);
  if (!open) return new Refusal('NOT_SUSPENDED');
  const on = (input.form?.['resumedOn'] ?? today) as PlainDate;
  if (on > today) return new Refusal('DATE_IN_FUTURE', wrong('resumedOn', '不能晚于今天', 'not after today'));
  const since = open.suspendedOn;
  return on < since
    ? new Refusal('DATE_OUT_OF_RANGE', wrong('resumedOn', `不能早于中止之日 ${since}`, `not before ${since}`))
    : undefined;
};

const someLimitIsLengthened: Guard = ({ case: snapshot }) => {
  const { stage, total } = clocks(snapshot);
  const rules = [stage, total].flatMap((clock) => (clock ? [EXTENSION_RULES[clock.limitId as LimitId]] : []));
  return rules.some((rule) => rule !== undefined) ? undefined : new Refusal('EXTENSION_NOT_ALLOWED');
};

/** Refused after expiry: what is late stays late. While the clock stands there is no due day that could have passed. */
const withinTheRule: Guard = ({ case: snapshot, input, user, today }) => {
  const { stageSeq, extensions, ...running } = clocks(snapshot);
  const which = input.form?.['clock'];
  const clock = which === 'TOTAL' ? running.total : running.stage;
  const rule = clock && EXTENSION_RULES[clock.limitId as LimitId];
  if (!rule) return new Refusal('EXTENSION_NOT_ALLOWED');
  if (!user.roles.includes(rule.by)) return new Refusal('NOT_PERMITTED');
  if (clock.dueOn !== undefined && clock.dueOn < today) return new Refusal('EXTENSION_TOO_LATE');
  const before = extensions.filter((e) => e.clock === which && (which === 'TOTAL' || e.stageSeq === stageSeq));
  if (before.length >= rule.times)
    return new Refusal('EXTENSION_USED_UP', [{ zh: `最多 ${rule.times} 次`, en: `at most ${rule.times} times` }]);
  const left = rule.workingDays - before.reduce((sum, e) => sum + e.workingDays, 0);
  return Number(input.form?.['workingDays']) > left
    ? new Refusal('EXTENSION_TOO_LONG', wrong('workingDays', `最多 ${left} 个工作日`, `at most ${left} working days`))
    : undefined;
};

const basis = formText('依据', 'basis');

/** Whether any limit can run in the process; where none can, there is nothing to stop. */
export const hasLimits = ({ totalLimit, stages }: ProcessDefinition): boolean =>
  totalLimit !== undefined || Object.values(stages).some(({ limits }) => limits !== undefined);

/** On offer at every step of a case that has not ended. */
export const CLOCK_OFFERS = {
  SUSPEND: {
    ...HEADS,
    form: z.strictObject({
      kind: formChoice('中止事由', 'why the clock stops', AGENCY_SUSPENSIONS),
      suspendedOn: formDate('中止日期', 'day from which the clock stands').optional(),
      basis,
    }),
    when: someLimitRuns,
    guards: [notOpenYet, begunLately],
    reasonRequired: true,
  },
  RESUME: {
    ...HEADS,
    form: z.strictObject({
      kind: formChoice('中止事由', 'why the clock had stopped', AGENCY_SUSPENSIONS),
      resumedOn: formDate('恢复日期', 'last day on which the clock stood').optional(),
    }),
    when: somethingIsOpen,
    guards: [thatIsOpen],
  },
  EXTEND: {
    ...HEADS,
    form: z.strictObject({
      clock: formChoice('时限', 'which limit', ['STAGE', 'TOTAL']),
      workingDays: formCount('延长工作日数', 'working days', 1, 60),
      basis,
    }),
    when: someLimitIsLengthened,
    guards: [withinTheRule],
    reasonRequired: true,
  },
} as const satisfies Record<ClockDecision, Offer>;

/** What follows from it; the case stays where it is. */
export function clockConsequence(
  decision: ClockDecision,
  form: DecisionForm,
  reason: string,
  today: PlainDate,
): Consequence {
  switch (decision) {
    case 'SUSPEND': {
      const on = (form['suspendedOn'] ?? today) as PlainDate;
      return { suspend: { kind: form['kind'] as SuspensionKind, reason, basis: String(form['basis']), on } };
    }
    case 'RESUME':
      return { resume: { kind: form['kind'] as SuspensionKind, on: (form['resumedOn'] ?? today) as PlainDate } };
    case 'EXTEND': {
      const clock = form['clock'] as 'STAGE' | 'TOTAL';
      return { extend: { clock, workingDays: Number(form['workingDays']), reason, basis: String(form['basis']) } };
    }
  }
}
type DecisionForm = Readonly<Record<string, unknown>>;
