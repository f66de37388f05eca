import type pg from 'pg';
import { readComparison, scanBatch, type Recount } from '../activities/recount/scan.ts';
import { createCalendar } from '../domain/calendar.ts';
import { checkEdition, checkSuccession, type CalendarEdition } from '../domain/calendar-edition.ts';
import type { LimitTable } from '../domain/time-limits.ts';
import { readStoredEditions } from '../prisma/editions.ts';

/** Cases a changed day touches: they are counted again, and those of them whose days move. */
export interface Touched {
  touched: number;
  moving: number;
}

/** What an edition would do to the open cases, before it is applied. */
export interface EditionPreview {
  /** over all open cases; only with the first page */
  counts?: Touched & { open: number; perOffice: Array<Touched & { officeId: string | null; process: string }> };
  /** the moving cases in the order of their ids, at most as many as were asked for */
  items: Recount[];
  /** where the next page begins; absent on the last one */
  next?: string;
}

export interface PreviewPage {
  /** a case id; the items begin behind it */
  after?: string | undefined;
  size: number;
  /** only the cases of this city; all when absent */
  cityId?: string | undefined;
  /** other lengths of limits, in rehearsals */
  limits?: LimitTable | undefined;
}

/**
 * Counts open cases with the calendar as it would be and compares; changes nothing. Refuses what `applyEdition` would
 * refuse. The first page goes through all open cases, a later one only until it is full; both in batches, so memory stays
 * bounded. `say` hears how many cases have been looked at.
 */
export async function previewEdition(
  db: pg.Pool,
  edition: CalendarEdition,
  { after, size, cityId, limits }: PreviewPage,
  say: (done: number) => void = () => undefined,
): Promise<EditionPreview> {
  checkEdition(edition);
  const stored = await readStoredEditions(db);
  const known = checkSuccession(edition, stored) === 'KNOWN';
  const comparison = await readComparison(db, createCalendar(known ? stored : [...stored, edition]), limits);
  const tally = createTally();
  // One more than the page holds tells that there is a next one.
  const moving: Recount[] = [];
  const now = Date.now();
  for (let from = after ?? '0'; after === undefined || moving.length <= size;) {
    const { recounts, looked, last } = await scanBatch(db, comparison, from, now, cityId);
    if (looked === 0) break;
    from = last;
    tally.add(recounts, looked);
    moving.push(...recounts.filter(({ moves }) => moves.length > 0).slice(0, size + 1 - moving.length));
    say(tally.open());
  }
  const items = moving.slice(0, size);
  const last = items.at(-1);
  return {
    ...(after === undefined ? { counts: tally.counts() } : {}),
    items,
    ...(moving.length > size && last ? { next: last.caseId } : {}),
  };
}

/** Adds up, office by office and process by process. */
function createTally() {
  const groups = new Map<string, Touched & { officeId: string | null; process: string }>();
  let open = 0;
  return {
    open: () => open,
    add(recounts: readonly Recount[], looked: number): void {
      open += looked;
      for (const { officeId, process, moves } of recounts) {
        const key = `${officeId ?? ''} ${process}`;
        const group = groups.get(key) ?? { officeId, process, touched: 0, moving: 0 };
        group.touched += 1;
        if (moves.length > 0) group.moving += 1;
        groups.set(key, group);
      }
    },
    counts(): NonNullable<EditionPreview['counts']> {
      const perOffice = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
      const sum = (of: keyof Touched): number => perOffice.reduce((all, group) => all + group[of], 0);
      return { open, touched: sum('touched'), moving: sum('moving'), perOffice };
    },
  };
}
