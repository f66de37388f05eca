import { ENDED, type CaseStatus, type OrgLevel, type Role } from '../../domain/case.ts';
import type { ProcessDefinition } from '../../domain/process.ts';

export interface CaseSeat {
  agency_id: string;
  county_id: string;
  city_id: string;
}

/** On whose desk a case lies: the office and the roles that can do the next thing. */
export function deskOf(
  definition: ProcessDefinition,
  seat: CaseSeat,
  at: { step: string; status: CaseStatus },
): { officeId: string | null; roles: Role[] } {
  const step = definition.steps[at.step];
  if (!step || ENDED.includes(at.status)) return { officeId: null, roles: [] };
  // A case that waits for its applicant waits at the window where the correction will come in.
  if (at.status === 'AWAITING_CORRECTION') return { officeId: seat.agency_id, roles: [...definition.filing.by] };
  if (at.status === 'AWAITING_VERIFICATION') return { officeId: seat.county_id, roles: [] };
  const office = {
    RECEIVING: seat.agency_id,
    COUNTY: seat.county_id,
    CITY: seat.city_id,
    HOSPITAL: null,
    PERSON: null,
  }[step.at];
  return { officeId: office, roles: [...step.by] };
}

/** The level a desk lies on; none for a hospital's or a person's. */
export function deskLevel(seat: CaseSeat, officeId: string | null): OrgLevel | undefined {
  if (officeId === null) return undefined;
  if (officeId === seat.city_id) return 'CITY';
  return officeId === seat.county_id ? 'COUNTY' : 'TOWNSHIP';
}
