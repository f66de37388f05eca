import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { readConfig } from '../../config.ts';
import { findFreePorts } from '../../embedded/ports.ts';
import { ensureDigestSchedules } from '../../engine/digest-schedules.ts';
import { ensureSchedules } from '../../engine/duty-schedules.ts';
import { ensureLogHeads, logHeadsId } from '../../engine/log-heads.ts';
import { keyOfFolder } from '../../log/keys.ts';
import { writeHead } from '../../log/notary.ts';
import { clockFinding } from '../../operations/doctor/database.ts';
import type { Finding, Level } from '../../operations/doctor/finding.ts';
import { examine } from '../../operations/doctor/index.ts';
import { checkClock, checkNode } from '../../operations/doctor/machine.ts';
import { MASTER_KEY_BYTES } from '../../vault/keyring.ts';
import { openIssuer, type TestIssuer } from '../api/issuer.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { ownNamespace } from '../support/namespace.ts';
import { openOffice, type Office } from '../support/office.ts';

/** Each kind of wrongness is brought about for real, and has its one sentence that says what to do. */
let office: Office;
let issuer: TestIssuer;
let folder: string;
let nobody: number;
let base: Record<string, string>;

beforeAll(async () => {
  await ownNamespace();
  office = await openOffice();
  issuer = await openIssuer();
  folder = mkdtempSync(join(tmpdir(), 'jingban-doctor-'));
  nobody = await findFreePorts(1);
  base = {
    ...{ NODE_ENV: 'test', DATABASE_URL: office.databaseUrl, DATABASE_OWNER_URL: office.ownerUrl },
    ...{ TEMPORAL_ADDRESS: office.engine.address, TEMPORAL_NAMESPACE: office.engine.namespace },
    ...{ TEMPORAL_TASK_QUEUE: office.deps.config.temporalTaskQueue, OIDC_ISSUER: issuer.url },
    ...{ OIDC_AUDIENCE: issuer.audience, FIELD_KEYS: TEST_VAULT.fieldKeys, DOCUMENT_FOLDER: folder },
    ...{ DATA_FOLDER: folder, WITNESS_FOLDER: folder },
  };
});
afterAll(async () => {
  await issuer.close();
  await office.close();
  rmSync(folder, { recursive: true });
});

const examined = (settings: Record<string, string> = {}, now?: () => number): Promise<Finding[]> =>
  examine(readConfig({ ...base, ...settings }), undefined, now);
const told = (findings: readonly Finding[], level: Level): string[] =>
  findings.filter((finding) => finding.level === level).map(({ en }) => en);

it('of a system that was just set up says what its workers have not made yet, and nothing once they have', async () => {
  expect(told(await examined(), 'wrong')).toEqual([
    expect.stringMatching(/^digest-daily, outbox-send, duty-.* missing: a worker makes them/) as string,
    'the procedure that has the log sealed does not run (WorkflowNotFoundError): a worker starts it, see its log',
  ]);
  const { temporal, config } = office.deps;
  await ensureDigestSchedules(temporal, { ...config, digestAt: '08:30' });
  await ensureSchedules(temporal, config.temporalTaskQueue);
  await ensureLogHeads(temporal, { ...config, headEverySeconds: 3_600 });
  const sentences = async (): Promise<string[]> => {
    const findings = await examined();
    const all = [...told(findings, 'wrong'), ...told(findings, 'warn')];
    // Whether next year's holidays are announced depends on the day the test is run, and no namespace of a test is kept long.
    return all.filter((en) => !/^the holidays|for 1 days only: make it 30 or more/.test(en));
  };
  expect(await sentences()).toEqual(['the log was not sealed since it began: see whether a worker runs, and its log']);
  const witness = { key: keyOfFolder(folder), witnessFolder: folder, warn: () => undefined, now: () => Date.now() };
  await writeHead({ db: office.deps.db, ...witness }, 0);
  const findings = await examined();
  expect(await sentences()).toEqual([]);
  expect(findings.length).toBeGreaterThan(15);

  await temporal.schedule.getHandle('outbox-send').pause('by a test');
  expect(told(await examined(), 'warn')).toContain('outbox-send paused: unless that is meant, unpause in the engine');
  await temporal.schedule.getHandle('outbox-send').unpause();
});

describe('a wrong setting', () => {
  const other = `1:${Buffer.alloc(MASTER_KEY_BYTES, 'some other key').toString('base64')}`;
  const cases: Array<[string, () => Record<string, string>, RegExp]> = [
    [
      'port',
      () => ({ DATABASE_URL: at({ port: String(nobody) }) }),
      /^nothing listens at the address and port of DATABASE/,
    ],
    ['password', () => ({ DATABASE_URL: at({ password: 'hunter2' }) }), /^user or password in DATABASE_URL are wrong/],
    [
      'database',
      () => ({ DATABASE_URL: at({ pathname: '/nowhere' }) }),
      /^the database named in DATABASE_URL does not exist/,
    ],
    [
      'key',
      () => ({ FIELD_KEYS: other }),
      /^FIELD_KEYS has another master key than the one the database was sealed with/,
    ],
    ['version of a key', () => ({ FIELD_KEYS: `9${other.slice(1)}` }), /^FIELD_KEYS lacks the master key of version 1/],
    ['engine', () => ({ TEMPORAL_ADDRESS: `127.0.0.1:${nobody}` }), /^the engine of TEMPORAL_ADDRESS does not answer/],
    ['namespace', () => ({ TEMPORAL_NAMESPACE: 'nowhere' }), /^the engine has no namespace nowhere: register it/],
    ['task queue', () => ({ TEMPORAL_TASK_QUEUE: 'nobodys' }), /^no worker asks for work on the task queue nobodys/],
    [
      'issuer',
      () => ({ OIDC_ISSUER: `http://127.0.0.1:${nobody}` }),
      /^discovery document or keys of OIDC_ISSUER cannot be had/,
    ],
    ['name of the issuer', () => ({ OIDC_ISSUER: `${issuer.url}/` }), /^the issuer calls itself .* letter by letter$/],
    [
      'scanner',
      () => ({ CLAMD_ADDRESS: `127.0.0.1:${nobody}` }),
      /of CLAMD_ADDRESS cannot be reached \(ECONNREFUSED\)/,
    ],
    [
      'mail server',
      () => ({ NOTIFY: 'smtp', SMTP_FROM: 'a@example.org', SMTP_URL: `smtp://u:hunter2@127.0.0.1:${nobody}` }),
      /of SMTP_URL cannot be reached \(ECONNREFUSED\)/,
    ],
    [
      'receiver of messages',
      () => ({ NOTIFY: 'webhook', WEBHOOK_URL: `http://127.0.0.1:${nobody}/?key=hunter2` }),
      /of WEBHOOK_URL cannot be reached \(ECONNREFUSED\)/,
    ],
    ['folder', () => ({ DOCUMENT_FOLDER: notAFolder() }), /cannot be written to \(ENOTDIR\): check its rights/],
  ];
  it.each(cases)('%s is named, with what to do, and no secret', async (_, settings, sentence) => {
    const findings = await examined(settings());
    expect(told(findings, 'wrong')).toContainEqual(expect.stringMatching(sentence));
    expect(findings.every(({ zh, en }) => zh !== '' && en !== '')).toBe(true);
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|c29tZSBvdGhlciBrZXk/);
  });

  const at = (change: Partial<URL>): string => Object.assign(new URL(office.databaseUrl), change).href;
  const notAFolder = (): string => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    return file;
  };
});

describe('a database', () => {
  const asOwner = (sql: string): Promise<unknown> => office.owner.query(sql);
  const name = (): string => new URL(office.databaseUrl).pathname.slice(1);

  it('without tables is told to be migrated', async () => {
    await asOwner(`CREATE DATABASE ${name()}_empty`);
    const url = new URL(office.ownerUrl);
    url.pathname += '_empty';
    const findings = await examined({ DATABASE_URL: url.href, DATABASE_OWNER_URL: url.href });
    expect(told(findings, 'wrong')).toContainEqual(
      expect.stringMatching(/^\d+ migrations are not applied, .*: run npm run/),
    );
    await asOwner(`DROP DATABASE ${name()}_empty WITH (FORCE)`);
  });

  it('whose role has too few rights, or all of them, says so', async () => {
    const role = pg.escapeIdentifier(new URL(office.databaseUrl).username);
    await asOwner(`REVOKE INSERT ON notice FROM ${role}`);
    expect(told(await examined(), 'wrong')).toEqual([
      expect.stringMatching(/lacks rights on 1 tables, notice for one: run npm run migrate as the owner/) as string,
    ]);
    await asOwner(`GRANT INSERT ON notice TO ${role}`);
    expect(told(await examined({ DATABASE_URL: office.ownerUrl }), 'warn')).toContainEqual(
      expect.stringMatching(/^the program works as .*, owner of the tables or superuser, who can change the log/),
    );
  });

  it('that may forget what it has answered says so', async () => {
    await asOwner(`ALTER DATABASE ${name()} SET synchronous_commit = off`);
    expect(told(await examined(), 'wrong')).toEqual([
      'synchronous_commit is off: a power cut would lose decisions that were answered, set it to on',
    ]);
    await asOwner(`ALTER DATABASE ${name()} RESET synchronous_commit`);
  });

  it('without the holidays of this year, or of the next when they are announced, says so', async () => {
    const in2031 = told(await examined({}, () => Date.parse('2031-03-01T00:00:00Z')), 'wrong');
    expect(in2031).toContainEqual(expect.stringMatching(/^the holidays of 2031 are not loaded .* npm run calendar/));
    const november = told(await examined({}, () => Date.parse('2026-11-20T00:00:00Z')), 'warn');
    expect(november).toContainEqual(expect.stringMatching(/^the holidays of 2027 are not loaded/));
  });
});

it('finds a Node, a clock and a database clock that are wrong', () => {
  expect(checkNode('20.18.9')).toMatchObject({
    level: 'wrong',
    en: expect.stringMatching(/install 20.19 or newer/) as string,
  });
  expect(checkNode('24.0.0').level).toBe('ok');
  expect(checkClock(Date.parse('1970-01-01'))).toMatchObject({ level: 'wrong' });
  expect([0, 1_999, -2_000, 59_999, 60_000].map((ms) => clockFinding(ms).level)).toEqual([
    'ok',
    'ok',
    'warn',
    'warn',
    'wrong',
  ]);
});

it('of the log that nobody seals says since when', async () => {
  await office.deps.temporal.workflow.getHandle(logHeadsId()).terminate();
  expect(told(await examined(), 'wrong')).toEqual([expect.stringMatching(/does not run \(TERMINATED\)/) as string]);
});
