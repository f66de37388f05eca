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
