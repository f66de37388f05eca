import { randomInt, randomUUID } from 'node:crypto';
import { NativeConnection, Runtime } from '@temporalio/worker';
import pg from 'pg';
import { createWorker, type WorkerSettings } from '../../activities/create-worker.ts';
import { findAccount } from '../../api/accounts.ts';
import { decideCase } from '../../api/cases/decide-case.ts';
import type { CaseDeps } from '../../api/cases/deps.ts';
import { fastForwardCase } from '../../api/cases/fast-forward-case.ts';
import { fileCase } from '../../api/cases/file-case.ts';
import { createPrisma } from '../../api/prisma.ts';
import { requestHash } from '../../api/request-hash.ts';
import { surviveLosses } from '../../engine/survive-losses.ts';
import type { AttachedDocument, Decision, DecisionInput, JsonObject, User } from '../../domain/case.ts';
import type { DocumentType } from '../../domain/document-types.ts';
import type { DecisionAnswer } from '../../domain/turn.ts';
import { connect, type TestEngine } from './engine.ts';
import { keepsHistories } from './histories.ts';
import { keepOthers, replayAll } from './replay-all.ts';
import { inTransaction } from '../../activities/store/in-transaction.ts';
import { keyringOf, openVault } from '../../vault/open-vault.ts';
import { rotate } from '../../vault/rotate.ts';
import type { SuiteName } from '../../vault/suite.ts';
import { caseSubject } from '../../vault/vault.ts';
import { TEST_VAULT } from './keys.ts';
import { proveAll } from './evidence.ts';
import { createDatabase } from './postgres.ts';

/**
 * A whole agency for one test file: its own database, its own worker, the real engine; filing and deciding go through
 * the services the API uses. `clockAt` lets the cases play on another day, so that no test depends on today.
 */
export interface Office {
  deps: CaseDeps;
  engine: TestEngine;
  databaseUrl: string;
  /** as the owner of the tables */
  ownerUrl: string;
  owner: pg.Pool;
  file(
    processType: string,
    username: string,
    filing: { form: JsonObject; documents?: DocumentType[]; receivedOn?: string; key?: string },
  ): Promise<string>;
  decide(acceptanceNo: string, username: string, decision: OfficeDecision): Promise<DecisionAnswer>;
  forwardTo(acceptanceNo: string, at: string): Promise<void>;
  /** the row of the case with camelCase names; days as text */
  case(acceptanceNo: string): Promise<OfficeCase>;
  events(acceptanceNo: string): Promise<OfficeEvent[]>;
  user(username: string): Promise<User>;
  upload(types: readonly DocumentType[]): Promise<AttachedDocument[]>;
  historyLength(acceptanceNo: string): Promise<number>;
  close(): Promise<void>;
}

export interface OfficeDecision {
  decision: Decision;
  /** default: wherever the case is now */
  step?: string;
  form?: JsonObject;
  reason?: string;
  missing?: string[];
  returnTo?: string;
  documents?: DocumentType[];
  ifVersion?: number;
  key?: string;
}

export type OfficeCase = Record<string, unknown> & {
  status: string;
  currentStage: string;
  currentStep: string;
  version: number;
  stageDueOn: string | null;
  totalDueOn: string | null;
  form: JsonObject;
  facts: JsonObject;
};
export interface OfficeEvent {
  seq: number;
  turn: number;
  kind: string;
  decision: string | null;
  stage: string;
  step: string;
  actorId: string | null;
  at: string;
  dueOn: string | null;
  daysLate: number | null;
  effectKey: string | null;
  reason: string | null;
  data: JsonObject;
}

let runtimeInstalled = false;

export interface OfficeOptions {
  clockAt?: string;
  spreadSeconds?: number;
  maxCachedWorkflows?: number;
  /** the worker seals the log, too */
  notary?: WorkerSettings['notary'];
  /** another suite than AES and SHA-256; the office then begins with a data key of it */
  cryptoSuite?: SuiteName;
  /** false: the test brings worker processes of its own, to kill them */
  worker?: boolean;
  /** false: the test writes into the store what never happened */
  proves?: boolean;
  /** false: procedures of another release ran here, and the test replays them itself */
  replays?: boolean;
}

export async function openOffice(options: OfficeOptions = {}): Promise<Office> {
  if (!runtimeInstalled) {
    Runtime.install({ telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } } });
    runtimeInstalled = true;
  }
  const database = await createDatabase();
  const db = new pg.Pool({ connectionString: database.url, max: 10 });
  // A Postgres that a test kills takes idle connections with it; the next query connects anew.
  surviveLosses(db, () => undefined);
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 2, idleTimeoutMillis: 1_000 });
  surviveLosses(owner, () => undefined);
  // All tests share one engine, where a case is known by its number: no two databases may give out the same.
  await owner.query(`SELECT setval('acceptance_number', $1)`, [randomInt(1_000_000, 2 ** 47)]);
  const keys = { ...TEST_VAULT, ...(options.cryptoSuite ? { cryptoSuite: options.cryptoSuite } : {}) };
  if (options.cryptoSuite) await inTransaction(owner, (tx) => rotate(tx, keyringOf(keys)));
  const vault = openVault(db, keys);
  const engine = await connect(vault);
  const taskQueue = `test-${randomUUID()}`;
  const effectSpreadSeconds = options.spreadSeconds ?? 0;
  const clockAheadMs = options.clockAt ? Date.parse(options.clockAt) - Date.now() : 0;
  const deps: CaseDeps = {
    db,
    prisma: createPrisma(db),
    temporal: engine.client,
    vault,
    config: { temporalTaskQueue: taskQueue, effectSpreadSeconds },
    now: () => Date.now(),
    clockAheadMs,
  };
  const settings = {
    temporalNamespace: engine.namespace,
    temporalTaskQueue: taskQueue,
    maxCachedWorkflows: options.maxCachedWorkflows ?? 100,
    effectSpreadSeconds,
    notary: options.notary,
  };
  const stopWorker = options.worker === false ? async () => undefined : await runWorker(deps, engine.address, settings);
  return {
    deps,
    engine,
    databaseUrl: database.url,
    ownerUrl: database.ownerUrl,
    owner,
    async file(processType, username, { form, documents = [], receivedOn, key = randomUUID() }) {
      const user = await userOf(db, username);
      const { answer } = await fileCase(deps, {
        user,
        processType,
        form,
        documents: await upload(db, documents),
        ...(receivedOn ? { receivedOn } : {}),
        key,
        requestHash: await requestHash(vault, processType, form),
      });
      return answer.acceptanceNo;
    },
    async decide(acceptanceNo, username, { key = randomUUID(), documents = [], step, ...rest }) {
      const input: DecisionInput = {
        ...rest,
        step: step ?? (await readCase(deps, acceptanceNo)).currentStep,
        documents: await upload(db, documents),
      };
      return decideCase(deps, {
        user: await userOf(db, username),
        acceptanceNo,
        input,
        key,
        requestHash: await requestHash(vault, acceptanceNo, rest),
      });
    },
    async forwardTo(acceptanceNo, at) {
      await fastForwardCase(deps, acceptanceNo, Date.parse(at));
      await settled(db, acceptanceNo, Date.parse(at));
    },
    case: (acceptanceNo) => readCase(deps, acceptanceNo),
    events: (acceptanceNo) => readEvents(deps, acceptanceNo),
    user: (username) => userOf(db, username),
    upload: (types) => upload(db, types),
    async historyLength(acceptanceNo) {
      const described = await engine.client.workflow.getHandle(acceptanceNo).describe();
      return described.historyLength;
    },
    async close() {
      try {
        // A test may have gone on with other keys.
        if (options.replays !== false) await replayAll(db, engine, deps.vault);
        if (keepsHistories()) await keepOthers(engine, taskQueue, deps.vault);
        if (options.proves !== false) await proveAll(db, deps.vault);
      } finally {
        await stopWorker();
        await engine.close();
        await db.end();
        await owner.end();
        await database.drop();
      }
    },
  };
}

/** Answers how to stop it. */
async function runWorker(
  { db, vault }: CaseDeps,
  address: string,
  settings: WorkerSettings,
): Promise<() => Promise<void>> {
  const native = await NativeConnection.connect({ address });
  const worker = await createWorker(db, native, settings, vault);
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await native.close();
  };
}

/** The engine has let the time pass; the last effects may still be on their way into the store. */
async function settled(db: pg.Pool, acceptanceNo: string, until: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { rows } = await db.query<{ next: Date | null }>(
      'SELECT next_effect_at AS next FROM case_file WHERE acceptance_no = $1',
      [acceptanceNo],
    );
    const next = rows[0]?.next;
    if (!next || next.getTime() > until) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${acceptanceNo}: an effect that is due has not happened`);
}

async function userOf(db: pg.Pool, username: string): Promise<User> {
  const user = await findAccount(db, username);
  if (!user) throw new Error(`no account ${username}`);
  return user;
}

/** Rows of documents as the upload route writes them; the bytes themselves are the upload tests' matter. */
async function upload(db: pg.Pool, types: readonly DocumentType[]): Promise<AttachedDocument[]> {
  return Promise.all(
    types.map(async (type) => {
      const documentId = randomUUID();
      await db.query(
        `INSERT INTO document (document_id, sha256, media_type, byte_size, file_name, uploaded_by, uploaded_at)
         VALUES ($1, $2, 'application/pdf', 1000, $3, 'test', '2025-01-01')`,
        [documentId, documentId.replaceAll('-', '').padEnd(64, '0'), `${type}.pdf`],
      );
      return { type, documentId };
    }),
  );
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

async function readCase({ db, vault }: CaseDeps, acceptanceNo: string): Promise<OfficeCase> {
  const { rows } = await db.query<{ row: JsonObject }>(
    'SELECT to_jsonb(c) AS row FROM case_file c WHERE acceptance_no = $1',
    [acceptanceNo],
  );
  const row = rows[0]?.row;
  if (!row) throw new Error(`no case ${acceptanceNo}`);
  const opened = await vault.openJson(caseSubject(acceptanceNo), row);
  return Object.fromEntries(Object.entries(opened).map(([key, value]) => [camel(key), value])) as OfficeCase;
}

async function readEvents({ db, vault }: CaseDeps, acceptanceNo: string): Promise<OfficeEvent[]> {
  const { rows } = await db.query<{ row: JsonObject }>(
    'SELECT to_jsonb(e) AS row FROM case_event e JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1 ORDER BY e.seq',
    [acceptanceNo],
  );
  return Promise.all(
    rows.map(async ({ row }) => {
      const opened = await vault.openJson(caseSubject(acceptanceNo), row);
      return Object.fromEntries(
        Object.entries(opened).map(([key, value]) => [camel(key), value]),
      ) as unknown as OfficeEvent;
    }),
  );
}
