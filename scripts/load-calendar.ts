import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { z } from 'zod';
import { readConfig, readOrExit } from '../config.ts';
import { runningEnvironment } from '../config/running.ts';
import type { CalendarEdition } from '../domain/calendar.ts';
import { editionSchema } from '../domain/calendar-file.ts';
import { Refusal } from '../domain/refusal.ts';
import { withLengths } from '../domain/time-limits.ts';
import { applyEdition, findRun, type CalendarRun } from '../engine/calendar-run.ts';
import { createClient } from '../engine/client.ts';
import { previewEdition, type EditionPreview } from '../engine/preview-edition.ts';
import { openVault } from '../vault/open-vault.ts';
import { describeMove, describePreview } from './calendar/describe.ts';

/**
 * `npm run calendar -- FILE [--dry-run]`: puts a yearly holiday notice or an amendment in force and watches how the open cases
 * it touches are counted again; the workers do it, so ending this program ends nothing. `--dry-run` tells what would move.
 */

/** Cases a dry run lists; the rest is in the numbers, and the API has it page by page. */
const LISTED = 40;
const LOOK_EVERY_MS = 500;
const SAY_EVERY_MS = 2_000;

const { values: options, positionals } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [file] = positionals;
if (!file) {
  console.error('用法 / usage: npm run calendar -- FILE.json [--dry-run]（字段见 domain/calendar-editions/）');
  process.exit(64);
}
const config = readOrExit(() => readConfig(runningEnvironment()));
const edition = await readEdition(file);
const db = new pg.Pool({ connectionString: config.databaseUrl, max: 2 });
try {
  if (options['dry-run']) await tryOut();
  else await apply();
} catch (problem) {
  if (!(problem instanceof Refusal)) throw problem;
  console.error(`${problem.code}\n${problem.faults.map((f) => `${f.path ?? ''} ${f.zh} ${f.en}`).join('\n')}`);
  process.exitCode = 65;
} finally {
  await db.end();
}

async function readEdition(path: string): Promise<CalendarEdition> {
  const parsed = editionSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  console.error(`${path} 不是日历数据 / is not a calendar edition:\n${z.prettifyError(parsed.error)}`);
  process.exit(65);
}

async function tryOut(): Promise<void> {
  const limits = config.limitLengths && withLengths(config.limitLengths);
  show(await previewEdition(db, edition, { size: LISTED, limits }, everySoOften(sayLooked)));
}

async function apply(): Promise<void> {
  const connection = await Connection.connect({ address: config.temporalAddress });
  try {
    const temporal = createClient(connection, config.temporalNamespace, openVault(db, config));
    const { isNew, run } = await applyEdition({ db, temporal, config }, edition, 'npm run calendar');
    console.log(isNew ? `${edition.id} 已启用 / is in force` : `${edition.id} 此前已载入 / was loaded before`);
    if (run) await watch(run);
  } finally {
    await connection.close();
  }
}

/** Until the run is over; it goes on by itself when this program ends first. */
async function watch(started: CalendarRun): Promise<void> {
  const say = everySoOften((run: CalendarRun) => console.log(`  ${progress(run)}`));
  for (let run: CalendarRun | undefined = started; run; run = await findRun(db, run.editionId)) {
    if (run.finishedAt) {
      const seconds = ((run.finishedAt.getTime() - run.startedAt.getTime()) / 1000).toFixed(1);
      console.log(`完成 / done: ${progress(run)}, ${seconds} s`);
      return;
    }
    say(run);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

const progress = ({ pass, done, total, asked, moved, gone }: CalendarRun): string =>
  `第 ${pass} 遍 / pass ${pass}: ${done}/${total}; 重算 / counted again ${asked}, 变动 / moved ${moved}` +
  (gone > 0 ? `, 引擎中无流程 / without a procedure ${gone}` : '');

/** Lines that come too soon after one another are left out. */
function everySoOften<T>(say: (what: T) => void): (what: T) => void {
  let last = performance.now();
  return (what) => {
    if (performance.now() - last < SAY_EVERY_MS) return;
    last = performance.now();
    say(what);
  };
}

function sayLooked(done: number): void {
  console.log(`  已查 ${done} 件 / cases looked at`);
}

function show({ counts, items, next }: EditionPreview): void {
  if (counts) console.log(describePreview(counts));
  for (const { acceptanceNo, moves } of items) console.log(`${acceptanceNo}  ${moves.map(describeMove).join('; ')}`);
  if (next !== undefined) console.log('… 其余见接口 / the rest: POST /api/v1/calendar/editions?dryRun=true');
  console.log('试算，未作任何更改 / a dry run: nothing was changed');
}
