import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { saysSomething, type DigestBatch } from '../../domain/digest.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { loadCalendar } from '../calendar.ts';
import type { Channel } from '../notify/channel.ts';
import { ACCOUNT_COLUMNS, userOf, type AccountRow } from '../reading/accounts.ts';
import { digestMessage } from './message.ts';
import { readDigest } from './read.ts';
import { noticeWindow } from './window.ts';

export interface DigestDeps {
  db: pg.Pool;
  channel: Channel;
  /** epoch milliseconds; tests play on another day */
  now: () => number;
}

const PERSONS_PER_BATCH = 50;
const NOTICE_LAG_MS = 60_000;
/** A digest that could not be sent by then is given up: the next morning's says what still holds. */
const WORTH_SENDING_HOURS = 20;

/**
 * Writes the digests of the next persons into the outbox. The key says person and day, so a second run of the day writes
 * nothing. Only for today and only on a working day: what was missed yesterday is not sent today.
 */
export async function writeDigests(deps: DigestDeps, { day, after }: DigestBatch): Promise<string | undefined> {
  const { db, channel, now } = deps;
  const calendar = await loadCalendar(db);
  if (plainDateAt(now()) !== day || !calendar.isWorkingDay(day)) return undefined;
  const { rows } = await db.query<AccountRow & { email: string | null }>(
    `SELECT ${ACCOUNT_COLUMNS}, s.email FROM staff s LEFT JOIN office o USING (office_id)
     WHERE s.active AND s.kind = 'PERSON' AND s.staff_id > $1 ORDER BY s.staff_id LIMIT ${PERSONS_PER_BATCH}`,
    [after],
  );
  for (const row of rows) {
    const window = await noticeWindow(db, row.staff_id, NOTICE_LAG_MS);
    const digest = await readDigest(db, userOf(row), now(), calendar, window);
    if (!saysSomething(digest)) continue;
    const address = channel.addressOf({ staffId: row.staff_id, email: row.email });
    const { subject, body } = digestMessage(digest);
    await db.query({
      name: 'write-digest',
      text: `INSERT INTO outbox (message_id, kind, dedup_key, staff_id, channel, recipient, subject, body, state,
                                 next_attempt_at, notices_until, created_at, expires_at)
             SELECT $1, 'DIGEST', $2, $3, $4, $5, $6, $7, $8, clock, $9, clock, clock + make_interval(hours => $10)
             FROM clock_timestamp() AS clock ON CONFLICT (dedup_key) DO NOTHING`,
      values: [
        randomUUID(),
        `digest:${row.staff_id}:${day}`,
        row.staff_id,
        address === undefined ? 'NONE' : channel.name,
        address ?? row.staff_id,
        subject,
        body,
        address === undefined ? 'KEPT' : 'PENDING',
        window.until,
        WORTH_SENDING_HOURS,
      ],
    });
  }
  return rows.length === PERSONS_PER_BATCH ? rows.at(-1)?.staff_id : undefined;
}
