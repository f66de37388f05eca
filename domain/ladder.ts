import type { OrgLevel } from './case.ts';
import type { LimitId } from './time-limits.ts';

/**
 * What the clock of a limit does by itself, rung by rung, as data. `[not in the sources]` beyond processes.md 0.2-2 and
 * 0.2-11 (remind one working day ahead; record, and tell the office's manager): an agency changes the ladder here. Every
 * rung informs; none decides.
 */

/** HOLDER is whose desk the case lies on; OFFICE_HEAD the manager of that office; COUNTY and CITY the managers above. */
export type RungAddressee = 'HOLDER' | 'OFFICE_HEAD' | 'COUNTY' | 'CITY';

export interface Rung {
  kind: 'REMINDER' | 'DUE' | 'LIMIT_PASSED' | 'ESCALATION';
  to: RungAddressee;
  /** ESCALATION only: fires at the beginning of the n-th working day after the due day */
  workingDaysLate?: number;
}

/**
 * REMINDER on the limit's reminder day, DUE on the due day, LIMIT_PASSED from 00:00 of the next calendar day (C3), then one
 * office higher the longer it lasts. LIMIT_PASSED tells the holder by the event, the office head by the escalation.
 */
const STANDARD: readonly Rung[] = [
  { kind: 'REMINDER', to: 'HOLDER' },
  { kind: 'DUE', to: 'HOLDER' },
  { kind: 'LIMIT_PASSED', to: 'OFFICE_HEAD' },
  { kind: 'ESCALATION', to: 'COUNTY', workingDaysLate: 2 },
  { kind: 'ESCALATION', to: 'CITY', workingDaysLate: 5 },
];

/** A bank's silence is the finance department's matter: it lies with the city already, and nobody is above. */
const WITHIN_THE_OFFICE: readonly Rung[] = STANDARD.filter((rung) => rung.kind !== 'ESCALATION');

const EXCEPTIONS: Partial<Record<LimitId, readonly Rung[]>> = {
  'DL-14': WITHIN_THE_OFFICE,
  'DL-15': WITHIN_THE_OFFICE,
};

/** The rungs of a limit, lowest first. */
export const ladderOf = (id: LimitId): readonly Rung[] => EXCEPTIONS[id] ?? STANDARD;

/**
 * Which rungs above the office apply to a desk: nobody is escalated to from his own level, since the office head has been
 * told. A desk outside the agency (hospital, person; no level) has the county above it.
 */
export function isAbove(to: RungAddressee, deskLevel: OrgLevel | undefined): boolean {
  if (to === 'COUNTY') return deskLevel === undefined || deskLevel === 'TOWNSHIP';
  if (to === 'CITY') return deskLevel !== 'CITY';
  return true;
}
