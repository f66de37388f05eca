import type pg from 'pg';
import { checkDigit, normaliseIdCardNo } from '../../domain/identifiers.ts';
import { STAFF } from '../../prisma/seed/accounts.ts';
import type { Vault } from '../../vault/vault.ts';

/** A made-up city beside the demonstration one: ten counties of twenty townships and twenty hospitals each, by default. */
export const CITY = '449900';
export interface CitySize {
  counties: number;
  townshipsEach: number;
  hospitalsEach: number;
  persons: number;
}

export const citySize = (cases: number): CitySize => ({
  counties: 10,
  townshipsEach: 20,
  hospitalsEach: 20,
  persons: Math.max(1_000, Math.floor(cases / 4)),
});

export const countyOf = (n: number): string => `4499${String(n).padStart(2, '0')}`;
export const townshipOf = (county: number, n: number): string => `${countyOf(county)}${String(n).padStart(3, '0')}`;

/** Who can be looked for by the number: of so many persons the index is the real one; everybody else's is made up. */
const KNOWN_BY_NUMBER = 50;
export const idCardNoOf = (n: number): string => {
  const first17 = `44990119500101${String(n).padStart(3, '0')}`;
  return first17 + checkDigit(first17);
};

/** Offices, hospitals, persons and staff, by a few statements on one connection. */
export async function buildCity(tx: pg.ClientBase, vault: Vault, size: CitySize): Promise<void> {
  const { counties, townshipsEach, hospitalsEach, persons } = size;
  await tx.query(`INSERT INTO office (office_id, name, level) VALUES ($1, '示例市医保中心', 'CITY')`, [CITY]);
  await tx.query(
    `INSERT INTO office (office_id, name, level, parent_id)
     SELECT '4499' || lpad(c::text, 2, '0'), '示例' || c || '县医保中心', 'COUNTY', $1 FROM generate_series(1, $2::int) c`,
    [CITY, counties],
  );
  await tx.query(
    `INSERT INTO office (office_id, name, level, parent_id)
     SELECT o.office_id || lpad(t::text, 3, '0'), o.name || t || '镇服务所', 'TOWNSHIP', o.office_id
     FROM office o, generate_series(1, $2::int) t WHERE o.parent_id = $1`,
    [CITY, townshipsEach],
  );
  await tx.query(
    `INSERT INTO provider (provider_id, name, type, grade, designated, county_office_id)
     SELECT 'H' || o.office_id || lpad(h::text, 4, '0'), o.name || '第' || h || '医院', 'HOSPITAL', 1 + h % 3, true, o.office_id
     FROM office o, generate_series(1, $2::int) h WHERE o.parent_id = $1`,
    [CITY, hospitalsEach],
  );
  // 60,000 names: of a common one there are dozens, as everywhere.
  await tx.query(
    `INSERT INTO insured_person (person_id, id_card_no, id_card_index, name, sex, birth_date, enrolment_agency_id, enrolment_status)
     SELECT 'g-' || p, 'made-up-' || p, 'made-up-' || p, '示例' || chr(19968 + p % 2000) || chr(19968 + (hashint4(p) & 255) % 30), 'FEMALE',
            DATE '1950-01-01' + p % 20000, '4499' || lpad((1 + p % $2::int)::text, 2, '0'), 'ENROLLED'
     FROM generate_series(1, $1::int) p`,
    [persons, counties],
  );
  for (let n = 1; n <= KNOWN_BY_NUMBER; n++) {
    await tx.query('UPDATE insured_person SET id_card_index = $2 WHERE person_id = $1', [
      `g-${n}`,
      await vault.blindIndex('idCardNo', normaliseIdCardNo(idCardNoOf(n))),
    ]);
  }
  await buildStaff(tx);
}

/** At each office the desks the demonstration has at an office of that level: `s-<office>.<desk>`, as `s-449901.first`. */
async function buildStaff(tx: pg.ClientBase): Promise<void> {
  const like = { TOWNSHIP: 'town1.', COUNTY: 'county1.', CITY: 'city.' };
  const desks = Object.entries(like).flatMap(([level, prefix]) =>
    STAFF.filter(({ username }) => username.startsWith(prefix)).map(({ username, roles }) => ({
      ...{ level, roles },
      desk: username.slice(prefix.length),
    })),
  );
  await tx.query(
    `INSERT INTO staff (staff_id, username, name, roles, office_id, identity)
     SELECT 's-' || o.office_id || '.' || d.desk, o.office_id || '.' || d.desk, o.name || d.desk, d.roles, o.office_id, 'n-' || o.office_id || '.' || d.desk
     FROM office o JOIN jsonb_to_recordset($2) AS d(level text, desk text, roles text[]) USING (level) WHERE o.office_id LIKE left($1, 4) || '%'`,
    [CITY, JSON.stringify(desks)],
  );
}
