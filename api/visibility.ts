import { areasOf, type Area } from '../activities/reading/areas.ts';
import type { CaseSnapshot, User } from '../domain/case.ts';
import type { Prisma } from './prisma.ts';

export { seesSql } from '../activities/reading/areas.ts';

/** What visibility looks at; every snapshot is one. */
export type Placed = Pick<CaseSnapshot, 'process' | 'offices' | 'personId' | 'providerId'>;

/** Whether the user may know that this case exists. */
export function sees(user: User, placed: Placed): boolean {
  const { offices } = placed;
  const ids: Record<Area['column'], string | undefined> = {
    agency_id: offices.receivingId,
    township_id: offices.townshipId,
    county_id: offices.countyId,
    city_id: offices.cityId,
    provider_id: placed.providerId,
    person_id: placed.personId,
  };
  return areasOf(user).some(
    (area) => ids[area.column] === area.id && (area.processes?.includes(placed.process) ?? true),
  );
}

const FIELDS = {
  agency_id: 'agencyId',
  township_id: 'townshipId',
  county_id: 'countyId',
  city_id: 'cityId',
  provider_id: 'providerId',
  person_id: 'personId',
} as const satisfies Record<Area['column'], keyof Prisma.CaseFileWhereInput>;

/** The same for the Prisma client, where a case is reached from something else. */
export function seesWhere(user: User): Prisma.CaseFileWhereInput {
  const conditions = areasOf(user).map(({ column, id, processes }) => ({
    [FIELDS[column]]: id,
    ...(processes ? { processType: { in: processes } } : {}),
  }));
  // Inside another condition Prisma takes an OR of nothing for no condition at all; one of no ids it takes for none.
  return conditions.length === 0 ? { caseId: { in: [] } } : { OR: conditions };
}
