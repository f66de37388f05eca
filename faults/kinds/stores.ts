import pg from 'pg';
import { pause } from '../staff.ts';
import { WORKERS } from '../system.ts';
import { signal } from './signal.ts';
import type { Kind } from './types.ts';

/** Postgres that is slow, busy or full, and disks with no room. */

const quietly = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined);

const endSessions = (db: pg.Pool, whose: string): Promise<unknown> =>
  db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE pid <> pg_backend_pid() AND backend_type = 'client backend' AND application_name LIKE $1`,
    [whose],
  );

async function withCasesLocked(db: pg.Pool, share: number, work: () => Promise<void>): Promise<void> {
  const client = await db.connect();
  try {
    await client.query('BEGIN');
    await client.query(
      `SELECT 1 FROM case_file WHERE ended_at IS NULL AND case_id % 10 < $1::numeric * 10 FOR UPDATE SKIP LOCKED`,
      [share],
    );
    await work();
  } finally {
    await quietly(client.query('ROLLBACK'));
    client.release(true);
  }
}

export const STORE_KINDS: readonly Kind[] = [
  {
    name: 'lock',
    weight: 5,
    draw(chance) {
      const ms = chance.between(2_000, 8_000);
      const share = chance.pick([0.3, 1]);
      return {
        title: `somebody holds ${share * 100} % of the running cases locked for ${(ms / 1000).toFixed(1)} s`,
        async happen({ db }) {
          await withCasesLocked(db, share, () => pause(ms));
        },
      };
    },
  },
  {
    // Nothing can be written. Statements that wait for a lock outlive whoever sent them, so their sessions are ended, too: what was
    // answered all the same is lost.
    name: 'lock-and-kill',
    weight: 4,
    draw(chance) {
      const ms = chance.between(1_000, 3_000);
      return {
        title: `somebody holds all running cases locked for ${(ms / 1000).toFixed(1)} s, and before they let go the workers and their sessions are killed`,
        happen: ({ db, system }) =>
          withCasesLocked(db, 1, async () => {
            await pause(ms);
            for (const worker of WORKERS) signal(system, worker, 'SIGKILL');
            await quietly(endSessions(db, 'jingban-worker'));
          }),
      };
    },
  },
  {
    name: 'terminate',
    weight: 5,
    draw(chance) {
      const whose = chance.pick(['jingban-worker', 'jingban-api', '%']);
      return {
        title: `Postgres ends every session of ${whose === '%' ? 'everybody' : whose}`,
        happen: async ({ db }) => void (await quietly(endSessions(db, whose))),
      };
    },
  },
  {
    name: 'no-connections',
    weight: 4,
    draw(chance) {
      const ms = chance.between(2_000, 6_000);
      return {
        title: `every connection of Postgres is taken for ${(ms / 1000).toFixed(1)} s, sessions of the programs ended`,
        async happen({ db, system }) {
          const open = async (): Promise<pg.Client | undefined> => {
            const client = new pg.Client({ connectionString: system.ownerUrl });
            client.on('error', () => undefined);
            return client.connect().then(
              () => client,
              () => undefined,
            );
          };
          const kick = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'jingban-%'`;
          const taken = await Promise.all(Array.from({ length: 150 }, open));
          await quietly(db.query(kick));
          taken.push(...(await Promise.all(Array.from({ length: 60 }, open))));
          await pause(ms);
          await Promise.all(taken.map(async (client) => client && quietly(client.end())));
        },
      };
    },
  },
  {
    name: 'documents-full',
    weight: 4,
    draw(chance, { documents }) {
      if (!documents.own) return undefined;
      const ms = chance.between(3_000, 8_000);
      return {
        title: `no room for documents for ${(ms / 1000).toFixed(1)} s`,
        async happen() {
          documents.fill();
          await pause(ms);
          documents.free();
        },
      };
    },
  },
  {
    name: 'postgres-full',
    weight: 3,
    draw(chance, { postgresDisk }) {
      if (!postgresDisk.own) return undefined;
      const ms = chance.between(2_000, 6_000);
      return {
        title: `no room for Postgres for ${(ms / 1000).toFixed(1)} s`,
        async happen() {
          postgresDisk.fill();
          await pause(ms);
          postgresDisk.free();
        },
      };
    },
  },
];
