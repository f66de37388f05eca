import { hashOfHead, isSigned } from '../../log/head.ts';
import type { PublicKeys } from '../../log/keys.ts';
import { rootByPath } from '../../log/merkle.ts';
import type { Bundle } from '../bundle.ts';
import { differs, type Findings } from '../check.ts';

/** Every event that a head of the whole log had sealed when the bundle was made, up to the head's root and its signature. */
export function checkHeads({ heads, events }: Bundle, keys: PublicKeys, found: Findings): void {
  const sealed = new Set<string>();
  for (const { head, rows } of heads) {
    const of = `head ${head.number}`;
    const hash = hashOfHead(head);
    found.hold('HEADS', of, hash === head.hash, () => differs(head.hash, hash));
    found.hold('HEADS', `${of} signed`, isSigned(head, keys), () => ({
      zh: `不是由密钥 ${head.key_id} 签名，或没有该公钥`,
      en: `not signed by the key ${head.key_id}, or its public key is not given`,
    }));
    for (const { logNo, index, path } of rows) {
      const event = events.find((each) => each.log_no === logNo);
      const root = event ? rootByPath(`${logNo} case_event ${event.hash}`, index, head.count, path) : 'no such event';
      if (found.hold('HEADS', `${of} row ${logNo}`, root === head.root, () => differs(head.root, root)))
        sealed.add(logNo);
    }
  }
  // What is sealed is sealed in the order of the log: an event without a head stands only behind those that have one.
  const first = events.findIndex(({ log_no: no }) => !sealed.has(no));
  const gap = first >= 0 && events.slice(first).some(({ log_no: no }) => sealed.has(no));
  found.hold('HEADS', 'no gap', !gap, () => differs(events[first]?.log_no, 'sealed, as later events are'));
}
