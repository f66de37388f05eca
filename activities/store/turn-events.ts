import type { ActorRecord, EffectKind, JsonObject } from '../../domain/case.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import type { Turn, TurnRecorded } from '../../domain/turn.ts';
import type { CaseRow } from './case-row.ts';
import { deskOf } from './desk.ts';
import type { LogEvent } from './events.ts';
import type { NextCase } from './next-case.ts';

/** Everything known about a turn when it is written. */
export interface TurnToWrite {
  definition: ProcessDefinition;
  row: CaseRow;
  turn: Turn;
  next: NextCase;
  result: TurnRecorded;
  /** the duties it gives (four eyes), one for each person behind it */
  actors: readonly ActorRecord[];
}

/** Effects that tell the office's manager besides. */
const ESCALATES: readonly EffectKind[] = ['LIMIT_PASSED', 'STUCK', 'CORRECTION_WINDOW_PASSED', 'REPAIR_WINDOW_PASSED'];

/** What the log says of a turn: one event, or for a limit that has passed the breach and its escalation. */
export function eventsOf({ definition, row, turn, next }: TurnToWrite): LogEvent[] {
  const { stageClock, totalClock } = next.state;
  const clock = turn.effect?.clock === 'TOTAL' ? totalClock : stageClock;
  const dueOn = next.closesStage ? next.closesStage.dueOn : (clock?.dueOn ?? row.stage_due_on ?? undefined);
  const data: JsonObject = { status: next.status };
  if (turn.form) data['form'] = turn.form;
  if (turn.user?.actingFor) data['actingFor'] = { id: turn.user.actingFor.id, name: turn.user.actingFor.name };
  if (turn.missing) data['missing'] = turn.missing;
  if (turn.documents?.length)
    data['documents'] = turn.documents.map((d) => ({ type: d.type, documentId: d.documentId }));
  if (next.step !== row.current_step) data['nextStep'] = next.step;
  if (stageClock) data['stageClock'] = { ...stageClock };
  if (totalClock) data['totalClock'] = { ...totalClock };
  const moved = movedDays(row, turn, next);
  if (moved.length > 0) data['moved'] = moved;
  if (next.begins) data['suspendedOn'] = next.begins.suspendedOn;
  const { suspend, extend } = turn.consequence;
  if (suspend) data['suspension'] = { kind: suspend.kind, basis: suspend.basis };
  if (next.ends[0]) data['resumedOn'] = next.ends[0].on;
  if (next.ends.length > 0) data['resumed'] = next.ends.map(({ kind, on }) => ({ kind, on }));
  if (extend) data['extension'] = { clock: extend.clock, workingDays: extend.workingDays, basis: extend.basis };
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
  if (!turn.effect || !next.effectHolds) return [event];
  // After an outage an effect is recorded later than it was due: both times stand in it.
  const dueAt = new Date(turn.effect.at).toISOString();
  const fired = { ...event, data: { ...event.data, dueAt, ...(turn.effect.to ? { to: turn.effect.to } : {}) } };
  if (!ESCALATES.includes(turn.effect.kind)) return [fired];
  // 0.2-2: a limit that has passed is recorded and escalated to the office's manager, both or neither.
  return [
    fired,
    {
      ...event,
      kind: 'ESCALATED',
      data: {
        to: 'MANAGER',
        office: deskOf(definition, row, { step: row.current_step, status: row.status }).officeId,
        because: turn.kind,
      },
      effectKey: `${turn.effect.key}:ESCALATED`,
    },
  ];
}

/** C12: a due day that moved while its stage stayed open says from when to when, and by which edition. */
function movedDays(row: CaseRow, turn: Turn, next: NextCase): JsonObject[] {
  if (next.opensStage || next.closesStage) return [];
  // What else has a day moves with a decision, too; then it is the decision's doing and not the calendar's.
  const others = turn.kind === 'RECOUNTED' ? movedWindows(row, next) : [];
  const { stageClock, totalClock } = next.state;
  const clocks = [
    ['STAGE', row.stage_due_on, row.stage_provisional, stageClock],
    ['TOTAL', row.total_due_on, row.total_provisional, totalClock],
  ] as const;
  const limits = clocks.flatMap(([clock, from, fromProvisional, reading]) =>
    reading?.dueOn && from && (reading.dueOn !== from || reading.provisional !== fromProvisional)
      ? [
          {
            clock,
            from,
            to: reading.dueOn,
            fromProvisional,
            provisional: reading.provisional,
            edition: reading.calendarEdition,
          },
        ]
      : [],
  );
  return [...limits, ...others];
}

/** Windows and the day from which silence counts, where the calendar moved them. */
function movedWindows(row: CaseRow, next: NextCase): JsonObject[] {
  const windows = [
    ['STUCK', row.stuck_on, next.stuckOn],
    ['CORRECTION', row.correction_due_on, next.correctionDueOn],
    ['REPAIR', row.repair_due_on, next.repairDueOn],
  ] as const;
  return windows.flatMap(([clock, from, to]) => (from && to && from !== to ? [{ clock, from, to }] : []));
}
