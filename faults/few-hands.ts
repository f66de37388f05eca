import type pg from 'pg';

/** Desks that a small office gives to whoever is there: only four eyes keeps one person from taking two steps of one case. */
const SHARED = [
  ['COUNTY_CLERK', 'COUNTY_FIRST_REVIEWER', 'COUNTY_SECOND_REVIEWER', 'COUNTY_APPROVER'],
  ['CITY_FINANCE_CLERK', 'CITY_FINANCE_CHECKER', 'CITY_FINANCE_REVIEWER', 'CITY_FINANCE_PAYER'],
];

/** Whoever has one of these roles gets all of them. `db`: as the owner. */
export async function shareDesks(db: pg.Pool): Promise<void> {
  for (const roles of SHARED) await db.query('UPDATE staff SET roles = $1 WHERE roles && $1', [roles]);
}
