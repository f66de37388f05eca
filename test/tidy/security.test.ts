import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ASVS, CONTROLS, evidenceFaults, INVENTORIES, THREATS } from '../../scripts/docs/security-data.ts';
import { CODE, read, ROOT } from './sources.ts';

/** docs/security.md promises no more than there are tests for, and leaves no item out. */

/** Items of level 1 and of level 2 in each chapter, counted in OWASP/ASVS@fe049861 5.0/en: 70 and 183. */
const OF_THE_STANDARD: readonly (readonly [level1: number, level2: number])[] = [
  [8, 19],
  [4, 7],
  [8, 11],
  [2, 8],
  [4, 5],
  [13, 22],
  [6, 12],
  [4, 3],
  [4, 3],
  [5, 24],
  [3, 11],
  [3, 6],
  [1, 12],
  [2, 7],
  [3, 10],
  [0, 16],
  [0, 7],
];
/** Where money or sensitive data move, of level 3, too. */
const CHOSEN = ['2.3.5', '7.5.3', '8.3.2', '14.2.6'];

const fileOf = (path: string): string | undefined => (existsSync(join(ROOT, path)) ? read(path) : undefined);

describe('the list of ASVS items', () => {
  it('has as many of levels 1 and 2 in each chapter as the standard', () => {
    const count = (chapter: number, level: number): number =>
      ASVS.items.filter(({ item, level: its }) => item.startsWith(`${chapter}.`) && its === level).length;
    expect(ASVS.chapters.map((_, i) => [count(i + 1, 1), count(i + 1, 2)])).toEqual(OF_THE_STANDARD);
    expect(ASVS.items.filter(({ level }) => level === 1)).toHaveLength(70);
    expect(ASVS.items.filter(({ level }) => level === 2)).toHaveLength(183);
  });

  it('has each item once, in order, and of level 3 those chosen', () => {
    const numbers = ASVS.items.map(({ item }) => item);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })));
    expect(ASVS.items.filter(({ level }) => level === 3).map(({ item }) => item)).toEqual(CHOSEN);
  });

  it('has for every item a test that exists, a page, a reason, or the word that it is open', () => {
    expect(ASVS.items.flatMap((item) => evidenceFaults(item.item, item, fileOf))).toEqual([]);
  });

  it('has the lists it says are written down', () => {
    const here = ASVS.items.filter(({ document }) => document === 'docs/security.md').map(({ item }) => item);
    expect(INVENTORIES.map(({ item }) => item).sort()).toEqual(here.sort());
    for (const { title, head, rows } of INVENTORIES)
      expect([title, rows.filter((row) => row.length !== head.length)]).toEqual([title, []]);
  });
});

it('every threat, and every control of a law, has the same', () => {
  expect(THREATS.flatMap((threat) => evidenceFaults(threat.who, threat, fileOf))).toEqual([]);
  const rows = CONTROLS.flatMap(({ source, rows }) => rows.map((row) => ({ name: `${source} ${row.clause}`, row })));
  expect(rows.flatMap(({ name, row }) => evidenceFaults(name, row, fileOf))).toEqual([]);
});

it('every file the page names is there', () => {
  const named = [...read('docs/security.md').matchAll(/`((?:[\w-]+\/)+[\w.-]+\.[a-z]+)`/g)].map(
    ([, path]) => path ?? '',
  );
  expect(named).toContain('docs/security/contact.json');
  expect(named.filter((path) => fileOf(path) === undefined)).toEqual([]);
});

it('what is missing is found', () => {
  const faults = (evidence: Parameters<typeof evidenceFaults>[1]): string[] => evidenceFaults('x', evidence, fileOf);
  const file = 'test/tidy/security.test.ts';
  expect(faults({ proof: [`${file} › what is missing is found`] })).toEqual([]);
  expect(faults({ open: 'not yet' })).toEqual([]);
  expect(faults({ note: 'no evidence' })).toEqual(['x: neither test nor page nor reason nor word that it is open']);
  expect(faults({ notApplicable: 'none here', open: 'not yet' })).toEqual(['x: open, and does not concern us']);
  expect(faults({ document: 'docs/nothing.md' })).toEqual(['x: no page docs/nothing.md']);
  expect(faults({ proof: ['test/nothing.test.ts'] })).toEqual(['x: no file test/nothing.test.ts']);
  expect(faults({ proof: [`${file} › a test nobody wrote`] })).toEqual([`x: no test “a test nobody wrote” in ${file}`]);
});

/** Everything a request, a decision or a timer can reach. */
const REACHED = CODE.filter((path) => /^(api|activities|domain|engine|evidence|log|vault|workflows)\//.test(path));

it.each<[what: string, pattern: RegExp]>([
  ['starts another program', /\bchild_process\b/],
  ['makes code of text', /\beval\(|\bnew Function\(|\bvm\.|'node:vm'/],
  ['makes a page of text', /\binnerHTML\b|\bouterHTML\b|\bdocument\.write\b/],
  ['takes a certificate unseen', /\brejectUnauthorized\b|NODE_TLS_REJECT_UNAUTHORIZED/],
  ['hashes or encrypts with what is broken', /['"`](md5|sha-?1|rc4|des|des3|3des|[\w-]+-ecb)['"`]/i],
  ['draws what can be guessed', /\bMath\.random\b/],
])('nothing that is reached from outside %s', (_what, pattern) => {
  expect(REACHED.length).toBeGreaterThan(150);
  expect(REACHED.filter((path) => pattern.test(read(path)))).toEqual([]);
});
