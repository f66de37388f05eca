import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { makeCurrent, releases, untilKnown, type Deployment } from '../../engine/deployment.ts';
import { patientClient, type PatientClient } from '../end-to-end/client.ts';
import { nothingIsWrong } from '../end-to-end/reserve.ts';
import { replay, type History } from '../support/histories.ts';
import { openOffice, type Office } from '../support/office.ts';
import { changedRelease, releasedNow, runRelease, type RunningRelease } from './release.ts';
import { WALKS, walkOn, type Walker } from './walks.ts';

/**
 * Release A has cases at every step of three procedures; release B, whose review chain does something more at every step, becomes
 * current while people decide; A is switched off when nothing is left on it. `JINGBAN_UPGRADE_CASES=500` for the record.
 */
const CASES = Number(process.env['JINGBAN_UPGRADE_CASES'] ?? 36);
/** So many people at a time. */
const CLERKS = 8;
jest.setTimeout(Math.max(300_000, CASES * 3_000));

const CHAIN = 'workflows/review-chain.ts';
const AFTER = '    const step = file.step;\n';
const more = (work: string) => (text: string) =>
  text
    .replace(AFTER, `${AFTER}    ${work}\n`)
    .replace(
      'import type { CaseFile',
      "import { patched, sleep } from '@temporalio/workflow';\nimport type { CaseFile",
    );
/** As a change to a procedure that is under way has to be made … */
const WITH_CARE = more("if (patched('a-second-look')) await sleep(1);");
/** … and as it must not be. */
const WITHOUT_CARE = more('await sleep(1);');

let office: Office;
let client: PatientClient;
let deployment: Deployment;
const running: RunningRelease[] = [];
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false, replays: false });
  client = patientClient(office);
  const { connection, namespace } = office.engine;
  deployment = { connection, namespace, name: `upgrade-${randomUUID()}` };
});
afterAll(async () => {
  for (const release of running) await release.stop();
  await office.close();
});

async function run(buildId: string, bundle: string): Promise<RunningRelease> {
  const release = await runRelease(office, deployment.name, buildId, bundle);
  running.push(release);
  await untilKnown(deployment, buildId, 60_000);
  return release;
}

const atOnce = async <T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> => {
  const waiting = [...all];
  const clerk = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: CLERKS }, clerk));
};

async function fileAll(count: number): Promise<Walker[]> {
  const walkers: Walker[] = [];
  await atOnce(
    Array.from({ length: count }, (_, i) => WALKS[i % WALKS.length] as Walker['walk']),
    async (walk) => walkers.push({ walk, acceptanceNo: await walk.file(client), passed: 0 }),
  );
  return walkers;
}

const historyOf = (no: string): Promise<History> => office.engine.client.workflow.getHandle(no).fetchHistory();

/** The releases that took this case's tasks, in their order. */
async function tookPart(no: string): Promise<string[]> {
  const events = (await historyOf(no)).events ?? [];
  const builds = events.flatMap(
    ({ workflowTaskCompletedEventAttributes: task }) => task?.deploymentVersion?.buildId ?? [],
  );
  return builds.filter((build, i) => build !== builds[i - 1]);
}

let open: Walker[];
let careful: string;

it('a release none of whose workers has been seen does not become current', async () => {
  await expect(untilKnown(deployment, 'C', 0)).rejects.toThrow('no worker of release C');
  await expect(makeCurrent(deployment, 'C')).rejects.toThrow();
});

it('release A has cases at every step of its procedures', async () => {
  await run('A', releasedNow());
  await makeCurrent(deployment, 'A');
  open = await fileAll(CASES);
  await atOnce([...open.entries()], ([i, walker]) =>
    walkOn(client, walker, Math.floor(i / WALKS.length) % walker.walk.steps.length),
  );
  expect(await releases(deployment)).toMatchObject([{ buildId: 'A', status: 'CURRENT' }]);
});

it('a change without patched() is told by the histories of A, one with it is not', async () => {
  careful = await changedRelease(CHAIN, WITH_CARE);
  const careless = await changedRelease(CHAIN, WITHOUT_CARE);
  const begun = open.filter(({ passed }) => passed > 0).slice(0, 6);
  const histories = await Promise.all(
    begun.map(async ({ acceptanceNo: workflowId }) => ({ workflowId, history: await historyOf(workflowId) })),
  );
  await expect(replay(histories, office.deps.vault, careful)).resolves.toBe(begun.length);
  for (const each of histories)
    await expect(replay([each], office.deps.vault, careless)).rejects.toThrow(/determinis/i);
});

it('B takes over while people decide; A goes when it is drained; nothing is lost', async () => {
  const [a] = running;
  await run('B', careful);
  // Half of the way of each case, its last step never, with both releases running, and the switch in the middle of it.
  const half = open.map((walker) => ({ walker, until: Math.floor((walker.passed + walker.walk.steps.length) / 2) }));
  const ahead = half.reduce((sum, { walker, until }) => sum + until - walker.passed, 0);
  const deciding = atOnce(half, ({ walker, until }) => walkOn(client, walker, until));
  await client.untilTook(client.took.length + ahead / 2);
  await makeCurrent(deployment, 'B');
  const later = fileAll(WALKS.length * 2);
  await deciding;

  // The short procedures end on A; then nothing of it is left, and its workers go while people decide.
  const pinned = open.filter(({ walk }) => walk.process === 'TRAUMA_VERIFICATION');
  await atOnce(pinned, (walker) => walkOn(client, walker));
  expect(await left('A')).toBe(0);
  const rest = atOnce([...open, ...(await later)], (walker) => walkOn(client, walker));
  await a?.stop();
  running.shift();
  await rest;

  for (const { acceptanceNo, walk } of open)
    expect([acceptanceNo, walk.process, await tookPart(acceptanceNo)]).toEqual([
      acceptanceNo,
      walk.process,
      walk.process === 'TRAUMA_VERIFICATION' ? ['A'] : ['A', 'B'],
    ]);
  for (const { acceptanceNo } of await later) expect(await tookPart(acceptanceNo)).toEqual(['B']);
  expect(client.took).toHaveLength([...open, ...(await later)].reduce((sum, { walk }) => sum + walk.steps.length, 0));
  await nothingIsWrong(office, client);
  console.log(`${CASES} cases open on A, ${client.took.length} decisions answered, 0 lost`);
});

/** Visibility hears of a case's end a moment after it. What is not pinned moves with its next task. */
async function left(buildId: string): Promise<number> {
  const query = `TemporalWorkerDeploymentVersion = '${deployment.name}:${buildId}' AND TemporalWorkflowVersioningBehavior = 'Pinned' AND ExecutionStatus = 'Running'`;
  for (let tries = 0; ; tries++) {
    const { count } = await office.engine.client.workflow.count(query);
    if (count === 0 || tries === 100) return count;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
