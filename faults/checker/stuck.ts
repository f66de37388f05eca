import type { CaseRecord } from './invariants.ts';

/**
 * A case whose limit has passed at the stage it is in stands on the managers' list, whatever happened on the way. The list goes by
 * the clock in the row; where an API died while it moved a case's time on, the procedure is days ahead of it: of rehearsals only.
 */
export const hiddenFrom = (shown: ReadonlySet<string>, records: readonly CaseRecord[]): string[] =>
  records.flatMap(({ row, events }) => {
    if (row.ended || row.stage_due_on === null) return [];
    const key = `S${row.stage_seq}:LIMIT_PASSED:${row.stage_due_on}`;
    const late = events.some(
      ({ effect_key, at }) => effect_key === key && at.getTime() <= Date.now() + row.clock_ahead_ms,
    );
    return late && !shown.has(row.acceptance_no)
      ? [`${row.acceptance_no}: its limit has passed and it is not on the stuck list`]
      : [];
  });
