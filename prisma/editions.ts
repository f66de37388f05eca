import type pg from 'pg';
import { checkEdition, checkSuccession, horizonOf, type CalendarEdition } from '../domain/calendar-edition.ts';
import type { PlainDate } from '../domain/plain-date.ts';

/**
 * Stores an edition, once, and says whether there was anything to store. Due dates carry the id of the edition they were
 * counted with (I4), so an edition that is stored is never altered. Refuses what contradicts itself or what is stored
 * (CALENDAR_CONTRADICTION, CALENDAR_YEAR_TAKEN, CALENDAR_EDITION_DIFFERS). Call it in a transaction: two who store at once
 * wait for each other.
 */
export const storeEdition = async (client: pg.ClientBase, edition: CalendarEdition): Promise<'NEW' | 'KNOWN'> => {
  checkEdition(edition);
  // A lock on the table would take rights to change it, which the program does not have.
  await client.query('select pg_advisory_xact_lock($1)', [EDITIONS_LOCK]);
  const found = checkSuccession(edition, await readStoredEditions(client));
  if (found === 'KNOWN') return found;
  await client.query(
    `insert into calendar_edition (edition_id, year, source, published_on, horizon_on, amends, loaded_at)
     values ($1, $2, $3, $4, $5, $6, now())`,
    [edition.id, edition.year, edition.source, edition.publishedOn, horizonOf(edition), edition.amends],
  );
  await client.query(
    `insert into calendar_day (edition_id, day, kind)
     select $1, day, 'DAY_OFF' from unnest($2::date[]) as day
     union all select $1, day, 'MAKE_UP_WORKDAY' from unnest($3::date[]) as day`,
    [edition.id, edition.daysOff, edition.makeUpWorkdays],
  );
  return found;
};

/** One number in the store, taken by nobody else. */
const EDITIONS_LOCK = 7_301_995;

interface EditionRow {
  edition_id: string;
  year: number;
  source: string;
  published_on: string;
  horizon_on: string;
  amends: string | null;
  days_off: string[];
  make_up: string[];
}

const EDITIONS = `
  SELECT e.edition_id, e.year, e.source, e.published_on::text, e.horizon_on::text, e.amends,
         coalesce(array_agg(d.day::text ORDER BY d.day) FILTER (WHERE d.kind = 'DAY_OFF'), '{}') AS days_off,
         coalesce(array_agg(d.day::text ORDER BY d.day) FILTER (WHERE d.kind = 'MAKE_UP_WORKDAY'), '{}') AS make_up
  FROM calendar_edition e LEFT JOIN calendar_day d USING (edition_id)
  GROUP BY e.edition_id ORDER BY e.edition_id`;

/** Every edition that is stored, those included that are amended by now. */
export const readStoredEditions = async (db: pg.ClientBase | pg.Pool): Promise<CalendarEdition[]> =>
  (await db.query<EditionRow>(EDITIONS)).rows.map((row) => ({
    id: row.edition_id,
    year: row.year,
    source: row.source,
    publishedOn: row.published_on as PlainDate,
    daysOff: row.days_off as PlainDate[],
    makeUpWorkdays: row.make_up as PlainDate[],
    horizonOn: row.horizon_on as PlainDate,
    ...(row.amends === null ? {} : { amends: row.amends }),
  }));
