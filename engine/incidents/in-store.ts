import type pg from 'pg';
import type { Finding } from '../../activities/incidents/record.ts';
import type { IncidentError } from '../../domain/incidents.ts';

/** At most so many of one kind are written in one look; the oldest first, the others when these are over. */
export const AT_MOST = 1_000;

/** Reconciliation starts a case after five seconds, and again every minute: who still waits then waits for something. */
const NOT_STARTED_SECONDS = 90;
/** The effects of a midnight are spread, and thousands of them take some minutes (docs/decisions/0012). `[not in the sources]` */
const CLOCK_LATE_MINUTES = 10;
/** A message that failed three times has been tried for some minutes; what was given up is shown for a day. */
const MESSAGE_ATTEMPTS = 3;

/** What can be seen in the store alone, by its indexes. */
export async function findInStore(db: pg.ClientBase, workerThere: boolean): Promise<Finding[]> {
  const error: IncidentError = workerThere ? 'NOT_ANSWERED' : 'NO_WORKER';
  const notStarted = await subjects(
    db,
    'incident-not-started',
    `SELECT c.acceptance_no AS subject FROM case_file c
     WHERE c.started_at IS NULL AND c.case_id IN (SELECT case_id FROM case_file WHERE started_at IS NULL ORDER BY case_id LIMIT ${AT_MOST})
       AND age(clock_timestamp(), c.filed_at - make_interval(secs => c.clock_ahead_ms / 1000.0)) > interval '${NOT_STARTED_SECONDS} seconds'`,
  );
  // Rehearsed cases live on days of their own; the index finds the few whose effect lies before today, or has them all.
  const late = await subjects(
    db,
    'incident-clock-late',
    `SELECT subject FROM (
       SELECT c.acceptance_no AS subject, c.next_effect_at FROM case_file c
       WHERE c.ended_at IS NULL AND c.started_at IS NOT NULL AND c.clock_ahead_ms = 0
         AND c.next_effect_at < clock_timestamp() - interval '${CLOCK_LATE_MINUTES} minutes'
       UNION ALL
       SELECT c.acceptance_no, c.next_effect_at FROM case_file c
       WHERE c.ended_at IS NULL AND c.started_at IS NOT NULL AND c.clock_ahead_ms <> 0
         AND c.next_effect_at < clock_timestamp() + make_interval(secs => c.clock_ahead_ms / 1000.0) - interval '${CLOCK_LATE_MINUTES} minutes') late
     ORDER BY next_effect_at LIMIT ${AT_MOST}`,
  );
  return [
    ...notStarted.map((subject) => ({ kind: 'NOT_STARTED' as const, subject, error: 'NOT_ANSWERED' as const })),
    ...late.map((subject) => ({ kind: 'CLOCK_LATE' as const, subject, error })),
    ...(await failingMessages(db)),
  ];
}

async function subjects(db: pg.ClientBase, name: string, text: string): Promise<string[]> {
  const { rows } = await db.query<{ subject: string }>({ name, text });
  return rows.map(({ subject }) => subject);
}

/** One incident for a channel, however many messages wait in it; their own list says why each of them does. */
async function failingMessages(db: pg.ClientBase): Promise<Finding[]> {
  const { rows } = await db.query<{ channel: string; n: number; attempts: number; given_up: boolean }>({
    name: 'incident-messages',
    text: `SELECT channel, count(*)::int AS n, max(attempts)::int AS attempts, bool_or(state <> 'PENDING') AS given_up FROM outbox
           WHERE (state = 'PENDING' AND attempts >= ${MESSAGE_ATTEMPTS})
              OR (state IN ('FAILED', 'UNCERTAIN') AND created_at > clock_timestamp() - interval '1 day')
           GROUP BY channel`,
  });
  return rows.map(({ channel, n, attempts, given_up: givenUp }) => ({
    kind: 'MESSAGES_FAILING',
    subject: channel,
    error: givenUp ? 'OUTSIDE_REFUSES' : 'OUTSIDE_UNREACHABLE',
    detail: `${n}`,
    attempts,
  }));
}
