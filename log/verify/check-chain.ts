import { chainHash, CHAIN_START } from '../../activities/store/hash-chain.ts';
import type { JsonObject } from '../../domain/case.ts';
import type { Finding, FindingKind } from './finding.ts';

export interface Link {
  seq: number;
  prev_hash: string;
  hash: string;
  /** what the hash covers */
  content: JsonObject;
}

/** What the first link of a chain follows. */
export const BEFORE_FIRST: Pick<Link, 'seq' | 'hash'> = { seq: 0, hash: CHAIN_START };

/** One link against the one before it; `name` is what the chain is made of. */
export function checkLink(about: string, name: string, previous: Pick<Link, 'seq' | 'hash'>, link: Link): Finding[] {
  const { seq, prev_hash: follows, hash, content } = link;
  const found = (kind: FindingKind, detail: string): Finding => ({ about, kind, between: ['ROWS', 'CHAIN'], detail });
  const findings: Finding[] = [];
  if (seq !== previous.seq + 1) findings.push(found('CHAIN_BROKEN', `${seq} follows ${previous.seq}`));
  else if (follows !== previous.hash)
    findings.push(found('CHAIN_BROKEN', `${seq} does not follow from ${previous.seq}`));
  if (chainHash(follows, content) !== hash) findings.push(found('EVENT_ALTERED', `${name} ${seq}`));
  return findings;
}

/** Events of one chain in the order of their numbers: of a case or of a duty. */
export const checkChain = (about: string, events: readonly Link[]): Finding[] =>
  events.flatMap((event, i) => checkLink(about, 'event', events[i - 1] ?? BEFORE_FIRST, event));
