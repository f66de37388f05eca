import type { Role, User } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { seesSql } from './areas.ts';

/**
 * What waits for whom. "Mine" is what one of my roles can do at my desk and four eyes do not forbid (0.2-3); the rest of the
 * office's work shows what colleagues have to do.
 */
export type DeskScope = 'mine' | 'office';

/** Duties of four eyes by step, known from the definitions alone: arrays for one `unnest`. */
function duties(): { process: string[]; step: string[]; chain: string[]; duty: string[] } {
  const rows = Object.values(PROCESSES).flatMap((process) =>
    Object.entries(process.steps).flatMap(([step, { duty }]) =>
      duty ? [{ process: process.code, step, ...duty }] : [],
    ),
  );
  return {
    process: rows.map((row) => row.process),
    step: rows.map((row) => row.step),
    chain: rows.map((row) => row.chain),
    duty: rows.map((row) => row.duty),
  };
}

/** Whose desk: a step lies at an office, or with a hospital or a person, and then with no office. */
function atMyDesk(user: User, values: unknown[]): string {
  const desks: string[] = [];
  if (user.officeId !== undefined) desks.push(`c.handling_office_id = $${values.push(user.officeId)}`);
  if (user.providerId !== undefined)
    desks.push(`(c.handling_office_id IS NULL AND c.provider_id = $${values.push(user.providerId)})`);
  if (user.personId !== undefined && user.roles.includes('INSURED_PERSON')) {
    const person = `c.person_id = $${values.push(user.personId)}`;
    desks.push(`(${person} AND (c.handling_office_id IS NULL OR c.status = 'AWAITING_CORRECTION'))`);
  }
  return desks.length === 0 ? 'false' : `(${desks.join(' OR ')})`;
}

/** Roles that some step waits for; whoever holds none of them, such as a manager, has a desk on which nothing can lie. */
const WORKING = new Set<Role>(
  Object.values(PROCESSES).flatMap(({ steps, filing }) => [
    ...filing.by,
    ...Object.values(steps).flatMap(({ by }) => [...by]),
  ]),
);

function forMe(user: User, values: unknown[]): string {
  if (!user.roles.some((role) => WORKING.has(role))) return 'false';
  const roles = `c.handling_roles && $${values.push(user.roles)}::text[]`;
  const mine = [...(user.personId === undefined ? [] : [user.personId]), ...(user.relatives ?? [])];
  const avoided =
    mine.length === 0 || user.roles.includes('INSURED_PERSON')
      ? 'true'
      : `coalesce(c.person_id <> ALL($${values.push(mine)}::text[]), true)`;
  const { process, step, chain, duty } = duties();
  const table = [process, step, chain, duty].map((column) => `$${values.push(column)}::text[]`).join(', ');
  const persons = [user, ...(user.actingFor ? [user.actingFor] : [])];
  const accounts = `$${values.push(persons.map(({ id }) => id))}::text[]`;
  const identities = `$${values.push(persons.map(({ id, identity }) => identity ?? id))}::text[]`;
  // Taking in a correction is counter work, no duty of the chain (domain/decisions.ts). OFFSET 0 keeps the database from going
  // through the table of duties for every case instead of for the few in which this person has done something.
  return `${roles} AND ${avoided} AND (c.status = 'AWAITING_CORRECTION' OR NOT EXISTS (
    SELECT FROM (SELECT a.chain, a.duty FROM case_actor a
                 WHERE a.case_id = c.case_id AND (a.staff_id = ANY(${accounts}) OR coalesce(a.identity, a.staff_id) = ANY(${identities}))
                 OFFSET 0) done
    WHERE EXISTS (SELECT FROM unnest(${table}) AS d(process, step, chain, duty)
                  WHERE d.process = c.process_type AND d.step = c.current_step AND d.chain = done.chain AND d.duty <> done.duty)))`;
}

const atDesk = (user: User, values: unknown[]): string => `c.ended_at IS NULL AND ${atMyDesk(user, values)}`;
const isShown = (user: User, scope: DeskScope, values: unknown[]): string =>
  `${scope === 'mine' ? `${forMe(user, values)} AND ` : ''}${seesSql(user, 'c', values, 'DESK')}`;

/** As a condition on `case_file c`; values are appended to `values`. */
export const waitingSql = (user: User, scope: DeskScope, values: unknown[]): string =>
  `${atDesk(user, values)} AND ${isShown(user, scope, values)}`;

/** By due day, those without one at the end; in the order of the index on the desks. */
export const DESK_ORDER = 'c.stage_due_on, c.case_id';

/**
 * The same as `case_file c` with its condition, for a page or a count that ends early: what lies on the desk is gone through in its
 * order until there is enough. OFFSET 0 keeps the database from reading all cases of the area first, and the whole desk with them.
 */
export const waitingFrom = (user: User, scope: DeskScope, values: unknown[], after = 'true'): string =>
  `(SELECT * FROM case_file c WHERE ${atDesk(user, values)} AND ${after} ORDER BY ${DESK_ORDER} OFFSET 0) c WHERE ${isShown(user, scope, values)}`;
