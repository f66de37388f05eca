import type pg from 'pg';
import { calculateBenefit, findRate, initialFigures } from '../../domain/benefits/index.ts';
import type { BenefitBreakdown, BenefitFigures, BillLine } from '../../domain/benefits/types.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { subtractToZero, type Yuan } from '../../domain/money.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import { benefitClaimOf } from '../../domain/processes/reimbursement-claim.ts';
import { Refusal } from '../../domain/refusal.ts';
import { readFigures } from '../reading/figures.ts';
import type { EffectContext, EffectResult } from './index.ts';

/** Computes the benefit with the figures in force, stores the breakdown, and answers the amounts as facts. */
export async function calculate(context: EffectContext): Promise<EffectResult> {
  const { tx, turn, next, row, calendar } = context;
  const figures = await loadFigures(tx, calendar);
  const lines = next.form['lines'] as unknown as BillLine[] | undefined;
  if (!lines?.length)
    throw new Refusal('LINES_REQUIRED', [{ path: 'form.lines', zh: '请逐项录入', en: 'enter at least one line' }]);
  const year = lastServiceYear(lines);
  const claim = benefitClaimOf(next.form, next.facts);
  const remaining = await remainingCap(tx, row.person_id, turn.caseId, year, figures);
  const breakdown = withFormPaths(() =>
    calculateBenefit({ ...claim, ...(remaining ? { remainingYearlyCap: remaining } : {}) }, figures),
  );
  await store(tx, turn.caseId, turn.turn, year, breakdown);
  return {
    facts: {
      total: breakdown.total,
      inScope: breakdown.inScope,
      firstSelfPay: breakdown.firstSelfPayTotal,
      fundPays: breakdown.fundPays,
      insuredPays: breakdown.insuredPays,
      // The one figure that comes from other cases: with it the amount can be worked out again from this one alone.
      ...(remaining ? { remainingYearlyCap: remaining } : {}),
      ...(breakdown.toRecover ? { toRecover: breakdown.toRecover } : {}),
    },
  };
}

/** The rules name fields of the claim; a person knows them by where they stand in the form. */
function withFormPaths<T>(work: () => T): T {
  try {
    return work();
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    throw new Refusal(
      problem.code,
      problem.faults.map((f) => (f.path ? { ...f, path: `form.${f.path === 'total' ? 'billTotal' : f.path}` } : f)),
    );
  }
}

const lastServiceYear = (lines: readonly BillLine[]): number =>
  Number(
    lines
      .map((l) => l.servedOn)
      .sort()
      .at(-1)
      ?.slice(0, 4),
  );

interface FiguresCache {
  figures: BenefitFigures;
  readAt: number;
}
let cached: FiguresCache | undefined;

/** Rates and catalogue as the store holds them, kept for a few seconds: they change a few times a year. */
async function loadFigures(tx: pg.ClientBase, calendar: Calendar): Promise<BenefitFigures> {
  if (cached && performance.now() - cached.readAt < 5_000 && cached.figures.calendar === calendar)
    return cached.figures;
  const figures = { ...initialFigures(calendar), ...(await readFigures(tx)) };
  cached = { figures, readAt: performance.now() };
  return figures;
}

/**
 * What is left of the person's yearly cap. The person's row is locked, so that two cases of one person, calculated at
 * the same moment, cannot both take the same rest. Cases that were rejected or withdrawn give back what they took.
 */
async function remainingCap(
  tx: pg.ClientBase,
  personId: string | null,
  caseId: string,
  year: number,
  figures: BenefitFigures,
): Promise<Yuan | undefined> {
  if (!personId) return undefined;
  await tx.query({
    name: 'lock-person',
    text: 'SELECT 1 FROM insured_person WHERE person_id = $1 FOR UPDATE',
    values: [personId],
  });
  const { rows } = await tx.query<{ taken: string }>({
    name: 'cap-taken',
    text: `SELECT coalesce(sum(b.fund_pays), 0)::numeric(14,2)::text AS taken
           FROM benefit b JOIN case_file c USING (case_id)
           WHERE c.person_id = $1 AND b.insurance_year = $2 AND b.current AND c.case_id <> $3 AND c.status NOT IN ('REJECTED', 'WITHDRAWN')`,
    values: [personId, year, caseId],
  });
  const cap = findRate(figures.rates, 'yearlyCap', `${year}-12-31` as PlainDate)?.value as Yuan | undefined;
  if (cap === undefined) return undefined;
  return subtractToZero(cap, (rows[0]?.taken ?? '0.00') as Yuan);
}

async function store(
  tx: pg.ClientBase,
  caseId: string,
  turn: number,
  year: number,
  b: BenefitBreakdown,
): Promise<void> {
  await tx.query({
    name: 'benefit-superseded',
    text: 'UPDATE benefit SET current = false WHERE case_id = $1 AND current',
    values: [caseId],
  });
  await tx.query({
    name: 'insert-benefit',
    text: `INSERT INTO benefit (case_id, turn, insurance_year, total, in_scope, fund_pays, insured_pays, current, breakdown)
           VALUES ($1, $2, $3, $4, $5, $6, $7, true, $8)`,
    values: [caseId, turn, year, b.total, b.inScope, b.fundPays, b.insuredPays, JSON.stringify(b)],
  });
  await tx.query({
    name: 'insert-benefit-lines',
    text: `INSERT INTO benefit_line (case_id, turn, n, name, cost_class, amount, first_self_pay, in_scope, rule, article)
           SELECT $1, $2, l.n, l.name, l."costClass", l.amount, l."firstSelfPay", l."inScope", l.rule, l.article
           FROM jsonb_to_recordset($3) AS l(n int, name text, "costClass" text, amount numeric, "firstSelfPay" numeric, "inScope" numeric, rule text, article text)`,
    values: [caseId, turn, JSON.stringify(b.lines)],
  });
}
