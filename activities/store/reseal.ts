import type pg from 'pg';
import type { JsonObject } from '../../domain/case.ts';
import { normaliseIdCardNo } from '../../domain/identifiers.ts';
import type { Claim } from '../../domain/process.ts';
import type { DataKeys } from '../../vault/data-keys.ts';
import {
  caseSubject,
  createVault,
  documentSubject,
  openText,
  partsOf,
  personSubject,
  sealedLeaves,
  SEALED_TEXT,
  sealText,
  type Vault,
} from '../../vault/vault.ts';
import { BLIND_CLAIMS, BLIND_KEY, storedKey } from './claims.ts';

/**
 * Seals with the current data key what is sealed with an earlier one, or was written before fields were sealed – in the rows that
 * change anyway. Rows of the log are never written again: they stay under the data key of their time.
 */
export interface Resealed {
  table: string;
  looked: number;
  sealed: number;
}

/** One kind of row: what to read, and what to write in its place if it is still the same then. */
interface Kind<Row extends { id: string }> {
  table: string;
  /** rows after $1 in the order of their key, $2 of them; or those of the ids in $3 */
  read: string;
  /** undefined: it is sealed with the current key already */
  sealed(context: Context, row: Row): Promise<unknown[] | undefined>;
  /** $1 is the id, the rest what `sealed` answers; ends in a condition that the row has not changed since */
  write: string;
}
interface Context {
  vault: Vault;
  keyId: string;
}

const isCurrent = ({ keyId }: Context, sealed: string): boolean => partsOf(sealed).keyId === keyId;

/** A text column that is to be sealed anew, else undefined. */
async function resealText(
  context: Context,
  subject: string,
  field: string,
  text: string,
): Promise<{ plain: string; sealed: string } | undefined> {
  if (text.startsWith(SEALED_TEXT) && isCurrent(context, text.slice(SEALED_TEXT.length))) return undefined;
  const plain = await openText(context.vault, subject, field, text);
  return { plain, sealed: await sealText(context.vault, subject, field, plain) };
}

/** A JSON column that is to be sealed anew, else undefined. */
async function resealJson(context: Context, subject: string, value: JsonObject): Promise<JsonObject | undefined> {
  const whole = await context.vault.sealJson(subject, value);
  const leaves = sealedLeaves(whole);
  const before = sealedLeaves(value);
  if (leaves.length === before.length && before.every(({ sealed }) => isCurrent(context, sealed))) return undefined;
  return context.vault.sealJson(subject, await context.vault.openJson(subject, value));
}

const paged = (columns: string, from: string, key: string, cast: string, where = 'true'): string =>
  `SELECT ${key}::text AS id, ${columns} FROM ${from}
   WHERE ${where} AND CASE WHEN $3::text[] IS NULL THEN ${key} > $1::${cast} ELSE ${key} = ANY($3::${cast}[]) END ORDER BY ${key} LIMIT $2`;

const PERSONS: Kind<{ id: string; text: string; index: string | null }> = {
  table: 'insured_person',
  read: paged('id_card_no AS text, id_card_index AS index', 'insured_person', 'person_id', 'text'),
  async sealed(context, { id, text, index }) {
    const anew = await resealText(context, personSubject(id), 'idCardNo', text);
    if (!anew && index !== null) return undefined;
    const plain = anew?.plain ?? (await openText(context.vault, personSubject(id), 'idCardNo', text));
    return [anew?.sealed ?? text, await context.vault.blindIndex('idCardNo', normaliseIdCardNo(plain)), text];
  },
  write: 'UPDATE insured_person SET id_card_no = $2, id_card_index = $3 WHERE person_id = $1 AND id_card_no = $4',
};

const REGISTRATIONS: Kind<{ id: string; person: string; text: string }> = {
  table: 'chronic_registration',
  read: paged('person_id AS person, disease_code AS text', 'chronic_registration', 'case_id', 'bigint'),
  async sealed(context, { person, text }) {
    const anew = await resealText(context, personSubject(person), 'diseaseCode', text);
    return anew && [anew.sealed, text];
  },
  write: 'UPDATE chronic_registration SET disease_code = $2 WHERE case_id = $1 AND disease_code = $3',
};

const DOCUMENTS: Kind<{ id: string; text: string }> = {
  table: 'document',
  read: paged('file_name AS text', 'document', 'document_id', 'uuid'),
  async sealed(context, { id, text }) {
    const anew = await resealText(context, documentSubject(id), 'fileName', text);
    return anew && [anew.sealed, text];
  },
  write: 'UPDATE document SET file_name = $2 WHERE document_id = $1 AND file_name = $3',
};

const CLAIMS: Kind<{ id: string; kind: Claim['kind']; key: string }> = {
  table: 'case_claim',
  read: paged(
    'kind, key',
    'case_claim',
    'claim_id',
    'bigint',
    `kind IN ('${BLIND_CLAIMS.join(`','`)}') AND NOT starts_with(key, '${BLIND_KEY}')`,
  ),
  sealed: async ({ vault }, claim) => [await storedKey(vault, claim), claim.key],
  write: 'UPDATE case_claim SET key = $2 WHERE claim_id = $1 AND key = $3',
};

/** A decision that comes in between has another version and its own content: then nothing is written, and the row read again. */
const CASES: Kind<{ id: string; no: string; version: number; form: JsonObject; facts: JsonObject }> = {
  table: 'case_file',
  read: paged('acceptance_no AS no, version, form, facts', 'case_file', 'case_id', 'bigint'),
  async sealed(context, { no, version, form, facts }) {
    const subject = caseSubject(no);
    const [newForm, newFacts] = [await resealJson(context, subject, form), await resealJson(context, subject, facts)];
    if (!newForm && !newFacts) return undefined;
    return [JSON.stringify(newForm ?? form), JSON.stringify(newFacts ?? facts), version];
  },
  write: 'UPDATE case_file SET form = $2, facts = $3 WHERE case_id = $1 AND version = $4',
};

const BATCH = 200;

/** Goes through all of them in small batches, each row by itself, while everybody works on. `say` hears of every batch. */
export async function reseal(
  db: pg.Pool,
  keys: DataKeys,
  say: (progress: Resealed) => void = () => undefined,
): Promise<Resealed[]> {
  await keys.refresh();
  const context = { vault: createVault(keys), keyId: (await keys.current('SEAL')).keyId };
  return [
    await resealAll(db, context, PERSONS, '', say),
    await resealAll(db, context, REGISTRATIONS, '0', say),
    await resealAll(db, context, DOCUMENTS, '00000000-0000-0000-0000-000000000000', say),
    await resealAll(db, context, CLAIMS, '0', say),
    await resealAll(db, context, CASES, '0', say),
  ];
}

async function resealAll<Row extends { id: string }>(
  db: pg.Pool,
  context: Context,
  kind: Kind<Row>,
  first: string,
  say: (progress: Resealed) => void,
): Promise<Resealed> {
  const progress: Resealed = { table: kind.table, looked: 0, sealed: 0 };
  /** rows somebody wrote in between, to be read again */
  let changed: string[] = [];
  for (let after = first; ;) {
    const again = changed.length > 0 ? changed : null;
    const { rows } = await db.query<Row>(kind.read, [after, BATCH, again]);
    if (rows.length === 0 && !again) return progress;
    changed = [];
    for (const row of rows) {
      const values = await kind.sealed(context, row);
      if (!values) continue;
      const { rowCount } = await db.query(kind.write, [row.id, ...values]);
      if (rowCount === 1) progress.sealed += 1;
      else changed.push(row.id);
    }
    if (!again) {
      progress.looked += rows.length;
      after = rows.at(-1)?.id ?? after;
    }
    say({ ...progress });
  }
}
