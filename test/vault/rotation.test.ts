import { randomBytes } from 'node:crypto';
import { NativeConnection } from '@temporalio/worker';
import { createWorker } from '../../activities/create-worker.ts';
import { createClient } from '../../engine/client.ts';
import { findCase } from '../../activities/store/case-row.ts';
import { chainHash, CHAIN_START } from '../../activities/store/hash-chain.ts';
import { inTransaction } from '../../activities/store/in-transaction.ts';
import { reseal } from '../../activities/store/reseal.ts';
import type { Json, JsonObject } from '../../domain/case.ts';
import { createDataKeys } from '../../vault/data-keys.ts';
import { MASTER_KEY_BYTES } from '../../vault/keyring.ts';
import { checkKeys, keyringOf, openVault } from '../../vault/open-vault.ts';
import { rotate } from '../../vault/rotate.ts';
import { partsOf, sealedLeaves } from '../../vault/vault.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';

/** Exchanging the master key while people decide: processes with the first, then with both, then with the second alone. */

const FIRST = TEST_VAULT;
const second = `2:${randomBytes(MASTER_KEY_BYTES).toString('base64')}`;
const BOTH = { ...FIRST, fieldKeys: `${FIRST.fieldKeys},${second}` };
const SECOND = { ...FIRST, fieldKeys: second };
const STEPS = ['town1.clerk', 'county1.approver', 'county1.clerk', 'town1.clerk'] as const;
const CASES = 6;

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
});
afterAll(() => office?.close());

/** Worker and services as of a machine that was started with these keys. */
async function processWith<T>(settings: typeof FIRST, work: () => Promise<T>): Promise<T> {
  const vault = openVault(office.deps.db, settings);
  office.deps.vault = vault;
  office.deps.temporal = createClient(office.engine.connection, office.engine.namespace, vault);
  const native = await NativeConnection.connect({ address: office.engine.address });
  const worker = await createWorker(
    office.deps.db,
    native,
    {
      temporalNamespace: office.engine.namespace,
      temporalTaskQueue: office.deps.config.temporalTaskQueue,
      maxCachedWorkflows: 100,
      effectSpreadSeconds: 0,
    },
    vault,
  );
  try {
    return await worker.runUntil(work);
  } finally {
    await native.close();
  }
}

const decideAll = async (numbers: readonly string[], step: number): Promise<void> => {
  for (const no of numbers) await office.decide(no, STEPS[step] ?? '', { decision: 'APPROVE' });
};
const stored = async (): Promise<{ no: string; form: JsonObject; facts: JsonObject }[]> =>
  (
    await office.deps.db.query<{ no: string; form: JsonObject; facts: JsonObject }>(
      'SELECT acceptance_no AS no, form, facts FROM case_file ORDER BY case_id',
    )
  ).rows;
const keysOf = (rows: readonly { form: JsonObject; facts: JsonObject }[]): string[] => [
  ...new Set(rows.flatMap(({ form, facts }) => sealedLeaves([form, facts])).map(({ sealed }) => partsOf(sealed).keyId)),
];

/** The chain as anybody computes it who has the rows and no key. */
async function expectUnbroken(): Promise<void> {
  const { rows } = await office.deps.db.query<{ no: string; events: Record<string, Json>[] }>(
    `SELECT c.acceptance_no AS no, jsonb_agg(to_jsonb(e) ORDER BY e.seq) AS events FROM case_event e JOIN case_file c USING (case_id) GROUP BY 1`,
  );
  expect(rows).toHaveLength(CASES + 1);
  for (const { no, events } of rows) {
    let previous: unknown = CHAIN_START;
    for (const { prev_hash: stated, hash, case_id: _, log_no: __, turn_hash: vouched, at, ...content } of events) {
      expect(stated).toBe(previous);
      const known = { ...content, acceptance_no: no, at: new Date(String(at)).toISOString() };
      const whole = vouched ? { ...known, turn_hash: vouched } : known;
      expect(chainHash(String(previous), whole as Json)).toBe(hash);
      previous = hash;
    }
  }
}

it('loses nothing, stops nobody, and leaves the log as it was', async () => {
  const numbers: string[] = [];
  await processWith(FIRST, async () => {
    for (let i = 0; i < CASES; i++) numbers.push(await fileOutOfArea(office));
    await decideAll(numbers, 0);
  });
  // As a program before sealing wrote them.
  const [plain] = await stored();
  const opened = await office.deps.vault.openJson(`case/${plain?.no}`, plain?.form ?? {});
  await office.owner.query('UPDATE case_file SET form = $2 WHERE acceptance_no = $1', [plain?.no, opened]);
  await office.owner.query(
    `UPDATE insured_person SET id_card_no = '441602199203159011', id_card_index = NULL WHERE person_id = 'p-0001'`,
  );

  await processWith(BOTH, async () => {
    const db = office.owner;
    const busy = decideAll(numbers, 1);
    const rotated = await inTransaction(db, (tx) => rotate(tx, keyringOf(BOTH)));
    expect(rotated.wrapped).toBeGreaterThanOrEqual(2);
    const resealed = await reseal(db, createDataKeys(db, keyringOf(BOTH)));
    await Promise.all([busy, reseal(db, createDataKeys(db, keyringOf(BOTH)))]);
    expect(resealed.find(({ table }) => table === 'insured_person')?.sealed).toBeGreaterThanOrEqual(12);
    // A process that has not heard of the new key yet may have sealed with the one before.
    await office.deps.vault.refresh();
    await decideAll(numbers, 2);
    await reseal(db, createDataKeys(db, keyringOf(BOTH)));
    expect(keysOf(await stored())).toEqual([rotated.begun]);
    expect((await reseal(db, createDataKeys(db, keyringOf(BOTH)))).every(({ sealed }) => sealed === 0)).toBe(true);
  });

  await expect(checkKeys(office.deps.db, FIRST)).rejects.toThrow('lacks the master key of version 2');
  await checkKeys(office.deps.db, SECOND);
  await processWith(SECOND, async () => {
    await decideAll(numbers, 3);
    numbers.push(await fileOutOfArea(office));
  });
  for (const no of numbers) {
    const row = await findCase(office.deps, no);
    expect(row?.form).toMatchObject({ idCardNo: '441602199203159011', phone: '13800000000', diagnosis: '示例诊断' });
    const events = await office.events(no);
    expect(events[0]?.data['form']).toMatchObject({ phone: '13800000000' });
    if (no !== numbers.at(-1)) expect([row?.status, row?.version]).toEqual(['CLOSED', 4]);
  }
  await expectUnbroken();
}, 180_000);
