import { readFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { z } from 'zod';
import { readConfig, readOrExit } from '../config.ts';
import { isPlainDate } from '../domain/plain-date.ts';
import { Refusal } from '../domain/refusal.ts';
import { applyEdition } from '../engine/apply-edition.ts';

/** `npm run calendar -- FILE`: loads a yearly holiday notice and has the open cases it touches counted again. */

const day = z.string().refine(isPlainDate);
const edition = z.strictObject({
  id: z.string().min(1),
  year: z.int(),
  source: z.string().min(1),
  publishedOn: day,
  daysOff: z.array(day),
  makeUpWorkdays: z.array(day),
});

const [file] = process.argv.slice(2);
if (!file) {
  console.error('用法 / usage: npm run calendar -- FILE.json（字段见 domain/calendar-editions/）');
  process.exit(64);
}
const config = readOrExit(readConfig);
const parsed = edition.safeParse(JSON.parse(await readFile(file, 'utf8')));
if (!parsed.success) {
  console.error(`${file} 不是日历数据 / is not a calendar edition:\n${z.prettifyError(parsed.error)}`);
  process.exit(65);
}
const db = new pg.Pool({ connectionString: config.databaseUrl, max: 2 });
const connection = await Connection.connect({ address: config.temporalAddress });
try {
  const temporal = new Client({ connection, namespace: config.temporalNamespace });
  const asked = await applyEdition(db, temporal, parsed.data, (done) =>
    console.log(`${done} 件重新计算 / cases counted again`),
  );
  console.log(`${parsed.data.id} 已启用 / is in force; ${asked} 件 / cases`);
} catch (problem) {
  if (!(problem instanceof Refusal)) throw problem;
  console.error(`${problem.code}\n${problem.faults.map((f) => `${f.path ?? ''} ${f.zh} ${f.en}`).join('\n')}`);
  process.exitCode = 65;
} finally {
  await connection.close();
  await db.end();
}
