import type pg from 'pg';
import { z } from 'zod';
import type { User } from '../../domain/case.ts';
import { instantText } from '../instant.ts';
import { instant } from '../schemas.ts';
import { maskText } from '../../domain/identifiers.ts';

export const OUTBOX_STATES = ['PENDING', 'SENDING', 'SENT', 'FAILED', 'UNCERTAIN', 'KEPT'] as const;

export const outboxMessageSchema = z
  .strictObject({
    messageId: z.string(),
    kind: z.string(),
    channel: z.enum(['NONE', 'SMTP', 'WEBHOOK']),
    staffId: z.string(),
    recipient: z.string(),
    subject: z.string(),
    body: z.string(),
    state: z.enum(OUTBOX_STATES),
    attempts: z.int(),
    nextAttemptAt: instant.nullable().meta({ description: 'only while it is pending' }),
    lastError: z.string().nullable(),
    createdAt: instant,
    sentAt: instant.nullable(),
  })
  .meta({ id: 'OutboxMessage' });
export type OutboxMessage = z.output<typeof outboxMessageSchema>;
export type OutboxState = OutboxMessage['state'];

type Row = Omit<OutboxMessage, 'nextAttemptAt' | 'createdAt' | 'sentAt'> & {
  nextAttemptAt: Date | null;
  createdAt: Date;
  sentAt: Date | null;
};

/** Messages to the people of the manager's office and of those below it; hospitals and insured persons by their county. */
const OF_MY_AREA = `
  WITH RECURSIVE area AS (
    SELECT office_id FROM office WHERE office_id = $1
    UNION SELECT o.office_id FROM office o JOIN area a ON o.parent_id = a.office_id)
  SELECT m.message_id AS "messageId", m.kind, m.channel, m.staff_id AS "staffId", m.recipient, m.subject, m.body, m.state, m.attempts,
         CASE m.state WHEN 'PENDING' THEN m.next_attempt_at END AS "nextAttemptAt", m.last_error AS "lastError",
         m.created_at AS "createdAt", m.sent_at AS "sentAt"
  FROM outbox m JOIN staff s USING (staff_id) LEFT JOIN provider v USING (provider_id)
       LEFT JOIN insured_person p ON p.person_id = s.person_id
  WHERE coalesce(s.office_id, v.county_office_id, p.enrolment_agency_id) IN (SELECT office_id FROM area)
    AND ($2::text IS NULL OR m.state = $2)
    AND ($3::timestamptz IS NULL OR (m.created_at, m.message_id) < ($3::timestamptz, $4::uuid))
  ORDER BY m.created_at DESC, m.message_id DESC LIMIT $5`;

/** The youngest first. */
export async function readOutbox(
  db: pg.Pool,
  user: User,
  state: OutboxState | undefined,
  page: { size: number; after?: readonly (string | null)[] },
): Promise<{ items: OutboxMessage[]; last?: [string, string] }> {
  const [createdAt = null, messageId = null] = page.after ?? [];
  const values = [user.officeId ?? null, state ?? null, createdAt, messageId, page.size + 1];
  const { rows } = await db.query<Row>(OF_MY_AREA, values);
  const shown = rows.slice(0, page.size);
  const end = rows.length > page.size ? shown.at(-1) : undefined;
  const text = (at: Date | null): string | null => at && instantText(at.getTime());
  return {
    items: shown.map((row) => ({
      ...row,
      recipient: maskText(row.recipient),
      lastError: row.lastError && maskText(row.lastError),
      nextAttemptAt: text(row.nextAttemptAt),
      createdAt: instantText(row.createdAt.getTime()),
      sentAt: text(row.sentAt),
    })),
    ...(end ? { last: [end.createdAt.toISOString(), end.messageId] } : {}),
  };
}
