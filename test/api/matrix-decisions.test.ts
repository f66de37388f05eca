import type { CaseSnapshot, Decision, Role, User } from '../../domain/case.ts';
import { checkPerson } from '../../domain/decisions.ts';
import { RULES } from '../../domain/permissions/rules.ts';
import { getProcess } from '../../domain/processes/index.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { forAll, openRightsCity, seesCase, type Place, type RightsCity } from './rights/city.ts';
import { CITY, CLERKS, COUNTY, DECIDING, HOSPITAL, OFFICES, PROCESSES, TOWN } from './rights/expectations.ts';

/** Every process × step × decision × every account of the matrix; what is expected is written by hand. */
interface Cell {
  process: string;
  step: string;
  decision: Decision;
  may(place: Place): boolean;
}

const ROLES_OF: Record<string, Role[]> = { CLERKS, TEAM: ['AUDITOR', 'AUDIT_LEAD'] };
const HEADS: Role[] = ['COUNTY_APPROVER', 'CITY_LEADER', 'AUDIT_LEAD'];

const atDesk = (place: Place, desk: string | undefined, receiving: string): boolean =>
  place.officeId === { RECEIVING: receiving, COUNTY, CITY }[desk ?? ''] && place.officeId !== undefined
    ? true
    : desk === 'HOSPITAL' && place.providerId === 'H4416020001';

function cellsOf(): Cell[] {
  const all: Cell[] = [];
  for (const [process, { receiving, files, applicant, limits, steps }] of Object.entries(PROCESSES))
    for (const [step, text] of Object.entries(steps)) {
      const own = new Map<string, Cell['may'][]>();
      for (const part of text.split('; ').filter(Boolean)) {
        const [, who = '', desk, decisions = ''] = /^(\w+)@(\w+): (.*)$/.exec(part) ?? [];
        const roles = ROLES_OF[who] ?? [who as Role];
        for (const decision of decisions.split(' '))
          own.set(decision, [
            ...(own.get(decision) ?? []),
            (place) => roles.includes(place.role) && atDesk(place, desk, receiving),
          ]);
      }
      const add = (decision: string, may: Cell['may']): unknown =>
        all.push({ process, step, decision: decision as Decision, may });
      for (const [decision, ways] of own) add(decision, (place) => ways.some((way) => way(place)));
      const window: Cell['may'] = ({ role, officeId, personId }) =>
        role === 'INSURED_PERSON' ? personId === 'p-0001' : files.includes(role) && officeId === receiving;
      if (applicant) {
        add('WITHDRAW', window);
        add('CORRECTION_RECEIVED', (place) => window(place) && files.includes(place.role));
        add('CLOSE_AS_WITHDRAWN', ({ role, officeId }) =>
          ['COUNTY_APPROVER', 'CITY_LEADER'].includes(role) ? officeId === COUNTY : false,
        );
      }
      const head: Cell['may'] = ({ role, officeId }) =>
        HEADS.includes(role) && [COUNTY, CITY, receiving].includes(officeId ?? '');
      if (limits) for (const decision of ['SUSPEND', 'RESUME', 'EXTEND']) add(decision, head);
    }
  return all;
}

const CELLS = cellsOf();

it('the hand-written table names the same steps and decisions as the product', () => {
  const named = (row: { process: string; step: string; decision: string }): string =>
    `${row.process} ${row.step} ${row.decision}`;
  const product = RULES.flatMap((rule) => (rule.action === 'DECIDE' ? [named(rule)] : []));
  expect(CELLS.map(named).sort()).toEqual([...new Set(product)].sort());
});

let city: RightsCity;
beforeAll(async () => {
  city = await openRightsCity();
});
afterAll(() => city?.close());

const levelOf = (officeId: string | undefined): User['level'] =>
  officeId === undefined ? undefined : officeId.endsWith('00') ? 'CITY' : officeId.length === 6 ? 'COUNTY' : 'TOWNSHIP';

it('the rules say so in every cell: process × step × decision × role × place', () => {
  const wrong: string[] = [];
  let cells = 0;
  for (const { process, step, decision, may } of CELLS)
    for (const place of city.places) {
      const { username: id, role, officeId, providerId, personId } = place;
      const level = levelOf(officeId);
      const user: User = {
        ...{ id, name: id, roles: [role], identity: id },
        ...(officeId === undefined ? {} : { officeId }),
        ...(level === undefined ? {} : { level }),
        ...(providerId === undefined ? {} : { providerId }),
        ...(personId === undefined ? {} : { personId }),
      };
      cells++;
      if (allows(process, step, decision, user) !== may(place)) wrong.push(`${process} ${step} ${decision} ${id}`);
    }
  expect(wrong).toEqual([]);
  expect(cells).toBe(RULE_CELLS);
});
const RULE_CELLS = 31_472;

function allows(process: string, step: string, decision: Decision, user: User): boolean {
  const receivingId = PROCESSES[process]?.receiving ?? '';
  const offices = { receivingId, townshipId: TOWN, countyId: COUNTY, cityId: CITY };
  const snapshot = { process, step, offices, personId: 'p-0001', providerId: 'H4416020001', facts: {}, actors: [] };
  try {
    checkPerson(getProcess(process), snapshot as unknown as CaseSnapshot, user, decision);
    return true;
  } catch (problem) {
    expect((problem as Refusal).code).toBe('NOT_PERMITTED');
    return false;
  }
}

/** At which status a decision is on offer. */
const statusFor = (decision: Decision): string =>
  decision === 'CANCEL'
    ? 'CLOSED'
    : decision === 'CORRECTION_RECEIVED' || decision === 'CLOSE_AS_WITHDRAWN'
      ? 'AWAITING_CORRECTION'
      : 'IN_PROGRESS';

/** Of each decision over HTTP: everybody whose role decides it anywhere in the table at all six places, and a sixth of all others. */
const asked = (cell: Cell, n: number, places: readonly Place[]): Place[] => {
  const roles = new Set(places.filter((place) => cell.may(place)).map(({ role }) => role));
  return places.filter((place, i) => roles.has(place.role) || i % OFFICES.length === n % OFFICES.length);
};

it('the API answers so, and the case stays as it was', async () => {
  const { db } = city.agency.office.deps;
  const wrong: unknown[] = [];
  let cells = 0;
  for (const [n, cell] of CELLS.entries()) {
    const no = city.cases.get(cell.process) as string;
    const stage = getProcess(cell.process).steps[cell.step]?.stage;
    await db.query(
      `UPDATE case_file SET current_step = $2, current_stage = $3, status = $4,
         ended_at = CASE WHEN $4 = 'CLOSED' THEN now() END, suspended_on = CASE WHEN $4 = 'AWAITING_CORRECTION' THEN received_on END
       WHERE acceptance_no = $1`,
      [no, cell.step, stage, statusFor(cell.decision)],
    );
    await forAll(asked(cell, n, city.places), async (place) => {
      cells++;
      // A field nobody knows: whoever may decide is told of it, and nothing is decided.
      const body = { step: cell.step, decision: cell.decision, form: { noSuchField: 1 } };
      const { outcome, status } = await city.ask(place, 'POST', `/api/v1/cases/${no}/decisions`, body);
      const decides = [...DECIDING, ...HOSPITAL, 'INSURED_PERSON'].includes(place.role);
      const expected = !decides
        ? 'NOT_PERMITTED'
        : !seesCase(place, cell.process)
          ? 'CASE_NOT_FOUND'
          : cell.may(place)
            ? 'REACHED'
            : 'NOT_PERMITTED';
      if (outcome !== expected || (expected === 'REACHED' && status !== 400))
        wrong.push({ ...cell, who: place.username, outcome, status, expected });
    });
  }
  expect(wrong).toEqual([]);
  expect(cells).toBeGreaterThan(5_000);
  const { rows } = await db.query('SELECT max(version) AS version FROM case_file');
  expect(rows).toEqual([{ version: 0 }]);
}, 900_000);
