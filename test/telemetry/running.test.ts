import { randomUUID } from 'node:crypto';
import { METRICS } from '../../telemetry/catalogue.ts';
import { OUT_OF_AREA_WALK } from '../end-to-end/client.ts';
import { fileOne, pass } from '../processes/reimbursement-walk.ts';
import { eventually } from '../support/eventually.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { SERIES } from './asked.ts';
import { openCollector, type Collector, type Span } from './collector.ts';
import { startSystem, type RunningSystem } from './system.ts';

/**
 * One case is filed and decided over HTTP, another one is left until its limit has passed; afterwards figures, trace and logs of the
 * processes tell of just that.
 */

let collector: Collector;
let system: RunningSystem;
let acceptanceNo: string;
/** limits that have passed on the case that is left, as its log says */
let passed: number;
const FOLLOWED = `follow-${randomUUID()}`;

async function decide(username: string, step: string, requestId: string): Promise<number> {
  const answer = await fetch(`${system.url}/api/v1/cases/${acceptanceNo}/decisions`, {
    method: 'POST',
    headers: {
      Authorization: await system.as(username),
      'Content-Type': 'application/json',
      'Idempotency-Key': randomUUID(),
      'X-Request-Id': requestId,
    },
    body: JSON.stringify({ step, decision: 'APPROVE' }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

beforeAll(async () => {
  collector = await openCollector();
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER_ARG: '1',
    HEAD_EVERY_SECONDS: '1',
    METRICS_STORE_SECONDS: '1',
  };
  system = await startSystem(1, settings, '2025-09-22T10:00:00+08:00');
  acceptanceNo = await fileOutOfArea(system.office);
  const [first, ...others] = OUT_OF_AREA_WALK;
  expect(await decide(first[1], first[0], FOLLOWED)).toBe(200);
  expect(await decide(first[1], first[0], randomUUID())).toBe(409);
  for (const [step, username] of others) expect(await decide(username, step, randomUUID())).toBe(200);
  const late = await fileOne(system.office);
  await pass(system.office, late, 'INTAKE');
  await system.office.forwardTo(late, '2025-10-20T09:00:00+08:00');
  passed = (await system.office.events(late)).filter(({ kind }) => kind === 'LIMIT_PASSED').length;
  expect(passed).toBeGreaterThan(0);
}, 180_000);
afterAll(async () => {
  await system?.close();
  await collector?.close();
}, 60_000);

/** Value of one line of an exposition; labels in any order. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const line = text.split('\n').find((candidate) => {
    if (!candidate.startsWith(`${name}{`) && !candidate.startsWith(`${name} `)) return false;
    return Object.entries(labels).every(([label, value]) => candidate.includes(`${label}="${value}"`));
  });
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}

const PROCESS = 'OUT_OF_AREA_REFERRAL';
const LEFT = 'REIMBURSEMENT_REVIEW';

it('the API counts requests by route and refusals by code', async () => {
  const text = await system.scrape(0);
  const route = '/api/v1/cases/{acceptanceNo}/decisions';
  const requests = { method: 'POST', route };
  expect(valueOf(text, 'jingban_http_request_duration_seconds_count', { ...requests, status: '2xx' })).toBe(4);
  expect(valueOf(text, 'jingban_http_request_duration_seconds_count', { ...requests, status: '4xx' })).toBe(1);
  expect(valueOf(text, 'jingban_refusals_total', { code: 'STAGE_PASSED' })).toBe(1);
  expect(valueOf(text, 'jingban_db_pool_connections', { state: 'most' })).toBe(20);
  expect(valueOf(text, 'process_cpu_seconds_total')).toBeGreaterThan(0);
});

it('the worker counts turns; the store counts every decision, deadline and open case', async () => {
  const text = await eventually(async () => {
    const told = await system.scrape(1);
    expect(valueOf(told, 'jingban_case_events_total', { process: LEFT, kind: 'LIMIT_PASSED' })).toBe(passed);
    return told;
  });
  expect(valueOf(text, 'jingban_case_events_total', { process: PROCESS, kind: 'DECIDED' })).toBe(4);
  expect(valueOf(text, 'jingban_turn_duration_seconds_count', { outcome: 'written' })).toBeGreaterThanOrEqual(4);
  expect(valueOf(text, 'jingban_case_events_total', { process: PROCESS, kind: 'FILED' })).toBe(1);
  for (const [step] of OUT_OF_AREA_WALK)
    expect([step, valueOf(text, 'jingban_decisions_total', { process: PROCESS, step, decision: 'APPROVE' })]).toEqual([
      step,
      1,
    ]);
  expect(valueOf(text, 'jingban_cases_open', { process: LEFT, status: 'IN_PROGRESS' })).toBe(1);
  expect(valueOf(text, 'jingban_cases_open', { process: PROCESS })).toBeUndefined();
  expect(valueOf(text, 'jingban_cases_overdue', { process: LEFT, clock: 'STAGE' })).toBe(1);
  expect(valueOf(text, 'jingban_deadlines_total', { process: LEFT, clock: 'STAGE', outcome: 'met' })).toBe(1);
  expect(valueOf(text, 'jingban_stage_lateness_days_bucket', { le: '0' })).toBe(1);
  expect(valueOf(text, 'jingban_effect_lateness_seconds_count', { kind: 'LIMIT_PASSED' })).toBe(passed);
  expect(text).toMatch(/^temporal_\w+/m);
  expect(valueOf(text, 'jingban_store_up')).toBe(1);
});

it('one request is one trace: API, update, activity, SQL', async () => {
  const trace = await eventually(() => {
    const spans = collector.spans();
    const root = spans.find(({ attributes }) => attributes['jingban.request_id'] === FOLLOWED);
    const mine = spans.filter(({ traceId }) => traceId === root?.traceId);
    expect(mine.some(({ service, name }) => service === 'jingban-worker' && name.startsWith('SQL '))).toBe(true);
    expect(mine.some(({ parentSpanId }) => !parentSpanId)).toBe(true);
    return mine;
  });
  const above = (span: Span | undefined): string[] =>
    span ? [`${span.service} ${span.name}`, ...above(trace.find(({ spanId }) => spanId === span.parentSpanId))] : [];
  const written = trace.find(
    ({ service, name }) => service === 'jingban-worker' && /^SQL (write-turn|COMMIT)/.test(name),
  );
  expect(above(written)).toEqual([
    expect.stringMatching(/^jingban-worker SQL /),
    'jingban-worker activity turn',
    'jingban-api update decide',
    'jingban-api POST /api/v1/cases/{acceptanceNo}/decisions',
  ]);
});

it('both logs tell of it under one request id, with case and person', () => {
  const lines = [...system.log('api'), ...system.log('worker-1')].filter(({ requestId, req }) =>
    [requestId, (req as { id?: string } | undefined)?.id].includes(FOLLOWED),
  );
  expect(lines).toEqual([
    expect.objectContaining({ name: 'api', msg: 'answered', user: 's-town1.clerk', acceptanceNo }),
    expect.objectContaining({
      name: 'worker',
      msg: 'a turn',
      user: 's-town1.clerk',
      acceptanceNo,
      decision: 'APPROVE',
    }),
  ]);
});

/** Series the SDK and we have only once something of the kind has happened: a failure, a miss, a duty past its day. */
const ONLY_AFTERWARDS = [
  'jingban_duties_overdue',
  'temporal_sticky_cache_miss_total',
  'temporal_workflow_task_execution_failed_total',
];

it('everything the dashboard and the alert rules ask for is exported, and of ours only what the catalogue says', async () => {
  const text = (await Promise.all([system.scrape(0), system.scrape(1)])).join('\n');
  const exported = new Set([...text.matchAll(/^(\w+)[{ ]/gm)].map(([, name]) => name ?? ''));
  expect(SERIES.filter((series) => !exported.has(series) && !ONLY_AFTERWARDS.includes(series))).toEqual([]);
  const told = [...text.matchAll(/^# TYPE (jingban_\w+)/gm)].map(([, name]) => name ?? '');
  expect(told.filter((name) => !(name in METRICS))).toEqual([]);
});
