import { z } from 'zod';
import { SUSPENSION_KINDS, type SuspensionKind } from '../../domain/case.ts';
import { acceptanceNo, day, instant, text } from '../schemas.ts';
import { explainedDayShape } from './day-reasons.ts';

/** What is told about the clocks of a case: shared by the case itself, its clock proof and the page to print. */

const actor = z
  .strictObject({ id: z.string(), name: z.string().nullable() })
  .nullable()
  .meta({ description: 'null: the procedure itself' });

export const suspensionSchema = z
  .strictObject({
    seq: z.int(),
    kind: z.enum(Object.keys(SUSPENSION_KINDS) as SuspensionKind[]),
    title: text,
    suspendedOn: day.meta({ description: 'still counts (C7)' }),
    resumedOn: day.nullable().meta({ description: 'last day on which the clock stood; null while it stands' }),
    reason: z.string(),
    basis: z.string(),
    openedBy: actor,
    closedBy: actor,
    stageDaysLeft: z.int().nullable().meta({ description: 'working days of the stage kept when the clock stopped' }),
    totalDaysLeft: z.int().nullable().meta({ description: 'working days of the total kept when the clock stopped' }),
  })
  .meta({ id: 'Suspension' });

export const extensionSchema = z
  .strictObject({
    seq: z.int(),
    clock: z.enum(['STAGE', 'TOTAL']),
    stageSeq: z.int().meta({ description: 'the stage pass during which it was granted' }),
    limitId: z.string(),
    workingDays: z.int(),
    reason: z.string(),
    basis: z.string(),
    grantedBy: actor,
    grantedOn: day,
    dueBefore: day.nullable().meta({ description: 'null: the clock stood' }),
    dueAfter: day.nullable(),
  })
  .meta({ id: 'Extension' });

const proofDay = z
  .strictObject({
    ...explainedDayShape,
    suspensions: z.array(z.int()).meta({ description: 'the suspensions a stopped day belongs to' }),
  })
  .meta({ id: 'ProofDay' });

const moveSchema = z.strictObject({
  at: instant,
  from: day.nullable().meta({ description: 'null: the clock stood' }),
  to: day.nullable().meta({ description: 'null: the clock stopped' }),
  provisional: z.boolean(),
  calendarEdition: z.string(),
  because: text,
  by: z.string().nullable().meta({ description: 'name; null: the clock itself' }),
});

export const LIMIT_KINDS = ['STAGE', 'TOTAL', 'CORRECTION_WINDOW', 'REPAIR_WINDOW'] as const;

export const provedLimitSchema = z
  .strictObject({
    kind: z.enum(LIMIT_KINDS),
    title: text,
    stageSeq: z.int().nullable(),
    suspensionSeq: z.int().nullable(),
    officeId: z.string().nullable(),
    officeName: z.string().nullable(),
    limitId: z.string().nullable().meta({ description: 'null: a window of this system, no limit of the sources' }),
    article: z.string(),
    startEvent: text,
    unit: z.string(),
    direction: z.enum(['FORWARD', 'BACKWARD']),
    limit: z.int(),
    extendedBy: z.int().meta({ description: 'working days granted on top' }),
    state: z.enum(['RUNNING', 'STOPPED', 'ENDED']),
    startOn: day,
    endedOn: day.nullable(),
    storedDueOn: day.nullable().meta({ description: 'the day the case is held to; null while the clock stands' }),
    dueOn: day.nullable().meta({ description: 'counted again for this answer' }),
    agrees: z
      .boolean()
      .nullable()
      .meta({ description: 'false: stored and counted day differ, tell the administrator; null: none is stored' }),
    disagreement: text.nullable(),
    provisional: z.boolean(),
    provisionalBecause: day.nullable().meta({ description: 'last day the calendar covers' }),
    calendarEdition: z.string(),
    daysUsed: z.int(),
    daysLeft: z.int(),
    daysLate: z.int(),
    days: z.array(proofDay),
    lateDays: z.array(proofDay).meta({ description: 'the days after the due day until the end, else until today' }),
    moves: z.array(moveSchema).meta({ description: 'every time the due day moved, was stopped or came back' }),
  })
  .meta({ id: 'ProvedLimit' });

const uses = {
  allotted: z.int().nullable().meta({ description: 'working days of its own limits, extensions included' }),
  used: z.int(),
  paused: z.int().meta({ description: 'working days on which the clock stood' }),
  passedOn: z.int().nullable().meta({ description: 'own days left when handing up; negative when it took more' }),
  ofTerm: z.int().meta({ description: 'days of the total it held the case' }),
  lateOfTerm: z.int().meta({ description: 'those after the due day of the total' }),
};
export const termSchema = z
  .strictObject({
    total: z
      .strictObject({
        limitId: z.string(),
        article: z.string(),
        limit: z.int().meta({ description: 'working days, extensions included' }),
        startOn: day,
        until: day,
        ended: z.boolean(),
        days: z.int(),
        daysLate: z.int(),
      })
      .nullable(),
    passes: z.array(
      z.strictObject({
        seq: z.int(),
        stage: z.string(),
        title: text,
        officeId: z.string().nullable(),
        officeName: z.string().nullable(),
        openedOn: day,
        closedOn: day.nullable(),
        limitId: z.string().nullable(),
        handedOver: z.enum(['UP', 'BACK', 'ENDED', 'OPEN']),
        daysLate: z.int().nullable().meta({ description: 'against its own limit' }),
        ...uses,
      }),
    ),
    offices: z.array(
      z.strictObject({ officeId: z.string().nullable(), officeName: z.string().nullable(), passes: z.int(), ...uses }),
    ),
    days: z
      .array(z.strictObject({ day, n: z.int(), late: z.boolean(), seq: z.int(), officeId: z.string().nullable() }))
      .meta({ description: 'every day the total counted, and the stage pass that held the case on it' }),
  })
  .meta({ id: 'TermUse' });

export const clockProofSchema = z
  .strictObject({
    acceptanceNo,
    processType: z.string(),
    processTitle: text,
    today: day.meta({ description: 'today on the clock of this case' }),
    agrees: z.boolean().meta({ description: 'false: at least one stored due day is not the one counted again' }),
    limits: z.array(provedLimitSchema),
    term: termSchema,
    suspensions: z.array(suspensionSchema),
    extensions: z.array(extensionSchema),
    calendars: z
      .array(z.strictObject({ id: z.string(), year: z.int(), source: z.string(), publishedOn: day }))
      .meta({ description: 'the editions the days were counted with' }),
    page: z.string().meta({ description: 'the same to print' }),
  })
  .meta({ id: 'ClockProof' });

export type ProvedLimit = z.output<typeof provedLimitSchema>;
export type TermView = z.output<typeof termSchema>;
export type ClockProofView = z.output<typeof clockProofSchema>;
export type SuspensionView = z.output<typeof suspensionSchema>;
export type ExtensionView = z.output<typeof extensionSchema>;
