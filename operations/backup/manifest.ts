import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StartProblem } from '../../embedded/problem.ts';

const FILE = 'manifest.json';

const manifestSchema = z.object({
  format: z.literal(1),
  beganAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  postgres: z.object({ version: z.string(), firstWal: z.string(), lastWal: z.string(), endLsn: z.string() }),
  /** true: the engine lies in the same Postgres, so one point in time is that of both */
  engineInside: z.boolean(),
  /** where the write-ahead log goes on */
  walArchiveFolder: z.string().optional(),
  files: z.array(z.object({ path: z.string(), bytes: z.number(), sha256: z.string() })),
  /** folders without a file, which Postgres wants to be there */
  folders: z.array(z.string()),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Written last, whole and with its own checksum: a folder without it is no backup. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const text = JSON.stringify(manifest, null, 1);
  const half = join(folder, `${FILE}.half`);
  await writeFile(half, `${hashOf(text)}\n${text}\n`, { mode: 0o600, flush: true });
  await rename(half, join(folder, FILE));
}

/** Throws `StartProblem` when the folder holds no whole backup. */
export async function readManifest(folder: string): Promise<Manifest> {
  const written = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  if (written === undefined)
    throw new StartProblem(
      `${folder} 不是备份,或备份没有做完(缺 ${FILE}):请另选一个备份目录`,
      `${folder} is no backup, or one that was not finished (no ${FILE}): choose another one`,
    );
  const end = written.indexOf('\n');
  const text = written.slice(end + 1).trimEnd();
  const parsed = hashOf(text) === written.slice(0, end) ? manifestSchema.safeParse(JSON.parse(text)) : undefined;
  if (parsed?.success) return parsed.data;
  throw new StartProblem(
    `${folder} 的 ${FILE} 已被改动或损坏:请另选一个备份目录`,
    `${FILE} of ${folder} was altered or is damaged: choose another backup`,
  );
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
