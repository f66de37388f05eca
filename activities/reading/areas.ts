import type { User } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';

/**
 * Who may see which case, in one place for code, SQL and Prisma (api/visibility.ts), and for what people are sent: a township sees its own cases, a county those of its townships,
 * the city all of the city; a hospital those it has a part in; an insured person their own; a program those it filed itself.
 * Administrators see none: they belong to no desk (`userOf`). Whoever may not see a case is told that there is none.
 */
export interface Area {
  column: 'agency_id' | 'township_id' | 'county_id' | 'city_id' | 'provider_id' | 'person_id' | 'filed_by';
  id: string;
  /** only cases of these processes */
  processes?: string[];
}

/**
 * A hospital sees the procedures in which one of the steps lies on its desk. It does not see reimbursements that merely name
 * it, nor the plan of an audit before it has been served (Art. 26 knows audits without notice). `[not in the sources]`
 */
const HOSPITAL_PROCESSES = (): string[] =>
  Object.values(PROCESSES)
    .filter((process) => Object.values(process.steps).some((step) => step.at === 'HOSPITAL'))
    .map((process) => process.code);

export function areasOf(user: User): Area[] {
  if (user.service) return [{ column: 'filed_by', id: user.id }];
  const areas: Area[] = [];
  if (user.officeId !== undefined) {
    if (user.level === 'CITY') areas.push({ column: 'city_id', id: user.officeId });
    if (user.level === 'COUNTY') areas.push({ column: 'county_id', id: user.officeId });
    if (user.level === 'TOWNSHIP') {
      areas.push({ column: 'township_id', id: user.officeId }, { column: 'agency_id', id: user.officeId });
    }
  }
  if (user.providerId !== undefined) {
    areas.push({ column: 'provider_id', id: user.providerId, processes: HOSPITAL_PROCESSES() });
  }
  if (user.personId !== undefined && user.roles.includes('INSURED_PERSON')) {
    areas.push({ column: 'person_id', id: user.personId });
  }
  return areas;
}

/**
 * Who may see a case, as a condition on `case_file` under the given alias. Values are appended to `values`, whose length gives the
 * numbers of the placeholders.
 */
export function seesSql(user: User, alias: string, values: unknown[]): string {
  const conditions = areasOf(user).map(({ column, id, processes }) => {
    const own = `${alias}.${column} = $${values.push(id)}`;
    return processes ? `(${own} AND ${alias}.process_type = ANY($${values.push(processes)}))` : own;
  });
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`;
}
