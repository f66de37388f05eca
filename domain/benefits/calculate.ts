/**
 * The calculation of a benefit in the order of benefit-rules.md §1. Rounded are only the first self-pay of each line and,
 * once, the fund's payment. Every number of the result names the rule and article that moved it.
 */
import type { Yuan } from '../money.ts';
import type { PlainDate } from '../plain-date.ts';
import type { Bill } from './bill.ts';
import type { NewbornCoverage } from './newborn.ts';
import type { BenefitBreakdown, BenefitClaim, BenefitFigures, BillLine, LineBreakdown, TraumaClaim } from './types.ts';
import { Decimal, lesser, roundToFen, subtract, subtractToZero, sum, times, yuan, ZERO_YUAN } from '../money.ts';
import { openBill } from './bill.ts';
import { checkClaim } from './check-claim.ts';
import { classifyLine } from './classify.ts';
import { isCovered, newbornCoverage } from './newborn.ts';
import { normaliseClaim } from './normalise.ts';
import { describeSteps } from './steps.ts';

/**
 * What the fund and the person pay, line by line and step by step. Refuses a claim that contradicts itself (`checkClaim`)
 * or lies outside the dates for which figures are loaded (DATE_OUT_OF_RANGE).
 */
export function calculateBenefit(entered: BenefitClaim, figures: BenefitFigures): BenefitBreakdown {
  const claim = normaliseClaim(entered);
  const bill = openBill(claim.lines, figures);
  checkClaim(claim, bill);
  const decidedOn = claim.dischargedOn ?? lastServiceDay(claim.lines);
  const figure = (key: string): string => bill.rates.get(key, decidedOn).value;

  const coverage = claim.newborn && newbornCoverage(claim.newborn, figures.calendar);
  const lines = claim.lines.map((line, index) =>
    coverage && !isCovered(coverage, line.servedOn)
      ? leftOut(line, index + 1, coverage)
      : calculateLine(line, index + 1, bill),
  );
  const total = sum(lines.map((line) => line.amount));
  const inScope = sum(lines.map((line) => line.inScope));

  // Compulsory traffic insurance first, before deductible and ratio (setting ctiDeductionBase = IN_SCOPE).
  const ctiPaid = claim.trauma?.ctiPaid ?? ZERO_YUAN;
  const afterCti = subtractToZero(inScope, ctiPaid);
  const deductible = yuan(figure(`deductible.${claim.category}.${claim.hospitalGrade}`));
  const afterDeductible = subtractToZero(afterCti, deductible);

  const ratio = figure(`reimbursementRatio.${claim.category}.${claim.hospitalGrade}`);
  const ownLiability = claim.trauma ? figure(liabilityKey(claim.trauma)) : '1';
  // An advance payment covers the other party's part too; that part is recovered afterwards (P11).
  const liabilityShare = claim.trauma?.advance ? '1' : ownLiability;
  const beforeLimits = roundToFen(new Decimal(afterDeductible).times(ratio).times(liabilityShare));
  const { fundPays, cappedBy } = applyLimits(beforeLimits, claim, bill, decidedOn);
  const ownShare = claim.trauma?.advance ? times(fundPays, ownLiability) : undefined;

  const result = {
    lines,
    total,
    firstSelfPayTotal: sum(lines.map((line) => line.firstSelfPay)),
    inScope,
    ctiPaid,
    afterCti,
    deductible,
    afterDeductible,
    ratio,
    liabilityShare,
    fundPays,
    cappedBy,
    insuredPays: subtractToZero(subtractToZero(total, ctiPaid), fundPays),
    ownShare,
    toRecover: ownShare && subtract(fundPays, ownShare),
  };
  return { ...result, steps: describeSteps(result, beforeLimits, claim), figuresUsed: bill.rates.used() };
}

function lastServiceDay(lines: readonly BillLine[]): PlainDate {
  return lines.map((line) => line.servedOn).reduce((last, next) => (next > last ? next : last));
}

const liabilityKey = ({ liability, grade }: TraumaClaim): string =>
  liability === 'SHARED' ? `liabilityShare.SHARED.${grade}` : `liabilityShare.${liability}`;

function calculateLine(line: BillLine, n: number, bill: Bill): LineBreakdown {
  const { costClass, rule, article, why } = classifyLine(line, bill);
  const selfPayShare = bill.rates.get(`selfPayShare.${costClass}`, line.servedOn).value;
  const takeHome = takeHomePart(line, costClass === 'CLASS_C' || costClass === 'EXCLUDED', bill);
  const covered = takeHome?.covered ?? line.amount;
  const excess = subtract(line.amount, covered);
  const selfPayOnCovered = times(covered, selfPayShare);
  // The in-scope part is the remainder, so that both always add up to the amount (§0).
  const inScope = subtract(covered, selfPayOnCovered);
  return {
    n,
    name: line.name,
    amount: line.amount,
    costClass,
    counted: true,
    covered,
    excess,
    selfPayOnCovered,
    selfPayShare,
    firstSelfPay: subtract(line.amount, inScope),
    inScope,
    rule,
    article: takeHome ? `${article}; S0 Art. 15(三)5` : article,
    why: takeHome ? { zh: `${why.zh}；${takeHome.zh}`, en: `${why.en}; ${takeHome.en}` } : why,
  };
}

/** §4a: of take-home drugs beyond 3 (acute) or 7 (chronic) days the part for the further days is self-paid. */
function takeHomePart(
  line: BillLine,
  selfPaid: boolean,
  bill: Bill,
): { covered: Yuan; zh: string; en: string } | undefined {
  if (!line.takeHome) return undefined;
  if (selfPaid) return { covered: ZERO_YUAN, zh: '自费药品不予带药支付', en: 'self-paid drug, nothing of it covered' };
  const { days, illnessKind } = line.takeHome;
  const limitDays = Number(bill.rates.get(`takeHomeDays.${illnessKind}`, line.servedOn).value);
  const zh = `出院带药 ${days} 天，限 ${limitDays} 天`;
  const en = `take-home drug for ${days} days, limit ${limitDays}`;
  if (days <= limitDays) return { covered: line.amount, zh, en };
  return { covered: roundToFen(new Decimal(line.amount).times(limitDays).dividedBy(days)), zh, en };
}

/** A line outside a newborn's covered period: shown with the reason, not in the calculation. */
const leftOut = (line: BillLine, n: number, coverage: NewbornCoverage): LineBreakdown => ({
  n,
  name: line.name,
  amount: line.amount,
  costClass: 'EXCLUDED',
  counted: false,
  covered: ZERO_YUAN,
  excess: line.amount,
  selfPayOnCovered: ZERO_YUAN,
  selfPayShare: '1',
  firstSelfPay: line.amount,
  inScope: ZERO_YUAN,
  rule: 'NEWBORN_OUTSIDE_PERIOD',
  article: coverage.article,
  why: {
    zh: `${line.servedOn} 的费用不在新生儿待遇期内：${coverage.why.zh}`,
    en: `cost of ${line.servedOn} is not covered for this newborn: ${coverage.why.en}`,
  },
});

/** The lump sum of a subsidy, then what is left of the yearly cap; the lowest holds. */
function applyLimits(
  amount: Yuan,
  claim: BenefitClaim,
  bill: Bill,
  on: PlainDate,
): Pick<BenefitBreakdown, 'fundPays' | 'cappedBy'> {
  const subsidy = bill.rates.find(`subsidyLimit.${claim.category}`, on)?.value;
  const cap = claim.remainingYearlyCap ?? bill.rates.find('yearlyCap', on)?.value;
  const withinSubsidy = subsidy === undefined ? amount : lesser(amount, yuan(subsidy));
  const fundPays = cap === undefined ? withinSubsidy : lesser(withinSubsidy, yuan(cap));
  if (fundPays !== withinSubsidy) return { fundPays, cappedBy: 'YEARLY_CAP' };
  return { fundPays, cappedBy: withinSubsidy === amount ? undefined : 'SUBSIDY_LIMIT' };
}
