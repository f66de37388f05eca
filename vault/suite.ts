/**
 * The algorithms behind one port, so that an agency whose systems are assessed for commercial cryptography (密评) can have
 * SM3 and SM4 where others have AES and SHA-256. Nothing outside this folder names an algorithm of sealing; SM2 in the place of
 * Ed25519 is `log/keys.ts`.
 */
export interface Suite {
  name: SuiteName;
  /** bytes of a key for `seal` */
  keyBytes: number;
  /** Encrypts and authenticates; `context` is authenticated only. The nonce is part of what is returned. */
  seal(key: Buffer, plain: Buffer, context: Buffer): Buffer;
  /** Throws `Unsealable` when the key, the context or a single bit is another. */
  open(key: Buffer, box: Buffer, context: Buffer): Buffer;
  /** keyed digest, 32 bytes */
  mac(key: Buffer, data: Buffer): Buffer;
}

export const SUITES = ['intl', 'gm'] as const;
export type SuiteName = (typeof SUITES)[number];

/** What was sealed cannot be read: another key, another place, or altered. Never says what it would have been. */
export class Unsealable extends Error {
  constructor(what: string) {
    super(`cannot be opened: ${what}`);
    this.name = 'Unsealable';
  }
}
