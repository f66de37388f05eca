import type pg from 'pg';
import { createCalendar, type Calendar, type CalendarEdition } from '../../domain/calendar.ts';

/** Editions are never altered once stored, so a calendar made of them can be kept as long as the process lives. */
const cache = new WeakMap<pg.Pool, Map<string, Calendar>>();
/** Combinations of editions that were ever in force; a handful in ten years. */
const KEPT = 100;

/**
 * The calendar a due day was counted with, from the id stored beside it ('CN-2025-1+CN-2026-1'). Undefined if one of its
 * editions is not in the store.
 */
export async function calendarOf(db: pg.Pool, editionId: string): Promise<Calendar | undefined> {
  const known = cache.get(db) ?? new Map<string, Calendar>();
  cache.set(db, known);
  const kept = known.get(editionId);
  if (kept) return kept;
  const ids = editionId.split('+');
  const { rows } = await db.query<CalendarEdition>({ ...EDITIONS, values: [ids] });
  if (rows.length < ids.length) return undefined;
  const calendar = createCalendar(rows);
  if (known.size >= KEPT) known.clear();
  known.set(editionId, calendar);
  return calendar;
}

const EDITIONS = {
  name: 'calendar-editions-of',
  text: `
  SELECT e.edition_id AS id, e.year, e.source, e.published_on::text AS "publishedOn",
         coalesce(array_agg(d.day::text ORDER BY d.day) FILTER (WHERE d.kind = 'DAY_OFF'), '{}') AS "daysOff",
         coalesce(array_agg(d.day::text ORDER BY d.day) FILTER (WHERE d.kind = 'MAKE_UP_WORKDAY'), '{}') AS "makeUpWorkdays"
  FROM calendar_edition e LEFT JOIN calendar_day d USING (edition_id)
  WHERE e.edition_id = ANY($1) GROUP BY e.edition_id`,
};
