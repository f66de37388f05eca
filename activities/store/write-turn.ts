import type pg from 'pg';
import type { JsonObject } from '../../domain/case.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import type { Turn } from '../../domain/turn.ts';
import type { CaseRow } from './case-row.ts';
import type { NextCase } from './next-case.ts';
import type { TurnToWrite } from './turn-events.ts';
import { readTurnRows } from './turn-hash.ts';
import { writeCaseAndLog } from './turn-statement.ts';

/**
 * Does the turn need more than its one statement? Most decisions on the merits and everything the clock does by itself do
 * not: then they cost one read and one write, and no transaction stays open while the rules are at work.
 */
export function needsTransaction(definition: ProcessDefinition, row: CaseRow, turn: Turn, next: NextCase): boolean {
  const { effects, outputs, suspend, extend } = turn.consequence;
  return Boolean(
    effects?.length ||
    outputs?.length ||
    suspend ||
    extend ||
    next.ends.length ||
    turn.documents?.length ||
    endsWithoutApproval(next) ||
    (turn.form && definition.filing.claims) ||
    stageMoves(row, turn, next),
  );
}

export const endsWithoutApproval = (next: NextCase): boolean =>
  next.status === 'REJECTED' || next.status === 'WITHDRAWN';

/** Everything a turn leaves in the store besides its effects. False: somebody else's turn came first, nothing is written. */
export async function writeTurn(tx: pg.ClientBase | pg.Pool, written: TurnToWrite): Promise<boolean> {
  const { row, turn, next, definition } = written;
  // A turn that is one statement has written nothing yet; the log vouches for whatever the others have.
  if (!needsTransaction(definition, row, turn, next)) return writeCaseAndLog(tx, written);
  await moveSuspension(tx, written);
  await grantExtension(tx, written);
  await issueOutputs(tx, written);
  const rows = await readTurnRows(tx, turn.caseId, turn.turn);
  if (!(await writeCaseAndLog(tx, written, rows))) return false;
  if (stageMoves(row, turn, next)) await moveStageDue(tx, written);
  return true;
}

/** The due day of a stage that stays open has changed, or another limit runs. */
function stageMoves(row: CaseRow, turn: Turn, next: NextCase): boolean {
  const clock = next.state.stageClock;
  if (next.opensStage || next.closesStage || !clock) return false;
  return (
    clock.dueOn !== (row.stage_due_on ?? undefined) || turn.consequence.limit !== undefined || turn.kind === 'RECOUNTED'
  );
}

async function moveStageDue(tx: pg.ClientBase | pg.Pool, { row, turn, next }: TurnToWrite): Promise<void> {
  const clock = next.state.stageClock;
  await tx.query({
    name: 'recount-stage',
    text: 'UPDATE stage SET due_on = $3, provisional = $4, calendar_edition = $5, limit_id = $6, start_on = $7 WHERE case_id = $1 AND seq = $2',
    values: [
      turn.caseId,
      row.stage_seq,
      clock?.dueOn,
      clock?.provisional,
      clock?.calendarEdition,
      clock?.limitId,
      clock?.startOn,
    ],
  });
}

async function moveSuspension(tx: pg.ClientBase | pg.Pool, { turn, next }: TurnToWrite): Promise<void> {
  for (const { seq, on } of next.ends) {
    await tx.query({
      name: 'resume',
      text: 'UPDATE suspension SET resumed_on = $3, closed_by = $4, closed_turn = $5 WHERE case_id = $1 AND seq = $2',
      values: [turn.caseId, seq, on, turn.user?.id, turn.turn],
    });
  }
  const suspend = turn.consequence.suspend;
  if (next.begins && suspend) {
    await tx.query({
      name: 'suspend',
      text: `INSERT INTO suspension (case_id, seq, kind, suspended_on, reason, basis, opened_by, opened_turn, stage_days_left, total_days_left)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      values: [
        turn.caseId,
        next.begins.seq,
        suspend.kind,
        next.begins.suspendedOn,
        suspend.reason,
        suspend.basis,
        turn.user?.id,
        turn.turn,
        next.state.stageClock?.daysLeft,
        next.state.totalClock?.daysLeft,
      ],
    });
  }
}

async function grantExtension(tx: pg.ClientBase | pg.Pool, { row, turn, next }: TurnToWrite): Promise<void> {
  const { extend } = turn.consequence;
  if (!next.extends || !extend) return;
  const total = extend.clock === 'TOTAL';
  await tx.query({
    name: 'extend',
    text: `INSERT INTO extension (case_id, seq, clock, stage_seq, limit_id, working_days, reason, basis, granted_by, granted_on, turn, due_before, due_after)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ($10::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, $11, $12, $13)`,
    values: [
      turn.caseId,
      row.extensions.length + 1,
      extend.clock,
      next.extends.stageSeq,
      next.extends.limitId,
      extend.workingDays,
      extend.reason,
      extend.basis,
      turn.user?.id,
      new Date(turn.at),
      turn.turn,
      total ? row.total_due_on : row.stage_due_on,
      (total ? next.state.totalClock : next.state.stageClock)?.dueOn,
    ],
  });
}

async function issueOutputs(tx: pg.ClientBase | pg.Pool, { turn, next }: TurnToWrite): Promise<void> {
  for (const output of turn.consequence.outputs ?? []) {
    await tx.query({
      name: 'issue-output',
      text: `INSERT INTO case_output (case_id, kind, turn, number, issued_on, content)
             VALUES ($1, $2, $3, $4, ($5::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, $6)`,
      values: [
        turn.caseId,
        output.kind,
        turn.turn,
        `${turn.acceptanceNo}-${turn.turn}`,
        new Date(turn.at),
        JSON.stringify({ ...output.content, ...factsOnPaper(next) }),
      ],
    });
  }
}

/** Amounts and numbers the effects of the same turn established belong on the paper, too. */
function factsOnPaper(next: NextCase): JsonObject {
  const wanted = ['letterNo', 'listNo', 'fundPays', 'insuredPays', 'validFrom', 'validTo'];
  return Object.fromEntries(Object.entries(next.facts).filter(([key]) => wanted.includes(key)));
}
