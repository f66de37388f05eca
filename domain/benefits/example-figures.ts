/**
 * EXAMPLE FIGURES (示例数值). The sources give none of these for Heyuan: they are assumed, chosen so that the worked
 * examples of benefit-rules.md come out, and MUST be replaced by the agency's own before real use. Each is labelled
 * EXAMPLE wherever it is shown.
 */
import type { CatalogueItem, CatalogueKind, CostClass, Dated, DatedRate, FeeCategory, HospitalGrade } from './types.ts';
import type { FigureLabel, ReimbursementCategory } from './types.ts';
import { plainDate } from '../plain-date.ts';

const FROM = plainDate('2019-01-01');
const SOURCE = '示例数值，来源未规定 / example figure, not in the sources';

const example = (key: string, value: string): DatedRate => ({
  key,
  value,
  effectiveFrom: FROM,
  source: SOURCE,
  label: 'EXAMPLE',
});

interface Pair {
  deductible: string;
  ratio: string;
}
type ByGrade = Record<HospitalGrade, Pair>;

const sameForAll = (deductible: string, ratio: string): ByGrade => ({
  1: { deductible, ratio },
  2: { deductible, ratio },
  3: { deductible, ratio },
});
const INPATIENT: ByGrade = {
  1: { deductible: '200.00', ratio: '0.75' },
  2: { deductible: '300.00', ratio: '0.65' },
  3: { deductible: '500.00', ratio: '0.70' },
};

const BY_CATEGORY = {
  GENERAL_OUTPATIENT: sameForAll('0.00', '0.50'),
  CHRONIC_OUTPATIENT: sameForAll('0.00', '0.60'),
  EMERGENCY_OBSERVATION: INPATIENT,
  // Paid in full up to the lump sum `subsidyLimit.MATERNITY_SUBSIDY`.
  MATERNITY_SUBSIDY: sameForAll('0.00', '1'),
  GENERAL_INPATIENT: INPATIENT,
  TRAUMA_OWN: INPATIENT,
  TRAUMA_OTHER: INPATIENT,
  TRAUMA_SHARED: INPATIENT,
  NEWBORN_WITH_PARENT: INPATIENT,
  NEWBORN_ENROLLED: INPATIENT,
} as const satisfies Record<ReimbursementCategory, ByGrade>;

export const EXAMPLE_RATES: readonly DatedRate[] = [
  ...Object.entries(BY_CATEGORY).flatMap(([category, byGrade]) =>
    Object.entries(byGrade).flatMap(([grade, { deductible, ratio }]) => [
      example(`deductible.${category}.${grade}`, deductible),
      example(`reimbursementRatio.${category}.${grade}`, ratio),
    ]),
  ),
  example('yearlyCap', '200000.00'),
  example('subsidyLimit.MATERNITY_SUBSIDY', '1500.00'),
];

const item = (
  code: string,
  name: string,
  feeCategory: FeeCategory,
  costClass: CostClass,
  kind: CatalogueKind,
): CatalogueItem => ({ code, name, feeCategory, costClass, kind, effectiveFrom: FROM, label: 'EXAMPLE' });

/** A catalogue just large enough for the worked examples and a rehearsal; codes are invented. */
export const CATALOGUE_ITEMS: readonly CatalogueItem[] = [
  item('DRUG-A-001', '阿莫西林胶囊', 'DRUG', 'CLASS_A', 'DRUG'),
  item('DRUG-A-002', '二甲双胍片', 'DRUG', 'CLASS_A', 'DRUG'),
  item('DRUG-A-003', '0.9%氯化钠注射液', 'DRUG', 'CLASS_A', 'DRUG'),
  item('DRUG-B-001', '头孢呋辛钠注射剂', 'DRUG', 'CLASS_B', 'DRUG'),
  item('DRUG-B-002', '阿托伐他汀钙片', 'DRUG', 'CLASS_B', 'DRUG'),
  item('DRUG-B-003', '硝苯地平控释片', 'DRUG', 'CLASS_B', 'DRUG'),
  item('DRUG-C-001', '复方营养口服液', 'DRUG', 'CLASS_C', 'DRUG'),
  item('DRUG-C-002', '院内自制合剂（未批准）', 'DRUG', 'CLASS_C', 'DRUG'),
  item('DRUG-ALB-001', '人血白蛋白', 'DRUG', 'ALBUMIN', 'ALBUMIN'),
  item('BLOOD-001', '红细胞悬液', 'OTHER', 'BLOOD', 'BLOOD'),
  item('BLOOD-002', '新鲜冰冻血浆', 'OTHER', 'BLOOD', 'BLOOD'),
  item('BLOOD-003', '单采血小板', 'OTHER', 'BLOOD', 'BLOOD'),
  item('EXAM-001', 'CT', 'EXAMINATION', 'SPECIAL_EXAM', 'EXAMINATION'),
  item('EXAM-002', '核磁共振成像(MRI)', 'EXAMINATION', 'SPECIAL_EXAM', 'EXAMINATION'),
  item('EXAM-003', '彩色多普勒超声检查', 'EXAMINATION', 'SPECIAL_EXAM', 'EXAMINATION'),
  item('EXAM-101', '胃镜检查', 'EXAMINATION', 'CLASS_A', 'EXAMINATION'),
  item('EXAM-102', '血液检验', 'EXAMINATION', 'CLASS_A', 'EXAMINATION'),
  item('EXAM-103', '基因检测', 'EXAMINATION', 'CLASS_A', 'EXAMINATION'),
  item('EXAM-104', '胸部X线摄影', 'EXAMINATION', 'CLASS_A', 'EXAMINATION'),
  item('MAT-001', '国产钢板', 'MATERIAL', 'SPECIAL_TREATMENT', 'MATERIAL'),
  item('MAT-002', '进口钢板', 'MATERIAL', 'IMPORTED_MATERIAL', 'IMPORTED_MATERIAL'),
  item('MAT-003', '进口血管支架', 'MATERIAL', 'IMPORTED_MATERIAL', 'IMPORTED_MATERIAL'),
  item('MAT-004', '国产人工晶体', 'MATERIAL', 'SPECIAL_TREATMENT', 'MATERIAL'),
  item('MAT-101', '可吸收缝合线', 'MATERIAL', 'CLASS_A', 'MATERIAL'),
  item('MAT-102', '进口敷料', 'MATERIAL', 'CLASS_A', 'IMPORTED_MATERIAL'),
  item('TREAT-001', '体外震波碎石', 'TREATMENT', 'SPECIAL_TREATMENT', 'TREATMENT'),
  item('TREAT-101', '静脉输液', 'TREATMENT', 'CLASS_A', 'TREATMENT'),
  item('TREAT-102', '肌肉注射', 'TREATMENT', 'CLASS_A', 'TREATMENT'),
  item('TREAT-103', '血液透析', 'TREATMENT', 'CLASS_A', 'TREATMENT'),
  item('TREAT-104', '医疗直线加速器放射治疗', 'TREATMENT', 'CLASS_A', 'LINEAR_ACCELERATOR'),
  item('TREAT-901', '医疗美容', 'TREATMENT', 'EXCLUDED', 'TREATMENT'),
  item('OP-001', '骨折切开复位内固定术', 'OPERATION', 'CLASS_A', 'OPERATION'),
  item('BED-001', '普通床位', 'BED', 'CLASS_A', 'SERVICE'),
  item('OTHER-001', '护理', 'OTHER', 'CLASS_A', 'SERVICE'),
];

/** A disease of the outpatient list (门诊特定病种), S0 Art. 11(三); the list itself is not in the sources. */
export interface ChronicDisease extends Dated {
  code: string;
  zh: string;
  en: string;
  label: FigureLabel;
}

const disease = (code: string, zh: string, en: string): ChronicDisease => ({
  code,
  zh,
  en,
  effectiveFrom: FROM,
  label: 'EXAMPLE',
});

export const CHRONIC_DISEASES: readonly ChronicDisease[] = [
  disease('CD-001', '高血压病（伴靶器官损害）', 'hypertension with organ damage'),
  disease('CD-002', '糖尿病', 'diabetes'),
  disease('CD-003', '恶性肿瘤（放疗、化疗）', 'malignant tumour, radio- or chemotherapy'),
  disease('CD-004', '慢性肾功能不全（透析）', 'chronic renal failure, dialysis'),
  disease('CD-005', '器官移植术后抗排异', 'anti-rejection treatment after transplant'),
  disease('CD-006', '冠心病', 'coronary heart disease'),
  disease('CD-007', '精神分裂症', 'schizophrenia'),
  disease('CD-008', '肺结核', 'pulmonary tuberculosis'),
];
