import type { Json } from '../domain/case.ts';
import { commitOf, isSealedLeaf, mapJson, SEALED, sealedLeaves } from '../vault/vault.ts';
import type { Bundle, Opening } from './bundle.ts';

/** Leaves only the commits of sealed values in place, without the boxes only the agency can open. */
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

const replaceLeaves = <T>(value: T, replace: (sealed: string) => Json): T =>
  mapJson(value as Json, (_field, leaf) => (isSealedLeaf(leaf) ? replace(leaf[SEALED]) : undefined)) as T;
