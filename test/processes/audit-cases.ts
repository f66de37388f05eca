import type { CaseSnapshot, DecisionInput, JsonObject, User } from '../../domain/case.ts';
import { checkDecision } from '../../domain/decisions.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { itemsOf } from '../../domain/processes/audit-checklist.ts';
import { audit as rules } from '../../domain/processes/audit.ts';
import { Refusal } from '../../domain/refusal.ts';

/** An audit of a county office at any step, as the rules see it; no store, no engine. */

export type Step = keyof typeof rules.steps;

export const TODAY = plainDate('2025-10-09');
export const at = (id: string, ...roles: User['roles']): User => ({
  id,
  name: id,
  roles,
  officeId: 'C1',
  level: 'COUNTY',
});
export const lead = at('lead', 'AUDIT_LEAD');
export const [one, two, three] = [at('a1', 'AUDITOR'), at('a2', 'AUDITOR'), at('a3', 'AUDITOR')];
export const manager = at('boss', 'MANAGER');
export const staff = ({ id, name, roles, officeId }: User) => ({ staffId: id, name, roles, officeId: officeId ?? '' });

export const PLAN: JsonObject = {
  hospitalId: 'H1',
  origin: 'PLAN',
  scope: ['QUALITY', 'INFORMATION'],
  auditors: ['a1', 'a2'],
  plannedStartOn: '2025-10-09',
};
export const FACTS: JsonObject = {
  hospital: { providerId: 'H1', name: '县人民医院', type: 'HOSPITAL', grade: 2, designated: true },
  auditors: [staff(one), staff(two)],
};
export const NOTICE: JsonObject = {
  contents: '质量管理',
  requirements: '提供资料',
  methods: '查阅病历',
  materialsToPrepare: '病历、票据',
  noticeServedOn: '2025-10-06',
};
export const RESULTS = itemsOf(['QUALITY', 'INFORMATION']).map((item) => ({ item, result: 'OK' }));
export const SIGNED: JsonObject = {
  recordFacts: '查阅病历三十份',
  auditorsSigned: ['a1', 'a2'],
  representativeSigned: true,
  signerKind: 'PROXY',
  representativeName: '李四',
  checkList: RESULTS,
};

export function caseAt(
  step: Step,
  change: { form?: JsonObject; facts?: JsonObject; documents?: string[] } = {},
): CaseSnapshot {
  return {
    caseId: '1',
    acceptanceNo: 'A1',
    process: rules.code,
    version: 1,
    status: 'IN_PROGRESS',
    stage: rules.steps[step].stage,
    step,
    offices: { receivingId: 'C1', countyId: 'C1', cityId: 'CITY' },
    providerId: 'H1',
    receivedOn: plainDate('2025-09-22'),
    form: { ...PLAN, ...change.form },
    facts: { ...FACTS, ...change.facts },
    documents: change.documents ?? [],
    actors: [],
  };
}

export const NOT_REFUSED = new Refusal('BAD_REQUEST');
export function refusalOf(act: () => unknown): Refusal {
  try {
    act();
    return NOT_REFUSED;
  } catch (problem) {
    if (problem instanceof Refusal) return problem;
    throw problem;
  }
}
export const codeOf = (refusal: Refusal): string => (refusal === NOT_REFUSED ? 'POSSIBLE' : refusal.code);

export type Sent = Omit<DecisionInput, 'step'> & { lookedUp?: JsonObject; today?: string };
export const refused = (snapshot: CaseSnapshot, user: User, { lookedUp, today, ...input }: Sent): Refusal =>
  refusalOf(() =>
    checkDecision(rules, snapshot, user, { step: snapshot.step, ...input }, today ? plainDate(today) : TODAY, lookedUp),
  );
export const decide = (snapshot: CaseSnapshot, user: User, sent: Sent): string => codeOf(refused(snapshot, user, sent));
export const approve = (snapshot: CaseSnapshot, user: User, form: JsonObject, more: Partial<Sent> = {}): string =>
  decide(snapshot, user, { decision: 'APPROVE', form, ...more });
