import type pg from 'pg';
import type {
  ActorRecord,
  CaseClocks,
  CaseSnapshot,
  CaseState,
  CaseStatus,
  GrantedExtension,
  JsonObject,
  OpenSuspension,
  SuspensionKind,
  User,
} from '../../domain/case.ts';
import type { SuspensionPeriod } from '../../domain/deadline.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import type { LimitId } from '../../domain/time-limits.ts';
import { caseSubject, type Vault } from '../../vault/vault.ts';
import { accountSql, IDENTITY_SQL, principalSql, type AccountRow, type PrincipalRow } from '../reading/accounts.ts';

/** A case with all that a turn needs to know of it, read and locked in one statement. */
export interface CaseRow {
  case_id: string;
  acceptance_no: string;
  process_type: string;
  status: CaseStatus;
  current_stage: string;
  current_step: string;
  version: number;
  person_id: string | null;
  provider_id: string | null;
  agency_id: string;
  township_id: string | null;
  county_id: string;
  city_id: string;
  filed_by: string;
  received_on: PlainDate;
  stage_seq: number;
  stage_due_on: PlainDate | null;
  stage_provisional: boolean;
  total_limit_id: LimitId | null;
  total_due_on: PlainDate | null;
  total_provisional: boolean;
  total_ended_on: PlainDate | null;
  correction_due_on: PlainDate | null;
  repair_due_on: PlainDate | null;
  repair_from: PlainDate | null;
  stuck_on: PlainDate | null;
  last_activity_on: PlainDate;
  clock_ahead_ms: string;
  form: JsonObject;
  facts: JsonObject;
  stage_limit_id: LimitId | null;
  stage_start_on: PlainDate;
  stage_set_to: PlainDate | null;
  stage_opened_at: Date;
  suspensions: Array<{ seq: number; kind: SuspensionKind; suspendedOn: PlainDate; resumedOn: PlainDate | null }>;
  extensions: GrantedExtension[];
  fired: string[];
  last_seq: number;
  last_hash: string;
  last_activity_version: number;
  documents: string[];
  /** by the person then and the person now, should an account have been found to be somebody else's */
  actors: ActorRecord[];
  started: boolean;
}

/** Together with who wants to write the turn, as their account is at this moment; read in the same statement. */
export interface TurnRow extends CaseRow {
  account: AccountRow | null;
  principal: PrincipalRow | null;
}

const COLUMNS = `
  c.case_id::text, c.acceptance_no, c.process_type, c.status, c.current_stage, c.current_step, c.version, c.person_id, c.provider_id,
  c.agency_id, c.township_id, c.county_id, c.city_id, c.filed_by, c.received_on::text, c.stage_seq, c.stage_due_on::text, c.stage_provisional,
  c.total_limit_id, c.total_due_on::text, c.total_provisional, c.total_ended_on::text, c.correction_due_on::text, c.repair_due_on::text, c.repair_from::text, c.stuck_on::text,
  c.last_activity_on::text, c.clock_ahead_ms::text, c.form, c.facts, c.started_at IS NOT NULL AS started,
  s.limit_id AS stage_limit_id, s.start_on::text AS stage_start_on, s.due_on::text AS stage_set_to, s.opened_at AS stage_opened_at,
  coalesce((SELECT json_agg(json_build_object('seq', p.seq, 'kind', p.kind, 'suspendedOn', p.suspended_on, 'resumedOn', p.resumed_on) ORDER BY p.seq)
            FROM suspension p WHERE p.case_id = c.case_id), '[]') AS suspensions,
  coalesce((SELECT json_agg(json_build_object('clock', x.clock, 'stageSeq', x.stage_seq, 'limitId', x.limit_id, 'workingDays', x.working_days) ORDER BY x.seq)
            FROM extension x WHERE x.case_id = c.case_id), '[]') AS extensions,
  coalesce((SELECT array_agg(e.effect_key) FROM case_event e WHERE e.case_id = c.case_id AND e.effect_key IS NOT NULL), '{}') AS fired,
  l.seq AS last_seq, l.hash AS last_hash,
  coalesce((SELECT max(t.turn) FROM case_turn t WHERE t.case_id = c.case_id AND t.user_id IS NOT NULL), 0) AS last_activity_version,
  coalesce((SELECT array_agg(DISTINCT d.type) FROM case_document d WHERE d.case_id = c.case_id), '{}') AS documents,
  coalesce((SELECT json_agg(json_build_object('chain', a.chain, 'duty', a.duty, 'userId', a.staff_id, 'identity', p.identity))
            FROM case_actor a LEFT JOIN staff s USING (staff_id)
            CROSS JOIN LATERAL (SELECT DISTINCT unnest(ARRAY[coalesce(a.identity, a.staff_id), ${IDENTITY_SQL}]) AS identity) p
            WHERE a.case_id = c.case_id AND p.identity IS NOT NULL), '[]') AS actors`;

const BESIDE = `
  LEFT JOIN stage s ON s.case_id = c.case_id AND s.seq = c.stage_seq
  LEFT JOIN LATERAL (SELECT e.seq, e.hash FROM case_event e WHERE e.case_id = c.case_id ORDER BY e.seq DESC LIMIT 1) l ON true`;
const FROM = `FROM case_file c ${BESIDE}`;

const BY_WHOM = `, ${accountSql('$2')} AS account, CASE WHEN $3::text IS NOT NULL THEN ${principalSql('$2', '$3')} END AS principal`;
const LOCK_CASE = {
  name: 'lock-case',
  text: `SELECT ${COLUMNS}${BY_WHOM} ${FROM} WHERE c.case_id = $1 FOR UPDATE OF c`,
};
const READ_BY_ID = { name: 'read-case-by-id', text: `SELECT ${COLUMNS}${BY_WHOM} ${FROM} WHERE c.case_id = $1` };
const READ_CASE = { name: 'read-case', text: `SELECT ${COLUMNS} ${FROM} WHERE c.acceptance_no = $1` };
const READ_ASKED = {
  name: 'read-case-asked',
  text: `SELECT ${COLUMNS},
           (SELECT json_build_object('case_id', t.case_id::text, 'turn', t.turn, 'request_hash', t.request_hash,
                                     'started', f.started_at IS NOT NULL, 'state', t.result -> 'state')
            FROM case_turn t JOIN case_file f USING (case_id) WHERE t.user_id = $2 AND t.request_key = $3) AS earlier
         FROM (VALUES (true)) AS asked LEFT JOIN case_file c ON c.acceptance_no = $1 ${BESIDE}`,
};
const READ_CASES = {
  name: 'read-cases',
  text: `SELECT ${COLUMNS} ${FROM} WHERE c.case_id = ANY($1::bigint[]) ORDER BY c.case_id`,
};

/** Where cases are and what opens them. */
export interface Stores {
  db: pg.Pool;
  vault: Vault;
}

async function opened<R extends CaseRow>(vault: Vault, row: R): Promise<R> {
  const subject = caseSubject(row.acceptance_no);
  const [form, facts] = [await vault.openJson(subject, row.form), await vault.openJson(subject, row.facts)];
  return { ...row, form, facts };
}

/** Locks the case against every other turn until the transaction ends. Nothing may be read from it without the lock. */
export async function lockCase(tx: pg.ClientBase, vault: Vault, caseId: string, user?: User): Promise<TurnRow> {
  const { rows } = await tx.query<TurnRow>({ ...LOCK_CASE, values: byWhom(caseId, user) });
  const row = rows[0];
  if (!row) throw new Error(`case ${caseId} is not in the store`);
  return opened(vault, row);
}

/** The case as it stands; what is written from it must check that the version is still the same. */
export async function readCase({ db, vault }: Stores, caseId: string, user?: User): Promise<TurnRow> {
  const { rows } = await db.query<TurnRow>({ ...READ_BY_ID, values: byWhom(caseId, user) });
  const row = rows[0];
  if (!row) throw new Error(`case ${caseId} is not in the store`);
  return opened(vault, row);
}

const byWhom = (caseId: string, user: User | undefined): unknown[] => [caseId, user?.id, user?.actingFor?.id];

/** The case as it stands, unlocked, or undefined. */
export async function findCase({ db, vault }: Stores, acceptanceNo: string): Promise<CaseRow | undefined> {
  const { rows } = await db.query<CaseRow>({ ...READ_CASE, values: [acceptanceNo] });
  return rows[0] && opened(vault, rows[0]);
}

/** A request the store has carried out, as it lies there. */
export interface StoredRequest {
  case_id: string;
  turn: number;
  request_hash: string;
  started: boolean;
  state: CaseState;
}

/**
 * The case as it stands, and what this user's request under this key has brought about already, of any case: in one statement,
 * so that a decision which is written meanwhile is either in both or in neither.
 */
export async function findCaseAsked(
  { db, vault }: Stores,
  acceptanceNo: string,
  userId: string,
  key: string,
): Promise<{ row?: CaseRow; earlier?: StoredRequest }> {
  const values = [acceptanceNo, userId, key];
  const { rows } = await db.query<CaseRow & { earlier: StoredRequest | null }>({ ...READ_ASKED, values });
  const { earlier, ...row } = rows[0] as CaseRow & { earlier: StoredRequest | null };
  if (earlier) return { earlier };
  // Without a case, too, there is one row: of nulls.
  return (row.case_id as string | null) === null ? {} : { row: await opened(vault, row) };
}

/** Several cases as they stand, unlocked, in the order of their ids; form and facts as sealed as they lie there. */
export async function readCases(db: pg.Pool, caseIds: readonly string[]): Promise<CaseRow[]> {
  const { rows } = await db.query<CaseRow>({ ...READ_CASES, values: [caseIds] });
  return rows;
}

export const suspensionsOf = (row: CaseRow): SuspensionPeriod[] =>
  row.suspensions.map((s) => ({ suspendedOn: s.suspendedOn, ...(s.resumedOn ? { resumedOn: s.resumedOn } : {}) }));

/** The same shape the workflow holds, so that both ask `checkDecision` the same question. */
export function snapshotOf(row: CaseRow): CaseSnapshot {
  return {
    caseId: row.case_id,
    acceptanceNo: row.acceptance_no,
    process: row.process_type,
    version: row.version,
    status: row.status,
    stage: row.current_stage,
    step: row.current_step,
    offices: {
      receivingId: row.agency_id,
      countyId: row.county_id,
      cityId: row.city_id,
      ...(row.township_id ? { townshipId: row.township_id } : {}),
    },
    ...(row.person_id ? { personId: row.person_id } : {}),
    ...(row.provider_id ? { providerId: row.provider_id } : {}),
    receivedOn: row.received_on,
    form: row.form,
    facts: row.facts,
    documents: row.documents,
    actors: row.actors,
    clocks: clocksOfRow(row),
  };
}

export const openSuspensions = (row: Pick<CaseRow, 'suspensions'>): OpenSuspension[] =>
  row.suspensions.flatMap(({ seq, kind, suspendedOn, resumedOn }) =>
    resumedOn === null ? [{ seq, kind, suspendedOn }] : [],
  );

const clockOf = (limitId: LimitId | null, dueOn: PlainDate | null) =>
  limitId ? { limitId, ...(dueOn ? { dueOn } : {}) } : undefined;

function clocksOfRow(row: CaseRow): CaseClocks {
  const stage = clockOf(row.stage_limit_id, row.stage_due_on);
  const total = row.total_ended_on === null ? clockOf(row.total_limit_id, row.total_due_on) : undefined;
  return {
    stageSeq: row.stage_seq,
    ...(stage ? { stage } : {}),
    ...(total ? { total } : {}),
    open: openSuspensions(row),
    extensions: row.extensions,
  };
}
