import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogHead } from './head.ts';

/** The heads outside the database: one line of JSON each, appended and written through. */

const FILE = 'log-heads.jsonl';
export const witnessFile = (folder: string): string => join(folder, FILE);

/** Appends heads; on return they are on the disk. A line that a crash has cut off is left as it is and followed by a new one. */
export async function appendHeads(folder: string, heads: readonly LogHead[]): Promise<void> {
  if (heads.length === 0) return;
  await mkdir(folder, { recursive: true });
  const file = await open(witnessFile(folder), 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const end = Buffer.alloc(1);
    if (size > 0) await file.read(end, 0, 1, size - 1);
    const begin = size > 0 && end.toString() !== '\n' ? '\n' : '';
    await file.write(begin + heads.map((head) => `${JSON.stringify(head)}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}

const TAIL_BYTES = 256 * 1024;

/** The number of the last whole line; 0 when there is none. */
export async function lastWitnessed(folder: string): Promise<number> {
  const file = await open(witnessFile(folder), 'r').catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') return undefined;
    throw problem;
  });
  if (!file) return 0;
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await file.read(tail, 0, tail.length, size - tail.length);
    const heads = tail.toString().split('\n').map(parse);
    return heads.findLast((head) => head !== undefined)?.number ?? 0;
  } finally {
    await file.close();
  }
}

export interface WitnessLines {
  heads: Map<number, LogHead>;
  /** numbers of lines that are no head, from 1 */
  broken: number[];
}

/** What the file says; undefined when there is none. A cut-off line counts as broken unless the whole head follows it. */
export async function readWitness(folder: string): Promise<WitnessLines | undefined> {
  const text = await readFile(witnessFile(folder), 'utf8').catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT') return undefined;
    throw problem;
  });
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  const heads = new Map<number, LogHead>();
  const broken: number[] = [];
  lines.forEach((line, i) => {
    if (line === '') return;
    const head = parse(line);
    if (head) heads.set(head.number, head);
    else if (!lines[i + 1]?.startsWith(line)) broken.push(i + 1);
  });
  return { heads, broken };
}

function parse(line: string): LogHead | undefined {
  try {
    const value = JSON.parse(line) as LogHead;
    return typeof value.number === 'number' && typeof value.hash === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
