import type pg from 'pg';
import { ENDED, type JsonObject } from '../../domain/case.ts';
import { deskOf } from './desk.ts';
import { chainEvents, markOf } from './events.ts';
import { sourceOfLimit } from './labels.ts';
import { changesFacts } from './seal-turn.ts';
import { noticeRows, noticesOf } from './notices.ts';
import { eventsOf, type TurnToWrite } from './turn-events.ts';
import { turnHash, type TurnRows } from './turn-hash.ts';

/**
 * Case row, turn, log, stage, duty and notices in one statement: all of it or nothing, in one round trip. Everything hangs on
 * the case still being at the version the turn follows; a turn that comes second writes nothing and is told so.
 * The new stage is inserted after the old one was closed, since a case has at most one open stage; a second duty of
 * one natural person makes the statement fail on purpose (I7).
 */
const WRITE_TURN = {
  name: 'write-turn',
  text: `
  WITH written AS (
    UPDATE case_file SET
      status = $3, current_stage = $4, current_step = $5, version = $2, handling_office_id = $6, handling_roles = $7,
      ended_at = CASE WHEN $8 THEN coalesce(ended_at, $9::timestamptz) END,
      stage_seq = $10, stage_limit_id = $11, stage_due_on = $12, stage_days_left = $13, stage_provisional = $14,
      total_due_on = coalesce($15, CASE WHEN $16::int IS NULL THEN total_due_on END), total_days_left = $16, total_provisional = $17,
      total_ended_on = coalesce($18::date, total_ended_on), total_days_late = coalesce($19::int, total_days_late),
      suspended_on = $20, correction_due_on = $21, repair_due_on = $22, stuck_on = $23, stuck_from = $24, last_activity_on = $25,
      next_effect_kind = $26, next_effect_at = $27, form = coalesce($28, form), facts = coalesce($29, facts),
      calendar_edition = $30, provider_id = coalesce($31, provider_id), repair_from = $46, touched_at = now()
    WHERE case_id = $1 AND version = $2 - 1
    RETURNING case_id
  ), turn AS (
    INSERT INTO case_turn (case_id, turn, at, user_id, request_key, request_hash, request, result)
    SELECT case_id, $2, $9, $32, $33, $34, $35, $36 FROM written
  ), log AS (
    INSERT INTO case_event (case_id, seq, turn, kind, decision, stage, step, actor_id, actor_name, office_id, reason, data, at, due_on, days_late, effect_key, turn_hash, prev_hash, hash)
    SELECT w.case_id, e.seq, $2, e.kind, e.decision, e.stage, e.step, e.actor_id, e.actor_name, e.office_id, e.reason, e.data, e.at, e.due_on, e.days_late, e.effect_key, e.turn_hash, e.prev_hash, e.hash
    FROM written w, jsonb_to_recordset($37) AS e(seq int, kind text, decision text, stage text, step text, actor_id text, actor_name text, office_id text, reason text,
         data jsonb, at timestamptz, due_on date, days_late int, effect_key text, turn_hash text, prev_hash text, hash text)
  ), closed AS (
    UPDATE stage s SET closed_at = $9, closed_by = $32, days_late = $39, due_on = coalesce($40, s.due_on), calendar_edition = $30
    FROM written w WHERE s.case_id = w.case_id AND s.seq = $38::int
    RETURNING s.seq
  ), opened AS (
    INSERT INTO stage (case_id, seq, stage, office_id, limit_id, article, start_on, due_on, provisional, calendar_edition, opened_at)
    SELECT w.case_id, $41::int, $4, $6, $11, $42, coalesce($43::date, ($9::timestamptz AT TIME ZONE 'Asia/Shanghai')::date), $12, $14, $44, $9
    FROM written w LEFT JOIN closed ON true WHERE $41::int IS NOT NULL
  ), duty AS (
    INSERT INTO case_actor (case_id, chain, staff_id, duty, identity)
    SELECT w.case_id, d.chain, d.staff_id, d.duty, d.identity
    FROM written w, jsonb_to_recordset($45) AS d(chain text, staff_id text, duty text, identity text)
    WHERE NOT EXISTS (SELECT FROM case_actor a
                      WHERE a.case_id = w.case_id AND a.chain = d.chain AND a.staff_id = d.staff_id AND a.duty = d.duty)
    ON CONFLICT (case_id, chain, coalesce(identity, staff_id)) DO UPDATE SET duty = CASE WHEN case_actor.duty = excluded.duty THEN excluded.duty END
  ), told AS (
    INSERT INTO notice (case_id, turn, n, kind, to_office_id, to_role, to_person_id, content, at)
    SELECT w.case_id, $2, n.n, n.kind, n.to_office_id, n.to_role, n.to_person_id, n.content, $9
    FROM written w, jsonb_to_recordset($47) AS n(n int, kind text, to_office_id text, to_role text, to_person_id text, content jsonb)
  )
  SELECT count(*)::int AS written FROM written`,
};

/**
 * False: the case has moved on since it was read. `rows` are those the turn has written besides. Notes in the result where
 * the log stands then.
 */
export async function writeCaseAndLog(
  tx: pg.ClientBase | pg.Pool,
  toWrite: TurnToWrite,
  rows?: TurnRows,
): Promise<boolean> {
  const { definition, row, turn, next, result } = toWrite;
  const { stageClock, totalClock, agenda } = next.state;
  const desk = deskOf(definition, row, next);
  const soonest = agenda[0];
  const opens = next.opensStage;
  const notices = noticeRows(noticesOf({ definition, row, turn, next }));
  const events = chainEvents(
    {
      acceptanceNo: turn.acceptanceNo,
      turn: turn.turn,
      lastSeq: row.last_seq,
      lastHash: row.last_hash,
      turnHash: turnHash({
        turn: turn.turn,
        at: new Date(turn.at),
        userId: turn.user?.id ?? null,
        requestKey: turn.request?.key ?? null,
        requestHash: turn.request?.requestHash ?? null,
        request: turn.request ?? null,
        result,
        notices,
        rows,
      }),
    },
    eventsOf(toWrite),
  );
  result.log = markOf(events);
  const formChanged = turn.form !== undefined;
  const factsChanged = changesFacts(result);
  const answer = await tx.query<{ written: number }>({
    ...WRITE_TURN,
    values: [
      turn.caseId,
      turn.turn,
      next.status,
      next.stage,
      next.step,
      desk.officeId,
      desk.roles,
      ENDED.includes(next.status),
      new Date(turn.at),
      next.stageSeq,
      stageClock?.limitId,
      stageClock?.dueOn,
      stageClock?.daysLeft,
      stageClock?.provisional ?? false,
      totalClock?.dueOn,
      totalClock?.daysLeft,
      totalClock?.provisional ?? false,
      next.totalEnds?.on,
      next.totalEnds?.daysLate,
      next.suspendedOn,
      next.correctionDueOn,
      next.repairDueOn,
      next.stuckOn,
      next.stuckFrom,
      next.lastActivityOn,
      soonest?.kind,
      soonest ? new Date(soonest.at) : null,
      formChanged ? JSON.stringify(next.form) : null,
      factsChanged ? JSON.stringify(next.facts) : null,
      next.calendarEdition,
      (next.facts['hospital'] as JsonObject | undefined)?.['providerId'],
      turn.user?.id,
      turn.request?.key,
      turn.request?.requestHash,
      turn.request ? JSON.stringify(turn.request) : null,
      JSON.stringify(result),
      JSON.stringify(events),
      next.closesStage ? row.stage_seq : null,
      next.closesStage?.daysLate,
      next.closesStage?.dueOn,
      opens?.seq,
      opens ? sourceOfLimit(definition, opens.stage, opens.limit?.id) : null,
      opens?.limit?.startOn,
      next.calendarEdition,
      JSON.stringify(toWrite.actors.map(({ userId, ...actor }) => ({ ...actor, staff_id: userId }))),
      next.repairFrom,
      JSON.stringify(notices),
    ],
  });
  return answer.rows[0]?.written === 1;
}
