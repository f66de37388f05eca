import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const node = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  link: z.boolean().optional(),
});
const lock = z.object({ packages: z.record(z.string(), node) });

export interface LockedPackage {
  name: string;
  version: string;
  /** SPDX expression; undefined where the lock file knows none */
  licence: string | undefined;
}

/** Old packages that state their licence in a file only, which the lock file does not read; looked up by hand. */
const STATED_IN_A_FILE: Readonly<Record<string, string>> = {
  'busboy@1.6.0': 'MIT',
  'streamsearch@1.1.0': 'MIT',
  'unionfs@4.6.0': 'Unlicense',
};

/** Every package of package-lock.json that an installation without development tools may hold, on any platform. */
export function productionPackages(text = readFileSync(join(ROOT, 'package-lock.json'), 'utf8')): LockedPackage[] {
  const { packages } = lock.parse(JSON.parse(text));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, link }]) => path !== '' && !dev && !devOptional && !link)
    .map(([path, { version = '', license }]) => {
      const name = path.split('node_modules/').at(-1) ?? path;
      return { name, version, licence: license ?? STATED_IN_A_FILE[`${name}@${version}`] };
    });
}
