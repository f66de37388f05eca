import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { askForHead, ensureLogHeads, logHeadsId } from '../../engine/log-heads.ts';
import { keyOfFolder, publicKeysOf, type SigningKey } from '../../log/keys.ts';
import type { NotaryDeps } from '../../log/notary.ts';
import type { VerifyDeps } from '../../log/verify/index.ts';
import { openOffice, type Office } from '../support/office.ts';

/** An office whose log is sealed by its worker, and all that is needed to check or to forge it. */
export interface LogOffice {
  office: Office;
  key: SigningKey;
  folder: string;
  notary: NotaryDeps;
  verify: VerifyDeps;
  /** a head that store, file and engine have */
  seal(): Promise<void>;
  close(): Promise<void>;
}

export async function openLogOffice(clockAt = '2025-09-22T10:00:00+08:00', own?: SigningKey): Promise<LogOffice> {
  const folder = mkdtempSync(join(tmpdir(), 'jingban-log-'));
  const key = own ?? keyOfFolder(folder);
  const settings = { key, witnessFolder: folder, warn: () => undefined };
  const office = await openOffice({ clockAt, notary: settings });
  const { temporal, config, db } = office.deps;
  const prefix = `${config.temporalTaskQueue}-`;
  await ensureLogHeads(temporal, { ...config, headEverySeconds: 3_600 }, prefix);
  const handle = temporal.workflow.getHandle(logHeadsId(prefix));
  return {
    office,
    key,
    folder,
    notary: { ...settings, db, now: () => Date.now() },
    verify: {
      db,
      temporal,
      keys: publicKeysOf([key.publicKey]),
      witnessFolder: folder,
      notaryId: logHeadsId(prefix),
      taskQueue: config.temporalTaskQueue,
      now: () => Date.now(),
      pauseMs: 20,
    },
    async seal() {
      const { historyLength } = await handle.describe();
      await askForHead(temporal, prefix);
      for (let tries = 0; tries < 200; tries++) {
        const { events } = await handle.fetchHistory();
        const after = (events ?? []).slice(historyLength);
        if (after.some((event) => event.activityTaskCompletedEventAttributes)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error('no head was written');
    },
    async close() {
      await handle.terminate();
      await office.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Everything, as somebody with all rights does it: no trigger and no key of the tables stands in the way. */
export async function asForger<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`SET session_replication_role = replica`);
    return await work(client);
  } finally {
    await client.end();
  }
}
