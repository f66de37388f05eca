import type pg from 'pg';
import { z } from 'zod';
import {
  DECISIONS,
  type CaseSnapshot,
  type Decision,
  type EffectKind,
  type Text,
  type User,
} from '../../domain/case.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { DOCUMENT_TYPES, type DocumentType } from '../../domain/document-types.ts';
import type { Stores } from '../../activities/store/case-row.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { instantText } from '../instant.ts';
import { acceptanceNo, day, effectKind, instant, jsonObject, text, yuan } from '../schemas.ts';
import {
  caseHeaderSchema,
  caseToday,
  HEADER_COLUMNS,
  HEADER_JOINS,
  headerOf,
  type CaseHeader,
  type HeaderRow,
} from './case-header.ts';
import { openFileName } from '../documents/file-name.ts';
import { extendedBy, getLedger, type CaseLedger } from './case-ledger.ts';
import { extensionsOf, suspensionsOf } from './clock-proof.ts';
import { extensionSchema, suspensionSchema } from './clock-schema.ts';
import { isOwn, maskJson } from './mask.ts';
import { maskText } from '../../domain/identifiers.ts';
import { stuckReasons, stuckReasonSchema } from './stuck-reasons.ts';
import { eventSchema, eventsOf } from './timeline.ts';

/** What `next` the clock of a case will do by itself. It informs and escalates; it never decides (0.2-2). */
export const EFFECT_TITLES = {
  REMINDER: { zh: '到期前提醒', en: 'reminder before the due day' },
  DUE: { zh: '今日到期提示', en: 'due today' },
  LIMIT_PASSED: { zh: '登记超期并上报管理人员', en: 'overdue is recorded and escalated to the manager' },
  ESCALATION: { zh: '超期未办，逐级上报', en: 'still overdue: escalated one level up' },
  STUCK: { zh: '登记滞留并上报管理人员', en: 'stuck is recorded and escalated to the manager' },
  CORRECTION_REMINDER: {
    zh: '提醒申请人补正期限将满',
    en: 'the applicant is reminded that the correction window ends',
  },
  CORRECTION_WINDOW_PASSED: { zh: '补正期满提醒', en: 'reminder that the correction window has passed' },
  REPAIR_WINDOW_PASSED: { zh: '登记支付失败逾期未处理', en: 'unrepaired payment is recorded and escalated' },
} as const satisfies Record<EffectKind, Text>;

export const nextEffectSchema = z
  .strictObject({ kind: effectKind, title: text, at: instant })
  .meta({ id: 'NextEffect' });

const clockSummarySchema = z
  .strictObject({
    state: z.enum(['RUNNING', 'STOPPED', 'ENDED', 'NONE']),
    standsSince: day.nullable().meta({ description: 'since when the clocks stand still' }),
    stageExtendedBy: z.int().meta({ description: 'working days granted on top of the limit of the current stage' }),
    totalExtendedBy: z.int(),
    proof: z.string().meta({ description: 'address of the clock proof: every due day, day by day' }),
    page: z.string().meta({ description: 'the same to print' }),
  })
  .meta({ id: 'ClockSummary' });
const stageSchema = z.strictObject({
  seq: z.int(),
  stage: z.string(),
  title: text,
  officeId: z.string().nullable(),
  limitId: z.string().nullable(),
  article: z.string().nullable(),
  startOn: day,
  dueOn: day.nullable(),
  provisional: z.boolean(),
  openedAt: instant,
  closedAt: instant.nullable(),
  closedBy: z.string().nullable(),
  daysLate: z.int().nullable(),
});
export const caseDocumentSchema = z.strictObject({
  documentId: z.uuid(),
  type: z.string(),
  title: text,
  fileName: z.string(),
  mediaType: z.string(),
  byteSize: z.int(),
  sha256: z.string(),
  uploadedBy: z.string(),
  uploadedAt: instant,
  turn: z.int(),
});
const benefitSchema = z.strictObject({
  insuranceYear: z.int(),
  total: yuan,
  inScope: yuan,
  fundPays: yuan,
  insuredPays: yuan,
  breakdown: z.unknown(),
});
const outputSchema = z.strictObject({
  kind: z.string(),
  title: text,
  number: z.string(),
  issuedOn: day,
  turn: z.int(),
  page: z.string(),
});
const relatedSchema = z.strictObject({
  acceptanceNo,
  processType: z.string(),
  status: z.string(),
  relation: z.enum(['OPENED_BY', 'OPENED']),
});

/** One case with all that is known of it, the person masked (`mask.ts`); the possible decisions of the caller are added by the route. */
export const caseViewShape = {
  ...caseHeaderSchema.shape,
  form: jsonObject,
  facts: jsonObject,
  correctionDueOn: day.nullable(),
  suspendedOn: day.nullable(),
  stuckReasons: z.array(stuckReasonSchema),
  next: nextEffectSchema.nullable().meta({ description: 'what the clock does next' }),
  clock: clockSummarySchema,
  suspensions: z.array(suspensionSchema),
  extensions: z.array(extensionSchema),
  stages: z.array(stageSchema),
  documents: z.array(caseDocumentSchema),
  benefit: benefitSchema.nullable(),
  outputs: z.array(outputSchema),
  related: z.array(relatedSchema),
  history: z.array(eventSchema),
};
export type CaseView = z.output<z.ZodObject<typeof caseViewShape>>;

const one = async <R extends pg.QueryResultRow>(db: pg.Pool, name: string, sql: string, id: string): Promise<R[]> =>
  (await db.query<R>({ name, text: sql, values: [id] })).rows;

/** Reads a case that the caller may see; the snapshot has been read already for the rules. */
export async function readCase(
  stores: Stores,
  known: Pick<CaseSnapshot, 'caseId' | 'acceptanceNo' | 'form' | 'facts' | 'personId'>,
  viewer: User,
  definition: ProcessDefinition,
  calendar: Calendar,
  now: number,
): Promise<CaseView> {
  const { db } = stores;
  const { caseId, personId } = known;
  const whole = isOwn(viewer, personId);
  const [headers, ledger, stages, documents, benefits, outputs, related, history] = await Promise.all([
    one<HeaderRow>(
      db,
      'case-header',
      `SELECT ${HEADER_COLUMNS} FROM case_file c ${HEADER_JOINS} WHERE c.case_id = $1`,
      caseId,
    ),
    getLedger(db, caseId),
    one<StageRow>(db, 'case-stages', STAGES, caseId),
    documentsOf(stores, caseId, whole),
    one<z.output<typeof benefitSchema>>(db, 'case-benefit', BENEFIT, caseId),
    one<OutputRow>(db, 'case-outputs', OUTPUTS, caseId),
    one<z.output<typeof relatedSchema>>(db, 'case-related', RELATED, caseId),
    eventsOf(stores, known, definition, whole),
  ]);
  const row = headers[0];
  if (!row) throw new Error(`case ${caseId} vanished`);
  const header: CaseHeader = headerOf(row, viewer, now, calendar);
  return {
    ...header,
    form: whole ? known.form : maskJson(known.form),
    facts: whole ? known.facts : maskJson(known.facts),
    correctionDueOn: row.correction_due_on,
    suspendedOn: row.suspended_on,
    stuckReasons: stuckReasons(row, calendar, caseToday(row, now)),
    next: nextEffect(row),
    clock: clockSummary(header, ledger),
    suspensions: suspensionsOf(ledger),
    extensions: extensionsOf(ledger),
    stages: stages.map((stage) => ({
      ...stage,
      title: definition.stages[stage.stage]?.title ?? untitled(stage.stage),
      openedAt: instantText(stage.openedAt.getTime()),
      closedAt: stage.closedAt && instantText(stage.closedAt.getTime()),
    })),
    documents,
    benefit: benefits[0] ?? null,
    outputs: outputs.map((output) => ({
      ...output,
      title: definition.outputs[output.kind]?.title ?? untitled(output.kind),
      page: `/api/v1/cases/${header.acceptanceNo}/outputs/${output.kind}`,
    })),
    related,
    history: history,
  };
}

/** What was handed in with the case, in the order it came; a file's name is what somebody called it. */
export async function documentsOf(
  { db, vault }: Stores,
  caseId: string,
  whole: boolean,
): Promise<z.output<typeof caseDocumentSchema>[]> {
  const documents = await one<DocumentRow>(db, 'case-documents', DOCUMENTS, caseId);
  const opened = await Promise.all(
    documents.map(async (document) => ({ ...document, fileName: await openFileName(vault, document) })),
  );
  return opened.map((document) => ({
    ...document,
    fileName: whole ? document.fileName : maskText(document.fileName),
    title: DOCUMENT_TYPES[document.type as DocumentType] ?? untitled(document.type),
    uploadedAt: instantText(document.uploadedAt.getTime()),
  }));
}

/** The clocks in a line; how each day came about is in the proof. */
function clockSummary(header: CaseHeader, ledger: CaseLedger): z.output<typeof clockSummarySchema> {
  const { stageClock, totalClock, acceptanceNo: no } = header;
  const clocks = [stageClock, totalClock].filter((clock) => clock !== null);
  const open = ledger.suspensions.filter(({ resumedOn }) => resumedOn === null).map(({ suspendedOn }) => suspendedOn);
  const pass = ledger.passes.at(-1);
  const running = header.endedAt === null && clocks.length > 0;
  return {
    state: header.endedAt !== null ? 'ENDED' : !running ? 'NONE' : open.length > 0 ? 'STOPPED' : 'RUNNING',
    standsSince: header.endedAt === null ? (open.sort()[0] ?? null) : null,
    stageExtendedBy: extendedBy(ledger, 'STAGE', pass?.limitId ?? null, pass?.seq),
    totalExtendedBy: extendedBy(ledger, 'TOTAL', ledger.totalLimitId),
    proof: `/api/v1/cases/${no}/clock`,
    page: `/api/v1/cases/${no}/clock/page`,
  };
}

export const nextEffect = (row: HeaderRow): z.output<typeof nextEffectSchema> | null =>
  row.next_effect_kind && row.next_effect_at
    ? {
        kind: row.next_effect_kind,
        title: EFFECT_TITLES[row.next_effect_kind],
        at: instantText(row.next_effect_at.getTime()),
      }
    : null;

export const untitled = (code: string): Text =>
  code in DECISIONS ? DECISIONS[code as Decision] : { zh: code, en: code };

interface StageRow extends Omit<z.output<typeof stageSchema>, 'title' | 'openedAt' | 'closedAt'> {
  openedAt: Date;
  closedAt: Date | null;
}
interface DocumentRow extends Omit<z.output<typeof caseDocumentSchema>, 'title' | 'uploadedAt'> {
  uploadedAt: Date;
}
interface OutputRow {
  kind: string;
  number: string;
  issuedOn: PlainDate;
  turn: number;
}

const STAGES = `
  SELECT seq, stage, office_id AS "officeId", limit_id AS "limitId", article, start_on::text AS "startOn", due_on::text AS "dueOn", provisional,
         opened_at AS "openedAt", closed_at AS "closedAt", closed_by AS "closedBy", days_late AS "daysLate"
  FROM stage WHERE case_id = $1 ORDER BY seq`;
const DOCUMENTS = `
  SELECT d.document_id::text AS "documentId", x.type, d.file_name AS "fileName", d.media_type AS "mediaType", d.byte_size AS "byteSize", d.sha256,
         d.uploaded_by AS "uploadedBy", d.uploaded_at AS "uploadedAt", x.turn
  FROM case_document x JOIN document d USING (document_id) WHERE x.case_id = $1 ORDER BY x.turn, x.type, d.document_id`;
const BENEFIT = `
  SELECT insurance_year AS "insuranceYear", total::text, in_scope::text AS "inScope", fund_pays::text AS "fundPays", insured_pays::text AS "insuredPays", breakdown
  FROM benefit WHERE case_id = $1 AND current`;
/** Of a paper issued again, the last one counts. */
const OUTPUTS = `
  SELECT DISTINCT ON (kind) kind, number, issued_on::text AS "issuedOn", turn FROM case_output WHERE case_id = $1 ORDER BY kind, turn DESC`;
const RELATED = `
  SELECT p.acceptance_no AS "acceptanceNo", p.process_type AS "processType", p.status, 'OPENED_BY' AS relation
  FROM case_file c JOIN case_file p ON p.case_id = c.parent_case_id WHERE c.case_id = $1
  UNION ALL
  SELECT c.acceptance_no, c.process_type, c.status, 'OPENED' FROM case_file c WHERE c.parent_case_id = $1`;
