import { sm2 } from 'sm-crypto-v2';
import { isSignedBy, publicKeysOf, readSigningKey } from '../../log/keys.ts';
import { verifyLog } from '../../log/verify/index.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { openLogOffice } from './log-office.ts';

/** Commercial cryptography for the heads of the log and the evidence of a case: SM2 with SM3. */
const ALGORITHM = '301306072a8648ce3d020106082a811ccf5501822d';
/** As `openssl pkcs8 -topk8 -nocrypt -outform DER` writes a key of `openssl genpkey -algorithm SM2`. */
const pkcs8 = (number: string, point: string): string =>
  Buffer.from(`308187020100${ALGORITHM}046d306b0201010420${number}a144034200${point}`, 'hex').toString('base64');
const spki = (point: string): string => Buffer.from(`3059${ALGORITHM}034200${point}`, 'hex').toString('base64');
const newKey = () => {
  const { privateKey, publicKey } = sm2.generateKeyPairHex();
  return readSigningKey(pkcs8(privateKey, publicKey));
};

it('takes the signature of the standard’s example (GM/T 0003.5), and no other', () => {
  const key = spki(
    '04' +
      '09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
      'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
  );
  const signature = (r: string, s: string): string => Buffer.from(`3046022100${r}022100${s}`, 'hex').toString('base64');
  const [r, s] = [
    'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3',
    'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
  ];
  const [known] = [...publicKeysOf([key]).values()];
  expect(isSignedBy(known, 'message digest', signature(r, s))).toBe(true);
  expect(isSignedBy(known, 'message digesu', signature(r, s))).toBe(false);
  expect(isSignedBy(known, 'message digest', signature(s, r))).toBe(false);
  expect(isSignedBy(known, 'message digest', Buffer.from('no signature').toString('base64'))).toBe(false);
});

it('signs what its own public key takes, and refuses a number of another key', () => {
  const [key, other] = [newKey(), newKey()];
  const keys = publicKeysOf([key.publicKey, other.publicKey]);
  expect(isSignedBy(keys.get(key.id), '封条', key.sign('封条'))).toBe(true);
  expect(isSignedBy(keys.get(other.id), '封条', key.sign('封条'))).toBe(false);
  const [mine, theirs] = [sm2.generateKeyPairHex(), sm2.generateKeyPairHex()];
  expect(() => readSigningKey(pkcs8(mine.privateKey, theirs.publicKey))).toThrow('LOG_SIGNING_KEY');
});

it('heads of the log, which verify as they do with Ed25519', async () => {
  const key = newKey();
  const log = await openLogOffice(undefined, key);
  try {
    await fileOutOfArea(log.office);
    await log.seal();
    const calm = { ...log.verify, looks: 1 };
    expect((await verifyLog(calm)).findings).toEqual([]);
    const stranger = { ...calm, keys: publicKeysOf([newKey().publicKey]) };
    expect((await verifyLog(stranger)).findings).not.toEqual([]);
  } finally {
    await log.close();
  }
});
