import type { Client } from '@temporalio/client';
import type pg from 'pg';
import type { HeadMark } from '../../domain/log-head.ts';
import { readLog, readNumbers } from '../covered.ts';
import { FIRST_PREVIOUS, hashOfHead, isSigned, readHeads, type LogHead } from '../head.ts';
import type { PublicKeys } from '../keys.ts';
import { createMerkleRoot } from '../merkle.ts';
import { readWitness, type WitnessLines } from '../witness-file.ts';
import { readHeadMarks } from './engine.ts';
import type { Finding, FindingKind, Witness } from './finding.ts';

export interface HeadDeps {
  db: pg.Pool;
  temporal: Client;
  keys: PublicKeys;
  witnessFolder: string;
  /** the procedure that has heads written */
  notaryId: string;
}

type Found = (about: string | number, kind: FindingKind, between: readonly [Witness, Witness], detail: string) => void;

/** Heads against each other, against file and engine, and against the rows they seal. */
export async function checkHeads(
  { db, temporal, keys, witnessFolder, notaryId }: HeadDeps,
  say: (done: number) => void,
): Promise<{ findings: Finding[]; count: number }> {
  const findings: Finding[] = [];
  const found: Found = (about, kind, between, detail) =>
    void findings.push({ about: typeof about === 'number' ? `head ${about}` : about, kind, between, detail });
  const heads: LogHead[] = [];
  for (let page; (page = await readHeads(db, heads.at(-1)?.number ?? 0)).length > 0;) heads.push(...page);
  checkChainOfHeads(heads, keys, found);
  // The others are read after the store: what they know and it does not is missing there.
  const file = await readWitness(witnessFolder);
  const engine = await readHeadMarks(temporal, notaryId);
  compareWitnesses(heads, file, engine?.marks, found);
  await checkSealed(db, heads, found, say);
  return { findings, count: heads.length };
}

function checkChainOfHeads(heads: readonly LogHead[], keys: PublicKeys, found: Found): void {
  let previous: Pick<LogHead, 'number' | 'hash' | 'to_no'> = { number: 0, hash: FIRST_PREVIOUS, to_no: 0 };
  for (const head of heads) {
    if (hashOfHead(head) !== head.hash) found(head.number, 'HEAD_ALTERED', ['ROWS', 'HEAD'], 'content and hash differ');
    if (!isSigned(head, keys)) found(head.number, 'HEAD_UNSIGNED', ['HEAD', 'KEY'], `key ${head.key_id}`);
    if (head.number !== previous.number + 1)
      found(previous.number + 1, 'HEAD_MISSING', ['HEAD', 'CHAIN'], `${head.number} follows ${previous.number}`);
    else if (head.prev_hash !== previous.hash || head.from_no !== previous.to_no + 1)
      found(head.number, 'HEAD_ALTERED', ['HEAD', 'CHAIN'], `does not follow from ${previous.number}`);
    previous = head;
  }
}

/** The newest head may be on its way to the file, the newest few on their way to the engine; nothing else is excused. */
function compareWitnesses(
  heads: readonly LogHead[],
  file: WitnessLines | undefined,
  engine: Map<number, HeadMark> | undefined,
  found: Found,
): void {
  const stored = new Set(heads.map(({ number }) => number));
  const last = heads.at(-1)?.number ?? 0;
  const told = [...(engine?.keys() ?? [])];
  const [oldest, newest] = [Math.min(...told), Math.max(0, ...told)];
  for (const head of heads) {
    const line = file?.heads.get(head.number);
    const onItsWay = head.number === last && last > newest;
    if (line && (line.hash !== head.hash || hashOfHead(line) !== line.hash || line.signature !== head.signature))
      found(head.number, 'HEAD_DIFFERS', ['HEAD', 'FILE'], 'not the one in the file');
    if (!line && !onItsWay) found(head.number, 'HEAD_MISSING', ['HEAD', 'FILE'], 'not in the file');
    const mark = engine?.get(head.number);
    if (mark && mark.hash !== head.hash)
      found(head.number, 'HEAD_DIFFERS', ['HEAD', 'ENGINE'], 'not the one the engine knows');
    if (!mark && head.number >= oldest && head.number <= newest)
      found(head.number, 'HEAD_MISSING', ['HEAD', 'ENGINE'], 'the engine does not know it');
  }
  for (const number of file?.heads.keys() ?? [])
    if (!stored.has(number)) found(number, 'HEAD_MISSING', ['HEAD', 'FILE'], 'in the file, not in the store');
  for (const number of told)
    if (!stored.has(number)) found(number, 'HEAD_MISSING', ['HEAD', 'ENGINE'], 'known to the engine, not in the store');
  for (const line of file?.broken ?? []) found(`line ${line}`, 'FILE_BROKEN', ['FILE', 'HEAD'], 'of the witness file');
  if (heads.length > 0 && !engine) found('heads', 'NO_PROCEDURE', ['HEAD', 'ENGINE'], 'nobody has heads written');
}

const SHOWN = 5;

/** Every row up to the newest head is under exactly one; nothing under it has changed, nothing is gone, nothing came between. */
async function checkSealed(
  db: pg.Pool,
  heads: readonly LogHead[],
  found: Found,
  say: (done: number) => void,
): Promise<void> {
  const waiting = new Map<number, string>();
  let done = 0;
  for (const head of heads) {
    const holes = new Set(head.holes);
    const root = createMerkleRoot();
    const missing: number[] = [];
    const names = new Set<string>();
    const late = await readNumbers(db, head.late);
    for (const row of late) {
      waiting.delete(row.no);
      root.add(row.leaf);
      names.add(row.name);
    }
    const arrived = new Set(late.map(({ no }) => no));
    missing.push(...head.late.filter((no) => !arrived.has(no)));
    let next = head.from_no;
    for await (const rows of readLog(db, head.from_no - 1, head.to_no)) {
      for (const row of rows) {
        for (; next < row.no; next++) if (!holes.has(next)) missing.push(next);
        next = row.no + 1;
        if (holes.has(row.no)) waiting.set(row.no, row.name);
        else {
          root.add(row.leaf);
          if (names.size < SHOWN) names.add(row.name);
        }
      }
    }
    for (; next <= head.to_no; next++) if (!holes.has(next)) missing.push(next);
    if (missing.length > 0)
      for (const no of missing.slice(0, SHOWN))
        found(
          `log number ${no}`,
          'SEALED_ROW_MISSING',
          ['ROWS', 'HEAD'],
          `head ${head.number}, ${missing.length} in all`,
        );
    else if (root.root() !== head.root || root.count() !== head.count)
      found(
        head.number,
        'SEALED_ROWS_DIFFER',
        ['ROWS', 'HEAD'],
        `numbers ${head.from_no} to ${head.to_no}: ${[...names].join(', ')}`,
      );
    done += root.count();
    say(done);
  }
  const open = new Set(heads.at(-1)?.holes);
  for (const [no, name] of waiting)
    if (!open.has(no)) found(name, 'ROW_SLIPPED_IN', ['ROWS', 'HEAD'], `log number ${no}`);
}
