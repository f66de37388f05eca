import { createHash } from 'node:crypto';

/** The tree of RFC 6962, so that one row can be shown to be under a root without showing the others. */
const digest = (prefix: number, ...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256').update(Uint8Array.of(prefix));
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const leafHash = (leaf: string): Buffer => digest(0, Buffer.from(leaf));
const nodeHash = (left: Buffer, right: Buffer): Buffer => digest(1, left, right);

/** Takes leaves one after the other and keeps no more than the depth of the tree. */
export interface MerkleRoot {
  add(leaf: string): void;
  count(): number;
  /** 64 hexadecimal digits; of no leaves the hash of nothing */
  root(): string;
}

export function createMerkleRoot(): MerkleRoot {
  /** full subtrees from the left, each larger than the next */
  const full: { size: number; hash: Buffer }[] = [];
  let count = 0;
  return {
    add(leaf) {
      count += 1;
      let tree = { size: 1, hash: leafHash(leaf) };
      for (let left = full.at(-1); left?.size === tree.size; left = full.at(-1)) {
        tree = { size: tree.size * 2, hash: nodeHash(left.hash, tree.hash) };
        full.pop();
      }
      full.push(tree);
    },
    count: () => count,
    root: () =>
      full.length === 0
        ? createHash('sha256').digest('hex')
        : full
            .map(({ hash }) => hash)
            .reduceRight((right, left) => nodeHash(left, right))
            .toString('hex'),
  };
}

/** The hashes beside the way from a leaf to the root, from the bottom up: with them one row is shown to be under the root. */
export function merklePath(leaves: readonly string[], index: number): string[] {
  if (leaves.length <= 1) return [];
  const half = halfOf(leaves.length);
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...merklePath(left, index), rootOf(right)]
    : [...merklePath(right, index - half), rootOf(left)];
}

/** The root a leaf leads to by its path, in a tree of `count` leaves. */
export function rootByPath(leaf: string, index: number, count: number, path: readonly string[]): string {
  const climb = (at: number, size: number, rest: readonly string[]): Buffer => {
    if (size <= 1) return leafHash(leaf);
    const text = rest.at(-1) ?? '';
    // Exactly a hash: what Buffer would pass over must not be passed over here.
    const beside = /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.alloc(0);
    const half = halfOf(size);
    const below = rest.slice(0, -1);
    return at < half
      ? nodeHash(climb(at, half, below), beside)
      : nodeHash(beside, climb(at - half, size - half, below));
  };
  if (!Number.isInteger(index) || index < 0 || index >= count) return 'no such leaf';
  return climb(index, count, path).toString('hex');
}

const rootOf = (leaves: readonly string[]): string => {
  const root = createMerkleRoot();
  for (const leaf of leaves) root.add(leaf);
  return root.root();
};

/** The largest power of two below a number: how many leaves hang on the left. */
const halfOf = (count: number): number => 2 ** (Math.ceil(Math.log2(count)) - 1);
