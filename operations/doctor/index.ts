import { Connection } from '@temporalio/client';
import pg from 'pg';
import type { Config } from '../../config.ts';
import { plainDateAt } from '../../domain/plain-date.ts';
import { createClient } from '../../engine/client.ts';
import { openVault } from '../../vault/open-vault.ts';
import { checkCalendar, checkLogHeads, checkOutbox, checkRates } from './contents.ts';
import {
  checkClocks,
  checkDurability,
  checkFieldKeys,
  checkMigrations,
  checkReachable,
  checkRole,
} from './database.ts';
import { checkEngine, checkNamespace, checkNotary, checkPollers, checkSchedules } from './engine.ts';
import { reasonOf, wrong, type Finding } from './finding.ts';
import { checkClock, checkFolders, checkNode } from './machine.ts';
import { checkIssuer, checkNeighbours } from './outside.ts';

type Look = () => Promise<Finding | Finding[]>;
const PATIENCE_MS = 5_000;

/** Looks at everything the system rests on and changes nothing; what needs an answer of something silent is left out. */
export async function examine(
  config: Config,
  say: (finding: Finding) => void = () => undefined,
  now: () => number = () => Date.now(),
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const look = async (about: string, ask: Look): Promise<boolean> => {
    const found = await ask().catch((problem: unknown) =>
      wrong(about, `无法检查(${reasonOf(problem)})`, `cannot be checked (${reasonOf(problem)})`),
    );
    const all = [found].flat();
    all.forEach(say);
    findings.push(...all);
    return all.every(({ level }) => level !== 'wrong');
  };
  const db = new pg.Pool({
    ...{ connectionString: config.databaseUrl, max: 2, application_name: 'jingban doctor' },
    ...{ connectionTimeoutMillis: PATIENCE_MS, statement_timeout: PATIENCE_MS },
  });
  db.on('error', () => undefined);
  const connection = Connection.lazy({ address: config.temporalAddress, connectTimeout: PATIENCE_MS });
  const temporal = createClient(connection, config.temporalNamespace, openVault(db, config));
  const inTime =
    (ask: Look): Look =>
    () =>
      temporal.withDeadline(Date.now() + PATIENCE_MS, ask);
  const today = plainDateAt(now());
  try {
    await look('Node.js', async () => checkNode());
    await look('clock', async () => checkClock(now()));
    await look('folders', () => checkFolders(config));
    if (await look('Postgres', () => checkReachable(db))) {
      await look('Postgres', () => checkDurability(db));
      await look('Postgres', () => checkClocks(db, now));
      if (await look('migrations', () => checkMigrations(config))) {
        await look('rights', () => checkRole(db, config));
        await look('FIELD_KEYS', () => checkFieldKeys(db, config));
        await look('calendar', () => checkCalendar(db, today));
        await look('rates', () => checkRates(db, today));
        await look('log heads', () => checkLogHeads(db, config, now()));
        await look('outbox', () => checkOutbox(db, now()));
      }
    }
    if (
      (await look(
        'Temporal',
        inTime(() => checkEngine(temporal)),
      )) &&
      (await look(
        'namespace',
        inTime(() => checkNamespace(temporal)),
      ))
    ) {
      await look(
        'worker',
        inTime(() => checkPollers(temporal, config)),
      );
      await look(
        'schedules',
        inTime(() => checkSchedules(temporal)),
      );
      await look(
        'notary',
        inTime(() => checkNotary(temporal)),
      );
    }
    await look('issuer', () => checkIssuer(config));
    await look('neighbours', () => checkNeighbours(config));
  } finally {
    await connection.close();
    await db.end();
  }
  return findings;
}
