import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import type { CalendarEdition } from '../../domain/calendar.ts';
import { checkEdition } from '../../domain/calendar.ts';

const EDITIONS = new URL('../../domain/calendar-editions/', import.meta.url);

/** The editions that come with the program, by year. */
export const readEditions = async (): Promise<CalendarEdition[]> => {
  const names = (await readdir(fileURLToPath(EDITIONS))).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => {
      const edition = JSON.parse(await readFile(new URL(name, EDITIONS), 'utf8')) as CalendarEdition;
      checkEdition(edition);
      return edition;
    }),
  );
};

/**
 * Stores an edition, once. Due dates carry the id of the edition they were counted with (I4), so an edition that is stored
 * already is never altered: with other days under the same id this throws, and the correction has to be a further edition.
 */
export const storeEdition = async (client: pg.ClientBase, edition: CalendarEdition): Promise<void> => {
  const { rowCount } = await client.query(
    `insert into calendar_edition (edition_id, year, source, published_on, loaded_at)
     values ($1, $2, $3, $4, now()) on conflict do nothing`,
    [edition.id, edition.year, edition.source, edition.publishedOn],
  );
  if (rowCount === 1) {
    await client.query(
      `insert into calendar_day (edition_id, day, kind)
       select $1, day, 'DAY_OFF' from unnest($2::date[]) as day
       union all select $1, day, 'MAKE_UP_WORKDAY' from unnest($3::date[]) as day`,
      [edition.id, edition.daysOff, edition.makeUpWorkdays],
    );
    return;
  }
  const { rows } = await client.query<{ line: string }>(
    `select day || ' ' || kind as line from calendar_day where edition_id = $1`,
    [edition.id],
  );
  const stored = rows.map(({ line }) => line).sort();
  const given = [
    ...edition.daysOff.map((day) => `${day} DAY_OFF`),
    ...edition.makeUpWorkdays.map((day) => `${day} MAKE_UP_WORKDAY`),
  ].sort();
  if (stored.join() !== given.join()) {
    throw new Error(`calendar edition ${edition.id} is stored with other days: load the correction under a new id`);
  }
};
