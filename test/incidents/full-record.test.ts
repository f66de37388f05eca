import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repeated } from '../../embedded/wait.ts';
import { retryIncident } from '../../engine/incidents/retry.ts';
import { endOfHistory, isFull } from '../../engine/incidents/take-up-again.ts';
import { startOwnStores, type OwnStores } from '../end-to-end/own-stores.ts';
import { formOf } from '../processes/reimbursement-cases.ts';
import { fileOne, pass } from '../processes/reimbursement-walk.ts';
import { eventually } from '../support/eventually.ts';
import { openOffice, type Office } from '../support/office.ts';
import { runWorker } from './workers.ts';

/**
 * A step that nobody mends for days fills the record of its procedure, and the engine ends it. Taken up again at its last task it would be
 * full again at once: it begins anew, and walks through what the store holds. An engine of this test's own, with a limit soon reached.
 */
jest.setTimeout(240_000);
const LIMIT = 60;
const FULL = { withinMs: 150_000, pauseMs: 1_000 };

let stores: OwnStores;
let office: Office;
let stopWorker: () => Promise<void> = () => Promise.resolve();
beforeAll(async () => {
  stores = await startOwnStores();
  const file = join(stores.folder, 'temporal-dynamic.json');
  const settings = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...settings, 'limit.historyCount.error': [{ value: LIMIT, constraints: {} }] }));
  stores.kill('temporal');
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
  stopWorker = await runWorker(office);
});
afterAll(async () => {
  await stopWorker();
  await office.close();
  await stores.stop();
});

it('a procedure that is full begins anew and goes on: nothing is lost, and no signal that nobody repeats', async () => {
  const no = await fileOne(office, formOf('TRAUMA_OWN'));
  await pass(office, no, 'INTAKE');
  const { caseId, facts, version: waiting } = await office.case(no);
  // The result of the verification reaches the procedure, whose turn the store refuses again and again.
  await office.owner.query(
    `CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$;
     CREATE TRIGGER planted BEFORE INSERT ON case_turn FOR EACH ROW WHEN (NEW.case_id = ${Number(caseId)}) EXECUTE FUNCTION planted()`,
  );
  const form = { findings: '现场核实属实', liability: 'OWN' };
  await office.decide(String(facts['verificationCase']), 'county1.auditor1', { decision: 'APPROVE', form });
  const handle = office.deps.temporal.workflow.getHandle(no);
  await repeated(async () => expect((await handle.describe()).status.name).toBe('TERMINATED'), FULL);
  expect(isFull(await endOfHistory(office.deps.temporal, no))).toBe(true);
  expect((await office.case(no)).version).toBe(waiting);
  await office.owner.query('DROP TRIGGER planted ON case_turn; DROP FUNCTION planted');

  const incident = { kind: 'PROCEDURE_LOST', subject: no, ofCase: true, activity: null } as const;
  const requestId = randomUUID();
  for (let times = 0; times < 2; times++)
    expect(await retryIncident(office.deps, { ...incident, requestId })).toBe('RESUMED');
  await eventually(async () => expect((await office.case(no)).status).toBe('IN_PROGRESS'));
  expect((await office.case(no)).facts).toMatchObject({ traumaVerified: true, liability: 'OWN' });
  expect(await pass(office, no, 'FIRST_REVIEW')).toMatchObject({ currentStep: 'SECOND_REVIEW' });
  // It was asked to count its days again, which is written down.
  const kinds = (await office.events(no)).map(({ kind }) => kind).filter((kind) => kind !== 'RECOUNTED');
  expect(kinds).toEqual(['FILED', 'DECIDED', 'VERIFICATION_RESULT', 'DECIDED']);
  expect(await handle.query('version')).toBe((await office.case(no)).version);
});
