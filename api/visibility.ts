import type { User } from '../domain/case.ts';
import type { Action } from '../domain/permissions/actions.ts';
import { areas, permitted, type Area } from '../domain/permissions/permitted.ts';
import type { Placed } from '../domain/permissions/relations.ts';
import type { Prisma } from './prisma.ts';

export { seesDutySql, seesSql } from '../activities/reading/areas.ts';
export type { Placed } from '../domain/permissions/relations.ts';

/** Whether the user may know that this case exists, and do this to it. */
export const sees = (user: User, placed: Placed, action: Action = 'READ_CASE'): boolean =>
  permitted(user, action, { case: placed });

const FIELDS = {
  agency_id: 'agencyId',
  township_id: 'townshipId',
  county_id: 'countyId',
  city_id: 'cityId',
  provider_id: 'providerId',
  person_id: 'personId',
  filed_by: 'filedBy',
} as const satisfies Record<Area['column'], keyof Prisma.CaseFileWhereInput>;

/** The same for the Prisma client, where a case is reached from something else. */
export function seesWhere(user: User, action: Action = 'READ_CASE'): Prisma.CaseFileWhereInput {
  const conditions = areas(user, action).map(({ column, id, processes }) => ({
    [FIELDS[column]]: id,
    ...(processes ? { processType: { in: processes } } : {}),
  }));
  // Inside another condition Prisma takes an OR of nothing for no condition at all; one of no ids it takes for none.
  return conditions.length === 0 ? { caseId: { in: [] } } : { OR: conditions };
}
