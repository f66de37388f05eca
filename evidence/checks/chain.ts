import { CHAIN_START, chainHash } from '../../activities/store/hash-chain.ts';
import { contentOfEvent, hashOfTurn } from '../../log/case-rows.ts';
import type { Bundle } from '../bundle.ts';
import { differs, type Findings } from '../check.ts';

/** The chain of the case link by link, and what its turns wrote against the hash that stands in the chain. */
export function checkChain({ case: header, events, turns }: Bundle, found: Findings): void {
  let previous = CHAIN_START;
  events.forEach((event, i) => {
    const of = `event ${event.seq}`;
    found.hold('CHAIN', `${of} follows`, event.seq === i + 1 && event.prev_hash === previous, () =>
      differs(event.prev_hash, previous),
    );
    const { log_no: _no, ...row } = event;
    const hash = chainHash(event.prev_hash, contentOfEvent(header.acceptanceNo, row));
    found.hold('CHAIN', of, hash === event.hash, () => differs(event.hash, hash));
    previous = event.hash;
  });
  for (const turn of turns) {
    const last = events.findLast((event) => event.turn === turn.turn);
    const hash = hashOfTurn(turn);
    found.hold('TURNS', `turn ${turn.turn}`, last?.turn_hash === hash, () =>
      differs(last?.turn_hash ?? 'no event', hash),
    );
    const mark = turn.result.log;
    const marked = mark === undefined || (mark.seq === last?.seq && mark.hash === last.hash);
    found.hold('TURNS', `turn ${turn.turn} names its event`, marked, () =>
      differs(mark, last && [last.seq, last.hash]),
    );
  }
  const numbers = turns.map(({ turn }) => turn);
  const whole = events.every(({ turn }) => numbers.includes(turn)) && numbers.every((n, i) => n === i);
  found.hold('TURNS', 'all turns', whole, () => differs(numbers, [...new Set(events.map(({ turn }) => turn))]));
}
