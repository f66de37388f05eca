import { createCalendar, type Calendar } from '../domain/calendar.ts';
import { PROCESSES } from '../domain/processes/index.ts';
import type { Bundle } from './bundle.ts';
import { openFindings, type Check, type Findings } from './check.ts';
import { checkAmounts } from './checks/amounts.ts';
import { checkChain } from './checks/chain.ts';
import { checkClocks, type CalendarOf } from './checks/clocks.ts';
import { checkDecisions } from './checks/decisions.ts';
import { checkOpenings } from './checks/openings.ts';
import { checkStages } from './checks/stages.ts';
import { openLeaves } from './leaves.ts';
import { walk } from './walk.ts';

/** Everything a bundle says, checked without the system it comes from: chain, values, dates, amounts, decisions. Pure. */
export function verifyBundle(bundle: Bundle, found: Findings = openFindings()): readonly Check[] {
  checkChain(bundle, found);
  checkOpenings(bundle, found);
  const definition = PROCESSES[bundle.case.process as keyof typeof PROCESSES];
  const known = found.hold('DECISIONS', bundle.case.process, definition !== undefined, () => ({
    zh: '本程序不认识这项业务',
    en: 'a process this program does not know',
  }));
  if (!known) return found.all;
  const opened = openLeaves(bundle);
  const turns = walk(opened, definition);
  const calendarOf = calendarsOf(opened);
  checkDecisions(definition, turns, found);
  checkClocks(turns, calendarOf, found);
  checkAmounts(opened, turns, calendarOf, found);
  checkStages(opened, turns, found);
  return found.all;
}

function calendarsOf({ calendars }: Bundle): CalendarOf {
  const built = new Map<string, Calendar | undefined>();
  return (editionIds) => {
    if (!built.has(editionIds)) {
      const ids = editionIds.split('+');
      const editions = calendars.filter(({ id }) => ids.includes(id));
      built.set(editionIds, editions.length === ids.length ? createCalendar(editions) : undefined);
    }
    return built.get(editionIds);
  };
}
