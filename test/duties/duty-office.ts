import { randomUUID } from 'node:crypto';
import { loadCalendar } from '../../activities/calendar.ts';
import { findDuty, stateOf, type DutyRow } from '../../activities/duties/duty-row.ts';
import { markDone } from '../../api/duties/mark-done.ts';
import { readDutyEvents } from '../../api/read/duties.ts';
import { opensOn, OPENING_HOUR, dutyRule, type DutyLimitId } from '../../domain/duties.ts';
import { startOfDay, type PlainDate } from '../../domain/plain-date.ts';
import { dutyWorkflowId, fastForwardDuty, openDuties, type DutyDeps } from '../../engine/duties.ts';
import type { Vault } from '../../vault/vault.ts';
import { eventually } from '../support/eventually.ts';
import { replay } from '../support/histories.ts';
import { ownNamespace } from '../support/namespace.ts';
import { openOffice, type Office, type OfficeOptions } from '../support/office.ts';

/** An agency in a namespace of its own, whose duties are opened on the day their schedule would. */
export interface DutyOffice {
  office: Office;
  deps: DutyDeps & { now(): number };
  /** opens a period for every holder at the hour of its opening; the duties live from there on */
  open(limitId: DutyLimitId, period: string): Promise<number>;
  duty(limitId: DutyLimitId, holderId: string, period: string): Promise<DutyRow & { days_late: number | null }>;
  events(dutyId: string): ReturnType<typeof readDutyEvents>;
  /** lets time pass for one duty; resolves when everything due until then is written */
  forwardTo(dutyId: string, at: string): Promise<void>;
  done(dutyId: string, username: string, input?: { doneOn?: string; note?: string; key?: string }): Promise<void>;
  close(): Promise<void>;
}

export async function openDutyOffice(options: OfficeOptions = {}): Promise<DutyOffice> {
  await ownNamespace();
  const office = await openOffice(options);
  const { deps } = office;
  const { db } = deps;
  return {
    office,
    deps,
    open(limitId, period) {
      const nominalAt = startOfDay(opensOn(dutyRule(limitId), period)) + OPENING_HOUR * 3_600_000;
      return openDuties({ ...deps, clockAheadMs: nominalAt - Date.now() }, { limitId, nominalAt, at: nominalAt });
    },
    async duty(limitId, holderId, period) {
      const { rows } = await db.query<{ duty_id: string; days_late: number | null }>(
        'SELECT duty_id::text, days_late FROM duty WHERE limit_id = $1 AND holder_id = $2 AND period = $3',
        [limitId, holderId, period],
      );
      const row = rows[0] && (await findDuty(db, rows[0].duty_id));
      if (!row) throw new Error(`no duty ${limitId} of ${holderId} for ${period}`);
      return { ...row, days_late: rows[0]?.days_late ?? null };
    },
    events: (dutyId) => readDutyEvents(db, dutyId),
    async forwardTo(dutyId, at) {
      await fastForwardDuty(deps, dutyId, Date.parse(at), Date.now());
      await settled(deps, dutyId, Date.parse(at));
    },
    async done(dutyId, username, { doneOn, note, key = randomUUID() } = {}) {
      await markDone(deps, {
        dutyId,
        user: await office.user(username),
        key,
        requestHash: `${dutyId} ${doneOn ?? ''} ${note ?? ''}`,
        doneOn: doneOn as PlainDate | undefined,
        ...(note ? { note } : {}),
      });
    },
    async close() {
      try {
        await replayAll(deps, office.deps.vault);
      } finally {
        await office.close();
      }
    },
  };
}

/** The engine has let the time pass; the last rungs may still be on their way into the store. */
async function settled({ db, config }: DutyDeps, dutyId: string, until: number): Promise<void> {
  await eventually(async () => {
    const row = await findDuty(db, dutyId);
    const next = row && stateOf(row, await loadCalendar(db), config.effectSpreadSeconds).agenda[0];
    if (next && next.at <= until) throw new Error(`duty ${dutyId}: a rung that is due has not happened`);
  });
}

/** Whatever a test made happen must happen again when it is replayed. */
async function replayAll({ db, temporal }: DutyDeps, vault: Vault): Promise<void> {
  const { rows } = await db.query<Pick<DutyRow, 'limit_id' | 'holder_id' | 'period'>>(
    'SELECT limit_id, holder_id, period FROM duty WHERE started_at IS NOT NULL',
  );
  const histories = rows.map(async (row) => {
    const workflowId = dutyWorkflowId(row);
    return { workflowId, history: await temporal.workflow.getHandle(workflowId).fetchHistory() };
  });
  await replay(await Promise.all(histories), vault);
}
