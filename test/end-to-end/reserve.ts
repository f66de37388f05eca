import { reconcile } from '../../engine/reconcile.ts';
import type { WorkerChild } from '../support/children/spawn.ts';
import type { Office } from '../support/office.ts';
import type { PatientClient } from './client.ts';
import { findViolations } from '../../faults/checker/invariants.ts';

/** One worker that takes tasks and one behind it that is prepared to, started while the first one works. */
export function openReserve(start: () => Promise<WorkerChild>) {
  let prepared = start();
  let current: Promise<WorkerChild> | undefined;

  async function next(): Promise<WorkerChild> {
    const child = await prepared;
    prepared = start();
    await child.run();
    current = Promise.resolve(child);
    return child;
  }
  return {
    next,
    working: (): Promise<WorkerChild> => (current ??= next()),
    async close(): Promise<void> {
      await (await prepared).kill();
      await (await current)?.kill();
    },
  };
}

/** The checks of `invariants.ts`, while the comparison that every worker process makes each minute is made each second. */
export async function nothingIsWrong(office: Office, client: PatientClient): Promise<void> {
  let done = false;
  const comparing = (async () => {
    for (; !done; await new Promise((resolve) => setTimeout(resolve, 1_000)))
      await reconcile(office.deps, 60_000, 500, () => undefined).catch(() => undefined);
  })();
  try {
    expect(await findViolations(office.deps.db, office.engine.client, client.ledger)).toEqual([]);
  } finally {
    done = true;
    await comparing;
  }
}

/** How often a step was decided, as the log has it. */
export const decidedCount = async (office: Office, no: string, step: string): Promise<number> =>
  (await office.events(no)).filter((event) => event.kind === 'DECIDED' && event.step === step).length;

/** Some things travel on their own; the case is looked at until it is there. */
export async function arrived(office: Office, no: string, status: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if ((await office.case(no)).status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${no} has not become ${status}`);
}
