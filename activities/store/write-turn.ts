import type pg from 'pg';
import { ENDED, type JsonObject } from '../../domain/case.ts';
import { sourceOfLimit } from './labels.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import type { Turn, TurnRecorded } from '../../domain/turn.ts';
import { appendEvents, type LogEvent } from './events.ts';
import { deskOf } from './desk.ts';
import type { CaseRow } from './case-row.ts';
import type { NextCase } from './next-case.ts';
import { noticesOf, writeNotices } from './notices.ts';

interface Written {
  definition: ProcessDefinition;
  row: CaseRow;
  turn: Turn;
  next: NextCase;
  result: TurnRecorded;
}

/** Everything a turn leaves in the store besides its effects; the caller's transaction holds the case's lock. */
export async function writeTurn(tx: pg.ClientBase, written: Written): Promise<void> {
  const { row, turn, result } = written;
  await tx.query({
    name: 'insert-next-turn',
    text: 'INSERT INTO case_turn (case_id, turn, at, user_id, request_key, request_hash, request, result) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    values: [turn.caseId, turn.turn, new Date(turn.at), turn.user?.id, turn.request?.key, turn.request?.requestHash, turn.request ? JSON.stringify(turn.request) : null, JSON.stringify(result)],
  });
  await appendEvents(tx, { caseId: turn.caseId, acceptanceNo: turn.acceptanceNo, turn: turn.turn, lastSeq: row.last_seq, lastHash: row.last_hash }, eventsOf(written));
  await moveStage(tx, written);
  await moveSuspension(tx, written);
  if (turn.actor) await recordActor(tx, turn);
  await issueOutputs(tx, written);
  await writeNotices(tx, turn, noticesOf(written));
  await updateCase(tx, written);
}

function eventsOf({ row, turn, next }: Written): LogEvent[] {
  const { stageClock, totalClock } = next.state;
  const clock = turn.effect?.clock === 'TOTAL' ? totalClock : stageClock;
  const dueOn = next.closesStage ? next.closesStage.dueOn : (clock?.dueOn ?? row.stage_due_on ?? undefined);
  const data: JsonObject = { status: next.status };
  if (turn.form) data['form'] = turn.form;
  if (turn.missing) data['missing'] = turn.missing;
  if (turn.documents?.length) data['documents'] = turn.documents.map((d) => ({ type: d.type, documentId: d.documentId }));
  if (next.step !== row.current_step) data['nextStep'] = next.step;
  if (stageClock) data['stageClock'] = { ...stageClock };
  if (totalClock) data['totalClock'] = { ...totalClock };
  const moved = movedDays(row, next);
  if (moved.length > 0) data['moved'] = moved;
  if (next.suspends) data['suspendedOn'] = next.suspends.on;
  if (next.resumes) data['resumedOn'] = next.resumes.on;
  if (next.totalEnds) data['totalEnded'] = { ...next.totalEnds };
  if (turn.consequence.outputs) data['outputs'] = turn.consequence.outputs.map((o) => o.kind);
  const event: LogEvent = {
    kind: next.effectHolds ? turn.kind : 'RECOUNTED',
    decision: turn.decision,
    stage: row.current_stage,
    step: row.current_step,
    actorId: turn.user?.id,
    actorName: turn.user?.name,
    officeId: turn.user?.officeId,
    reason: turn.reason,
    data,
    at: turn.at,
    dueOn,
    daysLate: next.closesStage?.daysLate,
    effectKey: next.effectHolds ? turn.effect?.key : undefined,
  };
  if (!turn.effect || !next.effectHolds || turn.kind === 'REMINDER') return [event];
  // 0.2-2: a limit that has passed is recorded and escalated to the office's manager, both or neither.
  const firedAt = { ...event.data, dueAt: new Date(turn.effect.at).toISOString() };
  return [
    { ...event, data: firedAt },
    { ...event, kind: 'ESCALATED', data: { to: 'MANAGER', office: deskOffice(row), because: turn.kind }, effectKey: `${turn.effect.key}:ESCALATED` },
  ];
}

/** C12: a due day that moved while its stage stayed open says from when to when, and by which edition. */
function movedDays(row: CaseRow, next: NextCase): JsonObject[] {
  if (next.opensStage || next.closesStage) return [];
  const { stageClock, totalClock } = next.state;
  const clocks = [
    ['STAGE', row.stage_due_on, row.stage_provisional, stageClock],
    ['TOTAL', row.total_due_on, row.total_provisional, totalClock],
  ] as const;
  return clocks.flatMap(([clock, from, fromProvisional, reading]) =>
    reading?.dueOn && from && (reading.dueOn !== from || reading.provisional !== fromProvisional)
      ? [{ clock, from, to: reading.dueOn, fromProvisional, provisional: reading.provisional, edition: reading.calendarEdition }]
      : [],
  );
}

const deskOffice = (row: CaseRow): string => row.agency_id;

async function moveStage(tx: pg.ClientBase, { definition, row, turn, next }: Written): Promise<void> {
  if (next.closesStage) {
    await tx.query({
      name: 'close-stage',
      text: 'UPDATE stage SET closed_at = $3, closed_by = $4, days_late = $5, due_on = coalesce($6, due_on) WHERE case_id = $1 AND seq = $2',
      values: [turn.caseId, row.stage_seq, new Date(turn.at), turn.user?.id, next.closesStage.daysLate, next.closesStage.dueOn],
    });
  }
  const clock = next.state.stageClock;
  if (next.opensStage) {
    const { limit, seq, stage } = next.opensStage;
    await tx.query({
      name: 'open-stage',
      text: `INSERT INTO stage (case_id, seq, stage, office_id, limit_id, article, start_on, due_on, provisional, calendar_edition, opened_at)
             VALUES ($1, $2, $3, $4, $5, $6, coalesce($7::date, ($11::timestamptz AT TIME ZONE 'Asia/Shanghai')::date), $8, $9, $10, $11)`,
      values: [
        turn.caseId, seq, stage, deskOf(definition, row, next).officeId, limit?.id, sourceOfLimit(definition, stage, limit?.id), limit?.startOn,
        clock?.dueOn, clock?.provisional ?? false, clock?.calendarEdition ?? '', new Date(turn.at),
      ],
    });
  } else if (!next.closesStage && clock && (clock.dueOn !== row.stage_due_on || turn.consequence.limit || turn.kind === 'RECOUNTED')) {
    await tx.query({
      name: 'recount-stage',
      text: 'UPDATE stage SET due_on = $3, provisional = $4, calendar_edition = $5, limit_id = $6, start_on = $7 WHERE case_id = $1 AND seq = $2',
      values: [turn.caseId, row.stage_seq, clock.dueOn, clock.provisional, clock.calendarEdition, clock.limitId, clock.startOn],
    });
  }
}

async function moveSuspension(tx: pg.ClientBase, { turn, next }: Written): Promise<void> {
  if (next.resumes) {
    await tx.query({
      name: 'resume',
      text: 'UPDATE suspension SET resumed_on = $3, closed_by = $4, closed_turn = $5 WHERE case_id = $1 AND seq = $2',
      values: [turn.caseId, next.resumes.seq, next.resumes.on, turn.user?.id, turn.turn],
    });
  }
  const suspend = turn.consequence.suspend;
  if (next.suspends && suspend) {
    await tx.query({
      name: 'suspend',
      text: 'INSERT INTO suspension (case_id, seq, kind, suspended_on, reason, basis, opened_by, opened_turn) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
      values: [turn.caseId, next.suspends.seq, suspend.kind, next.suspends.on, suspend.reason, suspend.basis, turn.user?.id, turn.turn],
    });
  }
}

/** I7 in the store: the key is (case, chain, person), so a second duty of one person cannot be written. */
async function recordActor(tx: pg.ClientBase, turn: Turn): Promise<void> {
  const { rowCount } = await tx.query({
    name: 'record-actor',
    text: `INSERT INTO case_actor (case_id, chain, staff_id, duty) VALUES ($1, $2, $3, $4)
           ON CONFLICT (case_id, chain, staff_id) DO UPDATE SET duty = excluded.duty WHERE case_actor.duty = excluded.duty`,
    values: [turn.caseId, turn.actor?.chain, turn.actor?.userId, turn.actor?.duty],
  });
  if (rowCount !== 1) throw new Error(`${turn.acceptanceNo}: ${turn.actor?.userId} already holds another duty of ${turn.actor?.chain}`);
}

async function issueOutputs(tx: pg.ClientBase, { turn, next }: Written): Promise<void> {
  for (const output of turn.consequence.outputs ?? []) {
    await tx.query({
      name: 'issue-output',
      text: `INSERT INTO case_output (case_id, kind, turn, number, issued_on, content)
             VALUES ($1, $2, $3, $4, ($5::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, $6)`,
      values: [turn.caseId, output.kind, turn.turn, `${turn.acceptanceNo}-${turn.turn}`, new Date(turn.at), JSON.stringify({ ...output.content, ...factsOnPaper(next) })],
    });
  }
}

/** Amounts and numbers the effects of the same turn established belong on the paper, too. */
function factsOnPaper(next: NextCase): JsonObject {
  const wanted = ['letterNo', 'listNo', 'fundPays', 'insuredPays', 'validFrom', 'validTo'];
  return Object.fromEntries(Object.entries(next.facts).filter(([key]) => wanted.includes(key)));
}

async function updateCase(tx: pg.ClientBase, { definition, row, turn, next }: Written): Promise<void> {
  const { stageClock, totalClock, agenda } = next.state;
  const desk = deskOf(definition, row, next);
  const soonest = agenda[0];
  await tx.query({
    name: 'update-case',
    text: `UPDATE case_file SET
        status = $2, current_stage = $3, current_step = $4, version = $5, handling_office_id = $6, handling_roles = $7,
        ended_at = CASE WHEN $8 THEN coalesce(ended_at, $9::timestamptz) END,
        stage_seq = $10, stage_limit_id = $11, stage_due_on = $12, stage_days_left = $13, stage_provisional = $14,
        total_due_on = coalesce($15, CASE WHEN $16::int IS NULL THEN total_due_on END), total_days_left = $16, total_provisional = $17,
        total_ended_on = coalesce($18::date, total_ended_on), total_days_late = coalesce($19::int, total_days_late),
        suspended_on = $20, correction_due_on = $21, repair_due_on = $22, stuck_on = $23, stuck_from = $24, last_activity_on = $25,
        next_effect_kind = $26, next_effect_at = $27, form = $28, facts = $29,
        calendar_edition = coalesce($30, calendar_edition), provider_id = coalesce($31, provider_id), touched_at = now()
      WHERE case_id = $1`,
    values: [
      turn.caseId, next.status, next.stage, next.step, turn.turn, desk.officeId, desk.roles,
      ENDED.includes(next.status), new Date(turn.at),
      next.stageSeq, stageClock?.limitId, stageClock?.dueOn, stageClock?.daysLeft, stageClock?.provisional ?? false,
      totalClock?.dueOn, totalClock?.daysLeft, totalClock?.provisional ?? false,
      next.totalEnds?.on, next.totalEnds?.daysLate,
      next.suspendedOn, next.correctionDueOn, next.repairDueOn, next.stuckOn, next.stuckFrom, next.lastActivityOn,
      soonest?.kind, soonest ? new Date(soonest.at) : null, JSON.stringify(next.form), JSON.stringify(next.facts),
      stageClock?.calendarEdition ?? totalClock?.calendarEdition, (next.facts['hospital'] as JsonObject | undefined)?.['providerId'],
    ],
  });
}
