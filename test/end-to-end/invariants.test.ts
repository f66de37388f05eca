import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea, patientClient, type PatientClient } from './client.ts';
import { findViolations } from '../../faults/checker/invariants.ts';

/** A checker that finds nothing proves nothing: here one thing is wrong with each case, and each is found. */

let office: Office;
let client: PatientClient;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', proves: false });
  client = patientClient(office);
  // What follows is what a person with all rights could do: the guards of the store are taken away first.
  await office.owner.query(`ALTER TABLE case_event DISABLE TRIGGER USER; ALTER TABLE case_turn DISABLE TRIGGER USER;
    ALTER TABLE case_event DROP CONSTRAINT case_event_turn_fkey; DROP INDEX case_event_effect_key; DROP INDEX case_turn_request_key`);
});
afterAll(() => office.close());

/** Statements about one case, whose id is $1. */
const TAMPERINGS: ReadonlyArray<[what: string, found: RegExp, sql: string]> = [
  [
    'a reason was edited',
    /log is broken at event 2/,
    `UPDATE case_event SET reason = '同意' WHERE case_id = $1 AND seq = 2`,
  ],
  [
    'an event was back-dated',
    /log is broken at event 1/,
    `UPDATE case_event SET at = at - interval '1 day' WHERE case_id = $1 AND seq = 1`,
  ],
  ['the last event is gone', /turn 2 has no event/, `DELETE FROM case_event WHERE case_id = $1 AND seq = 3`],
  [
    'an event in the middle is gone',
    /log is broken at event 3/,
    `DELETE FROM case_event WHERE case_id = $1 AND seq = 2`,
  ],
  [
    'an answered decision is gone',
    /was answered and is in the store 0 times/,
    `DELETE FROM case_turn WHERE case_id = $1 AND turn = 2`,
  ],
  [
    'a decision is there twice',
    /was answered and is in the store 2 times/,
    `INSERT INTO case_turn SELECT case_id, 3, at, user_id, request_key, request_hash, request, result FROM case_turn WHERE case_id = $1 AND turn = 2`,
  ],
  [
    'a decision is under another key',
    /under key made-up that nobody sent/,
    `UPDATE case_turn SET request_key = 'made-up' WHERE case_id = $1 AND turn = 1`,
  ],
  ['the row is ahead', /version 3, last turn 2/, `UPDATE case_file SET version = 3 WHERE case_id = $1`],
  [
    'row and procedure disagree',
    /version 1 in the store, 2 in its procedure/,
    `UPDATE case_file SET version = 1 WHERE case_id = $1`,
  ],
  [
    'the row has another due day',
    /disagree about days/,
    `UPDATE case_file SET stage_due_on = '2025-12-24' WHERE case_id = $1`,
  ],
  [
    'one person holds two duties',
    /did ENTRY and REVIEW/,
    `UPDATE case_event SET actor_id = 's-town1.clerk' WHERE case_id = $1 AND seq = 3`,
  ],
  [
    'an effect happened on its due day, and twice',
    /happened twice.*on its due day/s,
    `UPDATE case_event SET effect_key = 'S1:LIMIT_PASSED', kind = 'LIMIT_PASSED', due_on = '2025-09-22' WHERE case_id = $1 AND seq > 1`,
  ],
];

it.each(TAMPERINGS)('finds that %s', async (_, found, sql) => {
  const no = await fileOutOfArea(client);
  await client.decide(no, 'town1.clerk', 'REGISTERED');
  await client.decide(no, 'county1.approver', 'REVIEW');
  const ofThisCase = async (): Promise<string> =>
    (await findViolations(office.deps.db, office.engine.client, client.ledger, 500))
      .filter((line) => line.startsWith(no))
      .join('\n');
  expect(await ofThisCase()).toBe('');
  await office.owner.query(sql, [(await office.case(no))['caseId']]);
  expect(await ofThisCase()).toMatch(found);
});

it('finds a decision in the store that its client was refused', async () => {
  const no = await fileOutOfArea(client);
  await client.decide(no, 'town1.clerk', 'REGISTERED');
  Object.assign(client.ledger.decisions.at(-1) ?? {}, { refused: 'NOT_PERMITTED' });
  const lines = await findViolations(office.deps.db, office.engine.client, client.ledger, 500);
  expect(lines.filter((line) => line.startsWith(no)).join('\n')).toMatch(
    /was refused \(NOT_PERMITTED\) and is in the store/,
  );
});
