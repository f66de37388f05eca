import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { WrongOption } from './read-or-exit.ts';
import { KNOWN_YEARS, plus, type Day, type YearTable } from './recount/days.ts';
import { LENGTHS, type Lengths } from './recount/limits.ts';

/** What `npm run rehearse` is asked to do. */
export interface Options {
  from: Day;
  to: Day;
  cases: number;
  seed: number;
  /** play this case alone */
  only?: number;
  concurrency: number;
  workers: number;
  /** the second side, absent without one */
  whatIf?: WhatIf;
  /** for trying the checker */
  plant?: string;
}

/** Another set of rules for the same people: lengths of limits, years of the calendar. */
export interface WhatIf {
  lengths: Partial<Lengths>;
  /** in place of the known year, which they name */
  years: YearTable[];
  /** as it was asked for */
  says: string;
}

export const HELP = `npm run rehearse -- [options]

  --from 2026-01-01 --to 2026-12-31   the period in which cases arrive and are watched
  --cases 2000                        how many
  --seed 1                            another seed, another year
  --only K                            plays case K of that seed alone
  --rules DL-09=3                     what if: other lengths, several with commas
  --calendar FILE.json                what if: another edition {year, daysOff, makeUpWorkdays}
  --concurrency 24 --workers 2        cases at once, worker processes`;

/** Throws `WrongOption` with a sentence for whoever typed it. */
export function readOptions(args: readonly string[]): Options | 'HELP' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string', default: '2026-01-01' },
      to: { type: 'string', default: '2026-12-31' },
      cases: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      concurrency: { type: 'string', default: '24' },
      workers: { type: 'string', default: '2' },
      rules: { type: 'string' },
      calendar: { type: 'string' },
      plant: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'HELP';
  const whole = (name: 'cases' | 'seed' | 'only' | 'concurrency' | 'workers', least: number): number => {
    const number = Number(values[name]);
    if (!Number.isSafeInteger(number) || number < least)
      throw new WrongOption(`--${name}: a whole number from ${least}`);
    return number;
  };
  const day = (name: 'from' | 'to'): Day => {
    const text = values[name];
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)) || plus(text, 0) !== text)
      throw new WrongOption(`--${name}: a day, YYYY-MM-DD`);
    return text;
  };
  const [from, to] = [day('from'), day('to')];
  if (to < from) throw new WrongOption('--to: not before --from');
  const lengths = values.rules ? lengthsIn(values.rules) : {};
  const years = values.calendar ? editionIn(values.calendar) : [];
  const says = [values.rules, values.calendar].filter(Boolean).join(', ');
  return {
    from,
    to,
    cases: whole('cases', 1),
    seed: whole('seed', 0),
    concurrency: whole('concurrency', 1),
    workers: whole('workers', 1),
    ...(values.only !== undefined ? { only: whole('only', 0) } : {}),
    ...(says ? { whatIf: { lengths, years, says } } : {}),
    ...(values.plant ? { plant: values.plant } : {}),
  };
}

function lengthsIn(text: string): Partial<Lengths> {
  const pairs = text.split(',').map((pair) => {
    const [limit = '', length = ''] = pair.trim().split('=');
    if (!(limit in LENGTHS))
      throw new WrongOption(`--rules: ${limit} is not one of ${Object.keys(LENGTHS).join(', ')}`);
    if (!/^[1-9]\d{0,2}$/.test(length)) throw new WrongOption(`--rules: ${limit}= a whole number from 1`);
    return [limit, Number(length)] as const;
  });
  return Object.fromEntries(pairs);
}

/** Another edition of a year that is known. */
function editionIn(path: string): YearTable[] {
  const edition = JSON.parse(readFileSync(path, 'utf8')) as Partial<YearTable>;
  const { year, daysOff, makeUpWorkdays } = edition;
  if (typeof year !== 'number' || !Array.isArray(daysOff) || !Array.isArray(makeUpWorkdays))
    throw new WrongOption('--calendar: a file with year, daysOff and makeUpWorkdays');
  if (!KNOWN_YEARS.some((known) => known.year === year))
    throw new WrongOption('--calendar: another edition of a known year');
  return [{ year, daysOff, makeUpWorkdays }];
}
