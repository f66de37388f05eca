import type { User } from '../../domain/case.ts';

/** Notices to my office (those for a role only to its holders) and to myself, as a condition on `notice` under the alias. */
export function noticesToSql(user: User, alias: string, values: unknown[]): string {
  const office = `${alias}.to_office_id = $${values.push(user.officeId ?? null)}`;
  const role = `(${alias}.to_role IS NULL OR ${alias}.to_role = ANY($${values.push(user.roles)}))`;
  const me = user.roles.includes('INSURED_PERSON') ? (user.personId ?? null) : null;
  return `((${office} AND ${role}) OR ${alias}.to_person_id = $${values.push(me)})`;
}
