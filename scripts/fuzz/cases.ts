import { z } from 'zod';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '../demo/client.ts';
import type { System } from './system.ts';

/** Words that let a made-up request reach something: without them nearly everything ends at "no such case". */
export interface Known {
  acceptanceNos: string[];
}

const page = z.object({ items: z.array(z.object({ acceptanceNo: z.string() })) });
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Plays the demonstration, a case of every process, and gives what there is now. */
export async function playStories(system: System): Promise<Known> {
  const args = ['--import', 'tsx', 'scripts/demo.ts', '--api', system.api, '--issuer', system.issuer];
  await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 2 ** 24 });
  const { items } = await createClient(system.api, system.issuer).get('city.manager', '/cases?limit=100', page);
  if (items.length === 0) throw new Error('the demonstration left no case to ask for');
  return { acceptanceNos: items.map(({ acceptanceNo }) => acceptanceNo) };
}
