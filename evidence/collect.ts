import type pg from 'pg';
import { presentRows, TURN_ROWS } from '../activities/store/turn-hash.ts';
import type { Json } from '../domain/case.ts';
import { getProcess } from '../domain/processes/index.ts';
import { TIME_LIMITS, type LimitId } from '../domain/time-limits.ts';
import { readStoredEditions } from '../prisma/editions.ts';
import { sealedLeaves, type Vault } from '../vault/vault.ts';
import {
  BUNDLE_FORMAT,
  type Bundle,
  type BundleAccess,
  type BundleCase,
  type BundleEvent,
  type BundleStage,
  type BundleTurn,
  type Opening,
} from './bundle.ts';
import { coveringHeads } from './heads.ts';
import { withoutBoxes } from './leaves.ts';

export interface CollectDeps {
  db: pg.Pool;
  vault: Vault;
  now: () => number;
  /** of the program, as package.json has it */
  program: string;
}

/**
 * Gathers the evidence of a case from the store, on one snapshot of it, so that a decision taken meanwhile is in it whole or not
 * at all. Sealed values are disclosed with their salts. Throws when the case is not in the store.
 */
export async function collect(deps: CollectDeps, acceptanceNo: string, madeBy: Bundle['madeBy']): Promise<Bundle> {
  const client = await deps.db.connect();
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const bundle = await gather(deps, client, acceptanceNo, madeBy);
    await client.query('COMMIT');
    return bundle;
  } catch (problem) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw problem;
  } finally {
    client.release();
  }
}

async function gather(
  deps: CollectDeps,
  db: pg.ClientBase,
  acceptanceNo: string,
  madeBy: Bundle['madeBy'],
): Promise<Bundle> {
  const rows = async <R>(text: string, values: unknown[]): Promise<R[]> =>
    (await db.query<R & pg.QueryResultRow>({ text, values })).rows;
  const [header] = await rows<Omit<BundleCase, 'title'>>(HEADER, [acceptanceNo]);
  if (!header) throw new Error(`${acceptanceNo} is not in the store`);
  const { caseId } = header;
  const events = await rows<BundleEvent>(EVENTS, [caseId]);
  const turns = (await rows<TurnRow>(TURNS, [caseId])).map(turnOf);
  const stages = await rows<BundleStage>(STAGES, [caseId]);
  const accesses = await rows<BundleAccess>(ACCESSES, [acceptanceNo]);
  const stored: Json = { events, turns } as unknown as Json;
  const openings = await disclose(deps.vault, `case/${acceptanceNo}`, stored);
  const text = JSON.stringify(stored);
  const used = (ids: readonly string[]): string[] => ids.filter((id) => text.includes(`"${id}"`) || text.includes(id));
  const editions = await readStoredEditions(db);
  const money = text.includes('"benefit"');
  return {
    format: BUNDLE_FORMAT,
    madeAt: new Date(deps.now()).toISOString(),
    madeBy,
    program: deps.program,
    case: { ...header, title: getProcess(header.process).title },
    events: withoutBoxes(events),
    turns: withoutBoxes(turns),
    stages,
    calendars: editions.filter(({ id }) => used([id]).length > 0),
    limits: used(Object.keys(TIME_LIMITS)).map((id) => TIME_LIMITS[id as LimitId]),
    rates: money ? withoutNulls(await rows(RATES, [])) : [],
    catalogue: money ? withoutNulls(await rows(CATALOGUE, [])) : [],
    accesses,
    heads: await coveringHeads(
      db,
      events.map(({ log_no }) => log_no),
    ),
    openings,
  };
}

async function disclose(vault: Vault, subject: string, stored: Json): Promise<Opening[]> {
  const known = new Map<string, Opening>();
  for (const { field, sealed } of sealedLeaves(stored)) {
    const opened = await vault.disclose(subject, field, sealed);
    known.set(opened.commit, { field, ...opened });
  }
  return [...known.values()];
}

interface TurnRow extends Omit<BundleTurn, 'rows'> {
  rows: Record<string, Json>;
}
const turnOf = ({ rows, ...turn }: TurnRow): BundleTurn => ({ ...turn, rows: presentRows(rows) });

const withoutNulls = <T extends object>(rows: T[]): T[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as T);

/** ISO 8601 with milliseconds in UTC, as the hash covers it. */
const INSTANT = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const HEADER = `
  SELECT acceptance_no AS "acceptanceNo", case_id::text AS "caseId", process_type AS process, received_on::text AS "receivedOn",
    ${INSTANT('filed_at')} AS "filedAt", filed_by AS "filedBy", person_id AS "personId", parent_case_id::text AS "parentCaseId",
    CASE WHEN facts ? 'hospital' THEN facts -> 'hospital' ->> 'providerId' ELSE provider_id END AS "providerId",
    jsonb_strip_nulls(jsonb_build_object('receivingId', agency_id, 'townshipId', township_id, 'countyId', county_id, 'cityId', city_id)) AS offices
  FROM case_file WHERE acceptance_no = $1`;
const EVENTS = `
  SELECT seq, turn, kind, decision, stage, step, actor_id, actor_name, office_id, reason, data, ${INSTANT('at')} AS at, due_on::text,
    days_late, effect_key, turn_hash, prev_hash, hash, log_no::text
  FROM case_event WHERE case_id = $1 ORDER BY seq`;
const TURNS = `
  SELECT t.turn, ${INSTANT('t.at')} AS at, t.user_id AS "userId", t.request_key AS "requestKey", t.request_hash AS "requestHash", t.request, t.result,
    coalesce((SELECT jsonb_agg(jsonb_build_object('n', n.n, 'kind', n.kind, 'to_office_id', n.to_office_id, 'to_role', n.to_role,
                'to_person_id', n.to_person_id, 'content', n.content) ORDER BY n.n)
              FROM notice n WHERE n.case_id = t.case_id AND n.turn = t.turn), '[]') AS notices,
    (SELECT to_jsonb(r) FROM (SELECT ${TURN_ROWS}) r) AS rows
  FROM case_turn t WHERE t.case_id = $1 ORDER BY t.turn`;
const STAGES = `
  SELECT seq, stage, office_id AS "officeId", limit_id AS "limitId", start_on::text AS "startOn", due_on::text AS "dueOn",
    ${INSTANT('opened_at')} AS "openedAt", ${INSTANT('closed_at')} AS "closedAt", closed_by AS "closedBy", days_late AS "daysLate"
  FROM stage WHERE case_id = $1 ORDER BY seq`;
const ACCESSES = `
  SELECT ${INSTANT('at')} AS at, user_id AS "userId", method, route, status, code, reason
  FROM access_log WHERE acceptance_no = $1 ORDER BY entry_id`;
const RATES = `
  SELECT key, value, source, label, effective_from::text AS "effectiveFrom", effective_to::text AS "effectiveTo" FROM rate ORDER BY key, effective_from`;
const CATALOGUE = `
  SELECT code, name, fee_category AS "feeCategory", cost_class AS "costClass", kind, label, effective_from::text AS "effectiveFrom",
    effective_to::text AS "effectiveTo"
  FROM catalogue_item ORDER BY code, effective_from`;
