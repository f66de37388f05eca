import type pg from 'pg';
import { z } from 'zod';
import { dutyEventsToSql } from '../../activities/reading/duties.ts';
import { noticesToSql } from '../../activities/reading/notices.ts';
import type { JsonObject, User } from '../../domain/case.ts';
import { dutyRule, type DutyLimitId, type Period } from '../../domain/duties.ts';
import type { DutyEventKind } from '../../domain/duty.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import { instantText } from '../instant.ts';
import { instant, jsonObject, text } from '../schemas.ts';
import { maskJson } from './mask.ts';

export const noticeSchema = z
  .strictObject({
    acceptanceNo: z.string().nullable().meta({ description: 'null: the notice is of a recurring duty' }),
    dutyId: z.string().nullable().meta({ description: 'null: the notice is of a case' }),
    title: text.nullable().meta({ description: 'of the duty' }),
    kind: z.string(),
    toRole: z.string().nullable(),
    content: jsonObject,
    at: instant,
  })
  .meta({ id: 'Notice' });
type Notice = z.output<typeof noticeSchema>;
type Found = Omit<Notice, 'at'> & { at: Date };

/**
 * The latest notices to my office or hospital (those for a role only to its holders) and to myself: of cases, and what
 * recurring duties have told it.
 */
export async function readNotices(db: pg.Pool, user: User, size: number): Promise<Notice[]> {
  const found = await Promise.all([ofCases(db, user, size), ofDuties(db, user, size)]);
  const latest = found.flat().sort((one, other) => other.at.getTime() - one.at.getTime());
  return latest.slice(0, size).map((notice) => ({ ...notice, at: instantText(notice.at.getTime()) }));
}

async function ofCases(db: pg.Pool, user: User, size: number): Promise<Found[]> {
  const values: unknown[] = [];
  const mine = noticesToSql(user, 'n', values);
  const { rows } = await db.query<Found>(
    `SELECT c.acceptance_no AS "acceptanceNo", NULL AS "dutyId", NULL AS title, n.kind, n.to_role AS "toRole", n.content, n.at
     FROM notice n JOIN case_file c USING (case_id)
     WHERE ${mine} ORDER BY n.at DESC, n.case_id, n.turn, n.n LIMIT $${values.push(size)}`,
    values,
  );
  return rows.map((row) => ({ ...row, content: maskJson(row.content as JsonObject) }));
}

interface DutyEventRow {
  duty_id: string;
  limit_id: DutyLimitId;
  period: Period;
  holder_id: string;
  kind: DutyEventKind;
  to_role: string | null;
  due_on: PlainDate;
  days_late: number | null;
  at: Date;
}

async function ofDuties(db: pg.Pool, user: User, size: number): Promise<Found[]> {
  const values: unknown[] = [];
  const mine = dutyEventsToSql(user, 'e', values);
  const { rows } = await db.query<DutyEventRow>(
    `SELECT e.duty_id::text, d.limit_id, d.period, d.holder_id, e.kind, e.to_role, e.due_on::text, e.days_late, e.at
     FROM duty_event e JOIN duty d USING (duty_id)
     WHERE ${mine} ORDER BY e.at DESC, e.duty_id, e.seq LIMIT $${values.push(size)}`,
    values,
  );
  return rows.map((row) => ({
    acceptanceNo: null,
    dutyId: row.duty_id,
    title: dutyRule(row.limit_id).title,
    kind: row.kind,
    toRole: row.to_role,
    content: contentOf(row),
    at: row.at,
  }));
}

const contentOf = (row: DutyEventRow): JsonObject => ({
  limitId: row.limit_id,
  period: row.period,
  holderId: row.holder_id,
  dueOn: row.due_on,
  ...(row.days_late === null ? {} : { daysLate: row.days_late }),
});
