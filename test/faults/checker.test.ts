import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check } from '../../faults/checker/check.ts';
import { isRepeatable } from '../../faults/checker/repeatable.ts';
import { openRecord, type Recorder } from '../../faults/record.ts';
import type { Plan } from '../../rehearsal/plan/index.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { openOffice, type Office } from '../support/office.ts';

/**
 * The harness's verdict on a system that does wrong: each of these is what a bug would leave behind, and each turns the run red.
 * What the invariants of the rows find is tried in `test/end-to-end/invariants.test.ts`.
 */
let office: Office;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jingban-checker-'));
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', proves: false });
  await office.owner.query(`ALTER TABLE case_event DISABLE TRIGGER USER; ALTER TABLE case_turn DISABLE TRIGGER USER;
    ALTER TABLE case_event DROP CONSTRAINT case_event_turn_fkey; DROP INDEX case_event_effect_key, case_event_log_no_key`);
});
afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One case whose limit has passed, decided once after that, and what its client wrote down. */
interface Lived {
  no: string;
  record: Recorder;
  recordFile: string;
  decided: string;
}
const PLAN = {
  process: 'REIMBURSEMENT_REVIEW',
  window: 'TOWNSHIP',
  firstStep: 'INTAKE',
  filing: {},
} as unknown as Plan;

async function lived(decides = true): Promise<Lived> {
  const recordFile = join(folder, randomUUID());
  const record = openRecord(recordFile);
  const [filed, decided] = [randomUUID(), randomUUID()];
  const form = formOf('GENERAL_INPATIENT');
  record.write({ what: 'ASKED', key: filed, username: 'town1.clerk', process: 'REIMBURSEMENT_REVIEW', number: 0 });
  const no = await office.file('REIMBURSEMENT_REVIEW', 'town1.clerk', { form, documents: papersFor(form), key: filed });
  record.write({ what: 'ANSWERED', key: filed, status: 201, acceptanceNo: no, version: 0 });
  await office.forwardTo(no, '2025-09-30T09:00:00+08:00');
  if (!decides) return { no, record, recordFile, decided };
  const about = { acceptanceNo: no, step: 'INTAKE', decision: 'APPROVE', act: { act: 'APPROVE', entered: {} } };
  record.write({ what: 'ASKED', key: decided, username: 'town1.clerk', ...about });
  const { version } = await office.decide(no, 'town1.clerk', { decision: 'APPROVE', step: 'INTAKE', key: decided });
  record.write({ what: 'ANSWERED', key: decided, status: 200, acceptanceNo: no, version, body: 'the first answer' });
  return { no, record, recordFile, decided };
}

/** What is said of this case; the others of this file lie in the same store and are no matter of its client. */
async function violationsOf({ no, recordFile }: Lived, shown: ReadonlySet<string> = new Set()): Promise<string> {
  const { violations } = await check({
    ...{ recordFile, db: office.deps.db, temporal: office.engine.client, types: ['REIMBURSEMENT_REVIEW'] },
    ...{ plans: [PLAN], say: () => undefined, patienceMs: 500, stuckList: async () => shown },
  });
  return violations.filter((line) => line.startsWith(no)).join('\n');
}

const caseId = async (no: string): Promise<unknown> => (await office.case(no))['caseId'];

it('says nothing of a case that went right', async () => {
  expect(await violationsOf(await lived())).toBe('');
});

describe('finds what a client was told that is not so:', () => {
  it('a decision answered that was never written', async () => {
    const one = await lived();
    const key = randomUUID();
    one.record.write({
      what: 'ASKED',
      key,
      username: 'county1.first',
      acceptanceNo: one.no,
      step: 'FIRST_REVIEW',
      decision: 'APPROVE',
    });
    one.record.write({ what: 'ANSWERED', key, status: 200, acceptanceNo: one.no, version: 9 });
    expect(await violationsOf(one)).toMatch(/was answered and is in the store 0 times/);
  });

  it('a second, other answer to the same key', async () => {
    const one = await lived();
    one.record.write({
      what: 'ANSWERED',
      key: one.decided,
      status: 200,
      acceptanceNo: one.no,
      version: 5,
      body: 'another answer',
    });
    expect(await violationsOf(one)).toMatch(/got 2 different answers/);
  });

  it('a refusal of what was done', async () => {
    const one = await lived();
    one.record.write({ what: 'ANSWERED', key: one.decided, status: 409, code: 'STAGE_PASSED' });
    expect(await violationsOf(one)).toMatch(/was answered and then refused \(STAGE_PASSED\)/);
  });

  it('a bug instead of an answer', async () => {
    const one = await lived();
    one.record.write({ what: 'ANSWERED', key: one.decided, status: 500, code: 'INTERNAL' });
    expect(await violationsOf(one)).toMatch(/met a bug \(500 INTERNAL\)/);
  });

  it('an answer nobody can read', async () => {
    const one = await lived();
    one.record.write({ what: 'ANSWERED', key: one.decided, status: 200, body: 'the first answer' });
    expect(await violationsOf(one)).toMatch(/was answered with something that is no answer/);
  });

  it('a door open to somebody who may not', async () => {
    const one = await lived();
    const key = randomUUID();
    one.record.write({
      ...{ what: 'ASKED', key, username: 'hosp1.physician', acceptanceNo: one.no },
      ...{ step: 'INTAKE', decision: 'APPROVE', forbidden: true },
    });
    one.record.write({ what: 'ANSWERED', key, status: 200, acceptanceNo: one.no, version: 5 });
    expect(await violationsOf(one)).toMatch(/was let through/);
  });
});

describe('finds what is wrong with the clock:', () => {
  const change = async (found: RegExp, sql: string): Promise<void> => {
    const one = await lived();
    await office.owner.query(sql, [await caseId(one.no)]);
    expect(await violationsOf(one)).toMatch(found);
  };

  it('an effect that never happened', () =>
    change(
      /S1:REMINDER.*nothing; counted again: REMINDER/,
      `DELETE FROM case_event WHERE case_id = $1 AND kind = 'REMINDER'`,
    ));

  it('an effect of another day, though the row says that it was due then', () =>
    change(
      /S1:LIMIT_PASSED.*recorded 2025-09-28; counted again: LIMIT_PASSED due 2025-09-29/,
      `UPDATE case_event SET at = at - interval '1 day', data = data || '{"dueAt": "2025-09-27T16:00:00.000Z"}'
       WHERE case_id = $1 AND kind = 'LIMIT_PASSED'`,
    ));

  it('an effect that happened twice', () =>
    change(
      /happened twice/,
      `INSERT INTO case_event SELECT (jsonb_populate_record(e, jsonb_build_object('seq', 90))).* FROM case_event e
       WHERE case_id = $1 AND kind = 'LIMIT_PASSED'`,
    ));

  it('a notice that was never written', () =>
    change(/nobody was told of S1:REMINDER/, `DELETE FROM notice WHERE case_id = $1 AND kind = 'REMINDER'`));

  it('a limit that passed and nobody was told', () =>
    change(
      /and nobody was told|has 0 escalations/,
      `DELETE FROM case_event WHERE case_id = $1 AND kind = 'ESCALATED'`,
    ));
});

it('finds a late case that is not on the stuck list', async () => {
  const late = await lived(false);
  expect(await violationsOf(late, new Set([late.no]))).toBe('');
  expect(await violationsOf(late)).toMatch(/its limit has passed and it is not on the stuck list/);
});

describe('finds what the engine knows otherwise:', () => {
  it('a decision its history answered, gone from the store', async () => {
    const one = await lived();
    await office.owner.query(`DELETE FROM case_turn WHERE case_id = $1 AND request_key = $2`, [
      await caseId(one.no),
      one.decided,
    ]);
    expect(await violationsOf(one)).toMatch(/its history answers a decision .* that is not in the store/);
  });

  it('an open case without a procedure that runs', async () => {
    const one = await lived();
    await office.engine.client.workflow.getHandle(one.no).terminate('for this test');
    expect(await violationsOf(one)).toMatch(/is open, its procedure TERMINATED/);
  });

  it('a procedure that would act otherwise the second time, and none that would not', async () => {
    const { no } = await lived();
    const { client } = office.engine;
    const events = (await client.workflow.getHandle(no).fetchHistory()).events ?? [];
    expect(await isRepeatable(client, no, events)).toBe(true);
    const timer = events.findLastIndex((event) => event.timerStartedEventAttributes);
    const { eventId, eventTime } = events[timer] as (typeof events)[number];
    const step = { activityId: '7', activityType: { name: 'somethingElse' } };
    const scheduled = { eventId, eventTime, eventType: 10, activityTaskScheduledEventAttributes: step };
    const otherwise = events.with(timer, scheduled);
    expect(await isRepeatable(client, no, otherwise)).toBe(false);
  });

  it('a procedure of a case that is not in the store', async () => {
    const one = await lived();
    const id = await caseId(one.no);
    const rename = `UPDATE case_file SET acceptance_no = $2 WHERE case_id = $1`;
    await office.owner.query(rename, [id, `${one.no}x`]);
    expect(await violationsOf(one)).toMatch(/a procedure of a case that is not in the store/);
    await office.owner.query(rename, [id, one.no]);
  });
});
