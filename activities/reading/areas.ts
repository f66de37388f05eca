import type { User } from '../../domain/case.ts';
import type { Action } from '../../domain/permissions/actions.ts';
import { areas, dutyAreas } from '../../domain/permissions/permitted.ts';

/**
 * To which cases a user may do something (default: read them), as a condition on `case_file` under the given alias: the table of
 * rights, said in SQL. Values are appended to `values`, whose length gives the numbers of the placeholders. Whoever may not see
 * a case is told that there is none.
 */
export function seesSql(user: User, alias: string, values: unknown[], action: Action = 'READ_CASE'): string {
  const conditions = areasSql(user, alias, values, action);
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`;
}

/** The same, one condition for each place in which the user may look: a case may be seen from several. */
export const areasSql = (user: User, alias: string, values: unknown[], action: Action): string[] =>
  areas(user, action).map(({ column, id, processes }) => {
    const own = `${alias}.${column} = $${values.push(id)}`;
    return processes ? `(${own} AND ${alias}.process_type = ANY($${values.push(processes)}))` : own;
  });

/** Who may see which recurring duty, as a condition on `duty` under the given alias. */
export function seesDutySql(user: User, alias: string, values: unknown[]): string {
  const conditions = dutyAreas(user).map(({ column, id }) => `${alias}.${column} = $${values.push(id)}`);
  return conditions.length === 0 ? 'false' : `(${conditions.join(' OR ')})`;
}
