import type pg from 'pg';
import { apiService, apiUrl } from '../../embedded/application.ts';
import { findFreePorts } from '../../embedded/ports.ts';
import { openIssuer } from '../../test/api/issuer.ts';
import { percentile, table } from '../stats.ts';
import type { Bench } from '../surroundings.ts';
import type { CitySize } from './city.ts';
import type { Plan } from './plan.ts';
import { askers, questions, type Question } from './questions.ts';
import { askOnce, openRecordedApi } from './recorded-api.ts';
import { watchMemory } from './rss.ts';

export interface StoreOptions {
  url: string;
  db: pg.Pool;
  size: CitySize;
  /** how often each question is asked */
  times: number;
  /** print what the database does for each */
  explain: boolean;
}

const WARM = 5;

/**
 * Every question over HTTP, one after another, by the API as `npm start` runs it; then once more in this process, to see what
 * the database does for it. Answers the tables, and whether every target was met.
 */
export async function measureStore(bench: Bench, options: StoreOptions): Promise<{ text: string; met: boolean }> {
  const asked = await questions(options.db, options.size);
  const plans = await explain(bench, options, asked);
  const { latencies, memory } = await time(bench, options, asked);
  let met = true;
  const rows = asked.map((question) => {
    const ms = latencies.get(question) ?? [];
    const p95 = percentile(ms, 0.95);
    const { sequential, read, blocks } = plans.get(question) ?? { sequential: [], read: NaN, blocks: NaN };
    const missed = question.targetMs !== undefined && p95 > question.targetMs;
    met = met && !missed && sequential.length === 0;
    return [
      question.what,
      ...[read, blocks].map(String),
      ...[percentile(ms, 0.5), p95].map((value) => value.toFixed(1)),
      question.targetMs === undefined ? '' : `${question.targetMs}${missed ? ', missed' : ''}`,
      sequential.join(' ') || 'none',
    ];
  });
  const head = ['what', 'rows read', 'blocks', 'p50 ms', 'p95 ms', 'target', 'sequential scans of'];
  const text = [
    table([head, ...rows]),
    '',
    table([['memory, MB', 'first', 'last', 'most', 'MB/h, second half'], ...memory]),
  ].join('\n');
  return { text, met };
}

interface Told {
  sequential: string[];
  read: number;
  blocks: number;
}

async function explain(
  { say }: Bench,
  options: StoreOptions,
  asked: readonly Question[],
): Promise<Map<Question, Told>> {
  const api = await openRecordedApi(options.url);
  const told = new Map<Question, Told>();
  try {
    for (const question of asked) {
      await api.plansOf(question, 1); // what every process reads once, such as the calendar, is no part of it
      const plans = await api.plansOf(question);
      const sum = (of: (plan: Plan) => number): number => plans.reduce((all, plan) => all + of(plan), 0);
      const sequential = [...new Set(plans.flatMap((plan) => plan.sequential))];
      told.set(question, { sequential, read: sum(({ rows }) => rows), blocks: sum(({ blocks }) => blocks) });
      if (!options.explain) continue;
      console.log(`\n--- ${question.what}`);
      for (const { text, lines, ms } of plans) {
        console.log(`${text.replaceAll(/\s+/g, ' ').slice(0, 160)} … ${ms.toFixed(1)} ms\n${lines.join('\n')}`);
      }
    }
  } finally {
    await api.close();
  }
  say(`${asked.length} questions explained`);
  return told;
}

async function time(bench: Bench, { url, times }: StoreOptions, asked: readonly Question[]) {
  const issuer = await openIssuer();
  bench.atTheEnd(() => void issuer.close());
  const around = bench.around(`growth-${bench.id}`);
  const config = { ...around.config, apiPort: await findFreePorts(1) };
  const service = apiService({ ...around, config, databaseUrl: url, oidcIssuer: issuer.url });
  const env = {
    ...service.command.env,
    ...{ API_PORT: String(config.apiPort), OIDC_AUDIENCE: issuer.audience, LOG_LEVEL: 'warn' },
    // One account asks here what a whole city does.
    SEARCHES_A_MINUTE: '1000000',
  };
  // Nobody decides here, so no worker runs, and without one it is alive and not ready.
  const ready = async (): Promise<void> => {
    const { ok, status } = await fetch(`${apiUrl(config)}/healthz`);
    if (!ok) throw new Error(`/healthz answered ${status}`);
  };
  const api = await bench.start({ ...service, ready, command: { ...service.command, env } });
  const tokens = new Map<string, string>();
  for (const username of askers(asked, times + WARM)) tokens.set(username, await issuer.token(`s-${username}`));
  const memory = watchMemory([api]);
  const latencies = new Map<Question, number[]>(asked.map((question) => [question, []]));
  // In turns: what else the machine does meets every question alike.
  for (let n = 0; n < times + WARM; n++) {
    for (const question of asked) {
      const { username, path, body } = question.ask(n);
      const headers = { Authorization: `Bearer ${tokens.get(username) ?? ''}` };
      const ms = await askOnce(apiUrl(config), headers, path, body);
      if (n >= WARM) latencies.get(question)?.push(ms);
    }
    if (n % 10 === 0) bench.say(`every question asked ${n + 1} times of ${times + WARM}`);
  }
  memory.stop();
  return { latencies, memory: memory.rows() };
}
