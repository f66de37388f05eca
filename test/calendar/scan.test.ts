import { jest } from '@jest/globals';
import { readComparison, scanBatch, type Recount } from '../../activities/recount/scan.ts';
import { createCalendar } from '../../domain/calendar.ts';
import { readStoredEditions } from '../../prisma/editions.ts';
import { writeUnstarted } from '../core/clock-cases.ts';
import { cn2025 } from '../support/days.ts';
import { openOffice, type Office } from '../support/office.ts';
import { amendment, days } from './runs.ts';

jest.setTimeout(120_000);

let office: Office;
beforeAll(async () => {
  office = await openOffice({ worker: false });
});
afterAll(() => office.close());

/** More than nine, so that ids of one and of two digits stand beside each other. */
const CASES = 12;

it('looks at every open case once, in batches, in the order of their ids', async () => {
  const { db } = office.deps;
  const written: string[] = [];
  for (let n = 0; n < CASES; n++)
    written.push((await writeUnstarted(office, '2025-09-22T10:00:00+08:00')).snapshot.caseId);
  const edition = amendment({ daysOff: [...cn2025.daysOff, ...days('2025-09-26')] });
  const comparison = await readComparison(db, createCalendar([...(await readStoredEditions(db)), edition]));
  const found: Recount[] = [];
  const looked: number[] = [];
  for (let at = '0'; looked.at(-1) !== 0;) {
    const batch = await scanBatch(db, comparison, at, Date.now(), undefined, 5);
    at = batch.last;
    found.push(...batch.recounts);
    looked.push(batch.looked);
  }
  expect(looked).toEqual([5, 5, 2, 0]);
  expect(found.map(({ caseId }) => caseId)).toEqual(written);
  expect(found.map(({ nth }) => nth)).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]);
  const elsewhere = await scanBatch(db, comparison, '0', Date.now(), '440000');
  expect(elsewhere).toEqual({ recounts: [], looked: 0, last: '0' });
});
