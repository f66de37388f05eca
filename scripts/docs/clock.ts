import { DECISIONS, ROLES, type Decision } from '../../domain/case.ts';
import { CLOCK_OFFERS, EXTENSION_RULES } from '../../domain/clock-decisions.ts';
import { ladderOf } from '../../domain/ladder.ts';
import { LEGAL_EFFECTS, legalEffectOf } from '../../domain/legal-effects.ts';
import type { Offer } from '../../domain/process.ts';
import { TIME_LIMITS, type LimitId } from '../../domain/time-limits.ts';
import { both, code, table } from './markdown.ts';

/** What people may decide about the clock of a case, and what each limit does by itself. */
export const clockSection = (): string[] => [
  '## 时限办理 Decisions about the clock',
  '',
  'Offered at every step where limits can run. The clocks stand while any suspension is open; a limit is lengthened only',
  'before it has passed. Nothing the clock does by itself decides a case.',
  '',
  ...table(
    ['decision', '', 'who'],
    Object.entries(CLOCK_OFFERS).map(([decision, offer]: [string, Offer]) => [
      code(decision),
      both(DECISIONS[decision as Decision]),
      (offer.by ?? []).map((role) => `${ROLES[role].zh} ${code(role)}`).join(', '),
    ]),
  ),
  ...table(
    ['limit', 'article', 'legal effect of its passing', 'rungs', 'may be extended by'],
    (Object.keys(TIME_LIMITS) as LimitId[]).map((id) => [
      id,
      TIME_LIMITS[id].article,
      both(LEGAL_EFFECTS[legalEffectOf(id)]),
      ladderOf(id)
        .map(({ kind, to, workingDaysLate }) => `${kind} → ${to}${workingDaysLate ? ` (+${workingDaysLate})` : ''}`)
        .join(', '),
      extensionText(id),
    ]),
  ),
];

function extensionText(id: LimitId): string {
  const rule = EXTENSION_RULES[id];
  return rule ? `${ROLES[rule.by].zh}, ${rule.times} ×, ${rule.workingDays} 工作日 working days` : '';
}
