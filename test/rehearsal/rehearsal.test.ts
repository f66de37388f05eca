import { openBench, type Bench } from '../../bench/surroundings.ts';
import { compare } from '../../rehearsal/compare.ts';
import { planOf } from '../../rehearsal/plan/index.ts';
import { PLANT_NAMES, plantOf } from '../../rehearsal/plant.ts';
import { midnight } from '../../rehearsal/recount/days.ts';
import { ruleSet } from '../../rehearsal/recount/recount.ts';
import { differences, verdict } from '../../rehearsal/report.ts';
import { rehearse, type Rehearsal } from '../../rehearsal/run.ts';
import { openStage, type StageOptions } from '../../rehearsal/surroundings.ts';
import { whatIfTable } from '../../rehearsal/what-if.ts';

/** A year in small: real procedures in a worker process of its own, on the real engine, with time skipping. */

const FROM = '2026-01-01';
const TO = '2026-12-31';
const plansOf = (cases: number) => Array.from({ length: cases }, (_, number) => planOf(SEED, number, FROM, TO));
/** Of this seed the first cases are of all kinds: verified, returned, corrected late, stopped and lengthened. */
const SEED = 2;

/** A year is long: patience for a machine that has other things to do, too. */
const PATIENCE_MS = 10 * 60_000;

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(() => undefined);
}, PATIENCE_MS);
afterAll(() => bench.close(), PATIENCE_MS);

async function run(cases: number, more: Pick<StageOptions, 'whatIf'> = {}): Promise<Rehearsal> {
  const plans = plansOf(cases);
  const options = { until: midnight('2027-01-01') - 1, workers: 1, stopped: () => false, ...more };
  const stage = await openStage(bench, plans, options);
  try {
    const rules = more.whatIf ? ruleSet(more.whatIf.lengths, more.whatIf.years) : ruleSet();
    return await rehearse(stage, plans, { concurrency: 6, progress: () => undefined, rules });
  } finally {
    await stage.close();
  }
}

describe('a rehearsal on the real engine', () => {
  let rehearsal: Rehearsal;
  beforeAll(async () => {
    rehearsal = await run(12);
  }, PATIENCE_MS);

  it('finds every deadline of twelve cases as the recount counts it', () => {
    expect(differences(rehearsal, String)).toEqual([]);
    const { line, differences: found } = verdict([rehearsal]);
    expect(found).toBe(0);
    expect(line).toMatch(/^\d{3,} deadlines, 0 differences$/);
    expect(new Set(rehearsal.cases.map(({ played }) => played.life.process)).size).toBeGreaterThan(2);
  });

  // A checker that finds nothing has shown nothing until it was seen to find something.
  it.each(PLANT_NAMES)('finds what is planted, in one case and no other: %s', (name) => {
    const plant = plantOf(name);
    const found = rehearsal.cases.map(({ observed, recounted }) => compare(plant(observed), recounted).differences);
    expect(found.filter((each) => each.length > 0)).toHaveLength(1);
  });

  it(
    'counts by other rules on the second side, and says which due days move',
    async () => {
      const whatIf = {
        lengths: { 'DL-09': 3 },
        // A fourth of September off: no other year has it.
        years: [{ year: 2026, daysOff: ['2026-09-04'], makeUpWorkdays: [] }],
        says: 'DL-09=3',
      };
      const other = await run(6, { whatIf });
      expect(differences(other, String)).toEqual([]);
      expect(whatIfTable(rehearsal, other).join('\n')).toContain('COUNTY_REVIEW');
    },
    PATIENCE_MS,
  );
});
