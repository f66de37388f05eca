import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PROCESSES } from '../../domain/processes/index.ts';
import { replay } from '../support/histories.ts';
import { KEPT, keptHistories, keptHistory } from '../support/kept.ts';

/**
 * Cases that ran on earlier code must run on this code: the ways people and clocks went through every procedure are
 * kept as histories and walked again. A change to a procedure that would lead a running case elsewhere turns this red;
 * it needs `patched()`.
 */
const REPLAY_KEPT = fileURLToPath(new URL('../support/children/replay-kept.ts', import.meta.url));

describe('every kept history', () => {
  it.each(Object.keys(PROCESSES))('%s has ways to its end', (process) => {
    const base = process.toLowerCase().replaceAll('_', '-');
    expect(KEPT.filter((name) => name.startsWith(`${base}-ended-`)).length).toBeGreaterThanOrEqual(3);
  });

  it('is walked again by the procedures of today', async () => {
    await expect(replay(keptHistories())).resolves.toBe(KEPT.length);
    // A quarter of a second each; a machine that is busy with other tests takes longer.
  }, 300_000);

  it.each(['America/New_York', 'Pacific/Auckland'])(
    'is walked again on a machine in %s',
    async (zone) => {
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', REPLAY_KEPT], {
        env: { ...process.env, NODE_OPTIONS: '', TZ: zone },
      });
      expect(stdout.trim().split('\n').at(-1)).toBe(String(KEPT.length));
    },
    300_000,
  );

  it('in which something else happened is refused', async () => {
    const name = KEPT.find((candidate) => candidate.startsWith('reimbursement-review-ended-')) ?? '';
    const renamed = keptHistory(name);
    const marker = (renamed.events ?? []).find((event) => event.markerRecordedEventAttributes);
    const data = marker?.markerRecordedEventAttributes?.details?.['data']?.payloads?.[0];
    if (!data?.data) throw new Error(`${name} has no local activity`);
    data.data = Buffer.from(Buffer.from(data.data).toString().replace('"turn"', '"other"'));
    await expect(replay([{ workflowId: name, history: renamed }])).rejects.toThrow(/determinis/i);

    const withoutTimer = keptHistory(name);
    withoutTimer.events = (withoutTimer.events ?? []).filter((event) => !event.timerStartedEventAttributes);
    await expect(replay([{ workflowId: name, history: withoutTimer }])).rejects.toThrow();
  });
});
