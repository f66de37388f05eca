import type { z } from 'zod';
import { DECISIONS, ROLES, type Decision, type Role } from '../../domain/case.ts';
import { commonOffersOf } from '../../domain/common-offers.ts';
import { DOCUMENT_TYPES } from '../../domain/document-types.ts';
import type { DocumentRule, Offer, OfficeRelation, ProcessDefinition } from '../../domain/process.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { timeLimit, type LimitId } from '../../domain/time-limits.ts';
import { clockSection } from './clock.ts';
import { documentRows } from './documents.ts';
import { fieldsOf } from './forms.ts';
import { both, code, codes, table, WARNING } from './markdown.ts';

/** `docs/processes.md`: every process as its definition says it. */

const PLACES = {
  RECEIVING: '受理窗口 the window that received it',
  COUNTY: '县区 the county',
  CITY: '市级 the city',
  HOSPITAL: '医院 the hospital',
  PERSON: '参保人本人 the person',
} as const satisfies Record<OfficeRelation, string>;

const UNITS = {
  WORKING_DAY: '工作日 working days',
  CALENDAR_DAY: '自然日 calendar days',
  MONTH: '个月 months',
  YEAR: '年 years',
  YEAR_END: '年末 end of the year',
  DAY_OF_MONTH: '日 day of the month',
  MONTH_END: '月末 end of the month',
  DATE: '所定日期 the day set in the case',
} as const;

export const processesPage = (): string =>
  [
    WARNING,
    '',
    '# 业务流程 Processes',
    '',
    'What each process asks, who decides what at which step, which limits run and which papers come out. What happens in',
    'which order is the procedure, one function per process in `workflows/`. DL numbers are the rows of',
    '`domain/time-limits.ts`. The document tables were found by asking the rules with one answer of the form at a time;',
    'papers that hang on answers further down (an advance payment, a traffic accident) are in the definition.',
    '',
    ...table(
      ['', 'process', 'code', 'source'],
      Object.values(PROCESSES).map((p) => [p.id, both(p.title), code(p.code), p.source]),
    ),
    ...commonSection(),
    ...clockSection(),
    ...Object.values(PROCESSES).flatMap(processSection),
  ].join('\n');

/** Offered at every step of a case with an applicant; only who may file differs, so one definition stands for all. */
const commonSection = (): string[] => {
  const withApplicant = Object.values(PROCESSES).find((p) => p.filing.applicant);
  if (!withApplicant) return [];
  const whoFiles = 'whoever may file, at the window that received it';
  return [
    '## 通用办理 Offered in every process with an applicant',
    '',
    'Withdrawing is possible until the last approval. A return to the applicant stops all clocks with the following day;',
    'the correction starts them again. A case nobody corrects in the window is reminded of and may then be closed.',
    '',
    ...table(
      ['decision', '', 'who', 'asks'],
      Object.entries(commonOffersOf(withApplicant)).map(([decision, offer]: [string, Offer]) => [
        code(decision),
        both(DECISIONS[decision as Decision]),
        decision === 'CLOSE_AS_WITHDRAWN' ? `${rolesText(offer.by ?? [])}, after the reminder` : whoFiles,
        askedBy(offer),
      ]),
    ),
  ];
};

const processSection = (definition: ProcessDefinition): string[] => {
  const { filing, totalLimit } = definition;
  return [
    `## ${definition.id} ${both(definition.title)}`,
    '',
    ...table(
      ['', ''],
      [
        ['code', code(definition.code)],
        ['source', definition.source],
        ['filed by', rolesText(filing.by)],
        ['begins at', codes([...new Set([filing.firstStep, filing.firstStepWhenOpened ?? filing.firstStep])])],
        ...(totalLimit
          ? [['total limit', `${limitText(totalLimit.limit)}; ends with ${code(totalLimit.endsWithStage)}`]]
          : []),
      ],
    ),
    '### 环节 Stages',
    '',
    ...table(
      ['stage', '', 'article', 'limit', 'stuck after'],
      Object.entries(definition.stages).map(([stage, { title, article, limits, stuckAfterWorkingDays }]) => [
        code(stage),
        both(title),
        article,
        (limits ?? []).map(limitText).join('; '),
        stuckAfterWorkingDays === undefined ? '' : `${stuckAfterWorkingDays} 工作日 working days of silence`,
      ]),
    ),
    '### 步骤 Steps',
    '',
    ...table(
      ['step', '', 'stage', 'who', 'where', 'duty that excludes others'],
      Object.entries(definition.steps).map(([code_, step]) => [
        code(code_),
        both(step.title),
        code(step.stage),
        rolesText(step.by),
        PLACES[step.at],
        step.duty ? `${step.duty.duty} (${step.duty.chain})` : '',
      ]),
    ),
    '### 办理 Decisions',
    '',
    ...table(['step', 'decision', '', 'returns to', 'asks', 'documents'], decisionRows(definition)),
    '### 申请内容 Form',
    '',
    ...fieldTable(filing.form),
    ...documentsSection(definition),
    '### 出具文书 Papers issued',
    '',
    ...table(
      ['paper', '', 'source'],
      Object.entries(definition.outputs).map(([kind, output]) => [code(kind), both(output.title), output.source]),
    ),
  ];
};

const decisionRows = (definition: ProcessDefinition): string[][] =>
  Object.entries(definition.steps).flatMap(([step, { decisions }]) =>
    Object.entries(decisions).map(([decision, offer]) => [
      code(step),
      code(decision),
      [both(offer.title ?? DECISIONS[decision as Decision]), offer.by ? `(${rolesText(offer.by)})` : '']
        .join(' ')
        .trim(),
      codes(offer.returnTo ?? []),
      askedBy(offer),
      offer.documents ? documentNames(offer) : '',
    ]),
  );

const askedBy = ({ form, amends }: Offer): string => {
  const fields = form
    ? fieldsOf(form).map(({ path, zh, required }) => `${code(path)} ${zh}${required ? '' : '?'}`)
    : [];
  return [...fields, ...(amends ? ['fields of the form, as amended'] : [])].join(', ');
};

/** The list of a step is only written out when it does not depend on the case; else it is the filing's. */
const documentNames = ({ documents }: Offer): string => {
  const rules = rulesOrNone(documents);
  return rules.length > 0 ? rules.map(ruleName).join('; ') : 'the check list below';
};

const rulesOrNone = (documents: Offer['documents']): DocumentRule[] => {
  try {
    return documents?.({ form: {}, facts: {} }) ?? [];
  } catch {
    // The list needs to know the form first.
    return [];
  }
};

export const ruleName = (rule: DocumentRule): string =>
  rule.anyOf.map((type) => `${DOCUMENT_TYPES[type].zh} ${code(type)}`).join(' or ');

const documentsSection = (definition: ProcessDefinition): string[] => {
  const rows = documentRows(definition.filing);
  return rows.length === 0
    ? []
    : ['### 材料 Documents', '', ...table(['document', 'O original, C copy, S shown', 'when', 'source'], rows)];
};

const fieldTable = (form: z.ZodObject): string[] =>
  table(
    ['field', '', 'kind', ''],
    fieldsOf(form).map(({ path, zh, en, kind, required }) => [
      code(path),
      [zh, en].filter((text) => text !== '').join(' '),
      kind,
      required ? 'required' : '',
    ]),
  );

const rolesText = (roles: readonly Role[]): string =>
  [...new Set(roles)].map((role) => `${ROLES[role].zh} ${code(role)}`).join(', ');

const limitText = (id: LimitId): string => {
  const { limit, unit, direction, article } = timeLimit(id);
  const length = limit === 0 ? UNITS[unit] : `${limit} ${UNITS[unit]}`;
  return `${id}: ${length}${direction === 'BACKWARD' ? ' 前 before' : ''} (${article})`;
};
