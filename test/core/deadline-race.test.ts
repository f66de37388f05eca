import { openOffice, type Office } from '../support/office.ts';
import { fileInpatient } from './clock-cases.ts';

/**
 * Decisions sent in the second in which their own limit ends, on the real engine and by its clock: whichever is first, timer or
 * person, there is one truth. In time means no breach, and late means the breach is there first.
 */
const MIDNIGHT = Date.parse('2025-09-28T16:00:00Z');
/** ms about midnight at which a decision sets out; the outermost leave no doubt about the side they come down on */
const OFFSETS = [-4_000, -500, -200, -100, -60, -40, -30, -20, -10, -10, -1, -1, 0, 0, 1, 1, 10, 10, 500, 4_000];

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-28T23:59:25+08:00' });
});
afterAll(() => office.close());

it('a decision that races its own limit is in time and breaks nothing, or late and comes after the breach', async () => {
  const cases = await Promise.all(OFFSETS.map(() => fileInpatient(office, '2025-09-22')));
  const officeNow = (): number => Date.now() + (office.deps.clockAheadMs ?? 0);
  expect(officeNow()).toBeLessThan(MIDNIGHT - 5_000);
  await Promise.all(
    OFFSETS.map(async (offset, i) => {
      await new Promise((resolve) => setTimeout(resolve, MIDNIGHT + offset - officeNow()));
      await office.decide(cases[i] as string, 'town1.clerk', { decision: 'APPROVE' });
    }),
  );

  const sides = new Set<string>();
  for (const no of cases) {
    const events = await office.events(no);
    const decided = events.filter((e) => e.kind === 'DECIDED');
    const breaches = events.filter((e) => e.effectKey === 'S1:LIMIT_PASSED:2025-09-28');
    expect(decided).toHaveLength(1);
    const late = Date.parse(decided[0]?.at ?? '') >= MIDNIGHT;
    sides.add(late ? 'late' : 'in time');
    expect({ no, breaches: breaches.length, daysLate: decided[0]?.daysLate ?? 0 }).toEqual({
      no,
      breaches: late ? 1 : 0,
      // 29 September is a working day.
      daysLate: late ? 1 : 0,
    });
    for (const breach of breaches) {
      expect(breach.seq).toBeLessThan(decided[0]?.seq ?? 0);
      expect(Date.parse(breach.at)).toBeGreaterThanOrEqual(MIDNIGHT);
    }
    const { version } = await office.case(no);
    expect(await office.deps.temporal.workflow.getHandle(no).query('version')).toBe(version);
  }
  expect([...sides].sort()).toEqual(['in time', 'late']);
});
