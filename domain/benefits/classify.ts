/**
 * Which cost class a bill line has and which rule gave it (S0 Art. 15, benefit-rules.md §2–§4). A line can fall under
 * several rules; outside the fund's scope comes first, then the highest self-pay share.
 */
import type { Bill } from './bill.ts';
import type { BillLine, CatalogueItem, Classification, CostClass, LineRule } from './types.ts';
import { atLeast, yuan } from '../money.ts';
import { findListed, saysImported } from './lists.ts';
import { percent } from './rates.ts';
import { COST_CLASSES } from './types.ts';

const EXAMS = 'S0 Art. 15(一)';
const TREATMENTS = 'S0 Art. 15(二)';
const DRUGS = 'S0 Art. 15(三)';

/** The class of one line. The claim must have passed `checkClaim`. */
export function classifyLine(line: BillLine, bill: Bill): Classification {
  const item = bill.itemOf(line);
  // Specific rules first: of two rules with one share the first one is named.
  const candidates = [
    ...drugRules(line, item),
    ...examRules(line, item, bill),
    ...treatmentRules(line, item, bill),
    ownClass(line, item),
  ];
  const allowed = line.feeCategory === 'OPERATION' ? [OPERATION_FEE, ...candidates.filter(notSpecial)] : candidates;
  return weightiest(allowed, (costClass) => bill.rates.get(`selfPayShare.${costClass}`, line.servedOn).value);
}

const classified = (costClass: CostClass, rule: LineRule, article: string, zh: string, en: string): Classification => ({
  costClass,
  rule,
  article,
  why: { zh, en },
});

/** S0 Art. 15(二) counts treatment "without the operation fee": it is never special, however high. */
const OPERATION_FEE = classified(
  'CLASS_A',
  'OPERATION_FEE',
  TREATMENTS,
  '手术费不属于特殊治疗',
  'an operation fee is never special treatment',
);

const LINEAR_ACCELERATOR = classified(
  'CLASS_A',
  'LINEAR_ACCELERATOR',
  TREATMENTS,
  '肿瘤患者使用医疗直线加速器治疗，不按特殊治疗处理',
  'tumour patient treated with a medical linear accelerator: not special treatment',
);

const notSpecial = ({ costClass }: Classification): boolean =>
  costClass !== 'SPECIAL_TREATMENT' && costClass !== 'IMPORTED_MATERIAL' && costClass !== 'SPECIAL_EXAM';

function drugRules(line: BillLine, item: CatalogueItem | undefined): Classification[] {
  const found: Classification[] = [];
  if (line.albumin === 'FIRST_AID' || line.albumin === 'INDICATION') {
    const [zh, en] =
      line.albumin === 'FIRST_AID'
        ? ['抢救用白蛋白', 'albumin given in first aid']
        : ['符合适应症使用白蛋白', 'albumin given for one of its indications'];
    found.push(classified('ALBUMIN', 'ALBUMIN_GIVEN_FOR_CAUSE', `${DRUGS}4`, zh, en));
  }
  if (line.albumin === 'NONE') {
    found.push(
      classified(
        'CLASS_C',
        'ALBUMIN_WITHOUT_CAUSE',
        `${DRUGS}4`,
        '白蛋白仅限抢救或符合适应症时支付，本次自费',
        'albumin is covered only in first aid or for an indication; self-paid',
      ),
    );
  }
  if (line.bloodProduct || item?.kind === 'BLOOD') {
    found.push(
      classified(
        'BLOOD',
        'BLOOD_PRODUCT',
        `${DRUGS}3`,
        '全血或成份血，按乙类处理',
        'whole blood or blood components, treated as class B',
      ),
    );
  }
  return found;
}

function examRules(line: BillLine, item: CatalogueItem | undefined, bill: Bill): Classification[] {
  if (line.feeCategory !== 'EXAMINATION') return [];
  const listed = findListed(bill.figures.lists, 'SPECIAL_EXAM', item?.name ?? line.name, line.servedOn);
  if (listed || line.listedExam) {
    const name = listed?.name ?? line.name;
    return [
      classified(
        'SPECIAL_EXAM',
        'LISTED_EXAM',
        EXAMS,
        `列入特殊检查目录（${name}），不论价格`,
        `on the list of special examinations (${name}), at any price`,
      ),
    ];
  }
  const threshold = bill.rates.get('threshold.examUnitPrice', line.servedOn).value;
  // The price of one performance counts, not the line total (benefit-rules.md §3).
  if (!atLeast(line.unitPrice, yuan(threshold))) return [];
  return [
    classified(
      'SPECIAL_EXAM',
      'EXAM_PRICE',
      EXAMS,
      `单项检查价格 ${line.unitPrice} 元，达到 ${threshold} 元（含）`,
      `single-item price ${line.unitPrice} reaches ${threshold} (included)`,
    ),
  ];
}

function treatmentRules(line: BillLine, item: CatalogueItem | undefined, bill: Bill): Classification[] {
  const listed = findListed(bill.figures.lists, 'SPECIAL_TREATMENT', item?.name ?? line.name, line.servedOn);
  const mayBeSpecial = line.feeCategory === 'MATERIAL' || line.feeCategory === 'TREATMENT' || line.specialTreatment;
  if (!mayBeSpecial) return [];
  // The text attaches the exception to the 1,000-yuan clause; a treatment on the list stays special.
  if (line.linearAcceleratorTumour && !listed) return [LINEAR_ACCELERATOR];

  const special =
    listed || line.specialTreatment
      ? listedTreatment(listed?.name ?? line.name)
      : (specialByClass(line, item) ?? costlyTreatment(line, bill));
  const imported =
    line.feeCategory === 'MATERIAL' &&
    (line.importedMaterial ?? (item?.kind === 'IMPORTED_MATERIAL' || saysImported(line.name)));
  // Imported material that is not special keeps its class: the 40 % are a share within special treatment.
  if (!special || !imported) return special ? [special] : [];
  const { zh, en } = special.why;
  return [
    classified('IMPORTED_MATERIAL', 'IMPORTED_MATERIAL', TREATMENTS, `进口材料；${zh}`, `imported material; ${en}`),
  ];
}

const listedTreatment = (name: string): Classification =>
  classified(
    'SPECIAL_TREATMENT',
    'LISTED_TREATMENT',
    TREATMENTS,
    `列入特殊治疗目录（${name}）`,
    `on the list of special treatments and materials (${name})`,
  );

/** Clause (b): another material whose same-named total, or another treatment whose single cost, reaches the threshold. */
function costlyTreatment(line: BillLine, bill: Bill): Classification | undefined {
  const threshold = bill.rates.get('threshold.treatmentCost', line.servedOn).value;
  if (line.feeCategory === 'MATERIAL') {
    const total = bill.materialTotal(line);
    if (!atLeast(total, yuan(threshold))) return undefined;
    return classified(
      'SPECIAL_TREATMENT',
      'MATERIAL_TOTAL',
      TREATMENTS,
      `同名材料合计 ${total} 元，达到 ${threshold} 元（含）`,
      `same-named material adds up to ${total}, reaching ${threshold} (included)`,
    );
  }
  if (line.feeCategory !== 'TREATMENT' || !atLeast(line.unitPrice, yuan(threshold))) return undefined;
  return classified(
    'SPECIAL_TREATMENT',
    'TREATMENT_COST',
    TREATMENTS,
    `单次治疗费用 ${line.unitPrice} 元，达到 ${threshold} 元（含）`,
    `single treatment costs ${line.unitPrice}, reaching ${threshold} (included)`,
  );
}

/** Catalogue or clerk can hold a material as special under a name that is not on the list itself. */
function specialByClass(line: BillLine, item: CatalogueItem | undefined): Classification | undefined {
  const own = ownClass(line, item);
  return own.costClass === 'SPECIAL_TREATMENT' || own.costClass === 'IMPORTED_MATERIAL' ? own : undefined;
}

/** The class the catalogue or the clerk gives; without either, an ordinary item. */
function ownClass(line: BillLine, item: CatalogueItem | undefined): Classification {
  const costClass = item?.costClass ?? line.costClass;
  if (!costClass || costClass === 'CLASS_A') {
    return classified(
      'CLASS_A',
      'ORDINARY_ITEM',
      'S0 Art. 15',
      '普通项目，全额纳入支付范围',
      'ordinary covered item, wholly in scope',
    );
  }
  // A special class typed in for an accelerator treatment yields to the exception.
  if (costClass === 'SPECIAL_TREATMENT' && line.linearAcceleratorTumour && !item) return LINEAR_ACCELERATOR;
  const { zh, en } = COST_CLASSES[costClass];
  return item
    ? classified(
        costClass,
        'CATALOGUE_CLASS',
        ARTICLE_OF[costClass],
        `目录 ${item.code}：${zh}`,
        `catalogue ${item.code}: ${en}`,
      )
    : classified(costClass, 'TYPED_CLASS', ARTICLE_OF[costClass], `经办人录入：${zh}`, `entered by the clerk: ${en}`);
}

const ARTICLE_OF = {
  CLASS_A: 'S0 Art. 15',
  CLASS_B: `${DRUGS}2`,
  CLASS_C: `${DRUGS}1`,
  BLOOD: `${DRUGS}3`,
  ALBUMIN: `${DRUGS}4`,
  SPECIAL_EXAM: EXAMS,
  SPECIAL_TREATMENT: TREATMENTS,
  IMPORTED_MATERIAL: TREATMENTS,
  EXCLUDED: 'S0 Art. 15(一)(二)',
} as const satisfies Record<CostClass, string>;

/** "EXCLUDED or CLASS_C first, otherwise the highest share" (benefit-rules.md §2); the share is said in the reason. */
function weightiest(candidates: Classification[], shareOf: (costClass: CostClass) => string): Classification {
  // Only an order, no amount: a binary number will do.
  const rank = ({ costClass }: Classification): number =>
    costClass === 'EXCLUDED' ? 3 : costClass === 'CLASS_C' ? 2 : Number(shareOf(costClass));
  const [first, ...others] = candidates;
  if (!first) throw new Error('a line has at least its own class');
  const chosen = others.reduce((best, next) => (rank(next) > rank(best) ? next : best), first);
  const share = percent(shareOf(chosen.costClass));
  return {
    ...chosen,
    why: { zh: `${chosen.why.zh}，个人先行自付 ${share}`, en: `${chosen.why.en}; first self-pay ${share}` },
  };
}
