import type { Text } from '../case.ts';
import type { Yuan } from '../money.ts';
import type { BenefitBreakdown, BenefitClaim, BreakdownStep, StepName } from './types.ts';
import { percent } from './rates.ts';

const SCOPE = 'S0 Art. 15';
/** The sources say that there is a deductible, a ratio and a cap, but neither the figures nor the order. */
const CONFIGURED = '本地配置标准（来源未规定） / configured figure, not in the sources';

/** The steps of benefit-rules.md §1 in words, in the order in which they were taken. */
export function describeSteps(
  result: Omit<BenefitBreakdown, 'steps' | 'figuresUsed'>,
  beforeLimits: Yuan,
  claim: BenefitClaim,
): BreakdownStep[] {
  const steps: BreakdownStep[] = [];
  const step = (name: StepName, article: string, value: string, zh: string, en: string): void => {
    steps.push({ step: name, article, value, zh, en });
  };
  const { trauma } = claim;

  step('TOTAL', SCOPE, result.total, '费用总额', 'total of the bill');
  step(
    'FIRST_SELF_PAY',
    SCOPE,
    result.firstSelfPayTotal,
    '个人先行自付及自费合计',
    'first self-pay and self-paid items',
  );
  step('IN_SCOPE', SCOPE, result.inScope, '纳入支付范围金额（E）', 'in scope (E)');
  if (trauma?.traffic) {
    step(
      'AFTER_CTI',
      'S0 Art. 14(五)',
      result.afterCti,
      `先扣除交强险赔付 ${result.ctiPaid} 元（B1）`,
      `compulsory traffic insurance ${result.ctiPaid} taken off first (B1)`,
    );
  }
  step(
    'AFTER_DEDUCTIBLE',
    CONFIGURED,
    result.afterDeductible,
    `扣除起付线 ${result.deductible} 元（B2）`,
    `less the deductible ${result.deductible} (B2)`,
  );
  step(
    'RATIO',
    CONFIGURED,
    result.ratio,
    `报销比例 ${percent(result.ratio)}（R）`,
    `reimbursement ratio ${percent(result.ratio)} (R)`,
  );
  if (trauma) {
    const { article, zh, en } = liabilityWords(claim);
    step(
      'LIABILITY_SHARE',
      article,
      result.liabilityShare,
      `${zh}，责任比例 ${percent(result.liabilityShare)}（L）`,
      `${en}: share ${percent(result.liabilityShare)} (L)`,
    );
  }
  step('BEFORE_LIMITS', '四舍五入到分 / rounded half up to the fen', beforeLimits, 'B2 × R × L', 'B2 × R × L');
  if (result.cappedBy === 'SUBSIDY_LIMIT')
    step('SUBSIDY_LIMIT', CONFIGURED, result.fundPays, '以补助标准为限', 'not more than the lump sum');
  if (result.cappedBy === 'YEARLY_CAP')
    step(
      'YEARLY_CAP',
      CONFIGURED,
      result.fundPays,
      '以年度限额余额为限',
      'not more than what is left of the yearly cap',
    );
  step('FUND_PAYS', SCOPE, result.fundPays, '统筹基金支付金额', 'the fund pays');
  step(
    'INSURED_PAYS',
    SCOPE,
    result.insuredPays,
    '个人自付金额（总额－交强险－基金支付）',
    'the person pays (total less compulsory insurance less fund)',
  );
  if (result.ownShare && result.toRecover) {
    step(
      'OWN_SHARE',
      'S0 Art. 14(五)',
      result.ownShare,
      '先行支付中己方责任部分',
      'part of the advance that answers to the own liability',
    );
    step('TO_RECOVER', 'S0 Art. 14(五)2', result.toRecover, '应向责任方追偿', 'to be recovered from the liable party');
  }
  return steps;
}

const GRADES = {
  MAIN: { zh: '己方主要责任', en: 'own main liability' },
  EQUAL: { zh: '同等责任', en: 'equal liability' },
  MINOR: { zh: '己方次要责任', en: 'own minor liability' },
} as const satisfies Record<string, Text>;

function liabilityWords({ trauma }: BenefitClaim): Text & { article: string } {
  if (trauma?.advance) return { article: 'S0 Art. 14(五)2', zh: '基金先行支付', en: 'advance payment by the fund' };
  if (trauma?.liability === 'SHARED' && trauma.grade) return { article: 'S0 Art. 14(五)3', ...GRADES[trauma.grade] };
  if (trauma?.liability === 'OTHER') {
    return { article: 'S0 Art. 14(五)2', zh: '他方责任，由责任方承担', en: 'other party liable and pays all' };
  }
  return { article: 'S0 Art. 14(五)1', zh: '己方责任', en: 'own liability' };
}
