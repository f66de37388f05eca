import type { AddressInfo } from 'node:net';
import type { Role } from '../../../domain/case.ts';
import { openAgency, type Agency } from '../agency.ts';
import * as expected from './expectations.ts';

/** An account of every role in every place, and one case of every process that lies in one of them. */
export interface Place {
  username: string;
  role: Role;
  officeId?: string;
  providerId?: string;
  personId?: string;
}

export interface RightsCity {
  agency: Agency;
  places: Place[];
  /** acceptance number by process */
  cases: Map<string, string>;
  /** refuses with a code, or 'REACHED': whatever else the route had to say */
  ask(place: Place, method: string, path: string, body?: unknown): Promise<Answered>;
  close(): Promise<void>;
}
export interface Answered {
  outcome: string;
  status: number;
  requestId: string;
}

const placesOf = (role: Role): Place[] => {
  const at = (where: Omit<Place, 'username' | 'role'>, name: string): Place => ({
    username: `m.${role.toLowerCase()}.${name}`,
    role,
    ...where,
  });
  if (role === 'INSURED_PERSON') return expected.PERSONS.map((personId) => at({ personId }, personId));
  if (expected.HOSPITAL.includes(role)) return expected.HOSPITALS.map((providerId) => at({ providerId }, providerId));
  const offices = expected.APART.includes(role) ? [expected.COUNTY, expected.CITY] : expected.OFFICES;
  return offices.map((officeId) => at({ officeId }, officeId));
};

export async function openRightsCity(): Promise<RightsCity> {
  const agency = await openAgency();
  const db = agency.office.owner;
  await db.query(`INSERT INTO office (office_id, name, level, parent_id) VALUES ('449900', '示例邻市', 'CITY', NULL)`);
  const places = expected.EVERY.flatMap(placesOf);
  const tokens = new Map<string, string>();
  for (const { username, role, officeId, providerId, personId } of places) {
    await db.query(
      `INSERT INTO staff (staff_id, username, name, roles, office_id, provider_id, person_id, identity, kind) VALUES ($1, $1, $1, $2, $3, $4, $5, $1, $6)`,
      [username, [role], officeId, providerId, personId, role.startsWith('SERVICE_') ? 'SERVICE' : 'PERSON'],
    );
    tokens.set(username, await agency.issuer.token(username));
  }
  const cases = new Map<string, string>();
  for (const process of Object.keys(expected.PROCESSES)) {
    const no = `${expected.COUNTY}-M-${process.replaceAll('_', '-')}`;
    await insertCase(agency, process, no);
    cases.set(process, no);
  }
  const { port } = agency.server.address() as AddressInfo;
  return {
    agency,
    places,
    cases,
    async ask({ username }, method, path, body) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${tokens.get(username)}`,
          'Idempotency-Key': `${username}-${Math.random()}`,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      const code = answer.status >= 400 ? (JSON.parse(text) as { code: string }).code : '';
      const refused = ['NOT_PERMITTED', 'CASE_NOT_FOUND', 'DOCUMENT_NOT_FOUND', 'INTERNAL'].includes(code);
      const requestId = answer.headers.get('x-request-id') ?? '';
      return { outcome: refused ? code : 'REACHED', status: answer.status, requestId };
    },
    close: () => agency.close(),
  };
}

/** Written straight into the store: what a case allows hangs on its row alone, and nothing here moves one. */
async function insertCase({ office }: Agency, process: string, acceptanceNo: string): Promise<void> {
  const { receiving } = expected.PROCESSES[process] ?? { receiving: '' };
  await office.owner.query(
    `INSERT INTO case_file (acceptance_no, process_type, status, current_stage, current_step, version, person_id, provider_id, agency_id, township_id, county_id, city_id,
       handling_roles, received_on, filed_at, filed_by, stage_seq, calendar_edition, last_activity_on, form, facts)
     VALUES ($1, $2, 'IN_PROGRESS', 'X', 'X', 0, 'p-0001', 'H4416020001', $3, $4, '441602', '441600', '{}', '2025-09-22', '2025-09-22', 'm', 1, 'CN-2025-1+CN-2026-1', '2025-09-22', '{}', '{}')`,
    [acceptanceNo, process, receiving, expected.TOWN],
  );
}

/** Does the person in this place have a part in a case of this process? */
export function seesCase({ role, officeId, providerId, personId }: Place, process: string): boolean {
  if (expected.APART.includes(role)) return false;
  if (providerId !== undefined) return process === 'CHRONIC_DISEASE_APPROVAL' && providerId === 'H4416020001';
  if (personId !== undefined) return personId === 'p-0001';
  return officeId !== undefined && expected.IN_AREA.includes(officeId);
}

/** Runs over all of them, a few at a time, as a city's people would ask. */
export async function forAll<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
    }),
  );
}
