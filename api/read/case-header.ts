import { z } from 'zod';
import {
  CASE_STATUSES,
  type CaseStatus,
  type EffectKind,
  type OrgLevel,
  type Role,
  type User,
} from '../../domain/case.ts';
import type { Calendar } from '../../domain/calendar.ts';
import type { SuspensionPeriod } from '../../domain/deadline.ts';
import { plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { instantText } from '../instant.ts';
import { acceptanceNo, caseStatus, day, instant, orgLevel, role, text } from '../schemas.ts';
import { clockView, clockViewSchema } from './clock-view.ts';
import { isOwn, maskSubject } from './mask.ts';
import { isStuck, type OpenIncident } from './stuck-reasons.ts';

/** A case as every list shows it: the header of processes.md 0.2-13, with both clocks as they stand today. */
export const caseHeaderSchema = z
  .strictObject({
    caseId: z.string(),
    acceptanceNo,
    processType: z.string(),
    processTitle: text,
    status: caseStatus,
    statusTitle: text,
    currentStage: z.string(),
    stageTitle: text,
    currentStep: z.string(),
    stepTitle: text,
    version: z.int(),
    subjectId: z.string().nullable().meta({ description: 'insured person, or the hospital of an audit' }),
    subjectName: z.string().nullable().meta({ description: '姓名遮盖（本人除外） / masked, but to the person' }),
    personId: z.string().nullable(),
    providerId: z.string().nullable(),
    agencyId: z.string(),
    agencyName: z.string(),
    orgLevel,
    handlingOfficeId: z.string().nullable(),
    handlingOfficeName: z.string().nullable(),
    handlingRoles: z.array(role),
    receivedOn: day,
    filedAt: instant,
    endedAt: instant.nullable(),
    stageDueOn: day.nullable(),
    totalDueOn: day.nullable(),
    provisional: z
      .boolean()
      .meta({ description: '暂定：所依据的节假日安排尚未公布 / counted over days no calendar edition covers' }),
    overdue: z.boolean(),
    stuck: z.boolean(),
    today: day.meta({ description: 'today on the clock of this case' }),
    stageClock: clockViewSchema.nullable(),
    totalClock: clockViewSchema.nullable(),
  })
  .meta({ id: 'CaseHeader' });
export type CaseHeader = z.output<typeof caseHeaderSchema>;

export interface HeaderRow {
  case_id: string;
  acceptance_no: string;
  process_type: string;
  status: CaseStatus;
  current_stage: string;
  current_step: string;
  version: number;
  person_id: string | null;
  person_name: string | null;
  provider_id: string | null;
  provider_name: string | null;
  agency_id: string;
  agency_name: string;
  org_level: OrgLevel;
  handling_office_id: string | null;
  handling_office_name: string | null;
  handling_roles: Role[];
  received_on: PlainDate;
  filed_at: Date;
  ended_at: Date | null;
  stage_limit_id: string | null;
  stage_start_on: PlainDate | null;
  stage_due_on: PlainDate | null;
  stage_days_left: number | null;
  stage_provisional: boolean;
  total_limit_id: string | null;
  total_due_on: PlainDate | null;
  total_days_left: number | null;
  total_provisional: boolean;
  total_ended_on: PlainDate | null;
  total_days_late: number | null;
  calendar_edition: string;
  suspended_on: PlainDate | null;
  correction_due_on: PlainDate | null;
  repair_due_on: PlainDate | null;
  stuck_on: PlainDate | null;
  stuck_from: PlainDate | null;
  last_activity_on: PlainDate;
  next_effect_kind: EffectKind | null;
  next_effect_at: Date | null;
  clock_ahead_ms: string;
  suspensions: SuspensionPeriod[];
  incidents: OpenIncident[];
}

export const HEADER_COLUMNS = `
  c.case_id::text, c.acceptance_no, c.process_type, c.status, c.current_stage, c.current_step, c.version, c.person_id, p.name AS person_name,
  c.provider_id, v.name AS provider_name, c.agency_id, o.name AS agency_name, o.level AS org_level, c.handling_office_id,
  h.name AS handling_office_name, c.handling_roles, c.received_on::text, c.filed_at, c.ended_at, c.stage_limit_id, s.start_on::text AS stage_start_on,
  c.stage_due_on::text, c.stage_days_left, c.stage_provisional, c.total_limit_id, c.total_due_on::text, c.total_days_left, c.total_provisional,
  c.total_ended_on::text, c.total_days_late, c.calendar_edition, c.suspended_on::text, c.correction_due_on::text, c.repair_due_on::text,
  c.stuck_on::text, c.stuck_from::text, c.last_activity_on::text, c.next_effect_kind, c.next_effect_at, c.clock_ahead_ms::text,
  coalesce((SELECT json_agg(json_strip_nulls(json_build_object('suspendedOn', x.suspended_on, 'resumedOn', x.resumed_on)))
            FROM suspension x WHERE x.case_id = c.case_id), '[]') AS suspensions,
  coalesce((SELECT json_agg(json_build_object('kind', i.kind, 'error', i.error, 'attempts', i.attempts, 'firstSeenAt', i.first_seen_at,
                                              'lastSeenAt', i.last_seen_at) ORDER BY i.incident_id)
            FROM incident i WHERE i.case_id = c.case_id AND i.resolved_at IS NULL), '[]') AS incidents`;

/** Names for what `case_file c` refers to. */
export const HEADER_JOINS = `
  JOIN office o ON o.office_id = c.agency_id
  LEFT JOIN insured_person p ON p.person_id = c.person_id
  LEFT JOIN provider v ON v.provider_id = c.provider_id
  LEFT JOIN office h ON h.office_id = c.handling_office_id
  LEFT JOIN stage s ON s.case_id = c.case_id AND s.seq = c.stage_seq`;

/** Today on the clock of the case: a rehearsed case may live in another year. */
export const caseToday = (row: { clock_ahead_ms: string }, now: number): PlainDate =>
  plainDateAt(now + Number(row.clock_ahead_ms));

export function headerOf(row: HeaderRow, viewer: User, now: number, calendar: Calendar): CaseHeader {
  const today = caseToday(row, now);
  const definition = PROCESSES[row.process_type];
  const unknown = { zh: row.process_type, en: row.process_type };
  const ended = row.ended_at !== null;
  const stageClock = ended ? null : clockView(stageLimit(row), calendar, today, row.suspensions);
  const totalClock = clockView(totalLimit(row, ended), calendar, today, row.suspensions);
  return {
    caseId: row.case_id,
    acceptanceNo: row.acceptance_no,
    processType: row.process_type,
    processTitle: definition?.title ?? unknown,
    status: row.status,
    statusTitle: CASE_STATUSES[row.status],
    currentStage: row.current_stage,
    stageTitle: definition?.stages[row.current_stage]?.title ?? unknown,
    currentStep: row.current_step,
    stepTitle: definition?.steps[row.current_step]?.title ?? unknown,
    version: row.version,
    subjectId: row.person_id ?? row.provider_id,
    subjectName: isOwn(viewer, row.person_id) ? row.person_name : maskSubject(row),
    personId: row.person_id,
    providerId: row.provider_id,
    agencyId: row.agency_id,
    agencyName: row.agency_name,
    orgLevel: row.org_level,
    handlingOfficeId: row.handling_office_id,
    handlingOfficeName: row.handling_office_name,
    handlingRoles: row.handling_roles,
    receivedOn: row.received_on,
    filedAt: instantText(row.filed_at.getTime()),
    endedAt: row.ended_at && instantText(row.ended_at.getTime()),
    stageDueOn: row.stage_due_on,
    totalDueOn: row.total_due_on,
    provisional: row.stage_provisional || row.total_provisional,
    overdue: !ended && Boolean(stageClock?.overdue || (totalClock?.overdue && row.total_ended_on === null)),
    stuck: isStuck(row, today),
    today,
    stageClock,
    totalClock,
  };
}

const stageLimit = (row: HeaderRow) => ({
  limitId: row.stage_limit_id,
  startOn: row.stage_start_on,
  dueOn: row.stage_due_on,
  daysLeft: row.stage_days_left,
  provisional: row.stage_provisional,
  calendarEdition: row.calendar_edition,
  endedOn: null,
  daysLate: null,
});

const totalLimit = (row: HeaderRow, ended: boolean) => ({
  limitId: row.total_limit_id,
  startOn: row.received_on,
  dueOn: row.total_due_on,
  daysLeft: row.total_days_left,
  provisional: row.total_provisional,
  calendarEdition: row.calendar_edition,
  endedOn: row.total_ended_on ?? (ended && row.ended_at ? plainDateAt(row.ended_at.getTime()) : null),
  daysLate: row.total_days_late,
});
