import { randomUUID } from 'node:crypto';
import { insertCase } from '../../activities/filing.ts';
import type { CaseDeps } from '../../api/cases/deps.ts';
import { prepareFiling } from '../../api/cases/file-case.ts';
import { createPrisma } from '../../api/prisma.ts';
import type { FiledCase } from '../../domain/case.ts';
import { getProcess } from '../../domain/processes/index.ts';
import type { Running } from '../../embedded/service.ts';
import { startCase } from '../../engine/start-case.ts';
import { inTransaction } from '../../activities/store/in-transaction.ts';
import { byClerks, inTurn, runRound, type Side } from '../load.ts';
import { accountOf, CLERK, DOCUMENTS, filingForm, insertDocuments, oursByService, PROCESS } from '../ours.ts';
import { percentile, table } from '../stats.ts';
import { ourWorker, type Bench } from '../surroundings.ts';
import { watchMemory, type Memory } from './rss.ts';

const CONCURRENCY = 8;
const CASES = 16;
const TARGET = 1.1;
const BATCH = 50;
/** Enough to have left the cache of the worker long ago. */
const OLD = 200;
const TASK_QUEUE_TYPE_WORKFLOW = 1;

/** An engine with a worker on a store of its own, and how decisions are taken on it. */
interface Agency {
  bench: Bench;
  side: Side;
  worker: Running;
  queue: string;
}

export interface RunningOptions {
  /** numbers of open cases at which is measured, rising */
  open: readonly number[];
  rounds: number;
}

/**
 * What a decision takes while more and more cases are open in the engine, beside an engine of the same kind that is empty, in
 * turns: what else the machine does meets both. Cases are filed by what filing itself uses.
 */
export async function measureRunning(empty: Bench, full: Bench, options: RunningOptions): Promise<string> {
  const [none, many] = [await openAgency(empty), await openAgency(full)];
  for (const { side } of [none, many]) await runRound(side, CONCURRENCY, CASES);
  const memory = watchMemory([many.worker]);
  const rows: string[][] = [];
  const ratios: string[] = [];
  const old: string[] = [];
  for (const open of options.open) {
    old.push(...(await openCases(many, open - old.length, memory)));
    const ms = { none: [] as number[], many: [] as number[] };
    for (let round = 0; round < options.rounds; round++) {
      const turns = [
        async () => void ms.none.push(...(await runRound(none.side, CONCURRENCY, CASES)).latenciesMs),
        async () => void ms.many.push(...(await runRound(many.side, CONCURRENCY, CASES)).latenciesMs),
      ];
      for (const turn of inTurn(turns, round)) await turn();
    }
    const p95 = { none: percentile(ms.none, 0.95), many: percentile(ms.many, 0.95) };
    const row = (name: string, values: readonly number[]): string[] => [
      ...[name, String(values.length)],
      ...[percentile(values, 0.5), percentile(values, 0.95)].map((value) => value.toFixed(0)),
    ];
    rows.push(row('empty', ms.none), row(`${open} open`, ms.many));
    const ratio = p95.many / p95.none;
    ratios.push(`ratio ${open} open ${ratio.toFixed(2)}   (target ${TARGET}${ratio > TARGET ? ', missed' : ''})`);
    full.say(
      `decisions at ${open} open cases: p95 ${p95.many.toFixed(0)} ms, ${ratio.toFixed(2)} of those on an empty engine`,
    );
    if (open >= OLD * 2) rows.push(row(`${open} open, the oldest of them`, await decideOld(many, old)));
  }
  memory.stop();
  return [
    table([['', 'decisions', 'p50 ms', 'p95 ms'], ...rows]),
    '',
    ...ratios,
    '',
    table([['memory, MB', 'first', 'last', 'most', 'MB/h, second half'], ...memory.rows()]),
  ].join('\n');
}

async function openAgency(bench: Bench): Promise<Agency> {
  const queue = `growth-${bench.id}`;
  const worker = await bench.start(ourWorker(bench.around(queue), 1));
  return { bench, queue, worker, side: await oursByService(bench, queue) };
}

/** So many more cases that stay where they begin; answers their numbers, the oldest first. */
async function openCases({ bench, queue }: Agency, count: number, memory: Memory): Promise<string[]> {
  const { db, vault, sealed: temporal, say } = bench;
  const config = { temporalTaskQueue: queue, effectSpreadSeconds: 600 };
  const deps: CaseDeps = { db, prisma: createPrisma(db), temporal, vault, config, now: () => Date.now() };
  const request = { user: await accountOf(bench, CLERK), processType: PROCESS, form: filingForm() };
  const documents = await insertDocuments(bench, DOCUMENTS);
  const key = randomUUID();
  // Looked up and checked once for all: only where the person goes, and the key, differ.
  const first = await prepareFiling(deps, getProcess(PROCESS), { ...request, documents, key, requestHash: key });
  const numbers: string[] = [];
  const since = performance.now();
  await byClerks(16, Math.ceil(count / BATCH), async (batch) => {
    const filed = await inTransaction(db, async (tx) => {
      const written: FiledCase[] = [];
      for (let n = batch * BATCH; n < Math.min(count, (batch + 1) * BATCH); n++) {
        const own = randomUUID();
        const form = { ...first.form, destinationCity: `示例${own}市` };
        written.push(await insertCase(tx, vault, { ...first, form, request: { key: own, hash: own } }));
      }
      return written;
    });
    for (const each of filed) {
      await startCase(deps, each);
      numbers.push(each.snapshot.acceptanceNo);
      if (numbers.length % 1_000 === 0) {
        const rate = numbers.length / ((performance.now() - since) / 1000);
        const mb = memory.rows()[0]?.[2] ?? '';
        say(`${numbers.length} of ${count} cases opened, ${rate.toFixed(0)}/s, worker ${mb} MB`);
      }
    }
  });
  await begun(bench, queue);
  return numbers;
}

/** Cases are opened faster than one worker begins them: until it has come up to all, a decision on a new one waits behind them. */
async function begun({ temporal, connection, say }: Bench, queue: string): Promise<void> {
  const asked = {
    namespace: temporal.options.namespace,
    taskQueue: { name: queue },
    taskQueueType: TASK_QUEUE_TYPE_WORKFLOW,
    reportStats: true,
  };
  for (let looks = 0; ; looks++) {
    const { stats } = await connection.workflowService.describeTaskQueue(asked);
    const waiting = Number(stats?.approximateBacklogCount ?? 0);
    if (waiting === 0) return;
    if (looks % 10 === 0) say(`${waiting} of them are still to be begun by the worker`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** First decisions on the oldest open cases, which no worker holds in memory any more. */
async function decideOld({ side }: Agency, numbers: string[]): Promise<number[]> {
  const ms: number[] = [];
  const old = numbers.splice(0, OLD);
  await byClerks(CONCURRENCY, old.length, async (n) => {
    const from = performance.now();
    await side.decide(old[n] as string, 0);
    ms.push(performance.now() - from);
  });
  return ms;
}
