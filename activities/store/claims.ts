import type pg from 'pg';
import type { Claim } from '../../domain/process.ts';
import { Refusal, type RefusalCode } from '../../domain/refusal.ts';
import type { Vault } from '../../vault/vault.ts';

const HELD: Record<Claim['kind'], RefusalCode> = {
  CHRONIC_REGISTRATION: 'REGISTRATION_EXISTS',
  OUT_OF_AREA_FILING: 'FILING_OVERLAPS',
  BILL: 'BILL_ALREADY_REIMBURSED',
};

/** Keys that say what somebody suffers from: only a blind index of them lies in the store. */
export const BLIND_CLAIMS: readonly Claim['kind'][] = ['CHRONIC_REGISTRATION'];
export const BLIND_KEY = 'blind:';

/** As it is stored; one that was taken before keys were sealed still stands there plain, and is found as well. */
export const storedKey = async (vault: Vault, { kind, key }: Pick<Claim, 'kind' | 'key'>): Promise<string> =>
  BLIND_CLAIMS.includes(kind) ? BLIND_KEY + (await vault.blindIndex(`claim/${kind}`, key)) : key;

/**
 * Takes what a case claims, or refuses when somebody holds it for an overlapping time. A lock on the kind and key makes
 * two filings at the same moment stand in line, so that exactly one of them gets it.
 */
export async function takeClaims(
  tx: pg.ClientBase,
  vault: Vault,
  caseId: string,
  claims: readonly Claim[],
): Promise<void> {
  // Always in the same order: two cases with the same two bills must not wait for each other.
  for (const claim of [...claims].sort((a, b) => (`${a.kind}${a.key}` < `${b.kind}${b.key}` ? -1 : 1))) {
    await tx.query({
      name: 'lock-claim',
      text: `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`,
      values: [`${claim.kind}/${claim.key}`],
    });
    const key = await storedKey(vault, claim);
    const { rowCount } = await tx.query({
      name: 'claim-held',
      text: `SELECT 1 FROM case_claim WHERE kind = $1 AND key IN ($2, $5) AND released_at IS NULL
             AND daterange(valid_from, valid_to, '[]') && daterange($3::date, $4::date, '[]')`,
      values: [claim.kind, key, claim.from, claim.to, claim.key],
    });
    if (rowCount) throw new Refusal(HELD[claim.kind]);
    await tx.query({
      name: 'take-claim',
      text: 'INSERT INTO case_claim (case_id, kind, key, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)',
      values: [caseId, claim.kind, key, claim.from, claim.to],
    });
  }
}

/**
 * An amended form may claim something else: what it no longer names is given back, what it newly names is taken or
 * refused. Otherwise a bill could be slipped in by a correction after the check at the window.
 */
export async function syncClaims(
  tx: pg.ClientBase,
  vault: Vault,
  caseId: string,
  wanted: readonly Claim[],
  at: Date,
): Promise<void> {
  const { rows: held } = await tx.query<{ claim_id: string; same: string }>({
    name: 'held-claims',
    text: `SELECT claim_id::text, concat_ws('|', kind, key, coalesce(valid_from::text, '-'), coalesce(valid_to::text, '-')) AS same
           FROM case_claim WHERE case_id = $1 AND released_at IS NULL`,
    values: [caseId],
  });
  const identity = (claim: Claim, key: string): string =>
    [claim.kind, key, claim.from ?? '-', claim.to ?? '-'].join('|');
  const named = await Promise.all(
    wanted.map(async (claim) => ({
      claim,
      same: [identity(claim, claim.key), identity(claim, await storedKey(vault, claim))],
    })),
  );
  const kept = new Set(named.flatMap(({ same }) => same));
  const dropped = held.filter((claim) => !kept.has(claim.same)).map((claim) => claim.claim_id);
  if (dropped.length > 0) {
    await tx.query({
      name: 'drop-claims',
      text: 'UPDATE case_claim SET released_at = $2 WHERE claim_id = ANY($1::bigint[])',
      values: [dropped, at],
    });
  }
  await takeClaims(
    tx,
    vault,
    caseId,
    named.filter(({ same }) => !held.some((h) => same.includes(h.same))).map(({ claim }) => claim),
  );
}
