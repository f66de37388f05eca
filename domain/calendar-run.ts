/** Applying an edition: what procedure and worker agree on. The place of the run is kept in the store (`calendar_run`). */

/**
 * How long a process may count with the editions it has read before. A run pauses for longer than this before each pass: then
 * nobody counts with the older calendar any more, and no day that was moved is moved back by somebody who had not heard.
 */
export const CALENDAR_FRESH_MS = 2_000;
export const RUN_PAUSE_MS = CALENDAR_FRESH_MS + 500;

/** What comes after a batch: another one, another pass through the open cases, or nothing more. */
export type RunStep = 'BATCH' | 'PASS' | 'END';

export interface CalendarRunActivities {
  /** looks at the next open cases and has those counted again that a changed day touches */
  recountBatch(editionId: string): Promise<RunStep>;
}
