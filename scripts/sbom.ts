import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { productionPackages } from './supply/production.ts';

/**
 * `npm run sbom`: the bill of materials, CycloneDX by npm itself, into dist/sbom.cdx.json. Exit code 1 when
 * it is not of the shape it says, or lacks a library that is installed according to the lock file.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PLACE = join('dist', 'sbom.cdx.json');

const bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.string().regex(/^1\.\d$/),
  serialNumber: z.string().startsWith('urn:uuid:'),
  components: z
    .array(z.object({ name: z.string(), version: z.string(), purl: z.string().startsWith('pkg:npm/') }))
    .min(1),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()).optional() })).min(1),
});

// From the lock file alone: what other platforms install stands in it, too. Not with `--omit dev`: npm then leaves out what a
// development tool uses as well (long, debug, postgres-array …). Such tools are marked cdx:npm:package:development.
const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
const text = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 2 ** 27 });
const { components } = bill.parse(JSON.parse(text));
const listed = new Set(components.map(({ name, version }) => `${name}@${version}`));
const missing = productionPackages().filter(({ name, version }) => !listed.has(`${name}@${version}`));
mkdirSync(join(ROOT, 'dist'), { recursive: true });
writeFileSync(join(ROOT, PLACE), text);
for (const { name, version } of missing) console.error(`missing: ${name}@${version}`);
console.log(`sbom: ${components.length} components in ${PLACE}, ${missing.length} missing`);
process.exitCode = missing.length > 0 ? 1 : 0;
