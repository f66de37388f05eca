import type pg from 'pg';
import type { CaseStatus, SuspensionKind } from '../../domain/case.ts';
import type { LedgerPeriod } from '../../domain/clock-proof.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import type { LimitId } from '../../domain/time-limits.ts';

/** All that the store keeps about the clocks of a case: every stage it passed, what stopped them and what lengthened them. */
export interface CaseLedger {
  caseId: string;
  acceptanceNo: string;
  process: string;
  status: CaseStatus;
  receivedOn: PlainDate;
  endedOn: PlainDate | null;
  clockAheadMs: string;
  calendarEdition: string;
  totalLimitId: LimitId | null;
  totalDueOn: PlainDate | null;
  totalProvisional: boolean;
  totalEndedOn: PlainDate | null;
  totalDaysLate: number | null;
  correctionDueOn: PlainDate | null;
  repairDueOn: PlainDate | null;
  repairFrom: PlainDate | null;
  passes: LedgerPass[];
  suspensions: LedgerSuspension[];
  extensions: LedgerExtension[];
}

export interface LedgerPass {
  seq: number;
  stage: string;
  officeId: string | null;
  officeName: string | null;
  limitId: LimitId | null;
  article: string | null;
  startOn: PlainDate;
  dueOn: PlainDate | null;
  provisional: boolean;
  calendarEdition: string;
  openedOn: PlainDate;
  openedTurn: number;
  closedOn: PlainDate | null;
  closedTurn: number | null;
  daysLate: number | null;
}

/** Whoever did it, with the name as the log holds it; null for what a procedure brought about. */
export interface LedgerActor {
  id: string;
  name: string | null;
}

export interface LedgerSuspension {
  seq: number;
  kind: SuspensionKind;
  suspendedOn: PlainDate;
  resumedOn: PlainDate | null;
  reason: string;
  basis: string;
  openedBy: LedgerActor | null;
  openedTurn: number;
  closedBy: LedgerActor | null;
  closedTurn: number | null;
  stageDaysLeft: number | null;
  totalDaysLeft: number | null;
}

export interface LedgerExtension {
  seq: number;
  clock: 'STAGE' | 'TOTAL';
  stageSeq: number;
  limitId: string;
  workingDays: number;
  reason: string;
  basis: string;
  grantedBy: LedgerActor;
  grantedOn: PlainDate;
  turn: number;
  dueBefore: PlainDate | null;
  dueAfter: PlainDate | null;
}

/** The ledgers of the given cases, by their number in the store. */
export async function readLedgers(db: pg.Pool, caseIds: readonly string[]): Promise<CaseLedger[]> {
  const { rows } = await db.query<CaseLedger>({ ...LEDGERS, values: [caseIds] });
  return rows;
}

export async function getLedger(db: pg.Pool, caseId: string): Promise<CaseLedger> {
  const [ledger] = await readLedgers(db, [caseId]);
  if (!ledger) throw new Error(`case ${caseId} is not in the store`);
  return ledger;
}

/**
 * The suspensions as the store knew them when a due day was last written: what was recorded later cannot have moved it.
 * Opened before that turn, closed before it or, with `inclusive`, by it.
 */
export function knownAt(ledger: CaseLedger, turn: number | null, closedBy: 'BEFORE' | 'INCLUSIVE'): LedgerPeriod[] {
  return ledger.suspensions.flatMap(({ seq, suspendedOn, resumedOn, openedTurn, closedTurn }) => {
    if (turn === null) return [{ seq, suspendedOn, ...(resumedOn ? { resumedOn } : {}) }];
    if (openedTurn >= turn) return [];
    const closed = closedTurn !== null && (closedBy === 'BEFORE' ? closedTurn < turn : closedTurn <= turn);
    return [{ seq, suspendedOn, ...(closed && resumedOn ? { resumedOn } : {}) }];
  });
}

/** Working days granted on top of a limit: a stage's belong to that pass through it, the total's to the case. */
export const extendedBy = (
  ledger: CaseLedger,
  clock: LedgerExtension['clock'],
  limitId: string | null,
  stageSeq?: number,
): number =>
  ledger.extensions
    .filter((e) => e.clock === clock && e.limitId === limitId && (clock === 'TOTAL' || e.stageSeq === stageSeq))
    .reduce((sum, e) => sum + e.workingDays, 0);

const DAY_OF = (instant: string): string => `(${instant} AT TIME ZONE 'Asia/Shanghai')::date`;
/** The log keeps the name a person had when they acted. */
const ACTOR = (id: string, turn: string): string => `
  CASE WHEN ${id} IS NOT NULL THEN json_build_object('id', ${id}, 'name',
    (SELECT e.actor_name FROM case_event e WHERE e.case_id = c.case_id AND e.turn = ${turn} AND e.actor_id = ${id} LIMIT 1)) END`;

const LEDGERS = {
  name: 'case-ledgers',
  text: `
  SELECT c.case_id::text AS "caseId", c.acceptance_no AS "acceptanceNo", c.process_type AS process, c.status, c.received_on::text AS "receivedOn",
    ${DAY_OF('c.ended_at')}::text AS "endedOn", c.clock_ahead_ms::text AS "clockAheadMs", c.calendar_edition AS "calendarEdition",
    c.total_limit_id AS "totalLimitId", c.total_due_on::text AS "totalDueOn", c.total_provisional AS "totalProvisional",
    c.total_ended_on::text AS "totalEndedOn", c.total_days_late AS "totalDaysLate", c.correction_due_on::text AS "correctionDueOn",
    c.repair_due_on::text AS "repairDueOn", c.repair_from::text AS "repairFrom",
    coalesce((SELECT json_agg(json_build_object('seq', s.seq, 'stage', s.stage, 'officeId', s.office_id, 'officeName', o.name, 'limitId', s.limit_id,
        'article', s.article, 'startOn', s.start_on, 'dueOn', s.due_on, 'provisional', s.provisional, 'calendarEdition', s.calendar_edition,
        'openedOn', ${DAY_OF('s.opened_at')}, 'closedOn', ${DAY_OF('s.closed_at')}, 'daysLate', s.days_late,
        'openedTurn', (SELECT min(t.turn) FROM case_turn t WHERE t.case_id = s.case_id AND t.at = s.opened_at),
        'closedTurn', (SELECT min(t.turn) FROM case_turn t WHERE t.case_id = s.case_id AND t.at = s.closed_at)) ORDER BY s.seq)
      FROM stage s LEFT JOIN office o USING (office_id) WHERE s.case_id = c.case_id), '[]') AS passes,
    coalesce((SELECT json_agg(json_build_object('seq', p.seq, 'kind', p.kind, 'suspendedOn', p.suspended_on, 'resumedOn', p.resumed_on,
        'reason', p.reason, 'basis', p.basis, 'openedTurn', p.opened_turn, 'closedTurn', p.closed_turn,
        'openedBy', ${ACTOR('p.opened_by', 'p.opened_turn')}, 'closedBy', ${ACTOR('p.closed_by', 'p.closed_turn')},
        'stageDaysLeft', p.stage_days_left, 'totalDaysLeft', p.total_days_left) ORDER BY p.seq)
      FROM suspension p WHERE p.case_id = c.case_id), '[]') AS suspensions,
    coalesce((SELECT json_agg(json_build_object('seq', x.seq, 'clock', x.clock, 'stageSeq', x.stage_seq, 'limitId', x.limit_id,
        'workingDays', x.working_days, 'reason', x.reason, 'basis', x.basis, 'grantedBy', ${ACTOR('x.granted_by', 'x.turn')},
        'grantedOn', x.granted_on, 'turn', x.turn, 'dueBefore', x.due_before, 'dueAfter', x.due_after) ORDER BY x.seq)
      FROM extension x WHERE x.case_id = c.case_id), '[]') AS extensions
  FROM case_file c WHERE c.case_id = ANY($1::bigint[]) ORDER BY c.case_id`,
};
