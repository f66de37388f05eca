import { calculateBenefit, initialFigures } from '../../domain/benefits/index.ts';
import type { BenefitBreakdown, BenefitFigures } from '../../domain/benefits/types.ts';
import type { JsonObject } from '../../domain/case.ts';
import { Decimal, type Yuan } from '../../domain/money.ts';
import { benefitClaimOf } from '../../domain/processes/reimbursement-claim.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Bundle } from '../bundle.ts';
import { differs, type Findings } from '../check.ts';
import type { WalkedTurn } from '../walk.ts';
import type { CalendarOf } from './clocks.ts';

/** Every benefit, line by line to the fen, from the bill as it stood in the form and the figures in force. */
export function checkAmounts(
  bundle: Bundle,
  turns: readonly WalkedTurn[],
  calendarOf: CalendarOf,
  found: Findings,
): void {
  let editions: string | undefined;
  for (const { turn, form, facts, state } of turns) {
    editions = state.stageClock?.calendarEdition ?? state.totalClock?.calendarEdition ?? editions;
    const [stored] = (turn.rows['benefit'] ?? []) as Array<Record<string, string> & { breakdown: BenefitBreakdown }>;
    if (!stored) continue;
    const of = `turn ${turn.turn}`;
    const calendar = editions === undefined ? undefined : calendarOf(editions);
    const figures = calendar && { ...initialFigures(calendar), rates: bundle.rates, catalogue: bundle.catalogue };
    const counted = figures && recalculate(form, facts, turn.result.facts, figures);
    if (
      !found.hold('AMOUNTS', of, counted instanceof Object, () =>
        differs(stored['fund_pays'], counted ?? 'no calendar'),
      ) ||
      typeof counted !== 'object'
    )
      continue;
    for (const line of stored.breakdown.lines) {
      const again = counted.lines.find(({ n }) => n === line.n);
      found.hold('AMOUNTS', `${of} line ${line.n}`, lineText(line) === lineText(again), () =>
        differs(lineText(line), lineText(again)),
      );
    }
    for (const figure of ['total', 'inScope', 'firstSelfPayTotal', 'fundPays', 'insuredPays', 'toRecover'] as const)
      found.hold('AMOUNTS', `${of} ${figure}`, stored.breakdown[figure] === counted[figure], () =>
        differs(stored.breakdown[figure], counted[figure]),
      );
    const rows = [stored['total'], stored['in_scope'], stored['fund_pays'], stored['insured_pays']];
    const again = [counted.total, counted.inScope, counted.fundPays, counted.insuredPays];
    found.hold('AMOUNTS', `${of} register`, String(rows) === String(again), () => differs(rows, again));
    const whole = new Decimal(counted.fundPays).plus(counted.insuredPays).plus(counted.ctiPaid);
    const adds = whole.equals(counted.total) || (Number(counted.insuredPays) === 0 && whole.greaterThan(counted.total));
    found.hold('AMOUNTS', `${of} adds up`, adds, () => differs(counted.total, whole.toFixed(2)));
  }
}

function recalculate(
  form: JsonObject,
  facts: JsonObject,
  established: JsonObject,
  figures: BenefitFigures,
): BenefitBreakdown | string {
  const rest = established['remainingYearlyCap'] as Yuan | undefined;
  try {
    return calculateBenefit(
      { ...benefitClaimOf(form, facts), ...(rest === undefined ? {} : { remainingYearlyCap: rest }) },
      figures,
    );
  } catch (problem) {
    if (problem instanceof Refusal) return problem.code;
    throw problem;
  }
}

const lineText = (line: BenefitBreakdown['lines'][number] | undefined): string =>
  line ? [line.amount, line.costClass, line.firstSelfPay, line.inScope, line.rule, line.article].join(' ') : 'none';
