import type { Json, JsonObject } from '../case.ts';
import { CHECK_LIST_ITEMS } from './audit-checklist.ts';

/**
 * What stands on the papers of an audit (documents.md §7), made of the case's form and facts after the decision that
 * issues them. Each paper is kept as it was given out, so it repeats the names and days it was made with.
 */
export interface AuditFile {
  acceptanceNo: string;
  form: JsonObject;
  facts: JsonObject;
}

/** 稽核通知: contents, requirements, methods, materials to prepare. */
export const auditNotice = (file: AuditFile): JsonObject => ({
  ...header(file),
  ...fields(file, [
    'scope',
    'contents',
    'requirements',
    'methods',
    'materialsToPrepare',
    'noticeServedOn',
    'plannedStartOn',
  ]),
});

/** 笔录, with every answered item of the check list and the figure it was held against, if the office has set one. */
export const auditRecord = (file: AuditFile): JsonObject => ({
  ...header(file),
  ...fields(file, [
    'startedOn',
    'auditorsPresent',
    'credentialsShown',
    'recordFacts',
    'auditorsSigned',
    'representativeSigned',
  ]),
  ...(file.form['representativeSigned'] === true
    ? fields(file, ['signerKind', 'representativeName'])
    : fields(file, ['signatureRefusalReason'])),
  checkList: resultsOf(file).map((result) => {
    const { zh, en, target } = CHECK_LIST_ITEMS[String(result['item'])] ?? { zh: '', en: '' };
    return { ...result, zh, en, ...(target ? { target: { zh: target.zh, en: target.en } } : {}) };
  }),
});

/** 书面告知 */
export const auditResultNotice = (file: AuditFile): JsonObject => ({
  ...header(file),
  ...fields(file, ['startedOn', 'endedOn', 'finding', 'resultText', 'resultServedOn']),
});

/** 稽核意见书 */
export const auditOpinion = (file: AuditFile): JsonObject => ({
  ...header(file),
  ...fields(file, [
    'startedOn',
    'endedOn',
    'finding',
    'opinionFacts',
    'violations',
    'opinionServedOn',
    'correctionDueOn',
  ]),
});

/** The report asking the administrative department to punish, Art. 26(二)5. */
export const reportToAdmin = (file: AuditFile): JsonObject => ({
  ...header(file),
  ...fields(file, [
    'opinionFacts',
    'violations',
    'opinionServedOn',
    'correctionDueOn',
    'refusalFacts',
    'reportedTo',
    'reportedOn',
    'reportText',
  ]),
});

/** 稽核编号 is the acceptance number: unique and never used again. `[not in the sources]` */
function header({ acceptanceNo, form, facts }: AuditFile): JsonObject {
  return {
    auditNo: acceptanceNo,
    hospitalId: form['hospitalId'] ?? null,
    hospital: facts['hospital'] ?? null,
    auditors: facts['auditors'] ?? null,
  };
}

function fields({ form }: AuditFile, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name): [string, Json] => [name, form[name] ?? null]));
}

const resultsOf = ({ form }: AuditFile): JsonObject[] => (form['checkList'] ?? []) as JsonObject[];
