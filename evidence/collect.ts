import type pg from 'pg';
import { readFigures } from '../activities/reading/figures.ts';
import { inSnapshot } from '../activities/store/in-transaction.ts';
import type { Json } from '../domain/case.ts';
import { getProcess } from '../domain/processes/index.ts';
import { TIME_LIMITS } from '../domain/time-limits.ts';
import { EVENT_SQL, instantSql, TURN_SQL, turnOf, type LoggedTurn } from '../log/case-rows.ts';
import { readStoredEditions } from '../prisma/editions.ts';
import { sealedLeaves, type Vault } from '../vault/vault.ts';
import {
  BUNDLE_FORMAT,
  type Bundle,
  type BundleAccess,
  type BundleCase,
  type BundleEvent,
  type BundleStage,
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
 * at all. Sealed values are disclosed with their salts only where there is a reason. Throws when the case is not in the store.
 */
export async function collect(deps: CollectDeps, acceptanceNo: string, madeBy: Bundle['madeBy']): Promise<Bundle> {
  return inSnapshot(deps.db, (tx) => gather(deps, tx, acceptanceNo, madeBy));
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
  const turns = (await rows<LoggedTurn>(TURNS, [caseId])).map(turnOf);
  const stages = await rows<BundleStage>(STAGES, [caseId]);
  const accesses = await rows<BundleAccess>(ACCESSES, [acceptanceNo]);
  const stored: Json = { events, turns } as unknown as Json;
  const openings = madeBy.reason === null ? [] : await disclose(deps.vault, `case/${acceptanceNo}`, stored);
  const text = JSON.stringify(stored);
  const editions = await readStoredEditions(db);
  const figures = text.includes('"benefit"') ? await readFigures(db) : { rates: [], catalogue: [] };
  return {
    format: BUNDLE_FORMAT,
    madeAt: new Date(deps.now()).toISOString(),
    madeBy,
    program: deps.program,
    case: { ...header, title: getProcess(header.process).title },
    events: withoutBoxes(events),
    turns: withoutBoxes(turns),
    stages,
    calendars: editions.filter(({ id }) => text.includes(id)),
    limits: Object.values(TIME_LIMITS).filter(({ id }) => text.includes(id)),
    ...figures,
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

const HEADER = `
  SELECT acceptance_no AS "acceptanceNo", case_id::text AS "caseId", process_type AS process, received_on::text AS "receivedOn",
    ${instantSql('filed_at')} AS "filedAt", filed_by AS "filedBy", person_id AS "personId", parent_case_id::text AS "parentCaseId",
    CASE WHEN facts ? 'hospital' THEN facts -> 'hospital' ->> 'providerId' ELSE provider_id END AS "providerId",
    jsonb_strip_nulls(jsonb_build_object('receivingId', agency_id, 'townshipId', township_id, 'countyId', county_id, 'cityId', city_id)) AS offices
  FROM case_file WHERE acceptance_no = $1`;
const EVENTS = `SELECT ${EVENT_SQL}, e.log_no::text FROM case_event e WHERE e.case_id = $1 ORDER BY e.seq`;
const TURNS = `SELECT ${TURN_SQL} FROM case_turn t WHERE t.case_id = $1 ORDER BY t.turn`;
const STAGES = `
  SELECT seq, stage, office_id AS "officeId", limit_id AS "limitId", start_on::text AS "startOn", due_on::text AS "dueOn",
    ${instantSql('opened_at')} AS "openedAt", ${instantSql('closed_at')} AS "closedAt", closed_by AS "closedBy", days_late AS "daysLate"
  FROM stage WHERE case_id = $1 ORDER BY seq`;
const ACCESSES = `
  SELECT ${instantSql('at')} AS at, user_id AS "userId", method, route, status, code, reason
  FROM access_log WHERE acceptance_no = $1 ORDER BY entry_id`;
