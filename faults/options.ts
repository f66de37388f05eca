import { parseArgs } from 'node:util';
import { WrongOption } from '../rehearsal/read-or-exit.ts';

export interface Options {
  seed: number;
  minutes: number;
  /** people at work at one time */
  people: number;
  /** so many decisions get through before the next fault */
  between: number;
}

export const HELP = `npm run faults -- [options]

  --seed 1        another seed, other cases, mistakes and faults
  --minutes 2     how long faults happen
  --people 24     how many people work at one time
  --between 12    how many decisions get through between two faults`;

export function readOptions(args: readonly string[]): Options | 'HELP' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '2' },
      people: { type: 'string', default: '24' },
      between: { type: 'string', default: '12' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'HELP';
  const number = (name: 'seed' | 'minutes' | 'people' | 'between', least: number, whole: boolean): number => {
    const value = Number(values[name]);
    if (!(value >= least) || (whole && !Number.isSafeInteger(value)))
      throw new WrongOption(`--${name}: ${whole ? 'a whole number' : 'a number'} from ${least}`);
    return value;
  };
  return {
    seed: number('seed', 0, true),
    minutes: number('minutes', 0.1, false),
    people: number('people', 1, true),
    between: number('between', 0, true),
  };
}
