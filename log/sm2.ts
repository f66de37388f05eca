import type { KeyObject } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';

/**
 * SM2 with SM3 (GM/T 0003.2, GM/T 0009: user id 1234567812345678, signature as DER). Node's own signing of this curve leaves the
 * user id out, so nobody else could check what it signs; it only reads the keys.
 */
const OPTIONS = { hash: true, der: true } as const;
/** SPKI of the curve, up to the point, which is uncompressed. */
const SPKI = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d034200', 'hex');
/** ECPrivateKey (RFC 5915) within PKCS8: version 1, then the number as 32 bytes. */
const NUMBER_FOLLOWS = Buffer.from('0201010420', 'hex');
const NUMBER_BYTES = 32;

export const isSm2Spki = (spki: Buffer): boolean =>
  spki.length === SPKI.length + 65 && spki.subarray(0, SPKI.length).equals(SPKI);

const pointOf = (spki: Buffer): string => spki.subarray(SPKI.length).toString('hex');

/** `spki`: of the same key. Undefined when the number does not belong to it. */
export function sm2Signer(key: KeyObject, spki: Buffer): ((content: Buffer) => Buffer) | undefined {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const at = pkcs8.indexOf(NUMBER_FOLLOWS);
  if (at < 0) return undefined;
  const from = at + NUMBER_FOLLOWS.length;
  const number = pkcs8.subarray(from, from + NUMBER_BYTES).toString('hex');
  if (sm2.getPublicKeyFromPrivateKey(number) !== pointOf(spki)) return undefined;
  const options = { ...OPTIONS, publicKey: pointOf(spki) };
  return (content) => Buffer.from(sm2.doSignature(content, number, options), 'hex');
}

export function isSignedBySm2(spki: Buffer, content: Buffer, signature: Buffer): boolean {
  try {
    return sm2.doVerifySignature(content, signature.toString('hex'), pointOf(spki), OPTIONS);
  } catch {
    // What is no signature at all.
    return false;
  }
}
