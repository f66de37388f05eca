import { rmSync } from 'node:fs';
import { takeForTeardown } from './global-state.ts';

/** Stops what `global-setup.ts` started, the engine before its database, and removes their folders. */
export default async function globalTeardown(): Promise<void> {
  const started = takeForTeardown();
  if (started === undefined) return;
  for (const service of started.running.reverse()) await service.stop();
  started.guardian.release();
  for (const folder of started.folders) rmSync(folder, { recursive: true, force: true });
}
