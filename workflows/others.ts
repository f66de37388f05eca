// Procedures that are no case's: `index.ts` lists one per process, these are the system's own.
export { calendarRun as CALENDAR_RUN } from './calendar-run.ts';
export { dailyDigest as DAILY_DIGEST, sendOutboxNow as SEND_OUTBOX } from './daily-digest.ts';
export { logHeads as LOG_HEADS } from './log-heads.ts';
export { duty as DUTY } from './duty.ts';
export { dutyOpening as DUTY_OPENING } from './duty-opening.ts';
