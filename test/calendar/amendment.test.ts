import { jest } from '@jest/globals';
import { applyEdition } from '../../engine/calendar-run.ts';
import { previewEdition } from '../../engine/preview-edition.ts';
import { effectsOf, fileInpatient } from '../core/clock-cases.ts';
import { cn2025, madeUpEdition } from '../support/days.ts';
import { openOffice, type Office } from '../support/office.ts';
import { amendment, applied, days, recountsOf } from './runs.ts';

/** An edition is loaded while cases run, on the real engine: who moves, who does not, and what the timers do then. */
jest.setTimeout(120_000);

let office: Office;
beforeEach(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
});
afterEach(() => office.close());

const IN_FORCE = 'TEST-2025-DAY-OFF+CN-2026-1';
/** Friday 26 September becomes a day off: DL-08 from 09-22 then ends on 09-29, not on the make-up Sunday 09-28. */
const dayOff = () => amendment({ id: 'TEST-2025-DAY-OFF', daysOff: [...cn2025.daysOff, ...days('2025-09-26')] });

it('moves exactly the cases a changed day touches, re-arms their timers, and writes each move once', async () => {
  const touched = await fileInpatient(office);
  const longAgo = await fileInpatient(office, '2025-08-01');
  await office.decide(longAgo, 'town1.clerk', {
    decision: 'RETURN_TO_APPLICANT',
    reason: '缺出院小结',
    missing: ['出院小结'],
  });
  const before = await office.events(longAgo);

  const preview = await previewEdition(office.deps.db, dayOff(), { size: 10 });
  expect(preview.counts).toEqual({
    ...{ open: 2, touched: 1, moving: 1 },
    perOffice: [{ officeId: '441602001', process: 'REIMBURSEMENT_REVIEW', touched: 1, moving: 1 }],
  });
  expect(preview.items).toEqual([
    expect.objectContaining({
      acceptanceNo: touched,
      moves: [
        expect.objectContaining({ clock: 'STAGE', from: '2025-09-28', to: '2025-09-29' }),
        expect.objectContaining({ clock: 'TOTAL', from: '2025-10-17', to: '2025-10-20' }),
      ],
    }),
  ]);
  expect(await recountsOf(office, touched)).toEqual([]);

  expect(await applied(office, dayOff())).toMatchObject({ asked: 1, moved: 1, gone: 0, total: 2 });
  expect(await office.case(touched)).toMatchObject({
    ...{ stageDueOn: '2025-09-29', totalDueOn: '2025-10-20', calendarEdition: IN_FORCE },
  });
  const [recounted, ...more] = await recountsOf(office, touched);
  expect(more).toEqual([]);
  expect(recounted?.data['moved']).toEqual([
    expect.objectContaining({ clock: 'STAGE', from: '2025-09-28', to: '2025-09-29', edition: IN_FORCE }),
    expect.objectContaining({ clock: 'TOTAL', from: '2025-10-17', to: '2025-10-20', edition: IN_FORCE }),
  ]);
  expect(await office.events(longAgo)).toEqual(before);

  // The old due day passes without a word; the breach is that of the new one.
  await office.forwardTo(touched, '2025-09-29T12:00:00+08:00');
  expect(await effectsOf(office, touched)).not.toContainEqual(expect.stringContaining('LIMIT_PASSED'));
  await office.forwardTo(touched, '2025-09-30T12:00:00+08:00');
  const effects = await effectsOf(office, touched);
  expect(effects).toContain('2025-09-29 LIMIT_PASSED S1:LIMIT_PASSED:2025-09-29');
  expect(effects.filter((line) => line.includes('S1:LIMIT_PASSED:2025-09-28'))).toEqual([]);
});

it('is harmless the second time, and leaves everything as it was when it is refused', async () => {
  const no = await fileInpatient(office);
  await applied(office, dayOff());
  const rows = async () =>
    (
      await office.deps.db.query<{ n: string }>(
        `SELECT (SELECT count(*) FROM calendar_edition) || ' ' || (SELECT count(*) FROM calendar_day) || ' ' ||
                (SELECT count(*) FROM calendar_run) || ' ' || (SELECT count(*) FROM case_event) AS n`,
      )
    ).rows[0]?.n;
  const before = await rows();
  const again = await applyEdition(office.deps, dayOff(), 'test');
  expect(again).toMatchObject({ isNew: false, run: { asked: 1 } });

  const apply = (edition: ReturnType<typeof amendment>) => applyEdition(office.deps, edition, 'test');
  await expect(apply({ ...dayOff(), daysOff: cn2025.daysOff })).rejects.toThrow('CALENDAR_EDITION_DIFFERS');
  await expect(apply({ ...cn2025, id: 'OTHER-2025' })).rejects.toThrow('CALENDAR_YEAR_TAKEN');
  await expect(apply(amendment({ amends: cn2025.id }))).rejects.toThrow('CALENDAR_YEAR_TAKEN');
  await expect(apply({ ...madeUpEdition(2027, '01-01'), amends: 'CN-2026-1' })).rejects.toThrow(
    'CALENDAR_CONTRADICTION',
  );
  const early = amendment({ amends: 'TEST-2025-DAY-OFF', publishedOn: days('2025-09-19')[0] ?? cn2025.publishedOn });
  await expect(apply(early)).rejects.toThrow('CALENDAR_CONTRADICTION');
  const both = amendment({ amends: 'TEST-2025-DAY-OFF', makeUpWorkdays: days('2025-10-01') });
  await expect(apply(both)).rejects.toThrow('both a day off and a make-up workday');
  await expect(previewEdition(office.deps.db, both, { size: 1 })).rejects.toThrow('CALENDAR_CONTRADICTION');
  expect(await rows()).toBe(before);
  expect(await recountsOf(office, no)).toHaveLength(1);
});

it('makes days past the horizon provisional in the middle of the year, and certain again', async () => {
  const no = await fileInpatient(office);
  const october = (day: string): boolean => day >= '2025-10-01';
  const short = amendment({
    id: 'TEST-2025-SHORT',
    horizonOn: days('2025-09-30')[0],
    daysOff: cn2025.daysOff.filter((day) => !october(day)),
    makeUpWorkdays: cn2025.makeUpWorkdays.filter((day) => !october(day)),
  });
  expect(await applied(office, short)).toMatchObject({ asked: 1, moved: 1 });
  expect(await office.case(no)).toMatchObject({
    ...{ stageDueOn: '2025-09-28', stageProvisional: false, totalDueOn: '2025-10-10', totalProvisional: true },
  });
  const whole = amendment({ id: 'TEST-2025-WHOLE', amends: short.id });
  const { items } = await previewEdition(office.deps.db, whole, { size: 10 });
  expect(items[0]?.moves).toEqual([
    expect.objectContaining({ clock: 'TOTAL', to: '2025-10-17', fromProvisional: true, provisional: false }),
  ]);
  await applied(office, whole);
  expect(await office.case(no)).toMatchObject({ totalDueOn: '2025-10-17', totalProvisional: false });
});

it('moves the correction window of a case that waits, and what is left of its stopped limits', async () => {
  const no = await fileInpatient(office);
  await office.forwardTo(no, '2025-09-24T15:00:00+08:00');
  await office.decide(no, 'town1.clerk', { decision: 'RETURN_TO_APPLICANT', reason: '缺', missing: ['出院小结'] });
  expect(await office.case(no)).toMatchObject({ correctionDueOn: '2025-10-24', stageDaysLeft: 3 });
  // 23 September, already counted, and the last day of the window (a Friday) were off after all.
  await applied(office, amendment({ daysOff: [...cn2025.daysOff, ...days('2025-09-23', '2025-10-24')] }));
  expect(await office.case(no)).toMatchObject({ correctionDueOn: '2025-10-27', stageDaysLeft: 4 });
  const recounts = await recountsOf(office, no);
  expect(recounts.map(({ data }) => data['moved'])).toEqual([
    [{ clock: 'CORRECTION', from: '2025-10-24', to: '2025-10-27' }],
  ]);
});

it('renews the proof of a count that goes over changed days without moving, and asks nobody when nothing changes', async () => {
  const no = await fileInpatient(office);
  const same = amendment({ id: 'TEST-2025-SAME' });
  expect(await applied(office, same)).toMatchObject({ asked: 0, moved: 0 });
  expect(await recountsOf(office, no)).toEqual([]);
  // The Friday is off and the Saturday is worked instead: still five working days until Sunday 28 September.
  const swapped = amendment({
    amends: same.id,
    daysOff: [...cn2025.daysOff, ...days('2025-09-26')],
    makeUpWorkdays: [...cn2025.makeUpWorkdays, ...days('2025-09-27')],
  });
  expect(await applied(office, swapped)).toMatchObject({ asked: 1, moved: 0 });
  expect(await office.case(no)).toMatchObject({
    ...{ stageDueOn: '2025-09-28', calendarEdition: `${swapped.id}+CN-2026-1` },
  });
});
