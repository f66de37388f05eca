import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type pg from 'pg';
import { checkEdition, type CalendarEdition } from '../../domain/calendar-edition.ts';
import { readStoredEditions, storeEdition } from '../editions.ts';

const FILES = new URL('../../domain/calendar-editions/', import.meta.url);

/** The editions that come with the program, by year. */
export const readEditions = async (): Promise<CalendarEdition[]> => {
  const names = (await readdir(fileURLToPath(FILES))).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => {
      const edition = JSON.parse(await readFile(new URL(name, FILES), 'utf8')) as CalendarEdition;
      checkEdition(edition);
      return edition;
    }),
  );
};

/** An agency may have loaded a year itself, under an id of its own; then the one that comes with the program is not needed. */
export const seedEdition = async (client: pg.ClientBase, edition: CalendarEdition): Promise<void> => {
  const stored = await readStoredEditions(client);
  const loadedByTheAgency = stored.some(({ year }) => year === edition.year);
  if (!loadedByTheAgency || stored.some(({ id }) => id === edition.id)) await storeEdition(client, edition);
};
