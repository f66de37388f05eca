import type pg from 'pg';
import type { Calendar } from '../../domain/calendar.ts';
import {
  dutyDates,
  dutyRule,
  opensOn,
  periodsToOpen,
  type DutyLimitId,
  type DutyRule,
  type Period,
} from '../../domain/duties.ts';
import type { DutyHolder } from '../../domain/duty.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { chainDutyEvent } from './duty-chain.ts';

export interface OpenRequest {
  limitId: DutyLimitId;
  /** the last period whose opening has come */
  through: Period;
  /** its opening was asked for by name: it is opened for every holder, and not only if it was missed */
  always: boolean;
  /** epoch ms on the clock of the duties */
  at: number;
  /** 0 but for rehearsals */
  clockAheadMs: number;
}

/**
 * Writes the duties that are to be open now and are not, of every holder; answers how many were new. Each is one statement
 * under its unique key, so two who do this at once, or one who is killed half-way and begins again, open nothing twice.
 */
export async function writeDuties(db: pg.Pool, request: OpenRequest, calendar: Calendar): Promise<number> {
  const { limitId, through, always, at } = request;
  const rule = dutyRule(limitId);
  const today = plainDateAt(at);
  let opened = 0;
  for (const { last, ...holder } of await holders(db, rule)) {
    for (const period of periodsToOpen(rule, { last, through, always, today }, calendar)) {
      opened += await writeDuty(db, request, rule, holder, period, calendar);
    }
  }
  return opened;
}

async function writeDuty(
  db: pg.Pool,
  { at, clockAheadMs }: OpenRequest,
  rule: DutyRule,
  holder: DutyHolder,
  period: Period,
  calendar: Calendar,
): Promise<number> {
  const dates = dutyDates(rule, period, calendar);
  const hospital = holder.kind === 'HOSPITAL';
  const opened = chainDutyEvent({ limitId: rule.limitId, holderId: holder.id, period }, null, {
    seq: 1,
    kind: 'OPENED',
    effect_key: 'OPENED',
    due_at: null,
    at: new Date(at).toISOString(),
    due_on: dates.dueOn,
    days_late: null,
    to_office_id: hospital ? null : holder.id,
    to_provider_id: hospital ? holder.id : null,
    to_role: rule.roles[0] ?? null,
    actor_id: null,
    actor_name: null,
    request_key: null,
    request_hash: null,
    data: {},
  });
  const { rowCount } = await db.query({
    name: 'open-duty',
    text: `WITH opened AS (
      INSERT INTO duty (limit_id, holder_kind, holder_id, office_id, provider_id, county_id, city_id, period, opens_on, start_on,
                        due_on, reminder_on, target_on, provisional, calendar_edition, opened_at, clock_ahead_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
      ON CONFLICT (limit_id, holder_id, period) DO NOTHING RETURNING *)
    INSERT INTO duty_event (duty_id, seq, kind, effect_key, at, due_on, to_office_id, to_provider_id, to_role, data, prev_hash, hash)
    SELECT duty_id, 1, 'OPENED', 'OPENED', opened_at, due_on, office_id, provider_id, $18, '{}', $19, $20 FROM opened`,
    values: [
      rule.limitId,
      holder.kind,
      holder.id,
      hospital ? null : holder.id,
      hospital ? holder.id : null,
      holder.countyId ?? null,
      holder.cityId,
      period,
      opensOn(rule, period),
      dates.startOn,
      dates.dueOn,
      dates.reminderOn,
      dates.targetOn,
      dates.provisional,
      dates.calendarEdition,
      new Date(at),
      clockAheadMs,
      rule.roles[0],
      opened.prev_hash,
      opened.hash,
    ],
  });
  return rowCount ?? 0;
}

/** Everybody who holds the duty today, with his last period. */
async function holders(db: pg.Pool, rule: DutyRule): Promise<(DutyHolder & { last: Period | undefined })[]> {
  const { rows } = await db.query<{ id: string; county_id: string | null; city_id: string; last: Period | null }>({
    name: `duty-holders-${rule.holder}`,
    text: `SELECT h.*, (SELECT max(d.period) FROM duty d WHERE d.limit_id = $1 AND d.holder_id = h.id) AS last
           FROM (${HOLDERS[rule.holder]}) h ORDER BY h.id`,
    values: [rule.limitId],
  });
  return rows.map(({ id, county_id: countyId, city_id: cityId, last }) => ({
    kind: rule.holder,
    id,
    cityId,
    last: last ?? undefined,
    ...(countyId === null ? {} : { countyId }),
  }));
}

const HOLDERS = {
  HOSPITAL: `SELECT p.provider_id AS id, o.office_id AS county_id, o.parent_id AS city_id
             FROM provider p JOIN office o ON o.office_id = p.county_office_id
             WHERE p.type = 'HOSPITAL' AND p.designated AND o.parent_id IS NOT NULL`,
  COUNTY: `SELECT office_id AS id, office_id AS county_id, parent_id AS city_id
           FROM office WHERE level = 'COUNTY' AND parent_id IS NOT NULL`,
  CITY: `SELECT office_id AS id, NULL AS county_id, office_id AS city_id FROM office WHERE level = 'CITY'`,
} as const satisfies Record<DutyRule['holder'], string>;
