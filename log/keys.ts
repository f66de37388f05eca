import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSignedBySm2, isSm2Spki, sm2Signer } from './sm2.ts';

/** The key heads are signed with: Ed25519, or SM2 where commercial cryptography is asked for; known by the hash of its public half. */
export interface SigningKey {
  id: string;
  /** SPKI as base64, for whoever checks */
  publicKey: string;
  sign(text: string): string;
}
/** Answers whether these bytes are a signature of that content by this key. */
export type PublicKey = (content: Buffer, signature: Buffer) => boolean;
export type PublicKeys = ReadonlyMap<string, PublicKey>;

/** Reads PKCS8, as PEM or as the base64 of its DER; throws when it is neither an Ed25519 nor an SM2 key. The text is never part of the error. */
export function readSigningKey(text: string): SigningKey {
  const key = parsePrivate(text.trim());
  const publicKey = key && createPublicKey(key).export({ type: 'spki', format: 'der' });
  const signer = publicKey && signerOf(key, publicKey);
  if (!signer)
    throw new Error(
      'LOG_SIGNING_KEY 不是 PKCS8 格式的 Ed25519 或 SM2 私钥 / neither an Ed25519 nor an SM2 private key in PKCS8',
    );
  return {
    id: keyId(publicKey),
    publicKey: publicKey.toString('base64'),
    sign: (content) => signer(Buffer.from(content)).toString('base64'),
  };
}

function signerOf(key: KeyObject, spki: Buffer): ((content: Buffer) => Buffer) | undefined {
  if (key.asymmetricKeyType === 'ed25519') return (content) => sign(null, content, key);
  return isSm2Spki(spki) ? sm2Signer(key, spki) : undefined;
}

function parsePrivate(text: string): KeyObject | undefined {
  try {
    return text.startsWith('-----')
      ? createPrivateKey(text)
      : createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });
  } catch {
    return undefined;
  }
}

/** Public keys as SPKI in base64, by their ids: today's and those of before. */
export const publicKeysOf = (keys: readonly string[]): PublicKeys =>
  new Map(
    keys.map((text) => {
      const der = Buffer.from(text, 'base64');
      return [keyId(der), publicKeyOf(der)] as const;
    }),
  );

function publicKeyOf(spki: Buffer): PublicKey {
  if (isSm2Spki(spki)) return (content, signature) => isSignedBySm2(spki, content, signature);
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
  return (content, signature) => verify(null, content, key, signature);
}

/** False: not signed by this key, or no key at all. */
export const isSignedBy = (key: PublicKey | undefined, content: string, signature: string): boolean => {
  const bytes = Buffer.from(signature, 'base64');
  return key !== undefined && bytes.toString('base64') === signature && key(Buffer.from(content), bytes);
};

const keyId = (spki: Buffer): string => createHash('sha256').update(spki).digest('hex').slice(0, 32);

/** Outside production: the key of this data folder, made once; only its owner reads it. */
export function keyOfFolder(dataFolder: string): SigningKey {
  const file = join(dataFolder, 'log-signing-key.pem');
  if (!existsSync(file)) {
    mkdirSync(dataFolder, { recursive: true });
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
    try {
      writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
    } catch (problem) {
      // Two workers start at once: the first has made it.
      if ((problem as NodeJS.ErrnoException).code !== 'EEXIST') throw problem;
    }
    chmodSync(file, 0o600);
  }
  return readSigningKey(readFileSync(file, 'utf8'));
}

type KeySettings = { logSigningKey?: string | undefined; dataFolder: string; witnessFolder?: string | undefined };

/** The key that was set, else the one of the data folder. */
export const signingKeyOf = ({ logSigningKey, dataFolder }: KeySettings): SigningKey =>
  logSigningKey ? readSigningKey(logSigningKey) : keyOfFolder(dataFolder);

export const witnessFolderOf = ({ witnessFolder, dataFolder }: KeySettings): string =>
  witnessFolder ?? join(dataFolder, 'witness');
