import type { Client } from '@temporalio/client';
import type pg from 'pg';

/**
 * I10: every case has its procedure, and it stands where the row stands. All are given some time to hear of their last turn, and
 * the same again as long as more and more of them have: a busy machine is slow, not wrong.
 */
export async function proceduresAgree(db: pg.Pool, temporal: Client, patienceMs: number): Promise<string[]> {
  let until = performance.now() + patienceMs;
  const versions = async (only?: string[]): Promise<Stands[]> => {
    const { rows } = await db.query<Stands>(
      'SELECT acceptance_no AS no, version, ended_at IS NOT NULL AS ended FROM case_file WHERE $1::text[] IS NULL OR acceptance_no = ANY ($1)',
      [only],
    );
    return rows;
  };
  let asked = await versions();
  for (;;) {
    const found: Array<{ no: string; sentence: string }> = [];
    const queue = [...asked];
    const ask = async (): Promise<void> => {
      for (let next = queue.pop(); next; next = queue.pop()) {
        const { no, version } = next;
        const held = await heldBy(temporal, next);
        if (held !== version)
          found.push({ no, sentence: `${no}: version ${version} in the store, ${held} in its procedure` });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    if (found.length < asked.length) until = performance.now() + patienceMs;
    if (found.length === 0 || performance.now() > until) return found.map(({ sentence }) => sentence);
    await new Promise((resolve) => setTimeout(resolve, 200));
    asked = await versions(found.map(({ no }) => no));
  }
}

const AT_ONCE = 16;
const QUERY_MS = 10_000;

interface Stands {
  no: string;
  version: number;
  ended: boolean;
}

/** The version the procedure says, or why it says none. One that is over may have no worker left of its release: then it is enough that it is. */
async function heldBy(temporal: Client, { no, version, ended }: Stands): Promise<number | string> {
  const handle = temporal.workflow.getHandle(no);
  try {
    return await temporal.withDeadline(Date.now() + QUERY_MS, () => handle.query<number>('version'));
  } catch (problem) {
    const over = ended && (await handle.describe().catch(() => undefined))?.status.name === 'COMPLETED';
    return over ? version : (problem as Error).message;
  }
}

/** A case that waits for another one hears of its end; given the same time. */
export async function everybodyHeard(db: pg.Pool, patienceMs: number): Promise<string[]> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const { rows } = await db.query<{ no: string; awaited: string }>(
      `SELECT c.acceptance_no AS no, v.acceptance_no AS awaited
       FROM case_file c JOIN case_file v ON v.acceptance_no = c.facts ->> 'verificationCase'
       WHERE c.status = 'AWAITING_VERIFICATION' AND v.ended_at IS NOT NULL`,
    );
    if (rows.length === 0 || performance.now() > until)
      return rows.map(({ no, awaited }) => `${no}: has not heard of the end of ${awaited}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
