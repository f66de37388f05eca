import type pg from 'pg';
import { z } from 'zod';
import { addDays, startOfDay, type PlainDate } from '../../domain/plain-date.ts';
import { instantText } from '../instant.ts';
import { instant } from '../schemas.ts';

export const accessEntrySchema = z
  .strictObject({
    at: instant,
    userId: z.string().nullable(),
    method: z.string(),
    route: z.string().meta({ description: 'the pattern of the route, never the address as typed' }),
    acceptanceNo: z.string().nullable(),
    status: z.int(),
    code: z.string().nullable().meta({ description: 'of a refusal' }),
    reason: z.string().nullable(),
    actingFor: z.string().nullable(),
    requestId: z.string(),
  })
  .meta({ id: 'AccessEntry' });

export interface AccessFilter {
  userId?: string | undefined;
  acceptanceNo?: string | undefined;
  day?: PlainDate | undefined;
}

/** Newest first; `before` is the entry the last page ended with. */
export async function listAccess(
  db: pg.Pool,
  filter: AccessFilter,
  page: { size: number; before?: string | undefined },
): Promise<{ items: z.output<typeof accessEntrySchema>[]; last?: string }> {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const add = (value: unknown, sql: (placeholder: string) => string): void => {
    if (value !== undefined) conditions.push(sql(`$${values.push(value)}`));
  };
  add(filter.userId, (v) => `user_id = ${v}`);
  add(filter.acceptanceNo, (v) => `acceptance_no = ${v}`);
  if (filter.day !== undefined) {
    add(new Date(startOfDay(filter.day)), (v) => `at >= ${v}`);
    add(new Date(startOfDay(addDays(filter.day, 1))), (v) => `at < ${v}`);
  }
  add(page.before, (v) => `entry_id < ${v}::bigint`);
  const { rows } = await db.query<{
    entry_id: string;
    at: Date;
    user_id: string | null;
    method: string;
    route: string;
    acceptance_no: string | null;
    status: number;
    code: string | null;
    reason: string | null;
    acting_for: string | null;
    request_id: string;
  }>(
    `SELECT entry_id::text, at, user_id, method, route, acceptance_no, status, code, reason, acting_for, request_id FROM access_log
     ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY access_log.entry_id DESC LIMIT $${values.push(page.size + 1)}`,
    values,
  );
  const shown = rows.slice(0, page.size);
  const items = shown.map((row) => ({
    at: instantText(row.at.getTime()),
    userId: row.user_id,
    method: row.method,
    route: row.route,
    acceptanceNo: row.acceptance_no,
    status: row.status,
    code: row.code,
    reason: row.reason,
    actingFor: row.acting_for,
    requestId: row.request_id,
  }));
  const last = rows.length > page.size ? shown.at(-1)?.entry_id : undefined;
  return { items, ...(last !== undefined ? { last } : {}) };
}
