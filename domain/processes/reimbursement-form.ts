import { z } from 'zod';
import {
  FEE_CATEGORIES,
  REIMBURSEMENT_CATEGORIES,
  COST_CLASSES,
  type BillLine,
  type CostClass,
  type FeeCategory,
  type LiabilityGrade,
  type ReimbursementCategory,
  type TraumaLiability,
} from '../benefits/types.ts';
import type { JsonObject } from '../case.ts';
import {
  formChoice,
  formCode,
  formCount,
  formDate,
  formIdCardNo,
  formPhone,
  formText,
  formYesNo,
  formYuan,
} from '../form.ts';

/**
 * What is asked when a person brings a bill that was not settled on the spot (S0 Arts. 14, 15). Fields S0 does not name
 * (dates, diagnosis, bill numbers, total, proxy) are `[not in the sources]`. Which parts a category needs is checked by
 * `reimbursement-guards.ts`, since that depends on more than one field.
 */

/** The keys of a closed list as the tuple a zod enum wants. */
const codesOf = <T extends string>(list: Readonly<Record<T, unknown>>) => Object.keys(list) as [T, ...T[]];

/** Decimal text above zero, at most four decimals: half tablets and 0.25 g exist. */
const QUANTITY = /^(?!0(\.0+)?$)(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?$/;

/** One line of bill and fee list, entered one by one (Art. 15); quantity, price and day `[not in the sources]`. */
export const billLineForm = z.strictObject({
  name: formText('项目名称', 'name of the drug, item or material', 100),
  catalogueCode: formCode('目录代码', 'catalogue code').optional(),
  feeCategory: formChoice('费用类别', 'fee category', codesOf<FeeCategory>(FEE_CATEGORIES)),
  costClass: formChoice('费用分类', 'cost class, when there is no code', codesOf<CostClass>(COST_CLASSES)).optional(),
  listedExam: formYesNo('特殊检查', 'on the list of special examinations').optional(),
  specialTreatment: formYesNo('特殊治疗', 'on the list of special treatments').optional(),
  importedMaterial: formYesNo('进口材料', 'imported material').optional(),
  bloodProduct: formYesNo('全血或成份血', 'whole blood or components').optional(),
  albumin: formChoice('白蛋白用途', 'albumin: given in first aid, for an indication, or neither', [
    'FIRST_AID',
    'INDICATION',
    'NONE',
  ]).optional(),
  linearAcceleratorTumour: formYesNo('肿瘤患者直线加速器', 'linear accelerator, tumour patient').optional(),
  takeHome: z
    .strictObject({
      days: formCount('带药天数', 'days supplied', 1, 365),
      illnessKind: formChoice('急性／慢性', 'acute or chronic illness', ['ACUTE', 'CHRONIC']),
    })
    .meta({ title: '出院带药', description: 'take-home drug' })
    .optional(),
  quantity: z
    .string()
    .regex(QUANTITY, '数量须大于零，最多四位小数 / above zero, at most four decimals')
    .meta({ title: '数量', description: 'quantity' }),
  unitPrice: formYuan('单价', 'unit price'),
  amount: formYuan('金额', 'amount = quantity × unit price'),
  servedOn: formDate('服务日期', 'day of service'),
});

const trauma = z
  .strictObject({
    liability: formChoice('责任认定', 'liability', ['OWN', 'OTHER', 'SHARED']),
    grade: formChoice('己方责任程度', 'grade of the own liability (SHARED only)', [
      'MAIN',
      'EQUAL',
      'MINOR',
    ]).optional(),
    traffic: formYesNo('交通事故', 'traffic accident'),
    ctiPaid: formYuan('交强险赔付金额', 'paid by the compulsory traffic insurance; 0.00 if nothing').optional(),
    liabilityFinding: formText('责任认定书编号及出具机关', 'finding of police or others: number, issuer').optional(),
    introductionLetterNo: formCode('介绍信编号', 'number of the introduction letter').optional(),
    injuredOn: formDate('受伤日期', 'day of the injury').optional(),
    injuryPlace: formText('受伤地点', 'place of the injury').optional(),
    injuryCause: formText('受伤原因和经过', 'cause and course of the injury', 500).optional(),
  })
  .meta({ title: '外伤', description: 'trauma categories only' });

/** 先行支付事由 (P11). */
export const ADVANCE_GROUNDS = ['LIABLE_PARTY_UNKNOWN', 'LIABLE_PARTY_UNABLE', 'LIABLE_PARTY_FLED', 'OTHER'] as const;

const advance = z
  .strictObject({
    ground: formChoice('先行支付事由', 'ground of the advance payment', ADVANCE_GROUNDS),
    explanation: formText('情况说明', 'explanation; needed for the ground OTHER', 500).optional(),
    liableParty: formText('责任方', 'the liable party, as far as known').optional(),
  })
  .meta({ title: '先行支付申请', description: 'TRAUMA_OTHER: needed; TRAUMA_SHARED: if asked for' });

const newborn = z
  .strictObject({
    bornOn: formDate('出生日期', 'day of birth'),
    name: formText('新生儿姓名', 'name of the child', 60).optional(),
    parentIdCardNo: formIdCardNo('父亲或母亲身份证号码', 'ID number of father or mother').optional(),
    parentInsuredAtBirth: formYesNo(
      '出生时父母一方已参保',
      'father or mother insured in this city at birth',
    ).optional(),
    householdRegisteredOn: formDate('入户日期', 'day of household registration').optional(),
    enrolledOn: formDate('参保日期', 'day of enrolment').optional(),
  })
  .meta({ title: '新生儿', description: 'newborn categories only' });

export const paymentCardForm = z
  .strictObject({
    kind: formChoice('卡种', 'kind of card', ['SOCIAL_SECURITY_CARD', 'BANK_CARD']),
    holder: formText('户名', 'holder', 60),
    bank: formText('开户银行', 'bank', 100),
    account: formCode('账号', 'account'),
  })
  .meta({ title: '收款账户', description: 'social-security or bank card the benefit is paid to' });

const proxy = z
  .strictObject({
    name: formText('代办人姓名', 'name', 60),
    idCardNo: formIdCardNo('代办人身份证号码', 'ID number'),
    relation: formText('与参保人关系', 'relation to the insured person', 40).optional(),
    phone: formPhone().optional(),
  })
  .meta({ title: '代办人', description: 'proxy' });

export const reimbursementForm = z.strictObject({
  category: formChoice('报销类别', 'category', codesOf<ReimbursementCategory>(REIMBURSEMENT_CATEGORIES)),
  receiptLost: formYesNo('住院费用票据破损、遗失', 'inpatient receipt lost or damaged').optional(),
  receiptDamaged: formYesNo('破损票据原件仍在', 'the damaged original still exists').optional(),
  idCardNo: formIdCardNo(
    '参保人身份证号码（新生儿随父母的填参保父或母）',
    'insured person; with NEWBORN_WITH_PARENT the parent',
  ),
  name: formText('参保人姓名', 'name of the insured person', 60),
  hospitalId: formCode('就医机构', 'hospital'),
  notSettledReason: formChoice('未能即时结算原因', 'why it was not settled on the spot', [
    'SYSTEM_FAULT',
    'NETWORK_FAULT',
    'OTHER',
  ]),
  paymentCard: paymentCardForm,
  billNos: z
    .array(formCode('票据号码', 'bill number'))
    .min(1)
    .max(20)
    .meta({ title: '票据号码', description: 'numbers of the bills' }),
  billTotal: formYuan('票据总额', 'total on the bills').optional(),
  visitOn: formDate('就诊日期（门诊、急诊）', 'day of the visit: outpatient and emergency categories').optional(),
  admittedOn: formDate('入院日期（住院）', 'day of admission: inpatient categories').optional(),
  dischargedOn: formDate('出院日期', 'day of discharge').optional(),
  diagnosis: formText('诊断', 'diagnosis'),
  diseaseCode: formCode('特定病种代码', 'disease of the chronic-disease registration').optional(),
  proxy: proxy.optional(),
  trauma: trauma.optional(),
  advance: advance.optional(),
  newborn: newborn.optional(),
  lines: z
    .array(billLineForm)
    .max(800)
    .meta({ title: '费用明细', description: 'the bill line by line; may be entered after filing' })
    .optional(),
});
export type ReimbursementForm = z.infer<typeof reimbursementForm>;

/** The form as its schema guarantees it; the API parsed it, the store only keeps it. */
export const readForm = (form: JsonObject): ReimbursementForm => form as unknown as ReimbursementForm;
export const readLines = (form: JsonObject): BillLine[] => (readForm(form).lines ?? []) as BillLine[];

/** Categories with an inpatient receipt (S0 Art. 14(三)–(七)); only they can lose one (Art. 14(八)). */
const OUTPATIENT: readonly ReimbursementCategory[] = [
  'GENERAL_OUTPATIENT',
  'CHRONIC_OUTPATIENT',
  'EMERGENCY_OBSERVATION',
];
export const isInpatient = (category: ReimbursementCategory): boolean => !OUTPATIENT.includes(category);

/** The liability a trauma category stands for; undefined for all others. */
export const LIABILITY_OF: Readonly<Partial<Record<ReimbursementCategory, TraumaLiability>>> = {
  TRAUMA_OWN: 'OWN',
  TRAUMA_OTHER: 'OTHER',
  TRAUMA_SHARED: 'SHARED',
};
export const isTrauma = (category: ReimbursementCategory): boolean => LIABILITY_OF[category] !== undefined;
export const isNewborn = (category: ReimbursementCategory): boolean =>
  category === 'NEWBORN_WITH_PARENT' || category === 'NEWBORN_ENROLLED';

/** Is an advance payment asked for, and has nobody refused its ground (P11)? */
export const isAdvance = (form: JsonObject): boolean =>
  (form['category'] === 'TRAUMA_OTHER' || form['category'] === 'TRAUMA_SHARED') &&
  form['advance'] !== undefined &&
  form['advanceGroundConfirmed'] !== false;

/** What a verification or an introduction letter established about who is liable. */
export function establishedLiability(
  facts: JsonObject,
): { liability: TraumaLiability; grade?: LiabilityGrade } | undefined {
  const letter = facts['letter'] as
    { liability: TraumaLiability; liabilityGrade?: LiabilityGrade | null } | null | undefined;
  const liability = (facts['liability'] ?? letter?.liability) as TraumaLiability | undefined;
  if (!liability) return undefined;
  const grade = (facts['liability'] ? facts['liabilityGrade'] : letter?.liabilityGrade) as
    LiabilityGrade | null | undefined;
  return grade ? { liability, grade } : { liability };
}
