import { jest } from '@jest/globals';
import type { CalendarEdition } from '../../domain/calendar.ts';
import { amendment, days, finished } from '../calendar/runs.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { cn2025, madeUpEdition } from '../support/days.ts';
import { openAgency, type Agency } from './agency.ts';

/** Editions over HTTP: who may, the dry run with its pages, the run and its progress, and every refusal. */
jest.setTimeout(120_000);

let agency: Agency;
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
});
afterAll(() => agency?.close());

const EDITIONS = '/api/v1/calendar/editions';
const post = (username: string, edition: object, query = '') => agency.post(username, `${EDITIONS}${query}`, edition);
const dayOff = (): CalendarEdition =>
  amendment({ id: 'TEST-2025-API', daysOff: [...cn2025.daysOff, ...days('2025-09-26')] });
const file = (): Promise<string> => {
  const form = formOf('GENERAL_INPATIENT');
  return agency.file('town1.clerk', 'REIMBURSEMENT_REVIEW', form, papersFor(form));
};
const listed = async (): Promise<unknown[]> => {
  const answer = await agency.get('town1.clerk', EDITIONS).expect(200);
  return (answer.body as { items: { id: string; inForce: boolean; amendedBy: string | null }[] }).items.map((item) => [
    item.id,
    item.inForce,
    item.amendedBy,
  ]);
};

it('is for managers of the city: nobody else, not even of a county, and not the city’s leader', async () => {
  for (const username of ['town1.clerk', 'county1.manager', 'city.leader', 'hosp1.physician']) {
    const answer = await post(username, dayOff(), '?dryRun=true');
    expect([username, answer.status, (answer.body as { code: string }).code]).toEqual([
      ...[username, 403, 'NOT_PERMITTED'],
    ]);
  }
  expect(await listed()).toEqual([
    ['CN-2025-1', true, null],
    ['CN-2026-1', true, null],
  ]);
});

it('tells what would move, page by page, and changes nothing', async () => {
  const cases = [await file(), await file(), await file()];
  type Page = {
    preview: { counts: object | null; items: { acceptanceNo: string; moves: object[] }[]; next: string | null };
  };
  const first = (await post('city.manager', dayOff(), '?dryRun=true&limit=2').expect(200)).body as Page;
  expect(first).toMatchObject({ isNew: null, run: null });
  expect(first.preview.counts).toEqual({
    ...{ open: 3, touched: 3, moving: 3 },
    perOffice: [{ officeId: '441602001', processType: 'REIMBURSEMENT_REVIEW', touched: 3, moving: 3 }],
  });
  expect(first.preview.items.map((item) => item.acceptanceNo)).toEqual(cases.slice(0, 2));
  expect(first.preview.items[0]?.moves).toEqual([
    {
      ...{ clock: 'STAGE', from: '2025-09-28', to: '2025-09-29', fromDaysLeft: null, daysLeft: null },
      ...{ fromProvisional: false, provisional: false },
    },
    expect.objectContaining({ clock: 'TOTAL', from: '2025-10-17', to: '2025-10-20' }),
  ]);
  const more = (await post('city.manager', dayOff(), `?dryRun=true&limit=2&after=${first.preview.next ?? ''}`))
    .body as Page;
  expect(more.preview).toMatchObject({ counts: null, items: [{ acceptanceNo: cases[2] }], next: null });
  expect(await listed()).toHaveLength(2);
  await agency.get('city.manager', `${EDITIONS}/TEST-2025-API/run`).expect(404);
});

it('puts it in force, says how far the run is, and takes the same again without doing anything', async () => {
  const answer = await post('city.manager', dayOff()).expect(200);
  expect(answer.body).toMatchObject({
    isNew: true,
    preview: null,
    run: { state: 'RUNNING', startedBy: 's-city.manager' },
  });
  expect(await listed()).toContainEqual(['CN-2025-1', false, 'TEST-2025-API']);

  // One run at a time: the second edition is refused, and is not stored either.
  const second = await post('city.manager', madeUpEdition(2027, '01-01')).expect(409);
  expect(second.body).toMatchObject({
    code: 'CALENDAR_RUN_ACTIVE',
    faults: [{ en: expect.stringContaining('TEST-2025-API') as string }],
  });
  expect(await listed()).toHaveLength(3);

  await finished(agency.office, 'TEST-2025-API');
  const run = await agency.get('county1.manager', `${EDITIONS}/TEST-2025-API/run`).expect(200);
  expect(run.body).toMatchObject({ state: 'FINISHED', total: 3, asked: 3, moved: 3, gone: 0 });
  const again = await post('city.manager', dayOff()).expect(200);
  expect(again.body).toMatchObject({ isNew: false, run: { state: 'FINISHED', asked: 3 } });
});

it.each<[what: string, edition: () => object, status: number, code: string, paths: string[]]>([
  ['a year twice', () => ({ ...cn2025, id: 'TWICE' }), 409, 'CALENDAR_YEAR_TAKEN', ['amends']],
  ['other content under a known id', () => ({ ...dayOff(), source: '别的' }), 409, 'CALENDAR_EDITION_DIFFERS', ['id']],
  [
    'several contradictions, all told at once',
    () => ({
      ...madeUpEdition(2027, '01-01', '01-01', '10-01'),
      makeUpWorkdays: ['2027-10-01', '2026-12-26'],
      horizonOn: '2028-01-01',
    }),
    422,
    'CALENDAR_CONTRADICTION',
    ['horizonOn', 'daysOff.1', 'makeUpWorkdays.1', 'makeUpWorkdays.0', 'makeUpWorkdays.0'],
  ],
  ['no days off', () => ({ ...madeUpEdition(2027), daysOff: [] }), 422, 'CALENDAR_CONTRADICTION', ['daysOff']],
  ['no real day', () => ({ ...cn2025, daysOff: ['2025-02-30'] }), 400, 'BAD_REQUEST', ['daysOff.0']],
  ['an unknown field', () => ({ ...cn2025, holidays: [] }), 400, 'BAD_REQUEST', ['holidays']],
])('refuses %s, applied or tried, and stores nothing', async (_what, edition, status, code, paths) => {
  const before = await listed();
  for (const query of ['', '?dryRun=true']) {
    const { body } = await post('city.manager', edition(), query).expect(status);
    const problem = body as { code: string; faults: { path: string }[] };
    expect([problem.code, problem.faults.map(({ path }) => path).sort()]).toEqual([code, [...paths].sort()]);
  }
  expect(await listed()).toEqual(before);
});
