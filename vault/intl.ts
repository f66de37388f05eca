import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { Unsealable, type Suite } from './suite.ts';

const NONCE = 12;
const TAG = 16;

/** AES-256-GCM with a random nonce (nonce | ciphertext | tag) and HMAC-SHA256. */
export const intl: Suite = {
  name: 'intl',
  keyBytes: 32,
  seal(key, plain, context) {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(context);
    return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  },
  open(key, box, context) {
    if (box.length < NONCE + TAG) throw new Unsealable('too short');
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAAD(context);
    decipher.setAuthTag(box.subarray(box.length - TAG));
    try {
      return Buffer.concat([decipher.update(box.subarray(NONCE, box.length - TAG)), decipher.final()]);
    } catch {
      throw new Unsealable('another key or place, or altered');
    }
  },
  mac: (key, data) => createHmac('sha256', key).update(data).digest(),
};
