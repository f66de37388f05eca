import { fileOne, onDay, pass, passAll } from '../processes/reimbursement-walk.ts';
import { openAgency, type Agency } from './agency.ts';

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
});
afterAll(() => agency?.close());

type Item = Record<'officeId' | 'stage' | 'processType', string> &
  Record<'cases' | 'passes' | 'allotted' | 'used' | 'passedOn' | 'lateCases' | 'daysLate' | 'lateOfTerm', number>;
const report = async (username: string, query: string): Promise<{ cases: number; items: Item[] }> =>
  (await agency.get(username, `/api/v1/reports/term-use?${query}`).expect(200)).body as {
    cases: number;
    items: Item[];
  };

it('adds up whose days were used, for the cases of the manager’s own area', async () => {
  const { office } = agency;
  // In time at the township, then three working days late at the county: 10-11 was the last day.
  const late = await fileOne(office);
  await onDay(office, late, '2025-09-28');
  await pass(office, late, 'INTAKE');
  await onDay(office, late, '2025-10-15');
  await passAll(office, late, 'FIRST_REVIEW', 'APPROVAL');
  const quick = await fileOne(office);
  await onDay(office, quick, '2025-09-24');
  await pass(office, quick, 'INTAKE');

  const query = 'from=2025-09-01&to=2025-12-31&processType=REIMBURSEMENT_REVIEW';
  const { cases, items } = await report('county1.manager', query);
  expect(cases).toBe(2);
  const byStage = Object.fromEntries(items.map((item) => [item.stage, item]));
  expect(items.map(({ stage }) => stage)).toEqual(['COUNTY_REVIEW', 'INTAKE']);
  expect(byStage['INTAKE']).toMatchObject({
    ...{ officeId: '441602001', cases: 2, passes: 2, allotted: 10, used: 7, passedOn: 3 },
    ...{ lateCases: 0, daysLate: 0, lateOfTerm: 0 },
  });
  expect(byStage['COUNTY_REVIEW']).toMatchObject({
    ...{ officeId: '441602', cases: 1, allotted: 5, used: 8, passedOn: -3 },
    ...{ lateCases: 1, daysLate: 3, lateOfTerm: 0 },
  });
  // Left on the 28th: outside of these days it is somebody else's report.
  expect((await report('county1.manager', 'from=2025-09-25&to=2025-09-28')).items).toMatchObject([
    { stage: 'INTAKE', cases: 1, used: 5 },
  ]);
  expect(await report('town3.manager', query)).toEqual({ cases: 0, items: [] });
  expect((await report('town1.manager', query)).cases).toBe(2);
});

it('is refused when the days make no sense', async () => {
  for (const query of ['', 'from=2025-09-01', 'from=2025-09-02&to=2025-09-01', 'from=2020-01-01&to=2025-09-01']) {
    await agency.get('county1.manager', `/api/v1/reports/term-use?${query}`).expect(400);
  }
  await agency
    .get('county1.manager', '/api/v1/reports/term-use?from=2025-09-01&to=2025-09-02&processType=NONE')
    .expect(422);
  await agency.get('county1.approver', '/api/v1/reports/term-use?from=2025-09-01&to=2025-09-02').expect(403);
});
