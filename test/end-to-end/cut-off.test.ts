import { jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HEALTHY, openLink, throughLink, type Link } from '../../faults/proxy.ts';
import { openOffice, type Office } from '../support/office.ts';
import { patientClient, type PatientClient } from './client.ts';
import { nothingIsWrong } from './reserve.ts';
import { stream, summary } from './stream.ts';
import { keepWorkers, type Workers } from './workers.ts';

/** One of two workers is cut off from the store, for good, and has half of the cases in its memory. */
jest.setTimeout(240_000);

let office: Office;
let client: PatientClient;
let folders: string[];
let link: Link;
let cutOff: Workers;
let well: Workers;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
  client = patientClient(office);
  folders = ['one', 'two'].map((name) => mkdtempSync(join(tmpdir(), `jingban-${name}-`)));
  const { hostname, port } = new URL(office.databaseUrl);
  link = await openLink('worker → postgres', { host: hostname, port: Number(port) }, '127.0.0.1');
  cutOff = await keepWorkers(office, 1, folders[0] ?? '', { databaseUrl: throughLink(office.databaseUrl, link) });
  well = await keepWorkers(office, 1, folders[1] ?? '');
});
afterAll(async () => {
  await well.stop();
  await cutOff.stop();
  await link.close();
  await office.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['that is refused', { refuse: true }],
  ['on which nothing arrives', { cut: 'BOTH' }],
] as const)('leaves its cases to the other one (a connection %s), and is there again afterwards', async (_, how) => {
  const before = client.took.length;
  const work = stream(client, { clerks: 6, cases: 12, pauseMs: 50 });
  await work.answered(before + 8);
  link.behave(how);
  if ('refuse' in how) link.reset();
  await work.finished;
  expect(client.took).toHaveLength(before + 12 * 4);

  link.behave(HEALTHY);
  await well.stop();
  const again = stream(client, { clerks: 6, cases: 2, pauseMs: 50 });
  await again.finished;
  await nothingIsWrong(office, client);
  well = await keepWorkers(office, 1, folders[1] ?? '');
  console.log(`while one of two was cut off: ${summary(client.took.slice(before).map(({ ms }) => ms))}`);
});
