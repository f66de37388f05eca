import { jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLink, type Link } from '../../faults/proxy.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { keepWorkers } from './workers.ts';

/** A worker is told to stop while the engine is away: what it was just asking it must not end as a bug. */
jest.setTimeout(120_000);
/** Five seconds after its start a worker compares store and engine. */
const COMPARES_AFTER_MS = 5_500;

let office: Office;
let folder: string;
let link: Link;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
  folder = mkdtempSync(join(tmpdir(), 'jingban-stop-'));
  const [host = '', port] = office.engine.address.split(':');
  link = await openLink('worker → temporal', { host, port: Number(port) }, '127.0.0.1');
});
afterAll(async () => {
  await link.close();
  await office.close();
  rmSync(folder, { recursive: true, force: true });
});

it('stops as it would with the engine there', async () => {
  const no = await fileOutOfArea(office);
  const workers = await keepWorkers(office, 1, folder, { engine: `${link.host}:${link.port}` });
  await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
  link.behave({ refuse: true });
  link.reset();
  await new Promise((resolve) => setTimeout(resolve, COMPARES_AFTER_MS));
  await workers.stop();
  const said = readFileSync(join(folder, 'logs', 'worker-1.log'), 'utf8');
  expect(said).not.toContain('a bug that nobody caught');
});
