import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { forgetCalendar, FRESH_MS, loadCalendar, RECOUNT_FRESH_MS } from '../activities/calendar.ts';
import { checkEdition, type CalendarEdition } from '../domain/calendar.ts';
import { storeEdition } from '../prisma/seed/calendar.ts';

/** Cases asked at once: the engine has people's decisions to carry, too. */
const AT_ONCE = 8;
const BATCH = 500;

/**
 * Stores an edition of the calendar and has every open case whose count touches it counted again (C12): each procedure
 * re-arms its timer and writes the move to the history. A case that was counted with the new editions is not asked
 * twice, so a run that is interrupted goes on where it stopped. Refuses an edition that contradicts itself.
 */
export async function applyEdition(
  db: pg.Pool,
  temporal: Client,
  edition: CalendarEdition,
  say: (done: number) => void,
): Promise<number> {
  checkEdition(edition);
  const client = await db.connect();
  try {
    await client.query('BEGIN');
    await storeEdition(client, edition);
    await client.query('COMMIT');
  } catch (problem) {
    await client.query('ROLLBACK');
    throw problem;
  } finally {
    client.release();
  }
  forgetCalendar(db);
  const { editionId } = await loadCalendar(db);
  // First when no process can hold a calendar older than a recount accepts; then again for what was decided meanwhile
  // by a process that still counted with the old one.
  await pause(2 * RECOUNT_FRESH_MS);
  const first = await recountTouched(db, temporal, editionId, edition.year, say);
  await pause(FRESH_MS);
  return first + (await recountTouched(db, temporal, editionId, edition.year, say));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function recountTouched(
  db: pg.Pool,
  temporal: Client,
  editionId: string,
  year: number,
  say: (done: number) => void,
): Promise<number> {
  let asked = 0;
  for (let after = '0'; ;) {
    const { rows } = await db.query<{ case_id: string; acceptance_no: string }>(TOUCHED, [
      after,
      editionId,
      `${year}-01-01`,
      BATCH,
    ]);
    if (rows.length === 0) return asked;
    for (let i = 0; i < rows.length; i += AT_ONCE) {
      await Promise.all(
        rows.slice(i, i + AT_ONCE).map((row) => temporal.workflow.getHandle(row.acceptance_no).signal('recount')),
      );
    }
    asked += rows.length;
    after = rows.at(-1)?.case_id ?? after;
    say(asked);
  }
}

/** A count can touch the year when it ends in or after it, is provisional, or stands still with days left. */
const TOUCHED = `
  SELECT case_id::text, acceptance_no FROM case_file
  WHERE case_id > $1::bigint AND ended_at IS NULL AND started_at IS NOT NULL AND calendar_edition <> $2
    AND (stage_limit_id IS NOT NULL OR total_limit_id IS NOT NULL OR stuck_on IS NOT NULL)
    AND (stage_provisional OR total_provisional OR stage_days_left IS NOT NULL OR total_days_left IS NOT NULL
         OR stage_due_on >= $3::date OR total_due_on >= $3::date OR stuck_on >= $3::date)
  ORDER BY case_id LIMIT $4`;
