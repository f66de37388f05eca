import { z } from 'zod';
import { columnsOf, csvOf } from '../../api/csv.ts';
import { caseHeaderSchema } from '../../api/read/case-header.ts';
import { FORMULAS, NO_FORMULAS } from '../corpora/formulas.ts';
import { parseCsv } from '../corpora/parse-csv.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

const BOM = '\ufeff';
const parsed = (csv: string): string[][] => {
  expect(csv.startsWith(BOM)).toBe(true);
  return parseCsv(csv.slice(BOM.length));
};

describe('a table', () => {
  const row = z.strictObject({
    name: z.string(),
    title: z.strictObject({ zh: z.string(), en: z.string() }).nullable(),
    roles: z.array(z.string()),
    left: z.int().nullable(),
  });
  const table = { name: 'trial', row };
  const item = (text: string) => ({ name: text, title: { zh: text, en: 'x' }, roles: [text, 'B'], left: -3 });

  it('has a cell for every text, and none a spreadsheet would count', () => {
    const [head, ...rows] = parsed(csvOf(table, [...FORMULAS, ...NO_FORMULAS].map(item), false));
    expect(head).toEqual(['name', 'title.zh', 'title.en', 'roles', 'left']);
    expect(rows).toHaveLength(FORMULAS.length + NO_FORMULAS.length);
    // Quoting is undone by whoever opens it, so what counts is the first character of the cell itself.
    for (const cells of rows)
      for (const text of cells.slice(0, 4)) {
        expect([text, /^[=+\-@\t\r\n＝＋－＠]/.test(text.trimStart())]).toEqual([text, false]);
        expect([text, /^[\t\r\n]/.test(text)]).toEqual([text, false]);
      }
    FORMULAS.forEach((text, i) => expect([`'${text}`, text]).toContain(rows[i]?.[0]));
    NO_FORMULAS.forEach((text, i) => expect(rows[FORMULAS.length + i]?.[0]).toBe(text));
  });

  it('keeps numbers numbers, also negative ones, and leaves what is null empty', () => {
    const rows = parsed(csvOf(table, [item('a'), { name: 'b', title: null, roles: [], left: null }], false)).slice(1);
    expect(rows).toEqual([
      ['a', 'a', 'x', 'a; B', '-3'],
      ['b', '', '', '', ''],
    ]);
  });

  it('says in its last line when it is not the whole list', () => {
    const rows = parsed(csvOf(table, [item('a')], true));
    expect(rows.at(-1)).toEqual([expect.stringMatching(/^本表不全.*not all/), '', '', '', '']);
    expect(parsed(csvOf(table, [item('a')], false))).toHaveLength(2);
  });
});

describe('the lists', () => {
  let agency: Agency;
  const nos: string[] = [];
  beforeAll(async () => {
    agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00' });
    await agency.office.owner.query(`UPDATE office SET name = '=1+1,"x"' WHERE office_id = '441602001'`);
    for (const destinationCity of ['示例市一', '示例市二'])
      nos.unshift(
        await agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', { ...OUT_OF_AREA_FORM, destinationCity }, [
          'ID_CARD',
          'REFERRAL_CERTIFICATE',
        ]),
      );
  });
  afterAll(() => agency?.close());

  const tableOf = async (username: string, path: string): Promise<Record<string, string>[]> => {
    const { text, headers } = await agency.get(username, path).expect(200);
    expect(headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const [head = [], ...rows] = parsed(text);
    return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
  };

  it('are the same page in CSV as in JSON, in the same columns', async () => {
    const { body } = await agency.get('town1.clerk', '/api/v1/cases').expect(200);
    const { items } = body as { items: Record<string, unknown>[] };
    const rows = await tableOf('town1.clerk', '/api/v1/cases?format=csv');
    expect(rows.map((cells) => cells['acceptanceNo'])).toEqual(nos);
    expect(Object.keys(rows[0] ?? {})).toEqual(columnsOf(caseHeaderSchema));
    for (const name of ['acceptanceNo', 'subjectName', 'receivedOn', 'currentStage'])
      expect(rows.map((cells) => cells[name])).toEqual(items.map((item) => item[name]));
    expect(rows[0]?.['agencyName']).toBe(`'=1+1,"x"`);
    expect((await tableOf('town2.clerk', '/api/v1/cases?format=csv')).length).toBe(0);
  });

  it('are files to save, name the next page and say that there is one', async () => {
    const first = await agency.get('town1.clerk', '/api/v1/cases?format=csv&limit=1').expect(200);
    expect(first.headers['content-disposition']).toMatch(/^attachment; filename="cases-\d{4}-\d\d-\d\d\.csv"$/);
    expect(parsed(first.text).at(-1)?.[0]).toMatch(/^本表不全/);
    const next = /^<(.+)>; rel="next"$/.exec(first.headers['link'] ?? '')?.[1] ?? '';
    const second = await tableOf('town1.clerk', next);
    expect(second.map((cells) => cells['acceptanceNo'])).toEqual([nos[1]]);
    expect((await agency.get('town1.clerk', next)).headers['link']).toBeUndefined();
  });

  it('can be had of stuck cases and of the term report, by whoever may see those', async () => {
    for (const path of ['/api/v1/stuck?', '/api/v1/reports/term-use?from=2025-09-01&to=2025-09-30&']) {
      expect(await tableOf('county1.manager', `${path}format=csv`)).toEqual([]);
      await agency.get('town1.clerk', `${path}format=csv`).expect(403);
      await agency.get('county1.manager', `${path}format=xml`).expect(400);
    }
  });
});
