import type { CalendarEdition } from '../../domain/calendar.ts';
import { plainDate } from '../../domain/plain-date.ts';
import { applyEdition, findRun, runWorkflowId, type CalendarRun } from '../../engine/calendar-run.ts';
import { cn2025 } from '../support/days.ts';
import { replay } from '../support/histories.ts';
import type { Office, OfficeEvent } from '../support/office.ts';

/** Editions of 2025 as they never were, and what a run of one left behind. */

let amendments = 0;

/** Replaces the edition in force of 2025 as a whole; each call makes an id of its own. */
export const amendment = (changes: Partial<CalendarEdition>): CalendarEdition => ({
  ...cn2025,
  id: `TEST-2025-${++amendments}`,
  source: '测试用',
  publishedOn: plainDate('2025-09-20'),
  amends: cn2025.id,
  ...changes,
});

export const days = (...texts: string[]) => texts.map(plainDate);

/** Applies an edition and waits for the run's end; the run's own procedure must replay as it happened. */
export async function applied(office: Office, edition: CalendarEdition): Promise<CalendarRun> {
  await applyEdition(office.deps, edition, 'test');
  const run = await finished(office, edition.id);
  const workflowId = runWorkflowId(run);
  const handle = office.engine.client.workflow.getHandle(workflowId);
  await handle.result();
  await replay([{ workflowId, history: await handle.fetchHistory() }], office.deps.vault);
  return run;
}

/** Waits until the run has come to a point; a minute is far more than any of these takes. */
export async function runUntil(
  office: Office,
  editionId: string,
  reached: (run: CalendarRun) => boolean,
): Promise<CalendarRun> {
  for (let tries = 0; tries < 1_200; tries++) {
    const run = await findRun(office.deps.db, editionId);
    if (run && reached(run)) return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the run of ${editionId} has not come so far`);
}

export const finished = (office: Office, editionId: string): Promise<CalendarRun> =>
  runUntil(office, editionId, (run) => run.finishedAt !== null);

/** The recounts in a case's history. */
export const recountsOf = async (office: Office, acceptanceNo: string): Promise<OfficeEvent[]> =>
  (await office.events(acceptanceNo)).filter(({ kind }) => kind === 'RECOUNTED');
