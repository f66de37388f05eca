import type pg from 'pg';
import { createCalendar, namedCalendars, type Calendar } from '../domain/calendar.ts';
import { CALENDAR_FRESH_MS } from '../domain/calendar-run.ts';
import { readStoredEditions } from '../prisma/editions.ts';

/** A case that is asked to count again must see what was loaded just before. */
export const RECOUNT_FRESH_MS = 200;

interface Cached {
  calendar: Calendar;
  readAt: number;
}
const cache = new WeakMap<pg.Pool, Cached>();

/** The calendar as the store holds it, read again every few seconds and rebuilt only when an edition came or changed. */
export async function loadCalendar(db: pg.Pool, freshMs = CALENDAR_FRESH_MS): Promise<Calendar> {
  const cached = cache.get(db);
  if (cached && performance.now() - cached.readAt < freshMs) return cached.calendar;
  // Before the question: what is committed while it is on its way may be missing in the answer.
  const readAt = performance.now();
  const calendar = createCalendar(await readStoredEditions(db));
  cache.set(db, { calendar: cached && sameEditions(cached.calendar, calendar) ? cached.calendar : calendar, readAt });
  return (cache.get(db) as Cached).calendar;
}

/** Forgets what was read: the next count sees the editions that were just loaded. */
export function forgetCalendar(db: pg.Pool): void {
  cache.delete(db);
}

/**
 * The calendar a due day was counted with, built again from the string stored beside it ('CN-2025-1+CN-2026-1'), whatever
 * has been amended since. An edition that is not stored is a bug: nothing counted with it can be.
 */
export async function calendarOf(db: pg.Pool, editionIds: string): Promise<Calendar> {
  const known = named.get(db) ?? new Map<string, Calendar>();
  named.set(db, known);
  const kept = known.get(editionIds);
  if (kept) return kept;
  const calendar = namedCalendars(await readStoredEditions(db))(editionIds);
  if (!calendar) throw new Error(`calendar ${editionIds} names an edition that is not in the store`);
  if (known.size >= KEPT) known.clear();
  known.set(editionIds, calendar);
  return calendar;
}
/** Editions are never altered once stored, so a calendar made of them is good as long as the process lives. */
const named = new WeakMap<pg.Pool, Map<string, Calendar>>();
/** Combinations of editions that were ever in force: a handful in ten years. */
const KEPT = 100;

/** The same for many cases at once: the store is read once; undefined if an edition is missing. */
export const calendarsByEdition = async (db: pg.Pool): Promise<(editionIds: string) => Calendar | undefined> =>
  namedCalendars(await readStoredEditions(db));

const sameEditions = (a: Calendar, b: Calendar): boolean => a.editionId === b.editionId;
