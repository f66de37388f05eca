import { randomInt, randomUUID } from 'node:crypto';
import pg from 'pg';
import { findAccount } from '../api/accounts.ts';
import type { CaseDeps } from '../api/cases/deps.ts';
import { createPrisma } from '../api/prisma.ts';
import type { Bench } from '../bench/surroundings.ts';
import { ourWorker } from '../bench/surroundings.ts';
import type { User } from '../domain/case.ts';
import { DOCUMENT_TYPES, type DocumentType } from '../domain/document-types.ts';
import { birthDateOf, sexOf } from '../domain/identifiers.ts';
import { surviveLosses } from '../engine/survive-losses.ts';
import { sealPersons } from '../prisma/seed/seal-persons.ts';
import { findTestEnvironment } from '../test/support/environment.ts';
import { TEST_VAULT } from '../test/support/keys.ts';
import { createDatabase } from '../test/support/postgres.ts';
import { createClient } from '../engine/client.ts';
import { openVault } from '../vault/open-vault.ts';
import type { Vault } from '../vault/vault.ts';
import type { Person, Plan } from './plan/index.ts';
import type { Stage } from './play.ts';
import type { WhatIf } from './options.ts';
import type { YearTable } from './recount/days.ts';

/** Seconds after midnight over which effects are spread, as in an installation. */
const SPREAD_SECONDS = 600;

export interface OpenStage extends Stage {
  /** ends what would go on without us, and takes what was made for this side */
  close(): Promise<void>;
}
export interface StageOptions {
  until: number;
  workers: number;
  stopped: () => boolean;
  /** the other rules of the second side; it has a database and workers of its own */
  whatIf?: WhatIf;
}

/** Everything one side of a rehearsal needs around it: workers of its own, a city with enough people, papers to attach. */
export async function openStage(bench: Bench, plans: readonly Plan[], options: StageOptions): Promise<OpenStage> {
  const { workers, until, stopped, whatIf } = options;
  const taskQueue = `rehearsal-${bench.id}${whatIf ? '-what-if' : ''}`;
  const around = bench.around(taskQueue);
  const own = whatIf ? await openDatabase() : undefined;
  const db = own?.db ?? bench.db;
  if (whatIf) for (const year of whatIf.years) await replaceYear(db, year);
  const lengths = Object.entries(whatIf?.lengths ?? {});
  const environment = {
    ...around.config.environment,
    ...(lengths.length > 0 ? { LIMIT_LENGTHS: lengths.map(([limit, length]) => `${limit}=${length}`).join(',') } : {}),
  };
  const surroundings = {
    ...around,
    config: { ...around.config, environment },
    ...(own ? { databaseUrl: own.url } : {}),
  };
  for (let number = 1; number <= workers; number += 1) await bench.start(ourWorker(surroundings, number));
  const vault = openVault(db, TEST_VAULT);
  await insertPeople(db, vault, plans);
  const documents = await insertDocuments(db);
  const users = new Map<string, Promise<User>>();
  const deps: CaseDeps = {
    db,
    prisma: createPrisma(db),
    temporal: createClient(bench.connection, bench.temporal.options.namespace, vault),
    vault,
    config: {
      temporalTaskQueue: taskQueue,
      effectSpreadSeconds: SPREAD_SECONDS,
      ...(lengths.length > 0 ? { limitLengths: Object.fromEntries(lengths) } : {}),
    },
    now: () => Date.now(),
  };
  return {
    deps,
    until,
    stopped,
    note: bench.say,
    userOf(username) {
      const known = users.get(username) ?? accountOf(db, username);
      users.set(username, known);
      return known;
    },
    documentsOf: (types) => types.map((type) => ({ type, documentId: documents.get(type) ?? '' })),
    async close() {
      await sweep(bench, deps);
      await own?.close();
    },
  };
}

/** A second database beside the one of the measurement; its cases are numbered apart, since a number is a procedure's id. */
async function openDatabase(): Promise<{ db: pg.Pool; url: string; close: () => Promise<void> }> {
  const database = await createDatabase();
  const db = new pg.Pool({ connectionString: database.ownerUrl, max: 20 });
  surviveLosses(db, () => undefined);
  await db.query(`SELECT setval('acceptance_number', $1)`, [randomInt(1_000_000_000, 2 ** 40)]);
  return {
    db,
    url: database.ownerUrl,
    async close() {
      await db.end();
      await database.drop();
    },
  };
}

/** The year as the what-if has it, in place of the days that are stored: before any case was counted by them. */
async function replaceYear(db: pg.Pool, { year, daysOff, makeUpWorkdays }: YearTable): Promise<void> {
  await db.query(
    `WITH edition AS (SELECT edition_id FROM calendar_edition WHERE year = $1 ORDER BY edition_id DESC LIMIT 1),
          gone AS (DELETE FROM calendar_day WHERE edition_id IN (SELECT edition_id FROM edition) AND NOT day = ANY ($2::date[] || $3::date[]))
     INSERT INTO calendar_day (edition_id, day, kind)
     SELECT edition_id, day, kind FROM edition, LATERAL (
       SELECT day, 'DAY_OFF' AS kind FROM unnest($2::date[]) AS day
       UNION ALL SELECT day, 'MAKE_UP_WORKDAY' FROM unnest($3::date[]) AS day) AS days
     ON CONFLICT (edition_id, day) DO UPDATE SET kind = excluded.kind`,
    [year, daysOff, makeUpWorkdays],
  );
}

/** Cases still open at the end would wait on an engine that others use, with nobody left to work on them. */
async function sweep({ temporal }: Bench, { db, config }: CaseDeps): Promise<void> {
  if (findTestEnvironment() === undefined) return;
  const { rows } = await db.query<{ no: string }>('SELECT acceptance_no AS no FROM case_file');
  const left = rows.map(({ no }) => no);
  const end = async (): Promise<void> => {
    for (let no = left.pop(); no; no = left.pop())
      await temporal.workflow
        .getHandle(no)
        .terminate(`the end of ${config.temporalTaskQueue}`)
        .catch(() => undefined);
  };
  await Promise.all(Array.from({ length: 20 }, end));
}

async function accountOf(db: pg.Pool, username: string): Promise<User> {
  const user = await findAccount(db, username);
  if (!user) throw new Error(`no account ${username}`);
  return user;
}

/** An insured person of its own for each case, since one person has one open application of a kind. */
export async function insertPeople(db: pg.Pool, vault: Vault, plans: readonly Plan[]): Promise<void> {
  const people = plans.map(({ person }) => person);
  await db.query(
    `INSERT INTO insured_person (person_id, id_card_no, id_card_index, name, sex, birth_date, enrolment_agency_id, enrolment_status)
     SELECT person_id, id_card_no, id_card_index, name, sex, birth_date, enrolment_agency_id, 'ENROLLED'
     FROM jsonb_to_recordset($1) AS p(person_id text, id_card_no text, id_card_index text, name text, sex text, birth_date date, enrolment_agency_id text)`,
    [JSON.stringify(await sealPersons(db, vault, people.map(personRow)))],
  );
  await db.query(
    `INSERT INTO staff (staff_id, username, name, roles, person_id)
     SELECT 's-' || username, username, name, ARRAY['INSURED_PERSON'], person_id
     FROM jsonb_to_recordset($1) AS p(person_id text, username text, name text)`,
    [JSON.stringify(people.map(({ personId, username, name }) => ({ person_id: personId, username, name })))],
  );
}

const personRow = ({ personId, idCardNo, name, countyId }: Person) => ({
  person_id: personId,
  id_card_no: idCardNo,
  name,
  sex: sexOf(idCardNo),
  birth_date: birthDateOf(idCardNo),
  enrolment_agency_id: countyId,
});

/** One paper of every type; all cases show the same. */
async function insertDocuments(db: pg.Pool): Promise<Map<DocumentType, string>> {
  const ids = new Map((Object.keys(DOCUMENT_TYPES) as DocumentType[]).map((type) => [type, randomUUID()]));
  await db.query(
    `INSERT INTO document (document_id, sha256, media_type, byte_size, file_name, uploaded_by, uploaded_at)
     SELECT id::uuid, rpad(replace(id, '-', ''), 64, '0'), 'application/pdf', 1000, type || '.pdf', 's-town1.clerk', '2025-01-01'
     FROM jsonb_to_recordset($1) AS d(id text, type text)`,
    [JSON.stringify([...ids].map(([type, id]) => ({ id, type })))],
  );
  return ids;
}
