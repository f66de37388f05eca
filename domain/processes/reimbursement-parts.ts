import type { GuardContext } from '../process.ts';
import type { Fault } from '../refusal.ts';
import {
  establishedLiability,
  isInpatient,
  isNewborn,
  isTrauma,
  LIABILITY_OF,
  readForm,
  type ReimbursementForm,
} from './reimbursement-form.ts';

/**
 * Which parts of the form a category needs and which it has no place for (S0 Art. 14). A part of another category is
 * refused when somebody sends it, not when an earlier entry left it behind: a category may be corrected later.
 */
export function partFaults(context: GuardContext): Fault[] {
  const filed = readForm(context.form);
  return [
    ...dateParts(filed),
    ...receiptParts(filed),
    ...(isTrauma(filed.category) ? traumaParts(filed, context) : []),
    ...(isNewborn(filed.category) && !filed.newborn ? [missing('form.newborn', '新生儿信息', 'the newborn part')] : []),
    ...advanceParts(filed),
    ...misplaced(filed.category, context),
  ];
}

const missing = (path: string, zh: string, en: string): Fault => ({ path, zh: `须填写${zh}`, en: `${en} is needed` });
const fault = (path: string, zh: string, en: string): Fault => ({ path, zh, en });

function dateParts({ category, visitOn, admittedOn }: ReimbursementForm): Fault[] {
  if (isInpatient(category)) return admittedOn ? [] : [missing('form.admittedOn', '入院日期', 'the day of admission')];
  return visitOn ? [] : [missing('form.visitOn', '就诊日期', 'the day of the visit')];
}

function receiptParts({ category, receiptLost, receiptDamaged, billNos }: ReimbursementForm): Fault[] {
  const faults: Fault[] = [];
  // Art. 14(八) names inpatient receipts only.
  if (receiptLost && !isInpatient(category)) {
    faults.push(
      fault(
        'form.receiptLost',
        '仅住院费用票据可按破损、遗失办理',
        'only an inpatient receipt can be treated as lost or damaged',
      ),
    );
  }
  if (receiptDamaged && !receiptLost) {
    faults.push(fault('form.receiptDamaged', '仅在票据破损、遗失时填写', 'only with receiptLost'));
  }
  if (new Set(billNos).size !== billNos.length) {
    faults.push(fault('form.billNos', '票据号码重复', 'a bill number is listed twice'));
  }
  return faults;
}

function traumaParts(filed: ReimbursementForm, { facts }: GuardContext): Fault[] {
  const { trauma, category } = filed;
  if (!trauma) return [missing('form.trauma', '外伤信息', 'the trauma part')];
  const faults: Fault[] = [];
  if (trauma.liability !== LIABILITY_OF[category]) {
    faults.push(
      fault('form.trauma.liability', '责任认定与报销类别不一致', 'the liability does not match the category'),
    );
  }
  if (trauma.liability === 'SHARED' && !trauma.grade)
    faults.push(missing('form.trauma.grade', '己方责任程度', 'the grade of the own liability'));
  if (trauma.liability !== 'SHARED' && trauma.grade)
    faults.push(fault('form.trauma.grade', '仅多方责任填写', 'only with shared liability'));
  if (trauma.traffic && trauma.ctiPaid === undefined) {
    faults.push(
      missing(
        'form.trauma.ctiPaid',
        '交强险赔付金额（未赔付填 0.00）',
        'what compulsory insurance paid (0.00 if nothing)',
      ),
    );
  }
  if (!trauma.traffic && trauma.ctiPaid !== undefined && Number(trauma.ctiPaid) !== 0) {
    faults.push(
      fault(
        'form.trauma.ctiPaid',
        '非交通事故没有交强险赔付',
        'compulsory traffic insurance pays only for traffic accidents',
      ),
    );
  }
  return [...faults, ...letterFaults(filed, facts)];
}

/** A letter on record, or a verification, says who is liable; without either the auditors must learn what happened. */
function letterFaults({ trauma, category }: ReimbursementForm, facts: GuardContext['facts']): Fault[] {
  if (!trauma) return [];
  const established = establishedLiability(facts);
  if (established) {
    if (established.liability !== LIABILITY_OF[category]) {
      return [
        fault(
          'form.category',
          `核实的责任为 ${established.liability}，请更正报销类别`,
          `the verified liability is ${established.liability}: correct the category`,
        ),
      ];
    }
    return established.grade && established.grade !== trauma.grade
      ? [
          fault(
            'form.trauma.grade',
            `核实的责任程度为 ${established.grade}`,
            `the verified grade is ${established.grade}`,
          ),
        ]
      : [];
  }
  return INJURY.filter(({ field }) => !trauma[field]).map(({ field, zh, en }) =>
    missing(`form.trauma.${field}`, `${zh}（供稽查核实）`, `${en}, for the verification,`),
  );
}

const INJURY = [
  { field: 'injuredOn', zh: '受伤日期', en: 'the day of the injury' },
  { field: 'injuryPlace', zh: '受伤地点', en: 'the place of the injury' },
  { field: 'injuryCause', zh: '受伤原因和经过', en: 'the cause of the injury' },
] as const;

function advanceParts({ advance }: ReimbursementForm): Fault[] {
  return advance?.ground === 'OTHER' && !advance.explanation
    ? [missing('form.advance.explanation', '情况说明', 'an explanation of the ground OTHER')]
    : [];
}

function misplaced(category: ReimbursementForm['category'], { case: snapshot, input, form }: GuardContext): Fault[] {
  // Before it is accepted there is no number yet, and the whole form is what was sent.
  const sent = snapshot.acceptanceNo === '' ? form : (input.form ?? {});
  const fits: Array<[part: keyof ReimbursementForm, fits: boolean]> = [
    ['visitOn', !isInpatient(category)],
    ['admittedOn', isInpatient(category)],
    ['trauma', isTrauma(category)],
    ['advance', category === 'TRAUMA_OTHER' || category === 'TRAUMA_SHARED'],
    ['newborn', isNewborn(category)],
    ['diseaseCode', category === 'CHRONIC_OUTPATIENT'],
  ];
  return fits
    .filter(([part, fit]) => !fit && sent[part] !== undefined)
    .map(([part]) =>
      fault(`form.${part}`, `${String(form['category'])} 不填写此项`, `has no place with ${String(form['category'])}`),
    );
}
