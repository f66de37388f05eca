import { planOf } from '../../rehearsal/plan/index.ts';
import { readOptions } from '../../rehearsal/options.ts';

const FROM = '2026-01-01';
const TO = '2026-12-31';
const plans = Array.from({ length: 500 }, (_, number) => planOf(7, number, FROM, TO));

describe('the plan of a case', () => {
  it('is the same for a seed and a number, and another for another', () => {
    expect(planOf(7, 41, FROM, TO)).toEqual(plans[41]);
    expect(planOf(8, 41, FROM, TO)).not.toEqual(plans[41]);
    expect(planOf(7, 42, FROM, TO)).not.toEqual(plans[41]);
  });

  it('goes forward in time, after the filing', () => {
    for (const { filing, moves } of plans) {
      const instants = [filing.at, ...moves.map(({ at }) => at)];
      expect(instants).toEqual([...instants].sort((a, b) => a - b));
    }
  });

  it('brings all procedures, and whatever can happen to a clock', () => {
    expect(new Set(plans.map(({ process }) => process)).size).toBe(6);
    const acts = new Set(plans.flatMap(({ moves }) => moves.map(({ decision }) => decision)));
    for (const act of [
      ...(['APPROVE', 'RETURN_TO_APPLICANT', 'RETURN_TO_PREVIOUS', 'REJECT', 'WITHDRAW', 'REPORT'] as const),
      ...(['CORRECTION_RECEIVED', 'CLOSE_AS_WITHDRAWN', 'SUSPEND', 'RESUME', 'EXTEND'] as const),
    ])
      expect(acts).toContain(act);
    const days = plans.map(({ filing }) => new Date(filing.at + 8 * 3_600_000).getUTCDay());
    expect(new Set(days).size).toBe(7);
  });
});

describe('the command line', () => {
  it('knows lengths and refuses what it does not know', () => {
    expect(readOptions(['--rules', 'DL-09=3,DL-11=12'])).toMatchObject({
      whatIf: { lengths: { 'DL-09': 3, 'DL-11': 12 }, says: 'DL-09=3,DL-11=12' },
    });
    expect(readOptions(['--help'])).toBe('HELP');
    for (const wrong of [
      ['--rules', 'DL-99=3'],
      ['--rules', 'DL-09=0'],
      ['--cases', '1.5'],
      ['--from', '2026-02-30'],
      ['--from', '2026-05-01', '--to', '2026-04-30'],
      ['--nonsense'],
    ])
      expect(() => readOptions(wrong)).toThrow();
  });
});
