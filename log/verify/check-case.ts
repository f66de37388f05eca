import { chainHash, CHAIN_START } from '../../activities/store/hash-chain.ts';
import { turnHash } from '../../activities/store/turn-hash.ts';
import type { Finding, FindingKind, Witness } from './finding.ts';
import { checkRows } from './check-rows.ts';
import type { EventRow, CaseRecord } from './read-cases.ts';

/** What is wrong within the store with one case: its chain, what its turns vouch for, and the rows everybody reads. */
export function checkCase(record: CaseRecord): Finding[] {
  return [...checkChain(record.acceptanceNo, record.events), ...checkTurns(record), ...checkRows(record)];
}

/** Events of one chain in the order of their numbers; also those of a duty. */
export function checkChain(
  about: string,
  events: ReadonlyArray<{ seq: number; prev_hash: string; hash: string; content: EventRow['content'] }>,
): Finding[] {
  const findings: Finding[] = [];
  const found = (kind: FindingKind, detail: string): void =>
    void findings.push({ about, kind, between: ['ROWS', 'CHAIN'], detail });
  let previous = { seq: 0, hash: CHAIN_START };
  for (const event of events) {
    if (event.seq !== previous.seq + 1) found('CHAIN_BROKEN', `${event.seq} follows ${previous.seq}`);
    else if (event.prev_hash !== previous.hash)
      found('CHAIN_BROKEN', `${event.seq} does not follow from ${previous.seq}`);
    if (chainHash(event.prev_hash, event.content) !== event.hash) found('EVENT_ALTERED', `event ${event.seq}`);
    previous = event;
  }
  return findings;
}

function checkTurns({ acceptanceNo: about, version, turns, events }: CaseRecord): Finding[] {
  const findings: Finding[] = [];
  const found = (kind: FindingKind, between: readonly [Witness, Witness], detail: string): void =>
    void findings.push({ about, kind, between, detail });
  const numbers = turns.map(({ turn }) => turn).join();
  if (numbers !== Array.from({ length: version + 1 }, (_, turn) => turn).join())
    found('TURN_MISSING', ['ROWS', 'CHAIN'], `version ${version}, turns ${numbers || 'none'}`);
  for (const turn of turns) {
    const last = events.findLast((event) => event.turn === turn.turn);
    if (!last) {
      found('TURN_MISSING', ['ROWS', 'CHAIN'], `turn ${turn.turn} has no event`);
      continue;
    }
    const { log } = turn.result;
    if (log && (log.seq !== last.seq || log.hash !== last.hash))
      found('TURN_ALTERED', ['ROWS', 'CHAIN'], `turn ${turn.turn} ended with another event than ${last.seq}`);
    // Turns of earlier programs were vouched for by nothing.
    if (last.turn_hash === null) continue;
    const hash = turnHash({
      turn: turn.turn,
      at: new Date(turn.at),
      userId: turn.user_id,
      requestKey: turn.request_key,
      requestHash: turn.request_hash,
      request: turn.request,
      result: turn.result,
      notices: turn.notices,
      rows: turn.rows,
    });
    if (hash !== last.turn_hash) found('TURN_ALTERED', ['ROWS', 'CHAIN'], `turn ${turn.turn}`);
  }
  const known = new Set(turns.map(({ turn }) => turn));
  for (const event of events)
    if (!known.has(event.turn)) found('TURN_MISSING', ['ROWS', 'CHAIN'], `event ${event.seq} belongs to no turn`);
  return findings;
}
