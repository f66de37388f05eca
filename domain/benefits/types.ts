/**
 * The words of a benefit calculation (glossary "Benefits and money"): what a bill line says, what is claimed, which dated
 * figures hold, and the breakdown that explains every fen. Money is `Yuan` text with two decimals; shares and ratios are
 * decimal text ('0.05' for 5 %).
 */
import type { Calendar } from '../calendar.ts';
import type { Text } from '../case.ts';
import type { Yuan } from '../money.ts';
import type { PlainDate } from '../plain-date.ts';

/** 报销类别 (S0 Art. 14). */
export const REIMBURSEMENT_CATEGORIES = {
  GENERAL_OUTPATIENT: { zh: '普通门诊', en: 'general outpatient' },
  CHRONIC_OUTPATIENT: { zh: '特定病种门诊', en: 'chronic-disease outpatient' },
  EMERGENCY_OBSERVATION: { zh: '急诊留观', en: 'emergency observation' },
  MATERNITY_SUBSIDY: { zh: '生育医疗补助', en: 'maternity subsidy' },
  GENERAL_INPATIENT: { zh: '普通住院', en: 'general inpatient' },
  TRAUMA_OWN: { zh: '外伤（己方责任）', en: 'trauma, own liability' },
  TRAUMA_OTHER: { zh: '外伤（他方责任）', en: 'trauma, other party liable' },
  TRAUMA_SHARED: { zh: '外伤（多方责任）', en: 'trauma, shared liability' },
  NEWBORN_WITH_PARENT: { zh: '新生儿随父母', en: 'newborn with parent' },
  NEWBORN_ENROLLED: { zh: '新生儿参保', en: 'newborn enrolled' },
} as const satisfies Record<string, Text>;
export type ReimbursementCategory = keyof typeof REIMBURSEMENT_CATEGORIES;

/** 费用类别 (S0 Art. 15). */
export const FEE_CATEGORIES = {
  EXAMINATION: { zh: '检查费（含化验、检验费）', en: 'examination, incl. laboratory' },
  DRUG: { zh: '药费', en: 'drug' },
  MATERIAL: { zh: '材料费', en: 'material' },
  TREATMENT: { zh: '治疗费', en: 'treatment' },
  BED: { zh: '床位费', en: 'bed' },
  OPERATION: { zh: '手术费', en: 'operation' },
  OTHER: { zh: '其他', en: 'other' },
} as const satisfies Record<string, Text>;
export type FeeCategory = keyof typeof FEE_CATEGORIES;

/** 费用分类: decides the first self-pay share (benefit-rules.md §2). */
export const COST_CLASSES = {
  CLASS_A: { zh: '甲类／普通项目', en: 'class A / ordinary item' },
  CLASS_B: { zh: '乙类', en: 'class B' },
  CLASS_C: { zh: '丙类（自费）', en: 'class C (self-paid)' },
  BLOOD: { zh: '全血或成份血', en: 'whole blood or components' },
  ALBUMIN: { zh: '白蛋白', en: 'albumin' },
  SPECIAL_EXAM: { zh: '特殊检查', en: 'special examination' },
  SPECIAL_TREATMENT: { zh: '特殊治疗', en: 'special treatment or material' },
  IMPORTED_MATERIAL: { zh: '进口材料', en: 'imported material' },
  EXCLUDED: { zh: '不列入医保基金支付范围', en: 'outside the scope of the fund' },
} as const satisfies Record<string, Text>;
export type CostClass = keyof typeof COST_CLASSES;

export type HospitalGrade = 1 | 2 | 3;
export type IllnessKind = 'ACUTE' | 'CHRONIC';
export type TraumaLiability = 'OWN' | 'OTHER' | 'SHARED';
/** The insured person's own share of a shared liability. */
export type LiabilityGrade = 'MAIN' | 'EQUAL' | 'MINOR';
export type NewbornRoute = 'WITH_PARENT' | 'ENROLLED';

/** One line of the bill as entered by the clerk (S0 Art. 15). */
export interface BillLine {
  name: string;
  /** Names the catalogue entry in force on `servedOn`; its class then holds. */
  catalogueCode?: string;
  feeCategory: FeeCategory;
  /** Typed in when there is no catalogue code; a drug without code needs it. */
  costClass?: CostClass;
  /** The clerk finds the item on the list of special examinations under another spelling. */
  listedExam?: boolean;
  /** The clerk finds the item on the list of special treatments and materials. */
  specialTreatment?: boolean;
  importedMaterial?: boolean;
  bloodProduct?: boolean;
  /** Only on albumin lines; `NONE` = given neither in first aid nor for one of its indications. */
  albumin?: 'FIRST_AID' | 'INDICATION' | 'NONE';
  /** Medical linear accelerator, tumour patient. */
  linearAcceleratorTumour?: boolean;
  takeHome?: { days: number; illnessKind: IllnessKind };
  /** Decimal text > 0, at most four decimals. */
  quantity: string;
  unitPrice: Yuan;
  /** `quantity × unitPrice`, rounded to the fen. */
  amount: Yuan;
  servedOn: PlainDate;
}

export interface TraumaClaim {
  liability: TraumaLiability;
  /** For `SHARED` only. */
  grade?: LiabilityGrade;
  traffic: boolean;
  /** What the compulsory traffic insurance (交强险) paid; needed for a traffic accident, '0.00' if nothing. */
  ctiPaid?: Yuan;
  /** Advance payment by the fund approved (P11). */
  advance?: boolean;
}

export interface NewbornClaim {
  route: NewbornRoute;
  bornOn: PlainDate;
  /** Father or mother insured in this city when the child was born. */
  parentInsuredAtBirth: boolean;
  householdRegisteredOn?: PlainDate;
  enrolledOn?: PlainDate;
}

export interface BenefitClaim {
  category: ReimbursementCategory;
  hospitalGrade: HospitalGrade;
  hospitalName: string;
  /** Day whose deductible, ratio and liability share hold; without it the last day of service. */
  dischargedOn?: PlainDate;
  lines: BillLine[];
  /** Total printed on the bill; must equal the sum of the lines. */
  total?: Yuan;
  trauma?: TraumaClaim;
  newborn?: NewbornClaim;
  /** What is left of the yearly cap; without it the whole configured cap. */
  remainingYearlyCap?: Yuan;
}

/** `S0`: given by, or read out of, the Heyuan procedure. `EXAMPLE` (示例数值): not in the sources, replace before real use. */
export type FigureLabel = 'S0' | 'EXAMPLE';

/** From when to when (both included) a figure, list entry or catalogue entry holds. */
export interface Dated {
  effectiveFrom: PlainDate;
  effectiveTo?: PlainDate;
}

/** One figure: a share or ratio as decimal text, an amount in yuan, or a number of days, told by its key. */
export interface DatedRate extends Dated {
  key: string;
  value: string;
  /** Article, or why it was chosen. */
  source: string;
  label: FigureLabel;
}

export type ItemList = 'SPECIAL_EXAM' | 'SPECIAL_TREATMENT' | 'CONSULTATION_FEE_HOSPITAL';

/** An entry of one of the lists of S0 Art. 11 and 15. A line matches by its whole name or alias, never by a part of it. */
export interface ListedItem extends Dated {
  list: ItemList;
  name: string;
  /** Other spellings, corrected copying errors and the English name. */
  aliases: readonly string[];
  source: string;
}

export type CatalogueKind =
  | 'DRUG'
  | 'BLOOD'
  | 'ALBUMIN'
  | 'EXAMINATION'
  | 'TREATMENT'
  | 'LINEAR_ACCELERATOR'
  | 'MATERIAL'
  | 'IMPORTED_MATERIAL'
  | 'OPERATION'
  | 'SERVICE';

export interface CatalogueItem extends Dated {
  code: string;
  name: string;
  feeCategory: FeeCategory;
  costClass: CostClass;
  kind: CatalogueKind;
  label: FigureLabel;
}

/** Everything a calculation may look at besides the claim: data with effective dates, one setting, the calendar for DL-36. */
export interface BenefitFigures {
  rates: readonly DatedRate[];
  lists: readonly ListedItem[];
  catalogue: readonly CatalogueItem[];
  /**
   * What the compulsory traffic insurance is taken off from. S0 Art. 14(五) can be read either way; "afterwards by the
   * ratio" is read as: before the ratio (benefit-rules.md §1).
   */
  ctiDeductionBase: 'IN_SCOPE';
  calendar: Calendar;
}

/** Which rule gave a line its class. */
export type LineRule =
  | 'ORDINARY_ITEM'
  | 'CATALOGUE_CLASS'
  | 'TYPED_CLASS'
  | 'BLOOD_PRODUCT'
  | 'ALBUMIN_GIVEN_FOR_CAUSE'
  | 'ALBUMIN_WITHOUT_CAUSE'
  | 'LISTED_EXAM'
  | 'EXAM_PRICE'
  | 'LISTED_TREATMENT'
  | 'TREATMENT_COST'
  | 'MATERIAL_TOTAL'
  | 'IMPORTED_MATERIAL'
  | 'LINEAR_ACCELERATOR'
  | 'OPERATION_FEE'
  | 'NEWBORN_OUTSIDE_PERIOD';

export interface Classification {
  costClass: CostClass;
  rule: LineRule;
  article: string;
  why: Text;
}

/** `covered + excess = amount` and `firstSelfPay + inScope = amount`, always. */
export interface LineBreakdown {
  /** Position in the claim, from 1. */
  n: number;
  name: string;
  amount: Yuan;
  costClass: CostClass;
  /** False for a line outside a newborn's covered period: shown, but not in the calculation. */
  counted: boolean;
  /** The part the class share applies to: less than the amount only for take-home drugs beyond the days allowed. */
  covered: Yuan;
  /** Self-paid whole. */
  excess: Yuan;
  /** `round(covered × share)`. */
  selfPayOnCovered: Yuan;
  selfPayShare: string;
  /** `excess + selfPayOnCovered`. */
  firstSelfPay: Yuan;
  inScope: Yuan;
  rule: LineRule;
  article: string;
  why: Text;
}

export type StepName =
  | 'TOTAL'
  | 'FIRST_SELF_PAY'
  | 'IN_SCOPE'
  | 'AFTER_CTI'
  | 'AFTER_DEDUCTIBLE'
  | 'RATIO'
  | 'LIABILITY_SHARE'
  | 'BEFORE_LIMITS'
  | 'SUBSIDY_LIMIT'
  | 'YEARLY_CAP'
  | 'FUND_PAYS'
  | 'INSURED_PAYS'
  | 'OWN_SHARE'
  | 'TO_RECOVER';

/** One step of §1 in words. `value` is yuan, or a ratio for RATIO and LIABILITY_SHARE. */
export interface BreakdownStep extends Text {
  step: StepName;
  article: string;
  value: string;
}

export interface FigureUsed {
  key: string;
  value: string;
  effectiveFrom: PlainDate;
  label: FigureLabel;
  source: string;
}

export interface BenefitBreakdown {
  lines: LineBreakdown[];
  /** The whole bill, uncounted lines included. */
  total: Yuan;
  firstSelfPayTotal: Yuan;
  /** E */
  inScope: Yuan;
  ctiPaid: Yuan;
  /** B1 */
  afterCti: Yuan;
  /** D */
  deductible: Yuan;
  /** B2 */
  afterDeductible: Yuan;
  /** R */
  ratio: string;
  /** L */
  liabilityShare: string;
  fundPays: Yuan;
  /** Which limit lowered the payment, if one did. */
  cappedBy?: 'SUBSIDY_LIMIT' | 'YEARLY_CAP';
  insuredPays: Yuan;
  /** Advance payment only: the part of `fundPays` that answers to the person's own liability … */
  ownShare?: Yuan;
  /** … and the part to be recovered from the liable party. */
  toRecover?: Yuan;
  steps: BreakdownStep[];
  figuresUsed: FigureUsed[];
}
