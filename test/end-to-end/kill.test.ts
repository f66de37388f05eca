import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { openOffice, type Office } from '../support/office.ts';
import { patientClient, type PatientClient } from './client.ts';
import { nothingIsWrong } from './reserve.ts';
import { stream, summary } from './stream.ts';
import { keepWorkers, type Workers } from './workers.ts';

/** Two workers, as `npm start` runs them; one is killed in the middle of the day's work, comes back, and is killed again. */
const CASES = 40;
const STEPS = 4;
jest.setTimeout(180_000);

let folder: string;
let office: Office;
let client: PatientClient;
let workers: Workers;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jingban-kill-'));
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
  client = patientClient(office);
  workers = await keepWorkers(office, 2, folder);
});
afterAll(async () => {
  await workers.stop();
  await office.close();
  rmSync(folder, { recursive: true, force: true });
});

it('loses and doubles no decision when one of two workers is killed and killed again', async () => {
  const kills: number[] = [];
  const kill = (number: number): void => {
    workers.kill(number);
    kills.push(performance.now());
  };
  const work = stream(client, { clerks: 8, cases: CASES, pauseMs: 250 });
  await work.answered(CASES);
  kill(1);
  await work.answered(CASES * 2.5);
  kill(1);
  await work.finished;

  expect(client.took).toHaveLength(CASES * STEPS);
  await nothingIsWrong(office, client);

  // For the reader of the run; how long a death is felt depends on the machine and is no matter of right or wrong.
  const ms = (of: PatientClient['took']): number[] => of.map((one) => one.ms);
  console.log(
    `first of each case after a kill: ${summary(ms(kills.flatMap(firstOfEachCase)))}; all: ${summary(ms(client.took))}`,
  );
});

/** What a death can delay: the decision on its way at that moment, and the next one of a case that lay in the dead worker's memory. */
function firstOfEachCase(killedAt: number): PatientClient['took'] {
  const later = client.took.filter(({ at }) => at > killedAt);
  return later.filter(
    (one, i) =>
      later.findIndex(({ acceptanceNo }) => acceptanceNo === one.acceptanceNo) === i && one.at < killedAt + 10_000,
  );
}
