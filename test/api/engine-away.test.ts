import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import type { Connection } from '@temporalio/client';
import { pino } from 'pino';
import request from 'supertest';
import { createApp, type Api } from '../../api/app.ts';
import { readConfig } from '../../config.ts';
import { createClient } from '../../engine/client.ts';
import { engineConnection } from '../../engine/connection.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { openAgency, type Agency } from './agency.ts';

/** An API in front of the agency's store whose engine is not there: its process is gone, or its machine does not answer. */
let agency: Agency;
let engine: TcpServer;
let connection: Connection;
let api: Api;
let server: Server;
const held = new Set<Socket>();

beforeAll(async () => {
  agency = await openAgency();
  // Takes connections and says nothing, as a machine does that hangs.
  engine = createServer((socket) => void held.add(socket).has(socket));
  const address = `127.0.0.1:${await listening(engine)}`;
  connection = engineConnection(address);
  const { deps } = agency.office;
  const config = readConfig({
    NODE_ENV: 'test',
    DATABASE_URL: agency.office.databaseUrl,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_TASK_QUEUE: deps.config.temporalTaskQueue,
    OIDC_ISSUER: agency.issuer.url,
    FIELD_KEYS: TEST_VAULT.fieldKeys,
    OIDC_AUDIENCE: agency.issuer.audience,
    DOCUMENT_FOLDER: agency.documentFolder,
  });
  const temporal = createClient(connection, agency.office.engine.namespace, deps.vault);
  api = createApp({ ...deps, temporal, config, log: pino({ level: 'silent' }), checkAnswers: true });
  server = createHttpServer(api.app);
  await listening(server);
});
afterAll(async () => {
  await new Promise((resolve) => server?.close(resolve));
  await api?.close();
  await connection?.close();
  goAway();
  await agency?.close();
});

const listening = async (tcp: TcpServer): Promise<number> => {
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  return (tcp.address() as AddressInfo).port;
};

/** From now on nobody listens there. */
function goAway(): void {
  engine.close();
  for (const socket of held) socket.destroy();
}

const file = (to: Server, key: string, body: object): request.Test =>
  request(to)
    .post('/api/v1/cases')
    .set('Authorization', agency.authorization('town1.clerk'))
    .set('Idempotency-Key', key)
    .send(body);

async function filing(destinationCity: string): Promise<object> {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  return {
    processType: 'OUT_OF_AREA_REFERRAL',
    form: { ...OUT_OF_AREA_FORM, destinationCity, plannedFrom: today, plannedTo: today },
    documents: [
      await agency.upload('town1.clerk', 'ID_CARD'),
      await agency.upload('town1.clerk', 'REFERRAL_CERTIFICATE'),
    ],
  };
}

const cases = async (): Promise<{ acceptance_no: string; started: boolean }[]> => {
  const { rows } = await agency.office.deps.db.query<{ acceptance_no: string; started: boolean }>(
    'SELECT acceptance_no, started_at IS NOT NULL AS started FROM case_file ORDER BY case_id DESC',
  );
  return rows;
};

// The time limit of the test is all that is said about time: the client by itself would go on for minutes.
it.each([
  ['an engine that does not answer', '示例一市', () => undefined],
  ['an engine that is not there', '示例二市', goAway],
])(
  'a case filed before %s is kept, and begins when the same key is sent again',
  async (_which, city, happen) => {
    happen();
    const [key, body, before] = [randomUUID(), await filing(city), (await cases()).length];
    const told = await file(server, key, body);
    expect([told.status, told.headers['retry-after'], told.body]).toEqual([
      503,
      '2',
      expect.objectContaining({ code: 'NOT_AVAILABLE' }),
    ]);
    expect((await file(server, key, body)).status).toBe(503);
    const kept = await cases();
    expect(kept).toHaveLength(before + 1);
    expect(kept[0]?.started).toBe(false);

    const answer = await file(agency.server, key, body).expect(201);
    const { acceptanceNo } = answer.body as { acceptanceNo: string };
    expect((await cases())[0]).toEqual({ acceptance_no: kept[0]?.acceptance_no, started: true });
    expect(acceptanceNo).toBe(kept[0]?.acceptance_no);
    await agency
      .post('town1.clerk', `/api/v1/cases/${acceptanceNo}/decisions`, { step: 'REGISTERED', decision: 'APPROVE' })
      .expect(200);
  },
  25_000,
);
