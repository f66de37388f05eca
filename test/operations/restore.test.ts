import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pg from 'pg';
import { publicKeysOf, keyOfFolder } from '../../log/keys.ts';
import { logHeadsId } from '../../engine/log-heads.ts';
import { verifyLog } from '../../log/verify/index.ts';
import { makeBackup } from '../../operations/backup/backup.ts';
import { restoreBackup, type Restored } from '../../operations/backup/restore.ts';
import { checkCases } from '../../operations/check/index.ts';
import { formatTable } from '../../operations/table.ts';
import { fileOutOfArea, patientClient, untilAnswered, type PatientClient } from '../end-to-end/client.ts';
import type { Ledger } from '../../faults/checker/invariants.ts';
import { nothingIsWrong } from '../end-to-end/reserve.ts';
import { stream } from '../end-to-end/stream.ts';
import { keepWorkers, type Workers } from '../end-to-end/workers.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { getTestEnvironment, setTestEnvironment } from '../support/environment.ts';
import { openOffice, type Office } from '../support/office.ts';
import {
  archiveNow,
  cacheFolder,
  chooseAddresses,
  NAMESPACE,
  newDisk,
  removeDisks,
  startMachine,
  type Machine,
} from './machine.ts';

/**
 * A machine is lost with everything on it. What is left is a backup taken while people decided, the log archived since, and the keys
 * somebody kept. Everything real: Postgres, engine, worker processes.
 */
jest.setTimeout(600_000);

const shared = getTestEnvironment();
const kept = newDisk('kept');
const [backup, archive] = [join(kept, 'backup'), join(kept, 'wal')];
let addresses: Awaited<ReturnType<typeof chooseAddresses>>;
let machine: Machine;
let office: Office;
let client: PatientClient;
let workers: Workers;
let database: string;
let dueSoon: string;
/** as it was when the log was last archived */
let safe: { filings: number; decisions: number };
let answeredBackedUp: number;
let backedUpAt: string;
/** decisions that nobody had answered when the machine was lost; their clients ask again */
let underWay: Promise<void>;

const startWorkers = async (folder: string): Promise<void> => {
  workers = await keepWorkers(office, 1, folder);
};

beforeAll(async () => {
  process.env['HEAD_EVERY_SECONDS'] = '2';
  addresses = await chooseAddresses();
  const disk = newDisk('first');
  machine = await startMachine(addresses, disk, { archiveFolder: archive });
  const { postgres, temporalAddress } = machine;
  setTestEnvironment({ postgresUrl: postgres.url('postgres'), temporalAddress, namespace: NAMESPACE });
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
  database = new URL(office.databaseUrl).pathname.slice(1);
  client = patientClient(office);
  await startWorkers(disk);

  const midway = await fileOutOfArea(client);
  await client.decide(midway, 'town1.clerk', 'REGISTERED');
  const work = stream(client, { clerks: 3, cases: 8, pauseMs: 150 });
  await work.answered(5);
  await makeBackup(
    {
      ...{ dataFolder: disk, cluster: join(postgres.folder, 'cluster'), databaseUrl: postgres.url('postgres') },
      ...{ documentFolder: join(disk, 'documents'), witnessFolder: join(disk, 'witness') },
    },
    backup,
    () => undefined,
  );
  answeredBackedUp = client.took.length;
  backedUpAt = new Date().toISOString();
  await work.finished;
  await client.decide(midway, 'county1.approver', 'REVIEW');
  await stream(client, { clerks: 3, cases: 5, pauseMs: 20 }).finished;
  const form = formOf('GENERAL_INPATIENT');
  dueSoon = await client.file('REIMBURSEMENT_REVIEW', 'town1.clerk', { form, documents: papersFor(form) });
  await client.decide(await fileOutOfArea(client), 'town1.clerk', 'REGISTERED');
  safe = { filings: client.ledger.filings.length, decisions: client.ledger.decisions.length };
  await archiveNow(postgres);
  copyFileSync(join(disk, 'log-signing-key.pem'), join(kept, 'log-signing-key.pem'));

  const last = stream(client, { clerks: 3, cases: 3, pauseMs: 50 });
  await last.answered(client.took.length + 4);
  // What it believes was answered may be lost: then it is told so.
  underWay = last.finished.catch(() => undefined);
  await workers.stop();
  await machine.lose();
});
afterAll(async () => {
  delete process.env['HEAD_EVERY_SECONDS'];
  await workers.stop();
  for (const gone of [office.engine.close(), office.deps.db.end(), office.owner.end()]) await gone;
  await machine.lose();
  removeDisks();
  setTestEnvironment(shared);
});

const restore = (folder: string, { toTime, goesOn }: { toTime?: string; goesOn?: boolean } = {}): Promise<Restored> =>
  restoreBackup(
    {
      ...(goesOn ? { archive: { folder: archive, seconds: 60 } } : {}),
      ...{
        from: backup,
        wal: [archive],
        toTime,
        dataFolder: join(folder, 'data'),
        cacheFolder,
        database,
        port: addresses.secondPort,
      },
      ...{ documentFolder: join(folder, 'documents'), witnessFolder: join(folder, 'data', 'witness') },
    },
    () => undefined,
  );

const goOn = async (): Promise<void> => {
  await stream(client, { clerks: 2, cases: 2, pauseMs: 0 }).finished;
  await nothingIsWrong(office, { ...client, ledger: promised() });
};

/** What was answered before the log was last archived must be there; of what came after nothing is promised. */
const promised = (): Ledger => ({
  filings: [
    ...client.ledger.filings.slice(0, safe.filings),
    ...client.ledger.filings.slice(safe.filings).map(({ acceptanceNo: _, ...sent }) => sent),
  ],
  decisions: [
    ...client.ledger.decisions.slice(0, safe.decisions),
    ...client.ledger.decisions.slice(safe.decisions).map(({ answeredVersion: _, refused: __, ...sent }) => sent),
  ],
});

it('has everything that was answered up to the last archived log, agrees with itself, and goes on', async () => {
  const startedAt = performance.now();
  const took = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  const disk = newDisk('second');
  const restored = await restore(disk, { goesOn: true });
  const recovered = took();
  const data = join(disk, 'data');
  copyFileSync(join(kept, 'log-signing-key.pem'), join(data, 'log-signing-key.pem'));
  machine = await startMachine(addresses, data, { archiveFolder: archive });
  await startWorkers(data);
  const running = took();
  await underWay;

  const { left, cases } = await checkCases(office.deps, { pauseMs: 300 });
  expect(left).toEqual([]);
  const { db, temporal, config } = office.deps;
  const verified = await verifyLog({
    ...{ db, temporal, keys: publicKeysOf([keyOfFolder(data).publicKey]), witnessFolder: join(data, 'witness') },
    ...{ notaryId: logHeadsId(), taskQueue: config.temporalTaskQueue, now: () => Date.now() },
  });
  expect(verified.findings).toEqual([]);
  expect(verified.heads).toBeGreaterThan(0);
  await nothingIsWrong(office, { ...client, ledger: promised() });
  const there = async (key: string): Promise<boolean> =>
    (await db.query('SELECT FROM case_turn WHERE request_key = $1', [key])).rowCount === 1;
  const after = client.ledger.decisions.slice(safe.decisions).filter((sent) => sent.answeredVersion !== undefined);
  const survived = (await Promise.all(after.map(({ key }) => there(key)))).filter(Boolean).length;

  // Its timers are armed again, and each rings once.
  await untilAnswered(() => office.forwardTo(dueSoon, '2025-10-10T09:00:00+08:00'));
  const effects = (await office.events(dueSoon)).filter(({ effectKey }) => effectKey !== null);
  expect(effects.filter(({ kind }) => kind === 'LIMIT_PASSED')).toHaveLength(1);
  await goOn();
  await archiveNow(machine.postgres);
  console.log(
    formatTable(
      ['', ''],
      [
        ['decisions answered before the backup ended', String(answeredBackedUp)],
        ['answered before the last archived log', `${safe.decisions}, lost 0`],
        ['answered after it', `${after.length}, lost ${after.length - survived}`],
        ['pieces of log replayed', String(restored.segments)],
        ['restored and recovered after', recovered],
        ['stores, engine and a worker running after', running],
        ['cases compared', `${cases}, differences ${left.length}`],
        ['log', `${verified.events} events, ${verified.heads} heads, findings ${verified.findings.length}`],
      ],
    ),
  );
});

describe('a store and an engine of two different moments', () => {
  const versionsIn = async (url: string): Promise<Map<string, number>> => {
    const db = new pg.Client({ connectionString: url });
    await db.connect();
    const { rows } = await db.query<{ no: string; version: number }>(
      'SELECT acceptance_no AS no, version FROM case_file',
    );
    await db.end();
    return new Map(rows.map(({ no, version }) => [no, version]));
  };
  const difference = (one: Map<string, number>, other: Map<string, number>): string[] =>
    [...one.keys()].filter((no) => one.get(no) !== other.get(no)).sort();
  const atBackup = newDisk('at-backup');
  let newest: Map<string, number>;
  let older: Map<string, number>;

  it('the store being the later one, are led together again, and nothing is lost', async () => {
    await workers.stop();
    await machine.lose();
    const [late, early] = [newDisk('late'), join(atBackup, 'data')];
    await restore(late);
    const { lastCommitAt } = await restore(atBackup, { toTime: backedUpAt });
    expect(lastCommitAt?.toISOString().localeCompare(backedUpAt)).toBe(-1);
    const startedAt = performance.now();
    machine = await startMachine(addresses, join(late, 'data'), { engineFolder: early });
    [newest, older] = [
      await versionsIn(machine.postgres.url(database)),
      await versionsIn(machine.enginePostgres.url(database)),
    ];
    await startWorkers(join(late, 'data'));
    const { found, left } = await checkCases(office.deps, { pauseMs: 300, mend: true });
    expect(left).toEqual([]);
    expect(found.map(({ acceptanceNo }) => acceptanceNo).sort()).toEqual(difference(newest, older));
    const of = (kind: string): number => found.filter((each) => each.kind === kind).length;
    expect(of('NO_PROCEDURE')).toBeGreaterThan(0);
    expect(of('ENGINE_BEHIND')).toBeGreaterThan(0);
    expect(of('NO_PROCEDURE') + of('ENGINE_BEHIND')).toBe(found.length);
    console.log(
      `store newer: ${newest.size} cases, ${of('NO_PROCEDURE')} procedures built anew, ${of('ENGINE_BEHIND')} caught up, ` +
        `${left.length} differences and 0 decisions lost after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    );
    await goOn();
    newest = await versionsIn(machine.postgres.url(database));
  });

  it('the engine being the later one, are named case by case, and nothing is done about it', async () => {
    await workers.stop();
    await machine.lose(true);
    const early = newDisk('early');
    await restore(early, { toTime: backedUpAt });
    machine = await startMachine(addresses, join(early, 'data'), { engineFolder: join(atBackup, 'data') });
    const { found, left } = await checkCases(office.deps, { pauseMs: 300, mend: true });
    expect(left).toEqual(found);
    expect(found.map(({ acceptanceNo }) => acceptanceNo).sort()).toEqual(difference(newest, older));
    const kinds = new Set(found.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['NO_CASE', 'STORE_BEHIND']);
    expect(await versionsIn(machine.postgres.url(database))).toEqual(older);
    const missing = found.reduce((sum, { acceptanceNo: no }) => sum + (newest.get(no) ?? 0) - (older.get(no) ?? -1), 0);
    console.log(`engine newer: ${found.length} cases named, ${missing} turns the store lacks`);
  });
});
