import type pg from 'pg';
import { normaliseIdCardNo } from '../../domain/identifiers.ts';
import { personSubject, sealText, type Vault } from '../../vault/vault.ts';

/** A row of `insured_person` that names the number. */
interface PersonRow {
  person_id: string;
  id_card_no: string;
}

/**
 * The rows as they may lie in the store: numbers sealed, with the index they are found by. A number that is stored already stays
 * as it was sealed, so that writing the same rows again changes nothing.
 */
export async function sealPersons<Row extends PersonRow>(
  db: pg.ClientBase | pg.Pool,
  vault: Vault,
  persons: readonly Row[],
): Promise<(Row & { id_card_index: string })[]> {
  const { rows } = await db.query<PersonRow & { id_card_index: string | null }>(
    'SELECT person_id, id_card_no, id_card_index FROM insured_person WHERE person_id = ANY($1)',
    [persons.map(({ person_id }) => person_id)],
  );
  const stored = new Map(rows.map((row) => [row.person_id, row]));
  return Promise.all(
    persons.map(async (person) => {
      const index = await vault.blindIndex('idCardNo', normaliseIdCardNo(person.id_card_no));
      const known = stored.get(person.person_id);
      const sealed =
        known?.id_card_index === index
          ? known.id_card_no
          : await sealText(vault, personSubject(person.person_id), 'idCardNo', person.id_card_no);
      return { ...person, id_card_no: sealed, id_card_index: index };
    }),
  );
}
