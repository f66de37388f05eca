import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Json } from '../domain/case.ts';
import { isSealed } from '../domain/field-classes.ts';
import type { DataKey, DataKeys } from './data-keys.ts';
import { Unsealable } from './suite.ts';

/**
 * Seals single values and opens them again. A sealed value is `<keyId>.<commit>.<box>`: the box holds a random salt and the text,
 * the commit is the keyed digest of the text under that salt. The log's hashes cover the commit alone, so the log can be verified
 * without any key, the box may be sealed anew under another key, and a single value can be disclosed with its salt and checked by
 * whoever has the log (the evidence bundle).
 */
export interface Vault {
  /** `subject` is what the value belongs to (`case/441602-…`, `person/…`): moved elsewhere it does not open. */
  seal(subject: string, field: string, text: string): Promise<string>;
  /** Throws `Unsealable`. */
  open(subject: string, field: string, sealed: string): Promise<string>;
  /** with the salt, to be disclosed */
  disclose(subject: string, field: string, sealed: string): Promise<Disclosure>;
  /** Every SENSITIVE field of a form, of facts, of a paper, wherever in it; everything else stays as it is. */
  sealJson<T extends Json | undefined>(subject: string, value: T): Promise<T>;
  /** What was written before fields were sealed is returned as it is. Throws `Unsealable`. */
  openJson<T extends Json | undefined>(subject: string, value: T): Promise<T>;
  /** The same text gives the same index, and nothing else: for exact search. Normalise before. */
  blindIndex(field: string, text: string): Promise<string>;
  /** Whole payloads for the engine: no subject is known there. */
  sealBytes(plain: Buffer): Promise<{ keyId: string; box: Buffer }>;
  openBytes(keyId: string, box: Buffer): Promise<Buffer>;
  /** takes up at once what another process has begun; otherwise it does within a minute */
  refresh(): Promise<void>;
}

/** What the sealed values of a case, a person or a document are bound to. */
export const caseSubject = (acceptanceNo: string): string => `case/${acceptanceNo}`;
export const personSubject = (personId: string): string => `person/${personId}`;
export const documentSubject = (documentId: string): string => `document/${documentId}`;

export interface Disclosure {
  commit: string;
  /** by whose keyed digest it commits */
  suite: string;
  /** base64url */
  salt: string;
  text: string;
}

/** How a sealed leaf stands in JSON; forms are strict, so nobody can send one in. */
export const SEALED = '$sealed';
/** How it stands in a text column. */
export const SEALED_TEXT = 'sealed:';

/** A value for a text column. */
export const sealText = async (vault: Vault, subject: string, field: string, text: string): Promise<string> =>
  SEALED_TEXT + (await vault.seal(subject, field, text));

/** A value of a text column; one that was written before fields were sealed is returned as it is. Throws `Unsealable`. */
export const openText = async (vault: Vault, subject: string, field: string, text: string): Promise<string> =>
  text.startsWith(SEALED_TEXT) ? vault.open(subject, field, text.slice(SEALED_TEXT.length)) : text;

const SALT_BYTES = 16;
const PAYLOAD_CONTEXT = Buffer.from('engine-payload');

export function createVault(keys: DataKeys): Vault {
  const sealWith = ({ keyId, suite, key }: DataKey, subject: string, field: string, text: string): string => {
    const salt = randomBytes(SALT_BYTES);
    const plain = Buffer.from(text, 'utf8');
    const box = suite.seal(key, Buffer.concat([salt, plain]), contextOf(subject, field));
    return `${keyId}.${suite.mac(salt, plain).toString('base64url')}.${box.toString('base64url')}`;
  };
  const disclose = async (subject: string, field: string, sealed: string): Promise<Disclosure> => {
    const { keyId, commit, box } = partsOf(sealed);
    const { suite, key } = await keys.byId(keyId);
    const opened = suite.open(key, box, contextOf(subject, field));
    const salt = opened.subarray(0, SALT_BYTES);
    const plain = opened.subarray(SALT_BYTES);
    // The log covers the commit: a box that says something else was put there.
    const right = suite.mac(salt, plain);
    const given = Buffer.from(commit, 'base64url');
    if (given.length !== right.length || !timingSafeEqual(given, right)) throw new Unsealable('altered');
    return { commit, suite: suite.name, salt: salt.toString('base64url'), text: plain.toString('utf8') };
  };
  const open = async (subject: string, field: string, sealed: string): Promise<string> =>
    (await disclose(subject, field, sealed)).text;

  return {
    seal: async (subject, field, text) => sealWith(await keys.current('SEAL'), subject, field, text),
    open,
    disclose,
    async sealJson(subject, value) {
      const key = await keys.current('SEAL');
      return mapJson(value, (field, leaf) =>
        // JSON.stringify keeps numbers, lists and null what they were.
        isSealed(field) && leaf !== null && !isSealedLeaf(leaf)
          ? { [SEALED]: sealWith(key, subject, field, JSON.stringify(leaf)) }
          : undefined,
      ) as typeof value;
    },
    async openJson(subject, value) {
      const opened = new Map<string, Json>();
      for (const { field, sealed } of sealedLeaves(value))
        opened.set(`${field}\n${sealed}`, JSON.parse(await open(subject, field, sealed)) as Json);
      if (opened.size === 0) return value;
      return mapJson(value, (field, leaf) =>
        isSealedLeaf(leaf) ? opened.get(`${field}\n${leaf[SEALED]}`) : undefined,
      ) as typeof value;
    },
    async blindIndex(field, text) {
      const { suite, key } = await keys.current('INDEX');
      return suite.mac(key, Buffer.from(`${field}\n${text}`, 'utf8')).toString('base64url');
    },
    async sealBytes(plain) {
      const { keyId, suite, key } = await keys.current('SEAL');
      return { keyId, box: suite.seal(key, plain, PAYLOAD_CONTEXT) };
    },
    async openBytes(keyId, box) {
      const { suite, key } = await keys.byId(keyId);
      return suite.open(key, box, PAYLOAD_CONTEXT);
    },
    refresh: () => keys.refresh(),
  };
}

const contextOf = (subject: string, field: string): Buffer => Buffer.from(`${subject}/${field}`, 'utf8');

export interface SealedLeaf {
  [SEALED]: string;
}
export const isSealedLeaf = (value: unknown): value is SealedLeaf =>
  typeof value === 'object' && value !== null && typeof (value as SealedLeaf)[SEALED] === 'string';

/** What a sealed value commits to: all that hashes cover, so that a new key changes none. */
export const commitOf = (sealed: string): string => sealed.split('.')[1] ?? sealed;

/** Throws `Unsealable` when it is not the shape of a sealed value. */
export function partsOf(sealed: string): { keyId: string; commit: string; box: Buffer } {
  const [, keyId, commit, box] = /^(\d{1,18})\.([\w-]{43})\.([\w-]+)$/.exec(sealed) ?? [];
  if (keyId === undefined || commit === undefined || box === undefined) throw new Unsealable('not a sealed value');
  return { keyId, commit, box: Buffer.from(box, 'base64url') };
}

/** Rebuilds a JSON value; `change` may give another value for what stands under a name. Lists pass their name on. */
export function mapJson(
  value: Json | undefined,
  change: (field: string, leaf: Json) => Json | undefined,
  field = '',
): Json | undefined {
  if (value === undefined) return undefined;
  const changed = change(field, value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((item) => mapJson(item, change, field) as Json);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => {
      const mapped = mapJson(part, change, name);
      return mapped === undefined ? [] : [[name, mapped]];
    }),
  );
}

/** All sealed leaves with the names they stand under, in order. */
export function sealedLeaves(value: Json | undefined, field = ''): Array<{ field: string; sealed: string }> {
  if (typeof value !== 'object' || value === null) return [];
  if (isSealedLeaf(value)) return [{ field, sealed: value[SEALED] }];
  const parts: Array<[string, Json]> = Array.isArray(value)
    ? value.map((item) => [field, item])
    : Object.entries(value);
  return parts.flatMap(([name, part]) => sealedLeaves(part, name));
}
