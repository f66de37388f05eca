import { hashOfTurn } from '../case-rows.ts';
import type { Finding, FindingKind, Witness } from './finding.ts';
import { checkChain } from './check-chain.ts';
import { checkRows } from './check-rows.ts';
import type { CaseRecord } from './read-cases.ts';

/** What is wrong within the store with one case: its chain, what its turns vouch for, and the rows everybody reads. */
export function checkCase(record: CaseRecord): Finding[] {
  return [...checkChain(record.acceptanceNo, record.events), ...checkTurns(record), ...checkRows(record)];
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
    if (hashOfTurn(turn) !== last.turn_hash) found('TURN_ALTERED', ['ROWS', 'CHAIN'], `turn ${turn.turn}`);
  }
  const known = new Set(turns.map(({ turn }) => turn));
  for (const event of events)
    if (!known.has(event.turn)) found('TURN_MISSING', ['ROWS', 'CHAIN'], `event ${event.seq} belongs to no turn`);
  return findings;
}
