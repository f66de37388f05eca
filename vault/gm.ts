import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Unsealable, type Suite } from './suite.ts';

const IV = 16;
const TAG = 32;
const CIPHER_KEY = 16;

/**
 * SM4-CBC, then HMAC-SM3 over context, IV and ciphertext (iv | ciphertext | tag). Encrypt-then-MAC, because the OpenSSL of Node 20
 * has no SM4-GCM. One key of 48 bytes: 16 for the cipher, 32 for the tag.
 */
export const gm: Suite = {
  name: 'gm',
  keyBytes: CIPHER_KEY + TAG,
  seal(key, plain, context) {
    const iv = randomBytes(IV);
    const cipher = createCipheriv('sm4-cbc', key.subarray(0, CIPHER_KEY), iv);
    const body = Buffer.concat([iv, cipher.update(plain), cipher.final()]);
    return Buffer.concat([body, tagOf(key, body, context)]);
  },
  open(key, box, context) {
    if (box.length < IV + TAG) throw new Unsealable('too short');
    const body = box.subarray(0, box.length - TAG);
    if (!timingSafeEqual(tagOf(key, body, context), box.subarray(box.length - TAG)))
      throw new Unsealable('another key or place, or altered');
    const decipher = createDecipheriv('sm4-cbc', key.subarray(0, CIPHER_KEY), body.subarray(0, IV));
    return Buffer.concat([decipher.update(body.subarray(IV)), decipher.final()]);
  },
  mac: (key, data) => createHmac('sm3', key).update(data).digest(),
};

/** The length of the context comes first: what belongs to it cannot be taken for ciphertext. */
function tagOf(key: Buffer, body: Buffer, context: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(context.length));
  return createHmac('sm3', key.subarray(CIPHER_KEY)).update(length).update(context).update(body).digest();
}
