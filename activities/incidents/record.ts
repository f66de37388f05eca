import type pg from 'pg';
import type { IncidentError, IncidentKind } from '../../domain/incidents.ts';

/** Something that was seen to be wrong with one subject: an acceptance number, a workflow id, a task queue, a channel. */
export interface Finding {
  kind: IncidentKind;
  subject: string;
  error: IncidentError;
  detail?: string | undefined;
  activity?: string | undefined;
  attempts?: number | undefined;
}

/**
 * Writes what was found: a new incident, or the one that is open already seen once more. What is found out later about a step that
 * ran out of time does not overwrite why it failed before.
 */
export async function report(db: pg.Pool | pg.ClientBase, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  await db.query({
    name: 'report-incidents',
    text: `INSERT INTO incident AS i (kind, subject, case_id, case_version, activity, error, error_detail, attempts)
           SELECT f.kind, f.subject, c.case_id, c.version, f.activity, f.error, f.detail, coalesce(f.attempts, 1)
           FROM jsonb_to_recordset($1) AS f(kind text, subject text, activity text, error text, detail text, attempts int)
             LEFT JOIN case_file c ON c.acceptance_no = f.subject
           ON CONFLICT (kind, subject) WHERE resolved_at IS NULL DO UPDATE SET
             last_seen_at = clock_timestamp(), case_version = EXCLUDED.case_version, activity = EXCLUDED.activity,
             attempts = greatest(i.attempts, EXCLUDED.attempts),
             error = CASE EXCLUDED.error WHEN 'TIMED_OUT' THEN i.error ELSE EXCLUDED.error END,
             error_detail = CASE EXCLUDED.error WHEN 'TIMED_OUT' THEN i.error_detail ELSE EXCLUDED.error_detail END`,
    values: [JSON.stringify(findings)],
  });
}

/** It is over; the row stays. */
export async function resolve(db: pg.Pool | pg.ClientBase, kind: IncidentKind, subject: string): Promise<void> {
  await db.query({
    name: 'resolve-incident',
    text: 'UPDATE incident SET resolved_at = clock_timestamp() WHERE kind = $1 AND subject = $2 AND resolved_at IS NULL',
    values: [kind, subject],
  });
}

/** Of the kinds that were looked at completely, everything open that was not found again is over. */
export async function resolveOthers(
  db: pg.Pool | pg.ClientBase,
  kinds: readonly IncidentKind[],
  found: readonly Finding[],
): Promise<void> {
  await db.query({
    name: 'resolve-other-incidents',
    text: `UPDATE incident i SET resolved_at = clock_timestamp() WHERE resolved_at IS NULL AND kind = ANY($1)
             AND NOT EXISTS (SELECT 1 FROM jsonb_to_recordset($2) AS f(kind text, subject text) WHERE f.kind = i.kind AND f.subject = i.subject)`,
    values: [kinds, JSON.stringify(found)],
  });
}
