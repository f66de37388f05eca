import type pg from 'pg';
import { collect } from '../../evidence/collect.ts';
import { SUBJECTS } from '../../evidence/check.ts';
import { verifyBundle } from '../../evidence/verify.ts';
import type { Vault } from '../../vault/vault.ts';

/** Whatever happened to a case in a test must be provable from its evidence alone: every date, amount and decision once more. */
export async function proveAll(db: pg.Pool, vault: Vault): Promise<void> {
  const { rows } = await db.query<{ acceptance_no: string }>('SELECT acceptance_no FROM case_file ORDER BY case_id');
  const madeBy = { userId: 'test', name: 'test', reason: 'test' };
  const wrong: string[] = [];
  for (const { acceptance_no: no } of rows) {
    const bundle = await collect({ db, vault, now: () => Date.now(), program: 'test' }, no, madeBy);
    const failures = verifyBundle(JSON.parse(JSON.stringify(bundle)) as typeof bundle).filter((check) => check.wrong);
    wrong.push(...failures.map(({ subject, of, wrong: text }) => `${no} ${SUBJECTS[subject].en} ${of}: ${text?.en}`));
  }
  if (wrong.length > 0) throw new Error(`the evidence disagrees:\n${wrong.slice(0, 20).join('\n')}`);
}
