import type { HeadActivities } from '../domain/log-head.ts';
import { writeHead, type NotaryDeps } from '../log/notary.ts';

export type { NotaryDeps } from '../log/notary.ts';

/** What the procedure of the heads can have done. */
export const createHeadActivities = (deps: NotaryDeps): HeadActivities => ({
  writeHead: (after) => writeHead(deps, after),
});
