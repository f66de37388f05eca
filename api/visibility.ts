import { areasOf, type Area } from '../activities/reading/areas.ts';
import type { CaseSnapshot, User } from '../domain/case.ts';
import type { Prisma } from './prisma.ts';

export { seesSql } from '../activities/reading/areas.ts';

/** What visibility looks at; every snapshot is one. `filedBy` matters to programs only, which decide nothing. */
export type Placed = Pick<CaseSnapshot, 'process' | 'offices' | 'personId' | 'providerId'> & { filedBy?: string };

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
    filed_by: placed.filedBy,
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
  filed_by: 'filedBy',
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

/**
 * Who may see which recurring duty: the staff of its holder; managers also those of the offices below them and of the hospitals
 * of their county. A duty that is seen is not therefore one's own to do (`mayMarkDone`).
 */
export function seesDutySql(user: User, alias: string, values: unknown[]): string {
  const conditions: string[] = [];
  if (user.providerId !== undefined) conditions.push(`${alias}.provider_id = $${values.push(user.providerId)}`);
  if (user.officeId !== undefined) {
    const office = `$${values.push(user.officeId)}`;
    const manager = user.roles.includes('MANAGER');
    conditions.push(`${alias}.office_id = ${office}`);
    if (manager && user.level === 'COUNTY') conditions.push(`${alias}.county_id = ${office}`);
    if (manager && user.level === 'CITY') conditions.push(`${alias}.city_id = ${office}`);
  }
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`;
}
