import type { Client } from '@temporalio/client';
import type pg from 'pg';
import type { Config } from '../../config.ts';
import type { Vault } from '../../vault/vault.ts';
import type { PrismaClient } from '../prisma.ts';

/** What filing and deciding need; handed in, so that tests play on another date and with their own queue. */
export interface CaseDeps {
  db: pg.Pool;
  /** over the same pool, see `createPrisma` */
  prisma: PrismaClient;
  temporal: Client;
  /** seals and opens sensitive fields */
  vault: Vault;
  config: Pick<Config, 'temporalTaskQueue' | 'effectSpreadSeconds'> & Partial<Pick<Config, 'limitLengths'>>;
  /** epoch ms, the real clock */
  now(): number;
  /** rehearsals only: how far the clock of newly filed cases is ahead of the real one */
  clockAheadMs?: number;
}
