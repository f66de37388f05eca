import { ACCEPTED_ADVISORIES } from '../scripts/supply/accepted-advisories.ts';
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
