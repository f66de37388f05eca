import { canonical } from '../activities/store/hash-chain.ts';
import type { Json } from '../domain/case.ts';
import { isSignedBy, publicKeysOf, type SigningKey } from '../log/keys.ts';
import type { Bundle, SignedBundle } from './bundle.ts';
import type { Findings } from './check.ts';

/** The key is the one the heads of the log are signed with: one key to publish, one to keep. */
export const signBundle = (bundle: Bundle, key: SigningKey): SignedBundle => ({
  ...bundle,
  signature: { keyId: key.id, publicKey: key.publicKey, value: key.sign(canonical(bundle as unknown as Json)) },
});

/** By a key of `trusted`; without any, only that file and signature belong together. */
export function checkSignature(
  { signature, ...bundle }: SignedBundle,
  trusted: readonly string[] | undefined,
  found: Findings,
): void {
  const keys = publicKeysOf(trusted ?? [signature.publicKey]);
  const signed = isSignedBy(keys.get(signature.keyId), canonical(bundle as unknown as Json), signature.value);
  found.hold('SIGNATURE', signature.keyId, signed, () => ({
    zh: trusted ? '不是由指定的密钥签名，或内容已被改动' : '签名与内容不符',
    en: trusted ? 'not signed by a key that is trusted, or altered since' : 'the signature is of something else',
  }));
}
