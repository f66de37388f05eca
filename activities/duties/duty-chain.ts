import type { JsonObject } from '../../domain/case.ts';
import { chainHash, CHAIN_START } from '../store/hash-chain.ts';

/** The log of one duty is chained like that of a case. A duty has no number, so limit, holder and period say which it is. */
export interface DutyEventRow {
  seq: number;
  kind: string;
  effect_key: string;
  due_at: string | null;
  /** instants as ISO text */
  at: string;
  due_on: string;
  days_late: number | null;
  to_office_id: string | null;
  to_provider_id: string | null;
  to_role: string | null;
  actor_id: string | null;
  actor_name: string | null;
  request_key: string | null;
  request_hash: string | null;
  data: JsonObject;
}

/** The hashes of an event after one with the hash `previous`; null: none, or one of an earlier program. */
export function chainDutyEvent(
  duty: { limitId: string; holderId: string; period: string },
  previous: string | null,
  row: DutyEventRow,
): { prev_hash: string; hash: string } {
  const prev = previous ?? CHAIN_START;
  return {
    prev_hash: prev,
    hash: chainHash(prev, { duty: `${duty.limitId}/${duty.holderId}/${duty.period}`, ...row }),
  };
}
