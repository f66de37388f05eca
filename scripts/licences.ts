import { fileURLToPath } from 'node:url';
import { productionPackages, type LockedPackage } from './supply/production.ts';

/**
 * `npm run licences`: exit code 1 when a library of production has a licence that is not listed here, or none. All of these allow
 * use and passing on in a program under Apache-2.0; a new one is a decision somebody makes by adding it.
 */
export const ALLOWED_LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  // a table of browsers' abilities, below the bundler of workflows
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
];

/** Of `A OR B` one allowed licence is enough, of `A AND B` both must be. */
export const isAllowed = (licence: string | undefined): boolean =>
  licence !== undefined &&
  licence
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => ALLOWED_LICENCES.includes(one.trim())));

export const refusedLicences = (packages: readonly LockedPackage[]): LockedPackage[] =>
  packages.filter(({ licence }) => !isAllowed(licence));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const packages = productionPackages();
  const refused = refusedLicences(packages);
  for (const { name, version, licence } of refused)
    console.error(`${name}@${version}: ${licence ?? 'no licence stated'}`);
  console.log(`licences: ${packages.length} libraries of production, ${refused.length} of a licence not allowed`);
  process.exitCode = refused.length > 0 ? 1 : 0;
}
