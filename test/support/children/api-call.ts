import { Connection } from '@temporalio/client';
import pg from 'pg';
import { armFault, type FaultPoint } from '../../../activities/fault-points.ts';
import { decideCase, type DecideRequest } from '../../../api/cases/decide-case.ts';
import type { CaseDeps } from '../../../api/cases/deps.ts';
import { fileCase, type FilingRequest } from '../../../api/cases/file-case.ts';
import { createPrisma } from '../../../api/prisma.ts';
import { createClient } from '../../../engine/client.ts';
import { openVault } from '../../../vault/open-vault.ts';
import { TEST_VAULT } from '../keys.ts';

/** One call of the service behind the API, in a process of its own that dies at a named point of it. */
export interface ApiCall {
  databaseUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  config: CaseDeps['config'];
  clockAheadMs: number;
  point: FaultPoint;
  file?: FilingRequest;
  decide?: DecideRequest;
}

const call = JSON.parse(process.argv[2] ?? '') as ApiCall;
const db = new pg.Pool({ connectionString: call.databaseUrl, max: 2 });
const connection = await Connection.connect({ address: call.temporalAddress });
const vault = openVault(db, TEST_VAULT);
const temporal = createClient(connection, call.temporalNamespace, vault);
const deps: CaseDeps = {
  db,
  prisma: createPrisma(db),
  temporal,
  vault,
  config: call.config,
  now: () => Date.now(),
  clockAheadMs: call.clockAheadMs,
};
process.on('disconnect', () => process.exit());

armFault(call.point);
if (call.file) await fileCase(deps, call.file);
if (call.decide) await decideCase(deps, call.decide);
process.exit();
