import { readdir } from 'node:fs/promises';
import request from 'supertest';
import type { JsonObject } from '../../domain/case.ts';
import { BAD_AMOUNTS, GOOD_AMOUNTS } from '../corpora/amounts.ts';
import { BAD_DATES, GOOD_DATES } from '../corpora/dates.ts';
import { FILES } from '../corpora/files.ts';
import { SQL } from '../corpora/sql.ts';
import { ID_NUMBERS, isPrintable, STRINGS } from '../corpora/values.ts';
import { billLine, formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

/** Bad values through the doors where they would be written: refused with a code of the closed list, and nothing of them stays. */
let agency: Agency;
let acceptanceNo: string;
beforeAll(async () => {
  agency = await openAgency({
    clockAt: '2025-09-22T10:00:00+08:00',
    settings: { FILINGS_A_MINUTE: '100000' },
  });
  acceptanceNo = await agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', OUT_OF_AREA_FORM, [
    'ID_CARD',
    'REFERRAL_CERTIFICATE',
  ]);
});
afterAll(() => agency?.close());

/** Rows of every table and files of the store. Only who was refused what is written down, in the access log, and how often was tried. */
async function kept(): Promise<Record<string, number>> {
  const db = agency.office.owner;
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('access_log', 'act_count') ORDER BY 1`,
  );
  expect(tables.length).toBeGreaterThan(30);
  const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS n FROM "${name}"`);
  const { rows } = await db.query<{ name: string; n: number }>(counts.join(' UNION ALL '));
  const files = await readdir(agency.documentFolder, { recursive: true, withFileTypes: true });
  const n = files.filter((entry) => entry.isFile()).length;
  return Object.fromEntries([...rows, { name: 'files', n }].map((row) => [row.name, row.n]));
}

const AT_ONCE = 10;
type Seen = [value: unknown, status: number, code: string, paths: string[]];

/** Sends every value; none may be a bug of ours or change anything that is kept. */
async function sendAll<V>(values: readonly V[], send: (value: V) => request.Test): Promise<Seen[]> {
  const before = await kept();
  const seen: Seen[] = [];
  for (let from = 0; from < values.length; from += AT_ONCE) {
    const some = values.slice(from, from + AT_ONCE);
    const answers = await Promise.all(some.map(send));
    answers.forEach(({ status, body, text }, i) => {
      const { code = '', faults = [] } = body as { code?: string; faults?: { path?: string }[] };
      expect([some[i], status, status < 500 && (status < 400 || code !== '')]).toEqual([some[i], status, true]);
      expect(text).not.toMatch(/syntax error|pg_catalog|relation "|node_modules/);
      seen.push([some[i], status, code, faults.map(({ path = '' }) => path)]);
    });
  }
  expect(await kept()).toEqual(before);
  return seen;
}

const file = (form: JsonObject, more: object = {}, processType = 'REIMBURSEMENT_REVIEW'): request.Test =>
  agency.post('town1.clerk', '/api/v1/cases', { processType, form, ...more });
const referral = (change: JsonObject): request.Test =>
  file({ ...OUT_OF_AREA_FORM, ...change }, {}, 'OUT_OF_AREA_REFERRAL');
const bill = (amount: JsonObject[string]): JsonObject => ({
  ...formOf('GENERAL_OUTPATIENT'),
  lines: [{ ...billLine('注射费', 'TREATMENT', '1', '1'), unitPrice: amount, amount }],
  billTotal: amount,
});
/** Refused for exactly this field. */
const allFor = (seen: readonly Seen[], path: string): void =>
  seen.forEach(([value, status, code, paths]) =>
    expect([value, status, code, paths.includes(path)]).toEqual([value, 400, 'BAD_REQUEST', true]),
  );
/** Good as it is: what is refused is that the papers are missing. */
const onlyPapersMissing = (seen: readonly Seen[]): void =>
  seen.forEach(([value, status, code]) => expect([value, status, code]).toEqual([value, 422, 'DOCUMENTS_MISSING']));

describe('300 amounts', () => {
  it('are refused at the line they stand on, or are as good as any', async () => {
    expect(GOOD_AMOUNTS.length + BAD_AMOUNTS.length).toBe(300);
    const bad = await sendAll(BAD_AMOUNTS, (amount) => file(bill(amount as JsonObject[string])));
    for (const field of ['unitPrice', 'amount']) allFor(bad, `form.lines.0.${field}`);
    onlyPapersMissing(await sendAll(GOOD_AMOUNTS, (amount) => file(bill(amount))));
  });

  it('are filed whole, the least and the largest', async () => {
    for (const amount of ['0.01', '9999999999.99', '12.5']) {
      const form = bill(amount);
      const no = await agency.file('town1.clerk', 'REIMBURSEMENT_REVIEW', form, papersFor(form));
      const { body } = await agency.get('town1.clerk', `/api/v1/cases/${no}`).expect(200);
      expect((body as { form: JsonObject }).form['billTotal']).toBe(amount);
    }
  });
});

describe('200 dates', () => {
  const dated = (day: string): request.Test => referral({ plannedFrom: day, plannedTo: day });
  const preview = (query: object): request.Test =>
    agency.get('town1.clerk', `/api/v1/deadlines/preview?${new URLSearchParams({ ...query })}`);

  it('that are none are refused in a form, as day of receipt and in a preview', async () => {
    expect(GOOD_DATES.length + BAD_DATES.length).toBe(200);
    allFor(await sendAll(BAD_DATES, dated), 'form.plannedFrom');
    allFor(await sendAll(BAD_DATES, (receivedOn) => file(bill('1'), { receivedOn })), 'receivedOn');
    allFor(await sendAll(BAD_DATES, (from) => preview({ limit: 'DL-08', from })), 'query.from');
  });

  it('that are real are counted from, and too early or too late for a filing', async () => {
    for (const [, , code] of await sendAll(GOOD_DATES, dated))
      expect(['DOCUMENTS_MISSING', 'DATE_OUT_OF_RANGE']).toContain(code);
    const counted = await sendAll(GOOD_DATES, (from) => preview({ limit: 'DL-08', from }));
    // Five working days on, the last days of the calendar lie outside of it.
    const reach = (day: unknown): unknown[] => (String(day) < '2200-12' ? [day, 200] : [day, 422]);
    counted.forEach(([day, status]) => expect([day, status]).toEqual(reach(day)));
    const processType = 'REIMBURSEMENT_REVIEW';
    const chained = await sendAll(GOOD_DATES, (receivedOn) => preview({ processType, receivedOn }));
    chained.forEach(([day, status]) => expect([day, status]).toEqual(reach(day)));
  });
});

it('500 ID numbers nobody has are refused in a filing', async () => {
  expect(ID_NUMBERS).toHaveLength(500);
  allFor(await sendAll(ID_NUMBERS, (idCardNo) => referral({ idCardNo })), 'form.idCardNo');
});

describe('300 texts', () => {
  it('are refused in a form where they cannot be printed, and else are as good as any', async () => {
    expect(STRINGS).toHaveLength(300);
    const fits = (text: string): boolean => isPrintable(text) && text.trim().length <= 500;
    const [good, bad] = [STRINGS.filter(fits), STRINGS.filter((text) => !fits(text))];
    expect(Math.min(good.length, bad.length)).toBeGreaterThan(50);
    allFor(await sendAll(bad, (diagnosis) => referral({ diagnosis })), 'form.diagnosis');
    onlyPapersMissing(await sendAll(good, (diagnosis) => referral({ diagnosis })));
  });

  it('are refused as the reason of a decision, or the decision for its step', async () => {
    const reasons = [...STRINGS, ...SQL];
    const seen = await sendAll(reasons, (reason) =>
      agency.post('town1.clerk', `/api/v1/cases/${acceptanceNo}/decisions`, {
        ...{ step: 'REVIEW', decision: 'REJECT', reason, missing: [reason] },
      }),
    );
    seen.forEach(([text, status, code]) =>
      expect([text, status, code]).toEqual(
        isPrintable(String(text)) && String(text).trim().length <= 500
          ? [text, 409, 'STAGE_PASSED']
          : [text, 400, 'BAD_REQUEST'],
      ),
    );
  });

  it('come back as they were sent, composed', async () => {
    for (const [sent, back] of [
      ['䶮𠮷', '䶮𠮷'],
      ['e\u0301', 'é'],
      ["'; DROP TABLE case_file; --", "'; DROP TABLE case_file; --"],
    ]) {
      const form = { ...OUT_OF_AREA_FORM, destinationCity: `${sent}市`, diagnosis: sent ?? '' };
      const no = await agency.file('town1.clerk', 'OUT_OF_AREA_REFERRAL', form, ['ID_CARD', 'REFERRAL_CERTIFICATE']);
      const { body } = await agency.get('town1.clerk', `/api/v1/cases/${no}`).expect(200);
      expect((body as { form: JsonObject }).form['destinationCity']).toBe(`${back}市`);
    }
  });
});

describe('SQL', () => {
  /** The form with one leaf after another replaced. */
  const planted = (value: unknown, sql: string): unknown[] => {
    if (Array.isArray(value)) return planted(value[0], sql).map((first) => [first]);
    if (typeof value !== 'object' || value === null) return [sql];
    return Object.entries(value).flatMap(([name, inner]) =>
      planted(inner, sql).map((changed) => ({ ...value, [name]: changed })),
    );
  };

  it('in every field of every form is a value that is refused or kept as it is', async () => {
    const forms: [string, JsonObject][] = [
      ['OUT_OF_AREA_REFERRAL', OUT_OF_AREA_FORM],
      ['REIMBURSEMENT_REVIEW', formOf('TRAUMA_OTHER')],
      ['REIMBURSEMENT_REVIEW', formOf('NEWBORN_ENROLLED')],
    ];
    for (const [processType, form] of forms) {
      const trials = SQL.flatMap((sql) => planted(form, sql)) as JsonObject[];
      expect(trials.length).toBeGreaterThan(100);
      await sendAll(trials, (each) => file(each, {}, processType));
    }
  });

  it('in every field of every other body is a value, and nothing is written for it', async () => {
    for (const route of agency.api.routes) {
      if (route.method !== 'post' || !route.body || route.id === 'fileCase') continue;
      const shape = 'shape' in route.body ? (route.body.shape as JsonObject) : {};
      const trials = Object.keys(shape).flatMap((name) => SQL.map((sql) => ({ [name]: sql })));
      const path = route.path.replace('{acceptanceNo}', acceptanceNo).replaceAll(/\{\w+\}/g, 'REIMBURSEMENT_REVIEW');
      await sendAll(trials, (body) => agency.post('city.manager', path, body));
    }
  });
});

it('100 files are kept as what they are or leave nothing behind', async () => {
  expect(FILES).toHaveLength(100);
  const attach = ({ bytes, filename, contentType }: (typeof FILES)[number]): request.Test =>
    request(agency.server)
      .post('/api/v1/documents')
      .set('Authorization', agency.authorization('town1.clerk'))
      .attach('file', bytes, { filename, contentType });
  const bad = FILES.filter(({ code }) => code !== undefined);
  const seen = await sendAll(bad, attach);
  expect(seen.map(([, , code]) => code)).toEqual(bad.map(({ code }) => code));
  for (const each of FILES.filter(({ code }) => code === undefined)) {
    const { status, body } = await attach(each);
    const { fileName = '', mediaType } = body as { fileName?: string; mediaType?: string };
    expect([each.what, status, mediaType]).toEqual([each.what, 201, each.contentType]);
    expect([each.what, /[/\\:*?"<>|\p{Cc}\u202e]|^\.\.?$/u.test(fileName)]).toEqual([each.what, false]);
    expect([each.what, /\.(pdf|png)$/i.test(fileName)]).toEqual([each.what, true]);
  }
});
