import { ACCEPTED_ADVISORIES } from '../scripts/supply/accepted-advisories.ts';
import { readAudit } from '../scripts/supply/advisories.ts';
import { productionPackages } from '../scripts/supply/production.ts';
import { isAllowed, refusedLicences } from '../scripts/licences.ts';

describe('the licences of what production runs', () => {
  it('are all allowed', () => {
    const packages = productionPackages();
    expect(packages.length).toBeGreaterThan(200);
    expect(refusedLicences(packages)).toEqual([]);
  });

  it('are refused when unknown, unstated or only half allowed', () => {
    const lock = {
      packages: {
        '': {},
        'node_modules/a': { version: '1.0.0' },
        'node_modules/b': { version: '1.0.0', license: 'GPL-3.0' },
      },
    };
    expect(refusedLicences(productionPackages(JSON.stringify(lock))).map(({ name }) => name)).toEqual(['a', 'b']);
    expect(['MIT', '(MIT OR GPL-3.0)', 'MIT AND ISC'].filter((licence) => !isAllowed(licence))).toEqual([]);
    expect(['MIT AND GPL-3.0', 'UNLICENSED', 'SEE LICENSE IN x'].filter(isAllowed)).toEqual([]);
  });
});

it('every accepted advisory has its reason and a day on which that ends', () => {
  for (const { url, reason, until } of ACCEPTED_ADVISORIES) {
    expect(url).toMatch(/^https:/);
    expect(reason.length).toBeGreaterThan(20);
    expect(until).toMatch(/^\d{4}-\d\d-\d\d$/);
  }
});

describe('what npm says of advisories', () => {
  const report = (via: unknown[]): string => JSON.stringify({ vulnerabilities: { a: { via }, b: { via: ['a'] } } });

  it('is the severe ones, each once', () => {
    const of = (severity: string) => ({ url: `https://example.org/${severity}`, title: 'x', severity });
    const answer = readAudit(report([of('low'), of('moderate'), of('high'), of('critical'), of('high')]));
    expect(answer.kind === 'found' && [...answer.severe.keys()]).toEqual([
      'https://example.org/high',
      'https://example.org/critical',
    ]);
    expect(readAudit(report([]))).toEqual({ kind: 'found', severe: new Map() });
  });

  it('is that nobody answered, and why, when the service is away or has no advisories', () => {
    const empty = { summary: '', detail: '' };
    for (const message of [
      'request to http://127.0.0.1:9/ failed, reason: connect ECONNREFUSED',
      '405 Method Not Allowed',
    ])
      expect(readAudit(JSON.stringify({ message, error: empty }))).toEqual({ kind: 'unanswered', why: message });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', 'npm error something'],
    ['another form', '{"advisories":{}}'],
    ['half a report', '{"vulnerabilities":{"a":{}}}'],
    ['an error of our own', JSON.stringify({ error: { code: 'ENOLOCK', summary: 'no lock file', detail: '' } })],
  ])('is unreadable and no pass: %s', (_what, output) => {
    expect(readAudit(output)).toEqual({ kind: 'unreadable', begins: output });
  });
});
