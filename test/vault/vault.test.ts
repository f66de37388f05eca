import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import type { Json } from '../../domain/case.ts';
import { createDataKeys } from '../../vault/data-keys.ts';
import { MASTER_KEY_BYTES, parseKeyring } from '../../vault/keyring.ts';
import { SUITES, Unsealable, type SuiteName } from '../../vault/suite.ts';
import { createVault, isSealedLeaf, partsOf, sealedLeaves, type Vault } from '../../vault/vault.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';

const keys = (...versions: number[]): string =>
  versions.map((version) => `${version}:${randomBytes(MASTER_KEY_BYTES).toString('base64')}`).join(',');

let database: TestDatabase;
let db: pg.Pool;
beforeAll(async () => {
  database = await createDatabase();
  db = new pg.Pool({ connectionString: database.ownerUrl });
});
afterAll(async () => {
  await db?.end();
  await database?.drop();
});
beforeEach(async () => {
  await db.query('DELETE FROM data_key');
});

const open = (text: string, suite: SuiteName): Vault => createVault(createDataKeys(db, parseKeyring(text, suite)));

describe.each(SUITES)('suite %s', (suite) => {
  it('opens what it sealed, never sealing the same text the same way', async () => {
    const vault = open(keys(1), suite);
    const [one, other] = await Promise.all([
      vault.seal('case/1', 'diagnosis', '冠心病'),
      vault.seal('case/1', 'diagnosis', '冠心病'),
    ]);
    expect(one).not.toBe(other);
    expect(partsOf(one).commit).not.toBe(partsOf(other).commit);
    expect(await vault.open('case/1', 'diagnosis', one)).toBe('冠心病');
  });

  it('does not open in another place, nor altered, nor with the box of another text', async () => {
    const vault = open(keys(1), suite);
    const sealed = await vault.seal('case/1', 'phone', '13800000000');
    const other = await vault.seal('case/1', 'phone', '13900000000');
    const [key, commit] = sealed.split('.');
    await expect(vault.open('case/2', 'phone', sealed)).rejects.toThrow(Unsealable);
    await expect(vault.open('case/1', 'account', sealed)).rejects.toThrow(Unsealable);
    await expect(vault.open('case/1', 'phone', `${key}.${commit}.${other.split('.')[2]}`)).rejects.toThrow(Unsealable);
    const box = partsOf(sealed).box;
    for (let at = 0; at < box.length; at += 7) {
      const altered = Buffer.from(box);
      altered[at] = (altered[at] ?? 0) ^ 1;
      const text = `${key}.${commit}.${altered.toString('base64url')}`;
      await expect(vault.open('case/1', 'phone', text)).rejects.toThrow(Unsealable);
    }
  });

  it('seals the sensitive leaves of any JSON and nothing else, and gives it back as it was', async () => {
    const vault = open(keys(1), suite);
    const leaf = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));
    const name = fc.constantFrom('idCardNo', 'phone', 'diagnosis', 'name', 'amount', 'lines');
    const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        const sealed = await vault.sealJson('case/7', value);
        const places = JSON.stringify(sealed, (field, part: unknown) =>
          ['idCardNo', 'phone', 'diagnosis'].includes(field) && part !== null && !isSealedLeaf(part)
            ? '!!plain!!'
            : part,
        );
        expect(places).not.toContain('!!plain!!');
        expect(await vault.openJson('case/7', sealed)).toEqual(value);
        // Once more changes nothing.
        expect(sealedLeaves(await vault.sealJson('case/7', sealed))).toEqual(sealedLeaves(sealed));
      }),
      { numRuns: 150 },
    );
  });

  it('finds by a blind index that depends on field and text alone', async () => {
    const text = keys(1);
    const [vault, elsewhere] = [open(text, suite), open(text, suite)];
    const index = await vault.blindIndex('idCardNo', '441602199001011234');
    expect(await elsewhere.blindIndex('idCardNo', '441602199001011234')).toBe(index);
    expect(await vault.blindIndex('idCardNo', '441602199001011235')).not.toBe(index);
    expect(await vault.blindIndex('phone', '441602199001011234')).not.toBe(index);
    expect(index).not.toContain('4416');
  });

  it('needs the master key that wrapped the data key', async () => {
    const sealed = await open(keys(1), suite).seal('case/1', 'phone', '13800000000');
    await expect(open(keys(1), suite).open('case/1', 'phone', sealed)).rejects.toThrow(Unsealable);
    await expect(open(keys(2), suite).open('case/1', 'phone', sealed)).rejects.toThrow('version 1');
  });
});

it('takes a keyring only whole, and never repeats a key in what it says', () => {
  const good = keys(1);
  for (const wrong of ['', 'x', '1:short', `${good},${good}`, good.replace('1:', ':'), `${good},2:`]) {
    const parse = () => parseKeyring(wrong, 'intl');
    expect(parse).toThrow(RangeError);
    expect(parse).not.toThrow(good.slice(2, 20));
  }
  expect(parseKeyring(keys(1, 3), 'intl').current.version).toBe(3);
});
