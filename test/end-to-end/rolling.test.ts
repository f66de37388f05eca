import { jest } from '@jest/globals';
import { rollingRestart } from '../../bench/rolling/measure.ts';
import { openBench } from '../../bench/surroundings.ts';

/** What `npm run bench:rolling` measures, once around and with few people: whoever repeats as documented sees no error. */
jest.setTimeout(600_000);

it('two workers and two APIs are replaced while people decide, and nobody sees an error', async () => {
  const bench = await openBench(() => undefined);
  try {
    const { phases, cases, violations } = await rollingRestart(bench, { clerks: 4, rounds: 1, calmMs: 300 });
    expect(violations).toEqual([]);
    expect(phases.map(({ name }) => name)).toEqual([null, 'worker-1', 'worker-2', 'api-1', 'api-2']);
    // Work went on while each was away.
    for (const { asked } of phases.slice(1)) expect(asked.length).toBeGreaterThan(0);
    expect(cases).toBeGreaterThan(0);
  } finally {
    await bench.close();
  }
});
