import type pg from 'pg';
import { z } from 'zod';
import {
  EVERY_INCIDENT_ERROR,
  EVERY_INCIDENT_KIND,
  INCIDENT_ERRORS,
  INCIDENT_KINDS,
  RETRY_OUTCOMES,
  type IncidentError,
  type IncidentKind,
} from '../../domain/incidents.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { REFUSALS, type RefusalCode } from '../../domain/refusal.ts';
import { instantText } from '../instant.ts';
import { instant, text } from '../schemas.ts';

export const incidentKind = z.enum(EVERY_INCIDENT_KIND);

/** What an operator sees of an incident: which case by its number, nothing of whom it concerns. */
export const incidentSchema = z
  .strictObject({
    incidentId: z.string(),
    kind: incidentKind,
    title: text,
    subject: z.string().meta({ description: 'acceptance number, id of a procedure, task queue or channel' }),
    acceptanceNo: z.string().nullable(),
    processTitle: text.nullable(),
    activity: z.string().nullable(),
    error: z.enum(EVERY_INCIDENT_ERROR),
    errorTitle: text.meta({ description: '最近的错误 / the last error, in plain words' }),
    errorDetail: z
      .string()
      .nullable()
      .meta({ description: 'SQL state, constraint, key or cause; never what a program said' }),
    attempts: z.int(),
    firstSeenAt: instant,
    lastSeenAt: instant,
    resolvedAt: instant.nullable(),
    next: text.meta({ description: 'what happens without anybody' }),
  })
  .meta({ id: 'Incident' });
export type Incident = z.output<typeof incidentSchema>;

const sentences = z.array(text);
export const incidentDetailSchema = z
  .strictObject({
    ...incidentSchema.shape,
    guidance: z.strictObject({ why: text, todo: sentences, notToDo: sentences, retry: text }),
    skip: z.strictObject({ allowed: z.literal(false), because: text }),
    acts: z.array(
      z.strictObject({
        at: instant,
        act: z.enum(['RETRY', 'SKIP']),
        by: z.string().meta({ description: 'staff number' }),
        reason: z.string(),
        outcome: z.string(),
        outcomeTitle: text,
      }),
    ),
  })
  .meta({ id: 'IncidentDetail' });

interface Row {
  incident_id: string;
  kind: IncidentKind;
  subject: string;
  acceptance_no: string | null;
  process_type: string | null;
  activity: string | null;
  error: IncidentError;
  error_detail: string | null;
  attempts: number;
  first_seen_at: Date;
  last_seen_at: Date;
  resolved_at: Date | null;
}

export interface IncidentFilter {
  open?: boolean | undefined;
  kind?: IncidentKind | undefined;
  acceptanceNo?: string | undefined;
  incidentId?: string | undefined;
}

/** The newest first; `before` is the id the last page ended with. */
export async function listIncidents(
  db: pg.Pool,
  filter: IncidentFilter,
  page: { size: number; before?: string | undefined },
): Promise<{ items: Incident[]; last?: string }> {
  const { rows } = await db.query<Row>(
    `SELECT i.incident_id::text, i.kind, i.subject, c.acceptance_no, c.process_type, i.activity, i.error, i.error_detail, i.attempts,
            i.first_seen_at, i.last_seen_at, i.resolved_at
     FROM incident i LEFT JOIN case_file c USING (case_id)
     WHERE ($1::boolean IS NULL OR (i.resolved_at IS NULL) = $1) AND ($2::text IS NULL OR i.kind = $2)
       AND ($3::text IS NULL OR c.acceptance_no = $3) AND ($4::bigint IS NULL OR i.incident_id = $4)
       AND ($5::bigint IS NULL OR i.incident_id < $5)
     ORDER BY i.incident_id DESC LIMIT $6`,
    [filter.open, filter.kind, filter.acceptanceNo, filter.incidentId, page.before, page.size + 1],
  );
  const shown = rows.slice(0, page.size);
  const last = rows.length > page.size ? shown.at(-1)?.incident_id : undefined;
  return { items: shown.map(incidentOf), ...(last === undefined ? {} : { last }) };
}

const incidentOf = (row: Row): Incident => ({
  incidentId: row.incident_id,
  kind: row.kind,
  title: INCIDENT_KINDS[row.kind].title,
  subject: row.subject,
  acceptanceNo: row.acceptance_no,
  processTitle: row.process_type === null ? null : (PROCESSES[row.process_type]?.title ?? null),
  activity: row.activity,
  error: row.error,
  errorTitle: INCIDENT_ERRORS[row.error],
  errorDetail: row.error_detail,
  attempts: row.attempts,
  firstSeenAt: instantText(row.first_seen_at.getTime()),
  lastSeenAt: instantText(row.last_seen_at.getTime()),
  resolvedAt: row.resolved_at && instantText(row.resolved_at.getTime()),
  next: INCIDENT_KINDS[row.kind].next,
});

/** One incident with what to do about it and what was done; undefined when there is none. */
export async function findIncident(
  db: pg.Pool,
  incidentId: string,
): Promise<z.output<typeof incidentDetailSchema> | undefined> {
  const { items } = await listIncidents(db, { incidentId }, { size: 1 });
  const [incident] = items;
  if (!incident) return undefined;
  const { rows } = await db.query<{ at: Date; act: 'RETRY' | 'SKIP'; by_id: string; reason: string; outcome: string }>(
    'SELECT at, act, by_id, reason, outcome FROM incident_act WHERE incident_id = $1 ORDER BY act_id',
    [incidentId],
  );
  const { why, todo, notToDo, retry } = INCIDENT_KINDS[incident.kind];
  return {
    ...incident,
    guidance: { why, todo: [...todo], notToDo: [...notToDo], retry },
    skip: { allowed: false, because: REFUSALS.INCIDENT_NOT_SKIPPABLE },
    acts: rows.map(({ at, act, by_id: by, reason, outcome }) => ({
      ...{ at: instantText(at.getTime()), act, by, reason, outcome },
      outcomeTitle: outcomeTitle(outcome),
    })),
  };
}

const outcomeTitle = (outcome: string) =>
  outcome in RETRY_OUTCOMES ? RETRY_OUTCOMES[outcome as keyof typeof RETRY_OUTCOMES] : REFUSALS[outcome as RefusalCode];
