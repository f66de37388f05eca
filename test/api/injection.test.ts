import { SQL } from '../corpora/sql.ts';
import { ID_NUMBERS, STRINGS } from '../corpora/values.ts';
import { openAgency, type Agency } from './agency.ts';

/** Every parameter of every question, with what has broken other systems: never a bug of ours, never another answer than a refusal. */
let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({ settings: { SEARCHES_A_MINUTE: '100000' } });
});
afterAll(() => agency?.close());

it('SQL in any parameter of any question is a value, and no table is missing afterwards', async () => {
  const values = [...SQL, ...STRINGS.slice(0, 20)];
  let asked = 0;
  for (const route of agency.api.routes) {
    if (route.method !== 'get' || route.id === 'ready') continue;
    for (const value of values) {
      const given = encodeURIComponent(value.toWellFormed());
      const path = route.path.replaceAll(/\{\w+\}/g, given);
      const query = Object.keys(route.query?.shape ?? {})
        .map((name) => `${name}=${given}`)
        .join('&');
      const { status, text } = await agency.get('city.manager', `${path}?${query}`);
      asked += 1;
      expect([route.id, value, status < 500]).toEqual([route.id, value, true]);
      expect(text).not.toMatch(/syntax error|pg_catalog|relation "/);
    }
  }
  expect(asked).toBeGreaterThan(500);
  const { rows } = await agency.office.deps.db.query('SELECT count(*)::int AS n FROM case_file');
  expect(rows).toEqual([{ n: 0 }]);
}, 120_000);

it('500 ID numbers nobody has are refused by their form, each the same way', async () => {
  expect(ID_NUMBERS).toHaveLength(500);
  const answers = await Promise.all(
    ID_NUMBERS.map((no) => agency.post('city.manager', '/api/v1/cases/search', { idCardNo: no })),
  );
  answers.forEach(({ status, body }, i) =>
    expect([ID_NUMBERS[i], status, (body as { code: string }).code]).toEqual([ID_NUMBERS[i], 400, 'BAD_REQUEST']),
  );
}, 120_000);

it('300 odd texts are searched for or refused, and none reaches the store as a NUL', async () => {
  expect(STRINGS).toHaveLength(300);
  for (const value of STRINGS) {
    const { status } = await agency.post('city.manager', '/api/v1/cases/search', { q: value.toWellFormed() });
    expect([value, [200, 400, 414, 431].includes(status)]).toEqual([value, true]);
  }
}, 120_000);
