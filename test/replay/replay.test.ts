import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PROCESSES } from '../../domain/processes/index.ts';
import { historyOf, replay } from '../support/histories.ts';

/**
 * Cases that ran on earlier code must run on this code: the ways people and clocks went through every procedure are
 * kept as histories and walked again. A change to a procedure that would lead a running case elsewhere turns this red;
 * it needs `patched()`.
 */
const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url));
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.history'));
const read = (name: string) => historyOf(readFileSync(`${FOLDER}${name}`));

describe('every kept history', () => {
  it.each(Object.keys(PROCESSES))('%s has ways to its end', (process) => {
    const base = process.toLowerCase().replaceAll('_', '-');
    expect(names.filter((name) => name.startsWith(`${base}-ended-`)).length).toBeGreaterThanOrEqual(3);
  });

  it('is walked again by the procedures of today', async () => {
    await expect(replay(names.map((name) => ({ workflowId: name, history: read(name) })))).resolves.toBe(names.length);
    // A quarter of a second each; a machine that is busy with other tests takes longer.
  }, 300_000);

  it('in which something else happened is refused', async () => {
    const name = names.find((candidate) => candidate.startsWith('reimbursement-review-ended-')) ?? '';
    const renamed = read(name);
    const marker = (renamed.events ?? []).find((event) => event.markerRecordedEventAttributes);
    const data = marker?.markerRecordedEventAttributes?.details?.['data']?.payloads?.[0];
    if (!data?.data) throw new Error(`${name} has no local activity`);
    data.data = Buffer.from(Buffer.from(data.data).toString().replace('"turn"', '"other"'));
    await expect(replay([{ workflowId: name, history: renamed }])).rejects.toThrow(/determinis/i);

    const withoutTimer = read(name);
    withoutTimer.events = (withoutTimer.events ?? []).filter((event) => !event.timerStartedEventAttributes);
    await expect(replay([{ workflowId: name, history: withoutTimer }])).rejects.toThrow();
  });
});
