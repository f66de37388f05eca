import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyOf, type History } from './histories.ts';

/** Where the histories kept as fixtures are, their file names, one of them read, and all of them as the SDK wants them. */
export const KEPT_FOLDER = fileURLToPath(new URL('../histories/', import.meta.url));
export const KEPT = readdirSync(KEPT_FOLDER).filter((name) => name.endsWith('.history'));
export const keptHistory = (name: string): History => historyOf(readFileSync(`${KEPT_FOLDER}${name}`));
export const keptHistories = (): { workflowId: string; history: History }[] =>
  KEPT.map((name) => ({ workflowId: name, history: keptHistory(name) }));
