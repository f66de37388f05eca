import { loadCalendar } from '../../activities/calendar.ts';
import { createPrisma } from '../../api/prisma.ts';
import { listCases } from '../../api/read/case-list.ts';
import { readDesk } from '../../api/read/desk.ts';
import { countStuck, listStuck } from '../../api/read/stuck.ts';
import { CLERK, accountOf } from '../ours.ts';
import type { Bench } from '../surroundings.ts';

/** How many of the given cases the lists call overdue or stuck at an instant (epoch ms, real clock). */
export interface InLists {
  overdueList: number;
  desk: number;
  stuckList: number;
  /** of the whole area, others included */
  stuckCount: number;
}

/** Asks the lists themselves, page by page: the case list narrowed to overdue, the desk's flag, the stuck cases. */
export async function inLists(bench: Bench, numbers: readonly string[], at: number): Promise<InLists> {
  const { db } = bench;
  const stores = { ...bench, prisma: createPrisma(db) };
  const user = await accountOf(bench, CLERK);
  const calendar = await loadCalendar(db);
  const ours = new Set(numbers);
  const count = (items: readonly { acceptanceNo: string }[]): number =>
    items.filter(({ acceptanceNo }) => ours.has(acceptanceNo)).length;

  let overdueList = 0;
  for (let before: string | undefined; ;) {
    const { items, last } = await listCases(stores, user, { overdue: true, limit: 100 }, before, at, calendar);
    overdueList += count(items.filter(({ overdue }) => overdue));
    if (last === undefined) break;
    before = last;
  }
  let desk = 0;
  for (let after: [string | null, string] | undefined; ;) {
    const page = { size: 100, ...(after ? { after } : {}) };
    const { items, last } = await readDesk(db, user, 'office', page, at, calendar);
    desk += count(items.filter(({ overdue }) => overdue));
    if (last === undefined) break;
    after = last;
  }
  let stuckList = 0;
  for (let after: [string, string] | undefined; ;) {
    const page = { size: 100, ...(after ? { after } : {}) };
    const { items, last } = await listStuck(db, user, {}, page, at, calendar);
    stuckList += count(items.filter(({ stuck }) => stuck));
    if (last === undefined) break;
    after = last;
  }
  const { total: stuckCount } = await countStuck(db, user, {}, at);
  return { overdueList, desk, stuckList, stuckCount };
}

/** Lists are asked in pages of a hundred, a few milliseconds each; a busy machine takes longer. */
export const listsTakeMs = (cases: number): number => 10_000 + cases * 4;
