import type { CaseSnapshot, Text, User } from '../case.ts';
import type { DutyHolder } from '../duty.ts';

/** How the caller stands to what is asked for: the second column of the table of rights. */
export const RELATIONS = {
  PUBLIC: { zh: '无须登录', en: 'no login needed' },
  ANY: { zh: '不限', en: 'whatever it is' },
  SELF: { zh: '本人', en: 'one’s own' },
  RECEIVING: { zh: '受理机构', en: 'the office that received it' },
  TOWNSHIP: { zh: '所在乡镇', en: 'its township' },
  COUNTY: { zh: '所在县区', en: 'its county' },
  CITY: { zh: '所在市', en: 'its city' },
  HOSPITAL: { zh: '经手医院', en: 'its hospital' },
  PERSON: { zh: '参保人本人', en: 'the insured person it is about' },
  FILER: { zh: '由其受理', en: 'whoever filed it' },
  HOLDER: { zh: '承办单位', en: 'the place that holds the duty' },
  OFFICE: { zh: '本机构', en: 'one’s own office' },
  BELOW: { zh: '下级机构', en: 'an office or hospital beneath one’s own' },
  'LEVEL:CITY': { zh: '市级机构人员', en: 'staff of a city office' },
} as const satisfies Record<string, Text>;
export type Relation = keyof typeof RELATIONS;

/** What visibility and desks look at; every snapshot is one. `filedBy` matters to programs only, which decide nothing. */
export type Placed = Pick<CaseSnapshot, 'process' | 'offices' | 'personId' | 'providerId'> & { filedBy?: string };

/** What an action is done to; nothing where only the call itself is in question. */
export type Target =
  | { case: Placed }
  | { process: string }
  /** `above`: every office over it, the nearest first */
  | { office: { officeId?: string | undefined; above: readonly string[] } }
  | { account: string }
  | { duty: { limitId: string; holder: DutyHolder } };

/** Does the caller stand so to it? Without a target only what the caller is in itself can be told. */
export function stands(relation: Relation, user: User, target: Target | undefined): boolean {
  switch (relation) {
    case 'PUBLIC':
    case 'ANY':
      return true;
    case 'LEVEL:CITY':
      return user.level === 'CITY';
    default:
      if (!target || 'process' in target) return true;
  }
  if ('case' in target) return standsToCase(relation, user, target.case);
  if ('account' in target) return relation === 'SELF' && target.account === user.id;
  if ('duty' in target) return relation === 'HOLDER' && holds(target.duty.holder, user);
  const { officeId, above } = target.office;
  if (user.officeId === undefined) return false;
  return relation === 'OFFICE' ? officeId === user.officeId : relation === 'BELOW' && above.includes(user.officeId);
}

function standsToCase(relation: Relation, user: User, placed: Placed): boolean {
  const { offices, providerId, personId, filedBy } = placed;
  const same = (own: string | undefined, its: string | undefined): boolean => own !== undefined && own === its;
  switch (relation) {
    case 'RECEIVING':
      return same(user.officeId, offices.receivingId);
    case 'TOWNSHIP':
      return same(user.officeId, offices.townshipId);
    case 'COUNTY':
      return same(user.officeId, offices.countyId);
    case 'CITY':
      return same(user.officeId, offices.cityId);
    case 'HOSPITAL':
      return same(user.providerId, providerId);
    case 'PERSON':
      return same(user.personId, personId);
    case 'FILER':
      return same(user.id, filedBy);
    default:
      return false;
  }
}

const holds = (holder: DutyHolder, user: User): boolean =>
  holder.id === (holder.kind === 'HOSPITAL' ? user.providerId : user.officeId);
