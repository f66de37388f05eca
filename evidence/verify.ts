import { namedCalendars } from '../domain/calendar.ts';
import { canonical } from '../activities/store/hash-chain.ts';
import type { Json } from '../domain/case.ts';
import { PROCESSES } from '../domain/processes/index.ts';
import { TIME_LIMITS, type LimitId } from '../domain/time-limits.ts';
import type { Bundle } from './bundle.ts';
import { differs, openFindings, type Check, type Findings } from './check.ts';
import { checkAmounts } from './checks/amounts.ts';
import { checkChain } from './checks/chain.ts';
import { checkClocks } from './checks/clocks.ts';
import { checkDecisions } from './checks/decisions.ts';
import { checkOpenings } from './checks/openings.ts';
import { checkStages } from './checks/stages.ts';
import { openLeaves } from './leaves.ts';
import { walk } from './walk.ts';

/** Everything a bundle says, checked without the system it comes from: chain, values, dates, amounts, decisions. Pure. */
export function verifyBundle(bundle: Bundle, found: Findings = openFindings()): readonly Check[] {
  checkChain(bundle, found);
  checkOpenings(bundle, found);
  const definition = PROCESSES[bundle.case.process];
  if (!definition) {
    const wrong = { zh: '本程序不认识这项业务', en: 'a process this program does not know' };
    found.hold('DECISIONS', bundle.case.process, false, () => wrong);
    return found.all;
  }
  checkLimits(bundle, found);
  const opened = openLeaves(bundle);
  const turns = walk(opened, definition);
  const calendarOf = namedCalendars(opened.calendars);
  checkDecisions(definition, turns, found);
  checkClocks(turns, calendarOf, found);
  checkAmounts(opened, turns, calendarOf, found);
  checkStages(opened, turns, found);
  return found.all;
}

/** The limits as the bundle gives them and as this program has them: of another program the dates may rightly differ. */
function checkLimits({ limits }: Bundle, found: Findings): void {
  for (const limit of limits) {
    const ours = TIME_LIMITS[limit.id as LimitId] as unknown as Json | undefined;
    const same = canonical(limit as unknown as Json) === canonical(ours);
    found.hold('DATES', `${limit.id} ${limit.article}`, same, () => differs(limit, ours));
  }
}
