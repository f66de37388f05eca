import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import pg from 'pg';
import { PROCESSES } from '../domain/processes/index.ts';
import { createClient } from '../engine/client.ts';
import { surviveLosses } from '../engine/survive-losses.ts';
import { planOf } from '../rehearsal/plan/index.ts';
import { readOrExit } from '../rehearsal/read-or-exit.ts';
import { dayAt } from '../rehearsal/recount/days.ts';
import { insertPeople } from '../rehearsal/surroundings.ts';
import { openVault } from '../vault/open-vault.ts';
import { check } from './checker/check.ts';
import { shareDesks } from './few-hands.ts';
import { HELP, readOptions, type Options } from './options.ts';
import { play, type Stage } from './play.ts';
import { runProgramme } from './programme.ts';
import { watchPeople } from './people.ts';
import { openRecord } from './record.ts';
import { reportOf } from './report.ts';
import { createStaff, pause } from './staff.ts';
import { watchStillness } from './stillness.ts';
import { APIS, PARTS, startSystem, type System, type Undo } from './system.ts';

/**
 * `npm run faults`: many cases by simulated staff over HTTP against the real system as separate processes, while processes die,
 * networks break, disks fill and clocks jump; then an independent check of what the clients saw, the rows and the histories.
 * Last line `N decisions, N faults, N violations`; any violation is exit code 1.
 */
const since = Date.now();
const say = (line: string): void => console.log(`${((Date.now() - since) / 1000).toFixed(0).padStart(5)} s  ${line}`);
// For the checker, which replays histories: that it does is not worth a line.
Runtime.install({ logger: new DefaultLogger('ERROR') });
/** More than anybody gets through. */
const CASES_A_MINUTE = 240;
/** How long whoever is at work may finish what they have in hand when the faults are over. */
const FINISH_MS = 200_000;
/** Nobody is at work yet in the first seconds, so nothing that broke then would be missed. */
const WARM_UP_MS = 90_000;
const RECOVERS_MS = 120_000;

const options = readOrExit(readOptions, HELP);
const commit = git('rev-parse', 'HEAD') + (git('status', '--porcelain') ? '+' : '');
const folder = mkdtempSync(join(tmpdir(), 'jingban-faults-'));
console.log(`SEED=${options.seed} COMMIT=${commit} ${options.minutes} min, in ${folder}`);

const undo: Undo = [];
let stopping: Promise<void> | undefined;
const stop = (): Promise<void> =>
  (stopping ??= (async () => {
    for (let last = undo.pop(); last; last = undo.pop()) await last();
  })());
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  // A terminal and npm both pass it on, so it comes twice.
  process.on(signal, () => void stop().then(() => process.exit(130)));

const system = await startSystem(folder, say, undo).catch(async (problem: unknown) => {
  await stop();
  throw problem;
});
const db = new pg.Pool({ connectionString: system.ownerUrl, max: 8 });
surviveLosses(db, () => undefined);
try {
  const { decisions, cases, deadlines, faults, violations } = await run(options, system);
  console.log('');
  for (const violation of violations.slice(0, 100)) console.log(`✗ ${violation}`);
  if (violations.length > 0) {
    system.postgresDisk.keep();
    system.documents.keep();
    console.log(
      `\nkept: ${folder}\nagain: git checkout ${commit.replace('+', '')} && npm run faults -- ${argumentsOf(options)}`,
    );
  }
  say(`${cases} cases, ${deadlines} deadlines counted again`);
  process.exitCode = violations.length > 0 ? 1 : 0;
  await db.end();
  await stop();
  if (violations.length === 0) rmSync(folder, { recursive: true, force: true });
  console.log(`${decisions} decisions, ${faults} faults, ${violations.length} violations`);
  process.exit();
} catch (problem) {
  console.error(problem);
  await stop();
  process.exit(1);
}

async function run({ seed, minutes, people: atWork, between }: Options, around: System) {
  const recordFile = join(folder, 'clients.jsonl');
  const today = dayAt(Date.now());
  const plans = Array.from({ length: Math.ceil(minutes * CASES_A_MINUTE) + atWork }, (_, number) =>
    planOf(seed, number, today, today),
  );
  const vault = openVault(db, { fieldKeys: around.keys, cryptoSuite: 'intl' });
  await insertPeople(db, vault, plans);
  await shareDesks(db);
  const record = openRecord(recordFile);
  let until = Number.POSITIVE_INFINITY;
  const people = watchPeople(record);
  const stage: Stage = {
    people,
    staff: createStaff(around.apis, around.issuer, record),
    record,
    seed,
    over: () => Date.now() > until,
  };

  let next = 0;
  let restarts = 0;
  const person = async (): Promise<void> => {
    for (let plan = plans[next++]; plan && !stage.over(); plan = plans[next++])
      await play(stage, plan).catch((problem: unknown) =>
        say(`case ${plan?.number}: ${problem instanceof Error ? problem.message : String(problem)}`),
      );
  };
  say(`${atWork} people at work`);
  const working = Promise.all(Array.from({ length: atWork }, person));
  for (const from = Date.now(); record.decided < atWork && Date.now() - from < WARM_UP_MS;) await pause(1_000);
  until = Date.now() + minutes * 60_000;
  const stillness = watchStillness(() => record.decided);
  const programme = runProgramme({ system: around, db, people, say }, { seed, until, between });
  const progress = setInterval(() => {
    restarts += around.said().length;
    say(`${record.decided} decisions answered, ${next} cases begun, ${restarts} restarts`);
  }, 10_000);
  await programme.finished;
  say('no more faults; what died comes back, whoever is at work finishes');
  await Promise.race([working, pause(FINISH_MS)]);
  clearInterval(progress);
  const still = stillness.end();
  const away = await recovered(around);

  const connection = await Connection.connect({ address: around.temporalAddress });
  const temporal = createClient(connection, around.namespace, vault);
  const checked = await check({
    recordFile,
    db,
    temporal,
    types: Object.keys(PROCESSES),
    plans,
    say,
    stuckList: () => stage.staff.stuckList(),
  });
  await connection.close();
  const { happened } = programme;
  console.log(`\n${reportOf(checked, happened)}`);
  return { ...checked, violations: [...still, ...away, ...checked.violations], faults: happened.length };
}

/** Waits until everything answers again; what does not come back by itself is a violation that needs no other witness. */
async function recovered(around: System): Promise<string[]> {
  const giveUpAt = Date.now() + RECOVERS_MS;
  for (;;) {
    const ready = await Promise.all(
      around.apis.map((api) =>
        fetch(`${api}/readyz`, { signal: AbortSignal.timeout(5_000) }).then(
          ({ ok }) => ok,
          () => false,
        ),
      ),
    );
    if (ready.every(Boolean) && ready.length === APIS.length && PARTS.every((part) => around.pid(part) !== undefined))
      return [];
    if (Date.now() > giveUpAt)
      return ['the system has not come back by itself: an API is not ready or a process is missing'];
    await pause(500);
  }
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

function argumentsOf({ seed, minutes, people, between }: Options): string {
  return `--seed ${seed} --minutes ${minutes} --people ${people} --between ${between}`;
}
