import type { OrgLevel } from '../../domain/case.ts';
import { agendaOf, readClock } from '../../domain/clock.ts';
import { plainDate, plainDateAt } from '../../domain/plain-date.ts';
import type { LimitId } from '../../domain/time-limits.ts';
import { calendar } from '../support/days.ts';

/** C7: only limits in working days stand still; a fixed date (DL-13, the end of the month) runs on, and so do its rungs. */

const TODAY = plainDate('2025-08-20');
const suspensions = [{ suspendedOn: plainDate('2025-08-21') }];

function escalations(id: LimitId): string[] {
  const stage = readClock({ id, startOn: TODAY, extendedBy: 0 }, suspensions, calendar, TODAY);
  const deskLevel: OrgLevel = 'COUNTY';
  const common = { acceptanceNo: 'A-1', ended: false, stageSeq: 1, lastActivityVersion: 1, spreadSeconds: 0 };
  return agendaOf({ ...common, stage, deskLevel, fired: new Set(), today: TODAY, calendar, suspensions })
    .filter(({ kind }) => kind === 'ESCALATION')
    .map(({ at }) => plainDateAt(at));
}

it('the city hears of a payment that is late, though the clocks of the case stand', () => {
  // Due on Sunday 31 August; the fifth working day after it is Friday 5 September.
  expect(escalations('DL-13')).toEqual(['2025-09-05']);
});

it('nobody above hears of a limit in working days that stands still', () => {
  expect(escalations('DL-10')).toEqual([]);
});
