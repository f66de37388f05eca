import pg from 'pg';
import type { TestDatabase } from '../support/postgres.ts';
import { createDatabase } from '../support/postgres.ts';

/**
 * Wrong rows are impossible, whatever a program gets wrong: the checks, partial unique indexes and triggers that exist only in
 * the SQL of the migrations. Each test is one transaction that is undone.
 */

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

beforeEach(async () => {
  await client.query('begin');
  await insert('case_file', CASE);
  await insert('case_turn', TURN);
});

afterEach(() => client.query('rollback'));

type Row = Record<string, unknown>;

const CASE: Row = {
  case_id: 1,
  acceptance_no: 'T-1',
  process_type: 'REIMBURSEMENT_REVIEW',
  status: 'IN_PROGRESS',
  current_stage: 'INTAKE',
  current_step: 'INTAKE',
  version: 0,
  agency_id: '441602001',
  county_id: '441602',
  city_id: '441600',
  handling_roles: ['TOWNSHIP_CLERK'],
  received_on: '2025-09-22',
  filed_at: '2025-09-22T02:00:00Z',
  filed_by: 's-town1.clerk',
  stage_seq: 1,
  calendar_edition: 'CN-2025-1',
  last_activity_on: '2025-09-22',
  form: '{}',
  facts: '{}',
};
const TURN: Row = { case_id: 1, turn: 0, at: '2025-09-22T02:00:00Z', result: '{}' };
const EVENT: Row = {
  ...{ case_id: 1, seq: 1, turn: 0, kind: 'FILED', stage: 'INTAKE', step: 'INTAKE', data: '{}' },
  ...{ at: '2025-09-22T02:00:00Z', prev_hash: '', hash: 'h' },
};
const STAGE: Row = {
  ...{ case_id: 1, seq: 1, stage: 'INTAKE', start_on: '2025-09-22', calendar_edition: 'CN-2025-1' },
  opened_at: '2025-09-22T02:00:00Z',
};
const SUSPENSION: Row = {
  ...{ case_id: 1, seq: 1, kind: 'CORRECTION', suspended_on: '2025-09-23', reason: 'r', basis: 'b', opened_turn: 0 },
};
const BENEFIT: Row = {
  ...{ case_id: 1, turn: 0, insurance_year: 2025, total: '100.00', in_scope: '90.00', fund_pays: '50.00' },
  ...{ insured_pays: '50.00', current: true, breakdown: '{}' },
};
const LINE: Row = {
  ...{ case_id: 1, turn: 0, n: 1, name: 'x', cost_class: 'CLASS_A', amount: '100.00', first_self_pay: '10.00' },
  ...{ in_scope: '90.00', rule: 'ORDINARY_ITEM', article: 'a' },
};
const DOCUMENT: Row = {
  ...{ document_id: '00000000-0000-4000-8000-000000000001', sha256: 'a'.repeat(64), media_type: 'application/pdf' },
  ...{ byte_size: 1, file_name: 'f.pdf', uploaded_by: 's-town1.clerk', uploaded_at: '2025-09-22T02:00:00Z' },
};
const LIST: Row = { list_no: 'L-1', city_id: '441600', printed_on: '2025-09-22' };
const PAYMENT: Row = { case_id: 1, list_no: 'L-1', county_id: '441602', amount: '50.00', status: 'LISTED' };
const RECOVERY: Row = { case_id: 1, ground: 'OVERPAYMENT', amount: '50.00', recovered: '0.00', status: 'OPEN' };
const ACTOR: Row = { case_id: 1, chain: 'REVIEW', staff_id: 's-county1.first', duty: 'FIRST_REVIEW' };
const LOG: Row = { at: '2025-09-22T02:00:00Z', method: 'GET', route: '/cases', status: 200, request_id: 'r' };

const insert = async (table: string, row: Row): Promise<void> => {
  const columns = Object.keys(row);
  await client.query(
    `insert into ${table} (${columns.join(', ')}) overriding system value
     values (${columns.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(row),
  );
};

/** The name of the check or index, or SQL state, that refuses; undefined when the statement goes through. */
const refusalOf = async (attempt: () => Promise<unknown>): Promise<string | undefined> => {
  await client.query('savepoint attempt');
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    return error.constraint ?? error.code;
  } finally {
    await client.query('rollback to attempt');
  }
};

const inserting = (table: string, row: Row) => refusalOf(() => insert(table, row));
const running = (sql: string) => refusalOf(() => client.query(sql));

/** Right on one side of the line, refused on the other: the same row but for the named values. */
describe.each<[what: string, table: string, row: Row, wrong: Row, refusedBy: string]>([
  ['a case with a status nobody knows', 'case_file', CASE, { status: 'LOST' }, 'case_file_status_check'],
  ['an ended case without the moment it ended', 'case_file', CASE, { status: 'CLOSED' }, 'case_file_ended_check'],
  ['a running case that has ended', 'case_file', CASE, { ended_at: '2025-09-23Z' }, 'case_file_ended_check'],
  [
    'a case that waits without a stopped clock',
    'case_file',
    CASE,
    { status: 'AWAITING_CORRECTION' },
    'case_file_suspended_check',
  ],
  ['a negative version', 'case_file', CASE, { version: -1 }, 'case_file_version_check'],
  ['a case of an unknown office', 'case_file', CASE, { county_id: '999999' }, 'case_file_county_id_fkey'],
  ['an event of a turn that never was', 'case_event', EVENT, { turn: 7 }, 'case_event_turn_fkey'],
  ['a stage closed before it opened', 'stage', STAGE, { closed_at: '2025-09-21Z' }, 'stage_closed_check'],
  ['a suspension of an unknown kind', 'suspension', SUSPENSION, { kind: 'HOLIDAY' }, 'suspension_kind_check'],
  [
    'a suspension resumed before it began',
    'suspension',
    SUSPENSION,
    { resumed_on: '2025-09-22' },
    'suspension_order_check',
  ],
  ['a benefit with a negative payment', 'benefit', BENEFIT, { fund_pays: '-0.01' }, 'benefit_amounts_check'],
  [
    'a benefit with a negative total',
    'benefit',
    BENEFIT,
    { total: '-1.00', in_scope: '-1.00' },
    'benefit_amounts_check',
  ],
  ['more in scope than was billed', 'benefit', BENEFIT, { in_scope: '100.01' }, 'benefit_amounts_check'],
  ['a document of another media type', 'document', DOCUMENT, { media_type: 'text/html' }, 'document_media_type_check'],
  ['a document without content', 'document', DOCUMENT, { byte_size: 0 }, 'document_byte_size_check'],
  [
    'a document under something that is no hash',
    'document',
    DOCUMENT,
    { sha256: 'A'.repeat(64) },
    'document_sha256_check',
  ],
  [
    'a recovery of more than is owed',
    'recovery_claim',
    RECOVERY,
    { recovered: '50.01' },
    'recovery_claim_amount_check',
  ],
  ['a recovery in an unknown status', 'recovery_claim', RECOVERY, { status: 'GONE' }, 'recovery_claim_status_check'],
])('%s', (_what, table, row, wrong, refusedBy) => {
  it('is refused by the store', async () => {
    const other = table === 'case_file' ? { case_id: 2, acceptance_no: 'T-2' } : {};
    expect(await inserting(table, { ...row, ...other })).toBeUndefined();
    expect(await inserting(table, { ...row, ...other, ...wrong })).toBe(refusedBy);
  });
});

describe('a bill line', () => {
  beforeEach(() => insert('benefit', BENEFIT));

  it('needs its benefit, and parts that add up without a negative one', async () => {
    expect(await inserting('benefit_line', LINE)).toBeUndefined();
    expect(await inserting('benefit_line', { ...LINE, turn: 1 })).toBe('benefit_line_benefit_fkey');
    expect(await inserting('benefit_line', { ...LINE, in_scope: '90.01' })).toBe('benefit_line_amounts_check');
    const negative = { first_self_pay: '-10.00', in_scope: '110.00' };
    expect(await inserting('benefit_line', { ...LINE, ...negative })).toBe('benefit_line_amounts_check');
  });

  it('belongs to the one current benefit of a case; older ones stay beside it', async () => {
    await insert('case_turn', { ...TURN, turn: 1 });
    expect(await inserting('benefit', { ...BENEFIT, turn: 1 })).toBe('benefit_current_key');
    expect(await inserting('benefit', { ...BENEFIT, turn: 1, current: false })).toBeUndefined();
  });
});

describe('a payment', () => {
  beforeEach(() => insert('payment_list', LIST));

  it('is never negative, has a known status, and stands on one list only', async () => {
    expect(await inserting('payment_item', { ...PAYMENT, amount: '-0.01' })).toBe('payment_item_amount_check');
    expect(await inserting('payment_item', { ...PAYMENT, status: 'SENT' })).toBe('payment_item_status_check');
    await insert('payment_item', PAYMENT);
    expect(await inserting('payment_item', PAYMENT)).toBe('payment_item_pkey');
  });

  it('goes to the one list a city prints a day', async () => {
    expect(await inserting('payment_list', { ...LIST, list_no: 'L-2' })).toBe('payment_list_day_key');
  });
});

describe('a case', () => {
  it('has its acceptance number alone', async () => {
    expect(await inserting('case_file', { ...CASE, case_id: 2 })).toBe('case_file_acceptance_no_key');
  });

  it('has at most one open stage', async () => {
    await insert('stage', STAGE);
    expect(await inserting('stage', { ...STAGE, seq: 2 })).toBe('stage_open_key');
    await client.query(`update stage set closed_at = opened_at`);
    expect(await inserting('stage', { ...STAGE, seq: 2 })).toBeUndefined();
  });

  it('has at most one open suspension of a kind', async () => {
    await insert('suspension', SUSPENSION);
    expect(await inserting('suspension', { ...SUSPENSION, seq: 2 })).toBe('suspension_open_key');
    expect(await inserting('suspension', { ...SUSPENSION, seq: 3, kind: 'SYSTEM_SWITCHOVER' })).toBeUndefined();
    await client.query(`update suspension set resumed_on = suspended_on`);
    expect(await inserting('suspension', { ...SUSPENSION, seq: 2 })).toBeUndefined();
  });

  it('takes each turn once, and each request of a user once', async () => {
    expect(await inserting('case_turn', TURN)).toBe('case_turn_pkey');
    const asked = { ...TURN, user_id: 's-county1.first', request_key: 'k' };
    await insert('case_turn', { ...asked, turn: 1 });
    expect(await inserting('case_turn', { ...asked, turn: 2 })).toBe('case_turn_request_key');
    expect(await inserting('case_turn', { ...asked, turn: 2, user_id: 's-county1.second' })).toBeUndefined();
  });

  it('records each reminder, breach and escalation once', async () => {
    await insert('case_event', { ...EVENT, effect_key: 'REMINDER:1' });
    expect(await inserting('case_event', { ...EVENT, seq: 2, effect_key: 'REMINDER:1' })).toBe('case_event_effect_key');
    expect(await inserting('case_event', { ...EVENT, seq: 2, effect_key: 'REMINDER:2' })).toBeUndefined();
  });

  it('gives one person at most one duty in a chain', async () => {
    await insert('case_actor', ACTOR);
    expect(await inserting('case_actor', { ...ACTOR, duty: 'SECOND_REVIEW' })).toBe('case_actor_pkey');
    expect(await inserting('case_actor', { ...ACTOR, chain: 'PAYMENT' })).toBeUndefined();
    expect(await inserting('case_actor', { ...ACTOR, staff_id: 's-county1.second' })).toBeUndefined();
  });

  it('cannot be deleted from under its history', async () => {
    expect(await running('delete from case_file')).toBe('case_turn_case_id_fkey');
  });
});

/** SQL state of `restrict_violation`, raised by the trigger. */
const RESTRICT_VIOLATION = '23001';

describe.each<[table: string, row: Row, change: string]>([
  ['case_event', EVENT, `reason = 'changed'`],
  ['case_turn', { ...TURN, turn: 1 }, `result = '{"changed": true}'`],
  ['access_log', LOG, 'status = 204'],
])('a row of %s', (table, row, change) => {
  it('is never changed, deleted or truncated, not even by the owner of the table', async () => {
    await insert(table, row);
    expect(await running(`update ${table} set ${change}`)).toBe(RESTRICT_VIOLATION);
    expect(await running(`delete from ${table}`)).toBe(RESTRICT_VIOLATION);
    expect(await running(`truncate ${table} cascade`)).toBe(RESTRICT_VIOLATION);
  });
});

describe('reference data', () => {
  it('has known kinds only', async () => {
    expect(await running(`update office set level = 'VILLAGE'`)).toBe('office_level_check');
    expect(await running(`update provider set grade = 4`)).toBe('provider_grade_check');
    expect(await running(`update provider set type = 'CLINIC'`)).toBe('provider_type_check');
    expect(await running(`update insured_person set sex = 'M'`)).toBe('insured_person_sex_check');
    expect(await running(`update insured_person set enrolment_status = 'NEW'`)).toBe('insured_person_status_check');
    expect(await running(`update calendar_day set kind = 'WEEKEND'`)).toBe('calendar_day_kind_check');
    expect(await running(`update rate set label = 'GUESS'`)).toBe('rate_label_check');
  });

  it('knows a username and an ID number once', async () => {
    expect(await running(`update staff set username = 'town1.clerk' where username = 'town2.clerk'`)).toBe(
      'staff_username_key',
    );
    const number = `(select id_card_no from insured_person where person_id = 'p-0001')`;
    expect(await running(`update insured_person set id_card_no = ${number} where person_id = 'p-0002'`)).toBe(
      'insured_person_id_card_no_key',
    );
  });
});
