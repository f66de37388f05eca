import type { Running, Service } from '../../embedded/service.ts';
import { startApi } from '../http.ts';
import { DOCUMENTS, insertDocuments } from '../ours.ts';
import { percentile, table } from '../stats.ts';
import { ourWorker, type Bench } from '../surroundings.ts';
import { createClerks, type Asked } from './clerks.ts';

/** One process replaced, as those who were working saw it; null for the time before the first. */
export interface Replaced {
  name: string | null;
  stoppedMs: number;
  readyMs: number;
  asked: Asked[];
}

export interface RollingResult {
  phases: Replaced[];
  cases: number;
  /** what is wrong afterwards, one sentence each */
  violations: string[];
}

/**
 * Two workers and two APIs; while `clerks` people file and decide, each process is told to stop (SIGTERM) and started again when it has
 * gone, one after the other, `rounds` times.
 */
export async function rollingRestart(
  bench: Bench,
  { clerks, rounds, calmMs }: { clerks: number; rounds: number; calmMs: number },
): Promise<RollingResult> {
  const taskQueue = `rolling-${bench.id}`;
  const processes: { service: Service; running: Running }[] = [];
  const keeping: Bench = {
    ...bench,
    async start(service) {
      const running = await bench.start(service);
      processes.push({ service, running });
      return running;
    },
  };
  for (const number of [1, 2]) await keeping.start(ourWorker(bench.around(taskQueue), number));
  const apis = [await startApi(keeping, taskQueue), await startApi(keeping, taskQueue)];
  bench.say('two workers and two APIs are there');

  const { asked, oneCase } = createClerks(apis, await insertDocuments(bench, DOCUMENTS));
  const filed: string[] = [];
  let over = false;
  const work = Promise.all(
    Array.from({ length: clerks }, async () => {
      while (!over) {
        const acceptanceNo = await oneCase();
        if (acceptanceNo !== undefined) filed.push(acceptanceNo);
      }
    }),
  );

  const phases: Replaced[] = [];
  const phase = async (name: string | null, act: () => Promise<[number, number]>): Promise<void> => {
    const from = asked.length;
    const [stoppedMs, readyMs] = await act();
    phases.push({ name, stoppedMs, readyMs, asked: asked.slice(from) });
  };
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, calmMs));
  await phase(null, async () => {
    await pause();
    return [0, 0];
  });
  for (let round = 1; round <= rounds; round += 1)
    for (const [i, place] of processes.entries()) {
      const name = `${place.service.command.name}${place.service.command.name === 'api' ? `-${i - 1}` : ''}`;
      await phase(name, async () => {
        const from = performance.now();
        await place.running.stop();
        const stopped = performance.now();
        place.running = await bench.start(place.service);
        const ready = performance.now();
        await pause();
        return [stopped - from, ready - stopped];
      });
      bench.say(`${name} was replaced (round ${round} of ${rounds})`);
    }
  over = true;
  await work;
  return { phases, cases: filed.length, violations: await violationsOf(bench, asked, filed) };
}

/** Every answered request is in the store once, every case is at its end. */
async function violationsOf({ db }: Bench, asked: readonly Asked[], filed: readonly string[]): Promise<string[]> {
  const { rows: turns } = await db.query<{ key: string; n: number }>(
    'SELECT request_key AS key, count(*)::int AS n FROM case_turn WHERE request_key = ANY($1) GROUP BY 1',
    [asked.map(({ key }) => key)],
  );
  const written = new Map(turns.map(({ key, n }) => [key, n]));
  const { rows: cases } = await db.query<{ no: string; status: string; version: number }>(
    'SELECT acceptance_no AS no, status, version FROM case_file WHERE acceptance_no = ANY($1)',
    [filed],
  );
  return [
    ...asked.flatMap(({ key, error }) => (error === undefined ? [] : [`${key}: ${error}`])),
    ...asked
      .filter(({ key, error }) => error === undefined && written.get(key) !== 1)
      .map(({ key }) => `${key} was answered and is in the store ${written.get(key) ?? 0} times`),
    ...(filed.length === cases.length ? [] : [`${filed.length} cases were filed, ${cases.length} are in the store`]),
    ...cases
      .filter(({ status, version }) => status !== 'CLOSED' || version !== 4)
      .map(({ no, status, version }) => `${no} is ${status} at version ${version}`),
  ];
}

/** What a person reads. */
export function tableOf({ phases }: RollingResult): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const rows = phases.map(({ name, stoppedMs, readyMs, asked }) => {
    const done = asked.filter(({ to }) => to > 0);
    const took = done.map(({ from, to }) => to - from);
    const sum = (count: (one: Asked) => number): string => String(done.reduce((all, one) => all + count(one), 0));
    return [
      name ?? '(before)',
      name === null ? '' : seconds(stoppedMs),
      name === null ? '' : seconds(readyMs),
      String(done.length),
      sum(({ after503 }) => after503),
      sum(({ afterSilence }) => afterSilence),
      took.length === 0 ? '' : percentile(took, 0.5).toFixed(0),
      took.length === 0 ? '' : percentile(took, 0.95).toFixed(0),
      took.length === 0 ? '' : Math.max(...took).toFixed(0),
      sum(({ error }) => (error === undefined ? 0 : 1)),
    ];
  });
  const head = [
    'replaced',
    'gone s',
    'back s',
    'requests',
    'after 503',
    'no answer',
    'p50 ms',
    'p95 ms',
    'max ms',
    'errors',
  ];
  return table([head, ...rows]);
}
