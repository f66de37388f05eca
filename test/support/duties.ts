import type pg from 'pg';
import { loadCalendar } from '../../activities/calendar.ts';
import { findDuty, stateOf } from '../../activities/duties/duty-row.ts';
import { writeDuties } from '../../activities/duties/open.ts';
import { recordDutyStep } from '../../activities/duties/step.ts';
import type { User } from '../../domain/case.ts';
import { dutyRule, opensOn, type DutyLimitId, type Period } from '../../domain/duties.ts';
import { startOfDay, type PlainDate } from '../../domain/plain-date.ts';

/** Duties in the store alone, by the functions their procedures call: what people read needs no engine. */

export async function writePeriod(db: pg.Pool, limitId: DutyLimitId, period: Period): Promise<void> {
  const at = startOfDay(opensOn(dutyRule(limitId), period));
  const request = { limitId, through: period, always: true, at, clockAheadMs: 0 };
  await writeDuties(db, request, await loadCalendar(db));
}

async function dutyOf(db: pg.Pool, limitId: DutyLimitId, holderId: string): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT duty_id::text AS id FROM duty WHERE limit_id = $1 AND holder_id = $2',
    [limitId, holderId],
  );
  if (!rows[0]) throw new Error(`no duty ${limitId} of ${holderId}`);
  return rows[0].id;
}

/** Records every rung that is due by the end of a day, each at its own instant; answers the duty's id. */
export async function climbTo(db: pg.Pool, limitId: DutyLimitId, holderId: string, day: PlainDate): Promise<string> {
  const dutyId = await dutyOf(db, limitId, holderId);
  const row = await findDuty(db, dutyId);
  if (!row) throw new Error(`no duty ${dutyId}`);
  const { agenda } = stateOf(row, await loadCalendar(db), 0);
  for (const item of agenda.filter(({ at }) => at <= startOfDay(day)))
    await recordDutyStep({ db, spreadSeconds: 0 }, { dutyId, kind: 'RUNG', item, at: item.at });
  return dutyId;
}

export async function recordDone(
  db: pg.Pool,
  limitId: DutyLimitId,
  holderId: string,
  done: { user: User; doneOn: PlainDate },
): Promise<void> {
  const dutyId = await dutyOf(db, limitId, holderId);
  const request = { ...done, key: dutyId, requestHash: dutyId };
  const at = startOfDay(done.doneOn);
  const { refused } = await recordDutyStep({ db, spreadSeconds: 0 }, { dutyId, kind: 'DONE', request, at });
  if (refused) throw new Error(refused.code);
}
