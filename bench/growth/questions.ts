import type pg from 'pg';
import type { JsonObject } from '../../domain/case.ts';
import { addDays, plainDateAt } from '../../domain/plain-date.ts';
import { CITY, countyOf, idCardNoOf, townshipOf, type CitySize } from './city.ts';

/** One thing people ask of a store, over HTTP. Asked the nth time it is somebody else's desk, another case, another name. */
export interface Question {
  what: string;
  ask: (n: number) => { username: string; path: string; body?: JsonObject };
  /** ms, p95 (issue: desk and stuck) */
  targetMs?: number;
}

const DESK = 50;
const NOBODY = '示例查无此人';

/** What a store of this city is asked, with numbers and names that are in it. */
export async function questions(db: pg.Pool, size: CitySize): Promise<Question[]> {
  const { rows: cases } = await db.query<{ no: string; county: string }>(
    `SELECT c.acceptance_no AS no, c.county_id AS county
     FROM case_file c JOIN case_turn t ON t.case_id = c.case_id AND t.turn = 0 WHERE c.ended_at IS NULL ORDER BY c.case_id DESC LIMIT 200`,
  );
  const { rows: names } = await db.query<{ name: string }>(
    `SELECT name FROM insured_person WHERE person_id LIKE 'g-1%' ORDER BY person_id LIMIT 200`,
  );
  const county = (n: number): string => countyOf(1 + (n % size.counties));
  const township = (n: number): string =>
    townshipOf(1 + (n % size.counties), 1 + (Math.floor(n / size.counties) % size.townshipsEach));
  const of = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;
  const get = (what: string, username: (n: number) => string, path: string, targetMs?: number): Question => ({
    what,
    ask: (n) => ({ username: username(n), path }),
    ...(targetMs === undefined ? {} : { targetMs }),
  });
  const search = (what: string, username: (n: number) => string, body: (n: number) => JsonObject): Question => ({
    what,
    ask: (n) => ({ username: username(n), path: '/api/v1/cases/search', body: body(n) }),
  });
  const ownCase = (n: number): { username: string; no: string } => {
    const { no, county: office } = of(cases, n);
    return { username: `${office}.first`, no };
  };
  const today = plainDateAt(Date.now());
  return [
    get('desk, township clerk', (n) => `${township(n)}.clerk`, '/api/v1/desk', DESK),
    get('desk, county clerk', (n) => `${county(n)}.clerk`, '/api/v1/desk', DESK),
    get('desk, county reviewer', (n) => `${county(n)}.first`, '/api/v1/desk', DESK),
    get('desk, city medical clerk', () => `${CITY}.medical`, '/api/v1/desk', DESK),
    get('desk, city manager', () => `${CITY}.manager`, '/api/v1/desk', DESK),
    get('stuck, township manager', (n) => `${township(n)}.manager`, '/api/v1/stuck', DESK),
    get('stuck, county manager', (n) => `${county(n)}.manager`, '/api/v1/stuck', DESK),
    get('stuck, city manager', () => `${CITY}.manager`, '/api/v1/stuck', DESK),
    search(
      'search, number',
      (n) => ownCase(n).username,
      (n) => ({ acceptanceNo: ownCase(n).no }),
    ),
    search(
      'search, number or name',
      (n) => ownCase(n).username,
      (n) => ({ q: ownCase(n).no }),
    ),
    search('search, name', county1First, (n) => ({ q: of(names, n).name })),
    search('search, name of nobody', county1First, (n) => ({ q: `${NOBODY}${n}` })),
    search(
      'search, hospital',
      (n) => `${county(n)}.first`,
      (n) => ({ q: `第${1 + (n % size.hospitalsEach)}医院` }),
    ),
    search(
      'search, ID number',
      () => `${CITY}.manager`,
      (n) => ({ idCardNo: idCardNoOf(1 + (n % 50)) }),
    ),
    get('list, newest, township', (n) => `${township(n)}.clerk`, '/api/v1/cases'),
    get('list, newest, city', () => `${CITY}.manager`, '/api/v1/cases'),
    get('list, overdue, county', (n) => `${county(n)}.manager`, '/api/v1/cases?overdue=true'),
    get('list, overdue, city', () => `${CITY}.manager`, '/api/v1/cases?overdue=true'),
    get('list, one status, county', (n) => `${county(n)}.manager`, '/api/v1/cases?status=AWAITING_CORRECTION'),
    get('list, one process, county', (n) => `${county(n)}.manager`, '/api/v1/cases?processType=AUDIT'),
    get(
      'list, one stage, city',
      () => `${CITY}.manager`,
      '/api/v1/cases?processType=AUDIT&stage=RECTIFICATION&status=IN_PROGRESS',
    ),
    { what: 'case page', ask: (n) => ({ username: ownCase(n).username, path: `/api/v1/cases/${ownCase(n).no}` }) },
    get('counts, county', (n) => `${county(n)}.manager`, '/api/v1/monitoring'),
    get('counts, city', () => `${CITY}.manager`, '/api/v1/monitoring'),
    get(
      'report of one day, township',
      (n) => `${township(n)}.manager`,
      `/api/v1/reports/term-use?from=${addDays(today, -30)}&to=${addDays(today, -30)}`,
    ),
  ];
}

const county1First = (): string => `${countyOf(1)}.first`;

/** Everybody who is asked for, so that they can be given a token beforehand. */
export const askers = (asked: readonly Question[], times: number): string[] => [
  ...new Set(asked.flatMap(({ ask }) => Array.from({ length: times }, (_, n) => ask(n).username))),
];
