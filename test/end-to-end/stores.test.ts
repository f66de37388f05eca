import { jest } from '@jest/globals';
import pg from 'pg';
import { readiness } from '../../api/health.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { getTestEnvironment } from '../support/environment.ts';
import { openOffice, type Office, type OfficeEvent } from '../support/office.ts';
import { patientClient, type PatientClient } from './client.ts';
import { startOwnStores, type OwnStores } from './own-stores.ts';
import { nothingIsWrong } from './reserve.ts';
import { stream, summary } from './stream.ts';
import { keepWorkers, type Workers } from './workers.ts';

/** The engine and the database die in the middle of the day's work and are started again by their supervision. */
jest.setTimeout(180_000);
const WORKERS = 2;

let stores: OwnStores;
let office: Office;
let client: PatientClient;
let workers: Workers;
beforeAll(async () => {
  stores = await startOwnStores();
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
  client = patientClient(office);
  workers = await keepWorkers(office, WORKERS, stores.folder);
});
afterAll(async () => {
  await workers.stop();
  await office.close();
  await stores.stop();
});

it('loses and doubles no decision when engine and database are killed, one after the other and both at once', async () => {
  const work = stream(client, { clerks: 6, cases: 30, pauseMs: 150 });
  await work.answered(20);
  stores.kill('temporal');
  await work.answered(50);
  stores.kill('postgres');
  await work.answered(80);
  stores.kill('postgres');
  stores.kill('temporal');
  await work.finished;

  expect(client.took).toHaveLength(30 * 4);
  await nothingIsWrong(office, client);
  console.log(`through three outages: ${summary(client.took.map(({ ms }) => ms))}`);
});

it('loses and doubles no decision when the connections of the engine to its database fall silent', async () => {
  const before = client.took.length;
  const work = stream(client, { clerks: 6, cases: 12, pauseMs: 150 });
  await work.answered(before + 8);
  const left = await lockedShards();
  stores.silence();
  expect((await readiness(office.deps, true)).checks.engine.ok).toBe(false);
  await work.finished;
  expect((await readiness(office.deps, true)).checks.engine.ok).toBe(true);
  await left.end();

  expect(client.took).toHaveLength(before + 12 * 4);
  await nothingIsWrong(office, client);
});

describe('a limit that passes while every worker is down', () => {
  const fileInpatient = (receivedOn: string): Promise<string> => {
    const form = formOf('GENERAL_INPATIENT');
    return client.file('REIMBURSEMENT_REVIEW', 'town1.clerk', { form, documents: papersFor(form), receivedOn });
  };
  const breaches = async (no: string): Promise<OfficeEvent[]> =>
    (await office.events(no)).filter(({ kind }) => kind === 'LIMIT_PASSED' || kind === 'ESCALATED');
  const playAt = (clock: string): void => void (office.deps.clockAheadMs = Date.parse(clock) - Date.now());

  it('is recorded and escalated once after the start, with the time it was due and the time it was noticed', async () => {
    // Ten seconds before the limit of the one ends with its day; that of the other ended a week ago.
    playAt('2025-09-28T23:59:50+08:00');
    const passing = await fileInpatient('2025-09-22');
    await workers.stop();
    const passed = await fileInpatient('2025-09-15');
    expect(await office.case(passing)).toMatchObject({ stageDueOn: '2025-09-28' });
    expect(await office.case(passed)).toMatchObject({ stageDueOn: '2025-09-22' });
    await new Promise((resolve) => setTimeout(resolve, 12_000));
    expect([...(await breaches(passing)), ...(await breaches(passed))]).toEqual([]);

    workers = await keepWorkers(office, WORKERS, stores.folder);
    await seen(async () => (await breaches(passing)).length > 0 && (await breaches(passed)).length > 0);
    for (const [no, dueAt] of [
      [passing, '2025-09-28T16:00:00.000Z'],
      [passed, '2025-09-22T16:00:00.000Z'],
    ] as const) {
      const [breach, escalation, ...more] = await breaches(no);
      expect(more).toEqual([]);
      expect(breach).toMatchObject({ kind: 'LIMIT_PASSED', data: { dueAt } });
      expect(breach?.effectKey).toBe(`S1:LIMIT_PASSED:${String(breach?.dueOn)}`);
      expect(escalation).toMatchObject({ kind: 'ESCALATED', turn: breach?.turn });
      expect(Date.parse(breach?.at ?? '')).toBeGreaterThan(Date.parse('2025-09-28T16:00:00.000Z'));
      expect(await office.case(no)).toMatchObject({ status: 'IN_PROGRESS', currentStep: 'INTAKE' });
      expect(await client.decide(no, 'town1.clerk', 'INTAKE')).toMatchObject({ currentStep: 'FIRST_REVIEW' });
    }
    await nothingIsWrong(office, client);
  });
});

describe('many limits that pass at one midnight', () => {
  const CASES = 40;
  const kinds = (no: string): Promise<OfficeEvent[]> =>
    office.events(no).then((events) => events.filter(({ effectKey }) => effectKey !== null));

  it('are each recorded once, none early, while engine, database and workers are killed at that very moment', async () => {
    office.deps.clockAheadMs = Date.parse('2025-09-28T23:59:40+08:00') - Date.now();
    const midnight = Date.now() + 20_000;
    const form = () => formOf('GENERAL_INPATIENT');
    const filed = await Promise.all(
      Array.from({ length: CASES }, async () => {
        const one = form();
        const filing = { form: one, documents: papersFor(one), receivedOn: '2025-09-22' };
        return client.file('REIMBURSEMENT_REVIEW', 'town1.clerk', filing);
      }),
    );
    const passed = async (): Promise<number> =>
      (await Promise.all(filed.map(kinds))).flat().filter(({ kind }) => kind === 'LIMIT_PASSED').length;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, midnight - 500 - Date.now())));
    expect(await passed()).toBe(0);
    // Between the timers and their effects: first the workers, then what they work with, then a worker in mid-storm.
    workers.kill(1);
    workers.kill(2);
    stores.kill('postgres');
    stores.kill('temporal');
    await seen(async () => (await passed().catch(() => 0)) > 0);
    workers.kill(1);
    await seen(async () => (await passed().catch(() => 0)) === CASES);

    for (const no of filed) {
      const happened = await kinds(no);
      expect(happened.map(({ effectKey }) => effectKey)).toEqual([
        'S1:REMINDER:2025-09-28',
        'S1:DUE:2025-09-28',
        'S1:LIMIT_PASSED:2025-09-28',
        'S1:LIMIT_PASSED:2025-09-28:ESCALATED',
      ]);
      const breach = happened[2];
      expect(breach?.data['dueAt']).toBe('2025-09-28T16:00:00.000Z');
      expect(Date.parse(breach?.at ?? '')).toBeGreaterThanOrEqual(Date.parse('2025-09-28T16:00:00.000Z'));
    }
    await nothingIsWrong(office, client);
  });
});

/** What a connection of the engine holds that fell silent in the middle of a transaction: cases of such a shard stand still. */
async function lockedShards(): Promise<pg.Client> {
  const client = new pg.Client(getTestEnvironment().postgresUrl.replace(/[^/]*$/, 'temporal'));
  // Ended by the store, which is what is hoped for.
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT range_id FROM shards FOR UPDATE');
  return client;
}

async function seen(happened: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await happened()); tries++) {
    if (tries > 900) throw new Error('it has not happened');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
