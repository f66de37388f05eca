/** The day of the case itself, in SQL: `now` is the number of a placeholder holding epoch milliseconds. */
export const caseDaySql = (alias: string, now: number): string =>
  instantDaySql(alias, `to_timestamp($${now}::bigint / 1000.0)`);

/** The day an instant has on the clock of the case. */
export const instantDaySql = (alias: string, instant: string): string =>
  `((${instant} + ${alias}.clock_ahead_ms * interval '1 millisecond') AT TIME ZONE interval '+08:00')::date`;
