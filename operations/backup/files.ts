import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Files copied or read at one time. */
export const FILES_AT_ONCE = 8;

/** One file of a backup: its path in it, with '/', its length and its SHA-256. */
export interface BackedUpFile {
  path: string;
  bytes: number;
  sha256: string;
}

/** Every file below a folder, as paths from it with '/'; folders that hold none too, ending in '/'. Nothing when it is not there. */
export async function listFolder(folder: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(gone<Dirent[]>([]));
  if (entries.length === 0 && below !== '') return [below];
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = `${below}${entry.name}`;
      return entry.isDirectory() ? listFolder(folder, `${path}/`) : entry.isFile() ? [path] : [];
    }),
  );
  return nested.flat();
}

/**
 * Copies one file and says what was copied, on the disk when it returns; undefined when it is gone meanwhile (a database at work
 * throws files away). The length is that of the copy: a file that grows meanwhile is completed by the write-ahead log.
 */
export async function copyFile(
  from: string,
  to: string,
  path: string,
  mode = 0o600,
): Promise<BackedUpFile | undefined> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, next) {
      hash.update(chunk);
      bytes += chunk.length;
      next(null, chunk);
    },
  });
  try {
    await pipeline(createReadStream(from), measure, createWriteStream(to, { mode, flags: 'wx', flush: true }));
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ENOENT') throw problem;
    return undefined;
  }
  return { path, bytes, sha256: hash.digest('hex') };
}

/** What is there instead of the file that was written down, or undefined when it is the same. */
export async function differsFrom(folder: string, { path, bytes, sha256 }: BackedUpFile): Promise<string | undefined> {
  const hash = createHash('sha256');
  let found = 0;
  try {
    for await (const chunk of createReadStream(join(folder, path)) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      found += chunk.length;
    }
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code ?? 'unreadable';
  }
  if (found !== bytes) return `${found} bytes instead of ${bytes}`;
  return hash.digest('hex') === sha256 ? undefined : 'another content';
}

const gone =
  <T>(instead: T) =>
  (problem: NodeJS.ErrnoException): T => {
    if (problem.code === 'ENOENT') return instead;
    throw problem;
  };
