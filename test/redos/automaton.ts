import { RegExpParser, type AST } from '@eslint-community/regexpp';

/** The position automaton of a regular expression: a state for every place in the pattern that reads a letter (Glushkov 1961). */
export interface Automaton {
  states: number[];
  /** the states after one; twice where two loops lead there */
  next(state: number): readonly number[];
  /** whether some letter is read by all of these */
  common(states: readonly number[]): boolean;
}

interface Part {
  nullable: boolean;
  first: number[];
  last: number[];
}

/** Repetitions up to here are taken as one: they bound the work by themselves. */
const SHORT = 32;
/** Every ASCII character, and of the others one of each kind a pattern may tell apart. */
const SAMPLES = [
  ...Array(128).keys(),
  0x85,
  0xa0,
  0xe9,
  0x3b1,
  0x200b,
  0x2028,
  0x202e,
  0x3000,
  0x4e00,
  0xff1d,
  0x20bb7,
];
/** Read by what looks and takes nothing: an end, an edge of a word, a look ahead. */
const NOTHING_READ = -1;

/**
 * The automaton of all searches for the pattern. What is found at once is never gone back upon, so states at which a match may end
 * are left out. Throws on back references, which no automaton has.
 */
export function readMatches(source: string, flags: string): Automaton {
  const { alternatives } = new RegExpParser().parsePattern(source, 0, source.length, { unicode: /[uv]/.test(flags) });
  const letters: Set<number>[] = [];
  const edges: number[][] = [];
  const state = (read: Set<number>): number => edges.push([]) && letters.push(read) - 1;
  const samples = [...SAMPLES, ...charactersOf(source)];
  const everything = new Set(samples);
  const empty: Part = { nullable: true, first: [], last: [] };
  const link = (from: readonly number[], to: readonly number[]): void => from.forEach((one) => edges[one]?.push(...to));

  const letter = (read: Set<number>): Part => {
    const place = state(read);
    return { nullable: false, first: [place], last: [place] };
  };
  const either = (parts: readonly Part[]): Part => ({
    nullable: parts.some((part) => part.nullable),
    first: parts.flatMap((part) => part.first),
    last: parts.flatMap((part) => part.last),
  });
  const sequence = (parts: readonly Part[]): Part =>
    parts.reduce((left, right) => {
      link(left.last, right.first);
      return {
        nullable: left.nullable && right.nullable,
        first: left.nullable ? [...left.first, ...right.first] : left.first,
        last: right.nullable ? [...right.last, ...left.last] : right.last,
      };
    }, empty);
  const all = (each: readonly AST.Alternative[]): Part =>
    either(each.map(({ elements }) => sequence(elements.map(part))));
  /** Looked for from every place of the text on. */
  const anywhere = (pattern: Part): Part => {
    const before = letter(everything);
    link(before.last, before.first);
    return sequence([{ ...before, nullable: true }, pattern]);
  };

  const part = (node: AST.Element): Part => {
    switch (node.type) {
      case 'Group':
      case 'CapturingGroup':
        return all(node.alternatives);
      case 'Quantifier': {
        const inner = part(node.element);
        if (node.max > SHORT) link(inner.last, inner.first);
        return { ...inner, nullable: inner.nullable || node.min === 0 };
      }
      case 'Assertion': {
        const looks = letter(new Set([NOTHING_READ]));
        // A look ahead reads the same text by itself, from wherever it stands.
        if ('alternatives' in node) sequence([anywhere(all(node.alternatives)), letter(new Set([NOTHING_READ]))]);
        return node.kind === 'start' ? empty : looks;
      }
      case 'Backreference':
        throw new RangeError(`a back reference: ${source}`);
      default: {
        const one = new RegExp(`^(?:${node.raw})$`, flags.replaceAll(/[gy]/g, ''));
        return letter(new Set(samples.filter((code) => one.test(String.fromCodePoint(code)))));
      }
    }
  };

  const anchored = flags.includes('y') || (!flags.includes('m') && alternatives.every(isAnchored));
  const whole = anchored ? all(alternatives) : anywhere(all(alternatives));
  const ends = new Set(whole.last);
  const states = edges.flatMap((_, place) => (ends.has(place) ? [] : [place]));
  return {
    states,
    next: (place) => (edges[place] ?? []).filter((to) => !ends.has(to)),
    common: ([one, ...others]) =>
      [...(letters[one ?? 0] ?? [])].some((code) => others.every((other) => letters[other]?.has(code))),
  };
}

const isAnchored = ({ elements: [begin] }: AST.Alternative): boolean =>
  begin?.type === 'Assertion' && begin.kind === 'start';

/** Code points written in the pattern itself. */
const charactersOf = (source: string): number[] => [
  ...[...source].map((character) => character.codePointAt(0) ?? 0),
  ...[...source.matchAll(/\\u\{?([0-9a-f]{4,6})/gi)].map((match) => Number.parseInt(match[1] ?? '0', 16)),
];
