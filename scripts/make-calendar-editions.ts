/**
 * Writes `domain/calendar-editions/CN-<year>-1.json` from the `chinese-days` package, for the years whose notice is named
 * below: `tsx scripts/make-calendar-editions.ts [year …]`. Run it when the State Council has published the next year's
 * notice (early November) and the package knows it; check the result against the notice before committing it.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import chineseDays from 'chinese-days';
import { format } from 'prettier';
import type { CalendarEdition } from '../domain/calendar.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import { checkEdition } from '../domain/calendar.ts';
import { addDays, plainDate } from '../domain/plain-date.ts';

/** The package knows the days but not the notice they come from. */
const NOTICES: Record<number, { source: string; publishedOn: string }> = {
  2025: { source: '国务院办公厅关于2025年部分节假日安排的通知', publishedOn: '2024-11-12' },
  2026: { source: '国务院办公厅关于2026年部分节假日安排的通知', publishedOn: '2025-11-04' },
};

/** The edition of one year; throws when the package or the list of notices has nothing for it. */
export function makeEdition(year: number): CalendarEdition {
  const daysOff: PlainDate[] = [];
  const makeUpWorkdays: PlainDate[] = [];
  const lastDay = plainDate(`${year}-12-31`);
  for (let day = plainDate(`${year}-01-01`); day <= lastDay; day = addDays(day, 1)) {
    const { name, work } = chineseDays.getDayDetail(day);
    // Days of a notice are named 'Spring Festival,春节,4'; all others carry the bare name of the weekday.
    if (name.includes(',')) (work ? makeUpWorkdays : daysOff).push(day);
  }
  // A year it has no data for comes back as plain weekdays, without a word: "no holidays" would be a lie (C12).
  if (daysOff.length === 0)
    throw new Error(`chinese-days has no holidays for ${year}: its notice is not in the package`);
  const notice = NOTICES[year];
  if (!notice) throw new Error(`name the notice for ${year} in NOTICES first`);
  const edition: CalendarEdition = {
    id: `CN-${year}-1`,
    year,
    source: notice.source,
    publishedOn: plainDate(notice.publishedOn),
    daysOff,
    makeUpWorkdays,
  };
  checkEdition(edition);
  return edition;
}

/** The edition as it stands in its file. */
export const editionText = (edition: CalendarEdition): Promise<string> =>
  format(JSON.stringify(edition), { parser: 'json', printWidth: 120 });

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2).map(Number);
  const editions = (asked.length > 0 ? asked : Object.keys(NOTICES).map(Number)).map(makeEdition);
  for (const edition of editions) {
    const file = new URL(`../domain/calendar-editions/${edition.id}.json`, import.meta.url);
    await writeFile(file, await editionText(edition));
    console.log(`${edition.id}: ${edition.daysOff.length} days off, ${edition.makeUpWorkdays.length} make-up workdays`);
  }
}
