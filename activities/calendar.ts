import type pg from 'pg';
import { createCalendar, type Calendar, type CalendarEdition } from '../domain/calendar.ts';
import type { PlainDate } from '../domain/plain-date.ts';

/** How long a process may count with the editions it has read; loading one comes back once more after this time. */
export const FRESH_MS = 5_000;
/** A case that is asked to count again must see what was loaded just before. */
export const RECOUNT_FRESH_MS = 200;

interface Cached {
  calendar: Calendar;
  readAt: number;
}
const cache = new WeakMap<pg.Pool, Cached>();

/** The calendar as the store holds it, read again every few seconds and rebuilt only when an edition came or changed. */
export async function loadCalendar(db: pg.Pool, freshMs = FRESH_MS): Promise<Calendar> {
  const cached = cache.get(db);
  if (cached && performance.now() - cached.readAt < freshMs) return cached.calendar;
  const { rows } = await db.query<EditionRow>(EDITIONS);
  const calendar = createCalendar(rows.map(editionOf));
  cache.set(db, {
    calendar: cached && sameEditions(cached.calendar, calendar) ? cached.calendar : calendar,
    readAt: performance.now(),
  });
  return (cache.get(db) as Cached).calendar;
}

/** Forgets what was read: the next count sees the editions that were just loaded. */
export function forgetCalendar(db: pg.Pool): void {
  cache.delete(db);
}

interface EditionRow {
  edition_id: string;
  year: number;
  source: string;
  published_on: string;
  days_off: string[];
  make_up: string[];
}

const EDITIONS = `
  SELECT e.edition_id, e.year, e.source, e.published_on::text,
         coalesce(array_agg(d.day::text ORDER BY d.day) FILTER (WHERE d.kind = 'DAY_OFF'), '{}') AS days_off,
         coalesce(array_agg(d.day::text ORDER BY d.day) FILTER (WHERE d.kind = 'MAKE_UP_WORKDAY'), '{}') AS make_up
  FROM calendar_edition e LEFT JOIN calendar_day d USING (edition_id)
  GROUP BY e.edition_id ORDER BY e.edition_id`;

function editionOf(row: EditionRow): CalendarEdition {
  return {
    id: row.edition_id,
    year: row.year,
    source: row.source,
    publishedOn: row.published_on as PlainDate,
    daysOff: row.days_off as PlainDate[],
    makeUpWorkdays: row.make_up as PlainDate[],
  };
}

const sameEditions = (a: Calendar, b: Calendar): boolean => a.editionId === b.editionId;
