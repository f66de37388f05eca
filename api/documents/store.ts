import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, open, readdir, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ReadAt } from './picture.ts';

/**
 * Keeps the bytes of documents, each content once, named by its SHA-256. What was kept is never overwritten; a file is there
 * whole or not at all, also when the machine dies in the middle.
 */
export interface DocumentStore {
  /** Reads a stream to its end into a waiting place. */
  receive(stream: Readable): Promise<ReceivedDocument>;
  /** The bytes, or undefined if nothing is kept under this hash. */
  open(sha256: string): Promise<Readable | undefined>;
}

export interface ReceivedDocument {
  /** 64 hexadecimal digits */
  sha256: string;
  byteSize: number;
  /** reads of it while it waits; fewer bytes than asked only at its end */
  read: ReadAt;
  /** all of it, while it waits */
  content(): Readable;
  /** keeps it for good; keeping the same content twice is one file */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

/** A store in a folder: `ab/cdef…` by hash, `incoming/` for what is still arriving. */
export function createFolderStore(folder: string): DocumentStore {
  const incoming = join(folder, 'incoming');
  const placeOf = (sha256: string): { folder: string; file: string } => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new RangeError('not a SHA-256');
    const place = join(folder, sha256.slice(0, 2));
    return { folder: place, file: join(place, sha256.slice(2)) };
  };

  return {
    async receive(stream) {
      await mkdir(incoming, { recursive: true });
      const path = join(incoming, randomUUID());
      const file = await open(path, 'wx', 0o600);
      const hash = createHash('sha256');
      let byteSize = 0;
      try {
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          hash.update(chunk);
          byteSize += chunk.length;
          await file.writeFile(chunk);
        }
        await file.sync();
      } catch (problem) {
        await file.close();
        await rm(path, { force: true });
        throw problem;
      }
      await file.close();
      const sha256 = hash.digest('hex');
      const place = placeOf(sha256);
      return {
        sha256,
        byteSize,
        read: (position, length) => readPart(path, position, length),
        content: () => createReadStream(path),
        discard: () => rm(path, { force: true }),
        async keep() {
          await mkdir(place.folder, { recursive: true });
          // A hard link fails where a rename would overwrite: the first file of a content stays for ever.
          await link(path, place.file).catch((problem: NodeJS.ErrnoException) => {
            if (problem.code !== 'EEXIST') throw problem;
          });
          await syncFolder(place.folder);
          await syncFolder(folder);
          await unlink(path);
        },
      };
    },
    async open(sha256) {
      const { file } = placeOf(sha256);
      const there = await stat(file).then(
        () => true,
        (problem: NodeJS.ErrnoException) => {
          if (problem.code === 'ENOENT') return false;
          throw problem;
        },
      );
      return there ? createReadStream(file) : undefined;
    },
  };
}

/** Leftovers of uploads that a killed process never finished; nothing refers to them. Called at start. */
export async function sweepIncoming(folder: string, olderThanMs: number, now: number): Promise<number> {
  const incoming = join(folder, 'incoming');
  const names = await readdir(incoming).catch(() => []);
  let swept = 0;
  for (const name of names) {
    const path = join(incoming, name);
    const { mtimeMs } = await stat(path);
    if (now - mtimeMs < olderThanMs) continue;
    await rm(path, { force: true });
    swept++;
  }
  return swept;
}

async function readPart(path: string, position: number, length: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A new name is only safe once its folder is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
