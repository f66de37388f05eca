import type { Route } from '../../api/route.ts';
import { forAll, openRightsCity, seesCase, type Place, type RightsCity } from './rights/city.ts';
import { APART, ROUTES } from './rights/expectations.ts';

/**
 * Every role × its own, sibling, parent and child offices and another city × every route, over HTTP, from the route table itself:
 * a new route is in it the moment it exists. What is expected is written by hand in `rights/expectations.ts`.
 */
let city: RightsCity;
let documentId: string;
beforeAll(async () => {
  city = await openRightsCity();
  const { agency, cases } = city;
  documentId = (await agency.upload('town1.clerk', 'ID_CARD')).documentId;
  for (const no of cases.values())
    await agency.office.owner.query(
      `INSERT INTO case_document (case_id, document_id, type, turn) SELECT case_id, $1, 'ID_CARD', 0 FROM case_file WHERE acceptance_no = $2`,
      [documentId, no],
    );
});
afterAll(() => city?.close());

const CASE_PROCESS = 'CHRONIC_DISEASE_APPROVAL';

/** A body that is well formed, where there is something to find out behind it. */
const BODIES: Record<string, unknown> = {
  decide: { step: 'NO_SUCH_STEP', decision: 'APPROVE' },
  revealCase: { reason: 'REVIEW' },
  printOutput: { reason: 'REVIEW' },
};

const addressOf = ({ path }: Route, acceptanceNo: string): string =>
  path
    .replace('{acceptanceNo}', acceptanceNo)
    .replace('{documentId}', documentId)
    .replace('{officeId}', '441602')
    .replace('{dutyId}', '999999')
    .replace(/\{(relativeId|deputyNo)\}/g, '6f9619ff-8b86-4d01-b42d-00cf4fc964ff')
    .replace('{processType}', CASE_PROCESS)
    .replace(/\{\w+\}/g, 'NOTHING');

const ask = (place: Place, route: Route, no = city.cases.get(CASE_PROCESS) as string) =>
  city.ask(place, route.method.toUpperCase(), addressOf(route, no), route.body ? (BODIES[route.id] ?? {}) : undefined);

function expectedOutcome(place: Place, route: Route): string {
  const row = ROUTES[route.id];
  if (!row) return 'NO ROW';
  if (row.roles === 'PUBLIC') return 'REACHED';
  if (!row.roles.includes(place.role)) return 'NOT_PERMITTED';
  if (row.at && !row.at.includes(place.officeId ?? '')) return 'NOT_PERMITTED';
  if (row.needs && seesCase(place, CASE_PROCESS)) return row.needs.includes(place.role) ? 'REACHED' : 'NOT_PERMITTED';
  if (!row.sees || seesCase(place, CASE_PROCESS)) return 'REACHED';
  return route.id === 'getDocument' ? 'DOCUMENT_NOT_FOUND' : 'CASE_NOT_FOUND';
}

it('has a hand-written row for every route, and no row without a route', () => {
  expect(city.agency.api.routes.map((route) => route.id).sort()).toEqual(Object.keys(ROUTES).sort());
});

it('answers in every cell as written, and leaves of every refusal who, what and why', async () => {
  // Where no login is needed nobody is asked who they are.
  const asking = city.agency.api.routes.filter((route) => ROUTES[route.id]?.roles !== 'PUBLIC');
  const cells = city.places.flatMap((place) => asking.map((route) => ({ place, route })));
  const wrong: unknown[] = [];
  const refused = new Map<string, string>();
  await forAll(cells, async ({ place, route }) => {
    const { outcome, status, requestId } = await ask(place, route);
    const expected = expectedOutcome(place, route);
    if (outcome !== expected || status >= 500)
      wrong.push({ who: place.username, route: route.id, outcome, status, expected });
    if (outcome !== 'REACHED') refused.set(requestId, [place.username, route.path, outcome].join(' '));
  });
  expect(wrong).toEqual([]);
  expect(cells.length).toBe(CELLS);
  await city.agency.api.close();
  const { rows } = await city.agency.office.deps.db.query<{ request_id: string; said: string }>(
    `SELECT request_id, user_id || ' ' || route || ' ' || code AS said FROM access_log WHERE code IS NOT NULL`,
  );
  const logged = new Map(rows.map((row) => [row.request_id, row.said]));
  expect(refused.size).toBeGreaterThan(1_000);
  expect([...refused].filter(([id, said]) => logged.get(id) !== said)).toEqual([]);
}, 900_000);
/** Accounts × routes; a number that changes says that a role, a place or a route came or went. */
const CELLS = 6_832;

it('asks everybody for a login, except where none is needed', async () => {
  const nobody = { username: 'nobody' } as Place;
  for (const route of city.agency.api.routes) {
    const { status } = await ask(nobody, route);
    expect([route.id, status]).toEqual([route.id, ROUTES[route.id]?.roles === 'PUBLIC' ? 200 : 401]);
  }
});

it('tells of a case elsewhere exactly what it tells of none, on every route that names one', async () => {
  const { agency, cases, places } = city;
  const elsewhere = places.filter((place) => !seesCase(place, 'REIMBURSEMENT_REVIEW') && !APART.includes(place.role));
  const routes = agency.api.routes.filter(({ path }) => path.includes('{acceptanceNo}'));
  expect(routes.length).toBeGreaterThan(7);
  const tell = async (place: Place, route: Route, no: string) => {
    const { method } = route;
    const request =
      method === 'get'
        ? agency.get(place.username, addressOf(route, no))
        : agency.post(place.username, addressOf(route, no), BODIES[route.id] ?? {});
    const token = await agency.issuer.token(place.username);
    const answer = await request.set('Authorization', `Bearer ${token}`);
    const { requestId: _id, ...problem } = answer.body as Record<string, unknown>;
    return { status: answer.status, problem, type: answer.headers['content-type'] };
  };
  for (const place of elsewhere.filter((_, n) => n % 9 === 0))
    for (const route of routes) {
      const there = await tell(place, route, cases.get('REIMBURSEMENT_REVIEW') as string);
      expect(there).toEqual(await tell(place, route, 'NO-SUCH-CASE'));
      expect([403, 404]).toContain(there.status);
    }
}, 200_000);
