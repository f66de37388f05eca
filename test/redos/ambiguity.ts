import { readMatches, type Automaton } from './automaton.ts';

/**
 * Whether a backtracking matcher can be made slow: by the automaton of the pattern, not by a stopwatch. Where one text can be read
 * in two ways again and again, a matcher that fails at the end tries all of them.
 *
 * EXPONENTIAL: a state comes back to itself with one text on two ways. POLYNOMIAL: two loops, one behind the other, read the same
 * text. (Weber and Seidl 1991, On the degree of ambiguity of finite automata.)
 */
export type Growth = 'LINEAR' | 'POLYNOMIAL' | 'EXPONENTIAL';

export function growthOf(source: string, flags = ''): Growth {
  const automaton = readMatches(source, flags);
  const inLoop = automaton.states.filter((state) => reaches(automaton, state).has(state));
  if (inLoop.some((state) => comesBackTwoWays(automaton, state))) return 'EXPONENTIAL';
  for (const first of inLoop)
    for (const second of inLoop)
      if (first !== second && reaches(automaton, first).has(second) && sameText(automaton, first, second))
        return 'POLYNOMIAL';
  return 'LINEAR';
}

/** The states to which one letter or more leads. */
function reaches({ next }: Automaton, from: number): Set<number> {
  const found = new Set<number>();
  const open = [from];
  for (let state = open.pop(); state !== undefined; state = open.pop())
    for (const to of next(state)) {
      if (found.has(to)) continue;
      found.add(to);
      open.push(to);
    }
  return found;
}

/** Two readers walk at once from `loop` with the same letters; both come back, and they have parted in between. */
function comesBackTwoWays({ next, common }: Automaton, loop: number): boolean {
  const seen = new Set<string>();
  const open: [number, number, boolean][] = [[loop, loop, false]];
  for (let at = open.pop(); at; at = open.pop()) {
    const [left, right, parted] = at;
    for (const [i, one] of next(left).entries())
      for (const [k, other] of next(right).entries()) {
        if (!common([one, other])) continue;
        // The same two states by two edges are two ways, too: `(a*)*`.
        const apart = parted || left !== right || i !== k;
        if (apart && one === loop && other === loop) return true;
        const key = `${one} ${other} ${apart}`;
        if (seen.has(key)) continue;
        seen.add(key);
        open.push([one, other, apart]);
      }
  }
  return false;
}

/** Three readers and one text: one stays in the first loop, one in the second, one goes over from the first to the second. */
function sameText({ next, common }: Automaton, first: number, second: number): boolean {
  const seen = new Set<string>();
  const open: [number, number, number][] = [[first, first, second]];
  for (let at = open.pop(); at; at = open.pop()) {
    const [staying, going, there] = at;
    for (const a of next(staying))
      for (const b of next(going))
        for (const c of next(there)) {
          if (!common([a, b, c])) continue;
          if (a === first && b === second && c === second) return true;
          const key = `${a} ${b} ${c}`;
          if (seen.has(key)) continue;
          seen.add(key);
          open.push([a, b, c]);
        }
  }
  return false;
}
