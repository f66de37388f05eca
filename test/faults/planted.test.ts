import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUG_NAMES, BUGS, plant } from '../../faults/planted/bugs.ts';

/** The bugs of `npm run faults:planted` can still be planted: each of their places is there once. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

it.each(BUG_NAMES)('%s can be planted', (name) => {
  const source = readFileSync(join(ROOT, BUGS[name].file), 'utf8');
  expect(plant(BUGS[name], source)).not.toBe(source);
});

it('a place that is not there any more, or there twice, is told', () => {
  const bug = { what: 'w', file: 'f.ts', from: 'a', to: 'b' };
  expect(() => plant(bug, 'c')).toThrow('does not read "a" exactly once');
  expect(() => plant(bug, 'a a')).toThrow('does not read "a" exactly once');
});
