/**
 * What must hold before a claim can be calculated. Every fault is collected and named by its path, so that a clerk corrects
 * all of them at once.
 */
import type { Fault, RefusalCode } from '../refusal.ts';
import type { Bill } from './bill.ts';
import type {
  BenefitClaim,
  BillLine,
  FeeCategory,
  ReimbursementCategory,
  TraumaClaim,
  TraumaLiability,
} from './types.ts';
import { Decimal, isYuan, isYuanText, roundToFen, sum } from '../money.ts';
import { Refusal } from '../refusal.ts';
import { FEE_CATEGORIES } from './types.ts';

/** Decimal text, at most six digits before and four after the point. */
const QUANTITY = /^(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?$/;

type Found = Fault & { code: RefusalCode };

/**
 * Refuses with LINES_REQUIRED, UNKNOWN_CODE or TOTAL_MISMATCH when that is all that is wrong, else with BAD_REQUEST; the
 * faults list everything, paths relative to the claim ('lines.0.amount').
 */
export function checkClaim(claim: BenefitClaim, bill: Bill): void {
  const found = [
    ...claim.lines.flatMap((line, index) => lineFaults(line, `lines.${index}`, bill)),
    ...totalFaults(claim),
    ...traumaFaults(claim),
    ...newbornFaults(claim),
  ];
  const [first] = found;
  if (!first) return;
  const code = found.every((fault) => fault.code === first.code) ? first.code : 'BAD_REQUEST';
  throw new Refusal(
    code,
    found.map(({ path, zh, en }) => ({ path, zh, en })),
  );
}

const fault = (path: string, zh: string, en: string, code: RefusalCode = 'BAD_REQUEST'): Found => ({
  code,
  path,
  zh,
  en,
});

function lineFaults(line: BillLine, path: string, bill: Bill): Found[] {
  return [...priceFaults(line, path), ...classFaults(line, path, bill), ...flagFaults(line, path)];
}

function priceFaults(line: BillLine, path: string): Found[] {
  const faults: Found[] = [];
  if (!QUANTITY.test(line.quantity) || new Decimal(line.quantity).isZero()) {
    faults.push(
      fault(
        `${path}.quantity`,
        '数量须大于零，最多四位小数。',
        'The quantity must be above zero with at most four decimals.',
      ),
    );
  }
  for (const field of ['unitPrice', 'amount'] as const) {
    if (isYuan(line[field])) continue;
    faults.push(
      fault(
        `${path}.${field}`,
        '金额须为非负数并保留两位小数。',
        'The amount must not be negative and have two decimals.',
      ),
    );
  }
  if (faults.length > 0) return faults;
  const product = roundToFen(new Decimal(line.quantity).times(line.unitPrice));
  if (product === line.amount) return [];
  return [
    fault(
      `${path}.amount`,
      `数量乘以单价为 ${product} 元，与金额 ${line.amount} 元不符。`,
      `Quantity times unit price is ${product}, not ${line.amount}.`,
    ),
  ];
}

function classFaults(line: BillLine, path: string, bill: Bill): Found[] {
  const item = bill.itemOf(line);
  if (line.catalogueCode !== undefined && !item) {
    return [
      fault(
        `${path}.catalogueCode`,
        `${line.servedOn} 的目录中没有代码 ${line.catalogueCode}。`,
        `The catalogue of ${line.servedOn} has no code ${line.catalogueCode}.`,
        'UNKNOWN_CODE',
      ),
    ];
  }
  const faults: Found[] = [];
  if (item && item.feeCategory !== line.feeCategory) {
    const { zh, en } = FEE_CATEGORIES[item.feeCategory];
    faults.push(
      fault(`${path}.feeCategory`, `目录中该项目属于${zh}。`, `In the catalogue this item belongs to: ${en}.`),
    );
  }
  if (item && line.costClass && item.costClass !== line.costClass) {
    faults.push(
      fault(
        `${path}.costClass`,
        '与目录分类不一致，请留空。',
        'Differs from the class in the catalogue; leave it empty.',
      ),
    );
  }
  if (item?.kind === 'ALBUMIN' && !line.albumin) {
    faults.push(
      fault(
        `${path}.albumin`,
        '请说明白蛋白是否用于抢救或符合适应症。',
        'Say whether the albumin was given in first aid or for an indication.',
      ),
    );
  }
  const classKnown = item || line.costClass || line.albumin || line.bloodProduct;
  if (line.feeCategory === 'DRUG' && !classKnown) {
    // An unlisted drug is self-paid (S0 Art. 15(三)1), so no class may be assumed for it in either direction.
    faults.push(
      fault(`${path}.costClass`, '药品须填写目录代码或费用分类。', 'A drug needs a catalogue code or a cost class.'),
    );
  }
  return faults;
}

/** Where a mark makes sense; anywhere else either the mark or the fee category is a mistake, and only the clerk knows which. */
const FITS = {
  listedExam: ['EXAMINATION'],
  // On an operation fee the mark is tolerated and has no effect: operation fees are never special.
  specialTreatment: ['MATERIAL', 'TREATMENT', 'OTHER', 'OPERATION'],
  importedMaterial: ['MATERIAL'],
  bloodProduct: ['DRUG', 'MATERIAL', 'TREATMENT', 'OTHER'],
  albumin: ['DRUG', 'OTHER'],
  linearAcceleratorTumour: ['TREATMENT'],
  takeHome: ['DRUG'],
} as const satisfies Partial<Record<keyof BillLine, readonly FeeCategory[]>>;

function flagFaults(line: BillLine, path: string): Found[] {
  const marks = Object.entries(FITS) as [keyof typeof FITS, readonly FeeCategory[]][];
  const faults = marks
    .filter(([mark, categories]) => line[mark] && !categories.includes(line.feeCategory))
    .map(([mark, categories]) =>
      fault(
        `${path}.${mark}`,
        `该标记只适用于：${categories.map((category) => FEE_CATEGORIES[category].zh).join('、')}。`,
        `This mark fits only: ${categories.map((category) => FEE_CATEGORIES[category].en).join('; ')}.`,
      ),
    );
  if (line.takeHome && !(Number.isInteger(line.takeHome.days) && line.takeHome.days >= 1)) {
    faults.push(
      fault(`${path}.takeHome.days`, '带药天数须为正整数。', 'The days supplied must be a whole number from 1.'),
    );
  }
  return faults;
}

function totalFaults({ lines, total }: BenefitClaim): Found[] {
  if (lines.length === 0)
    return [fault('lines', '请逐项录入费用明细。', 'Enter the bill line by line.', 'LINES_REQUIRED')];
  const amounts = lines.map((line) => line.amount);
  if (!amounts.every(isYuan)) return [];
  const added = sum(amounts);
  if (!isYuanText(added))
    return [fault('lines', '费用合计超出范围。', 'The lines add up to more than an amount can hold.')];
  if (total === undefined || total === added) return [];
  return [
    fault(
      'total',
      `明细合计为 ${added} 元，票据总额为 ${total} 元。`,
      `The lines add up to ${added}, the bill says ${total}.`,
      'TOTAL_MISMATCH',
    ),
  ];
}

const LIABILITY_OF: Partial<Record<ReimbursementCategory, TraumaLiability>> = {
  TRAUMA_OWN: 'OWN',
  TRAUMA_OTHER: 'OTHER',
  TRAUMA_SHARED: 'SHARED',
};

function traumaFaults({ category, trauma }: BenefitClaim): Found[] {
  const liability = LIABILITY_OF[category];
  if (trauma?.liability !== liability) {
    return [fault('trauma.liability', '责任认定与报销类别不一致。', 'The liability does not match the category.')];
  }
  return trauma ? liabilityFaults(trauma) : [];
}

function liabilityFaults(trauma: TraumaClaim): Found[] {
  const faults: Found[] = [];
  if (trauma.liability === 'SHARED' && !trauma.grade) {
    faults.push(
      fault('trauma.grade', '多方责任须填写己方责任程度。', 'Shared liability needs the grade of the own liability.'),
    );
  }
  if (trauma.liability !== 'SHARED' && trauma.grade) {
    faults.push(fault('trauma.grade', '仅多方责任填写责任程度。', 'Only shared liability has a grade.'));
  }
  if (trauma.traffic && trauma.ctiPaid === undefined) {
    faults.push(
      fault(
        'trauma.ctiPaid',
        '交通事故须填写交强险赔付金额，未赔付填 0.00。',
        'A traffic accident needs the amount compulsory insurance paid, 0.00 if nothing.',
      ),
    );
  }
  if (trauma.ctiPaid !== undefined && !isYuan(trauma.ctiPaid)) {
    faults.push(
      fault(
        'trauma.ctiPaid',
        '金额须为非负数，最多两位小数。',
        'An amount is not negative and has at most two decimals.',
      ),
    );
  } else if (!trauma.traffic && trauma.ctiPaid !== undefined && trauma.ctiPaid !== '0.00') {
    faults.push(
      fault(
        'trauma.ctiPaid',
        '非交通事故没有交强险赔付。',
        'Compulsory traffic insurance pays only for traffic accidents.',
      ),
    );
  }
  if (trauma.advance && trauma.liability === 'OWN') {
    faults.push(
      fault('trauma.advance', '先行支付仅适用于他方或多方责任。', 'An advance payment needs another liable party.'),
    );
  }
  return faults;
}

function newbornFaults({ category, newborn }: BenefitClaim): Found[] {
  const route =
    category === 'NEWBORN_WITH_PARENT' ? 'WITH_PARENT' : category === 'NEWBORN_ENROLLED' ? 'ENROLLED' : undefined;
  if (newborn?.route === route) return [];
  return [fault('newborn.route', '新生儿途径与报销类别不一致。', 'The newborn route does not match the category.')];
}
