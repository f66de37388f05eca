import type { Json } from '../domain/case.ts';
import { SEALED, isSealedLeaf, sealedLeaves } from '../vault/vault.ts';
import type { Bundle, Opening } from './bundle.ts';

/** A sealed leaf as a bundle holds it: what it commits to, without the box only the agency can open. */
export const commitOf = (sealed: string): string => sealed.split('.')[1] ?? sealed;

/** Leaves only the commits of sealed values in place. */
export function withoutBoxes<T>(value: T): T {
  return replaceLeaves(value, (sealed) => ({ [SEALED]: commitOf(sealed) }));
}

/** The bundle with every disclosed value in the place of its commit; what is withheld stays a commit. */
export function openLeaves(bundle: Bundle): Bundle {
  const texts = new Map(bundle.openings.map(({ commit, text }) => [commit, text]));
  return replaceLeaves(bundle, (sealed) => {
    const text = texts.get(commitOf(sealed));
    return text === undefined ? { [SEALED]: sealed } : (JSON.parse(text) as Json);
  });
}

/** Commits that stand in the bundle without having been disclosed. */
export const withheld = ({ openings, ...rest }: Bundle): string[] => {
  const known = new Set(openings.map(({ commit }: Opening) => commit));
  return sealedLeaves(rest as unknown as Json).flatMap(({ sealed }) => (known.has(sealed) ? [] : [sealed]));
};

function replaceLeaves<T>(value: T, replace: (sealed: string) => Json): T {
  const visit = (part: unknown): unknown => {
    if (isSealedLeaf(part)) return replace(part[SEALED]);
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([name, each]) => [name, visit(each)]));
  };
  return visit(value) as T;
}
