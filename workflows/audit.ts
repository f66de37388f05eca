import type { FiledCase, Json, JsonObject } from '../domain/case.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import type { StepOf } from '../domain/process.ts';
import { audit as rules } from '../domain/processes/audit.ts';
import {
  auditNotice,
  auditOpinion,
  auditRecord,
  auditResultNotice,
  reportToAdmin,
} from '../domain/processes/audit-papers.ts';
import type { Consequence, StageLimit } from '../domain/turn.ts';
import { openCaseFile, type CaseFile, type Decided } from './case-file.ts';

type Step = StepOf<typeof rules>;
type File = CaseFile<Step>;

/** P04, S0 Art. 26(二): plan, notice, audit on site, record, end; then the result, or the opinion and what becomes of it. */
export async function audit(filed: FiledCase): Promise<void> {
  const file = openCaseFile(rules, filed);
  while (!file.ended) {
    const decided = await file.next();
    if (decided.kind !== 'DECISION') throw new Error('an audit waits for no other case');
    await file.record(decided, consequenceOf(file, decided));
  }
}

function consequenceOf(file: File, decided: Decided): Consequence {
  const form = { ...file.snapshot.form, ...decided.form };
  switch (decided.decision) {
    case 'APPROVE':
      return whenDone(file, decided, form);
    case 'REPORT':
      // The auditee refuses: it must be reported for punishment by law.
      return enter('REPORTED_TO_ADMIN', form);
    case 'RETURN_TO_PREVIOUS':
      return enter(stepBefore(file.step), form);
    case 'SAVE':
      // A moved start moves the last lawful day of the notice with it.
      return file.step === 'NOTICE_SERVED' && decided.form['plannedStartOn']
        ? { ...enter('NOTICE_SERVED', form), reopen: true }
        : {};
    default:
      throw new Error(`${decided.decision} is not offered in an audit`);
  }
}

/** What follows when the work of the current step is done. */
function whenDone(file: File, decided: Decided, form: JsonObject): Consequence {
  const paper = {
    acceptanceNo: file.snapshot.acceptanceNo,
    form,
    facts: { ...file.snapshot.facts, ...decided.request.facts },
  };
  switch (file.step) {
    case 'PLANNED':
      return { ...enter('NOTICE_SERVED', form), facts: { auditNo: paper.acceptanceNo } };
    case 'NOTICE_SERVED': {
      // 1. Three days ahead what, how and with which materials; or none, in recorded special circumstances. Only what
      // this decision says counts: a notice or an exception from before a return is void.
      const noticeServedOn = decided.form['noticeServedOn'] ?? null;
      const outputs = noticeServedOn ? [{ kind: 'AUDIT_NOTICE', content: auditNotice(paper) }] : [];
      return {
        ...enter('ON_SITE', form),
        ...doneOn(noticeServedOn),
        facts: { noticeServedOn, noticeWaived: decided.form['noticeWaived'] === true },
        outputs,
      };
    }
    case 'ON_SITE':
      // 2. Two or more auditors show their credentials and audit.
      return enter('RECORD_SIGNED', form);
    case 'RECORD_SIGNED':
      // 3. Signed by both sides, or by one with the other's reason for refusing.
      return { ...enter('AUDIT_ENDED', form), outputs: [{ kind: 'AUDIT_RECORD', content: auditRecord(paper) }] };
    case 'AUDIT_ENDED':
      // 4. and 5. part here; both count from the day the audit ended.
      return enter(form['finding'] === 'VIOLATION' ? 'OPINION_SERVED' : 'RESULT_NOTIFIED', form);
    case 'RESULT_NOTIFIED':
      return {
        ...close('RESULT_NOTIFIED'),
        ...doneOn(form['resultServedOn']),
        outputs: [{ kind: 'AUDIT_RESULT_NOTICE', content: auditResultNotice(paper) }],
      };
    case 'OPINION_SERVED':
      return {
        ...enter('RECTIFICATION', form),
        ...doneOn(form['opinionServedOn']),
        outputs: [{ kind: 'AUDIT_OPINION', content: auditOpinion(paper) }],
      };
    case 'RECTIFICATION':
      return { ...enter('RECTIFIED', form), ...doneOn(form['correctedOn']) };
    case 'RECTIFIED':
      return close('RECTIFIED');
    case 'REPORTED_TO_ADMIN':
      return {
        ...enter('ADMIN_RESULT_RECEIVED', form),
        outputs: [{ kind: 'REPORT_TO_ADMIN', content: reportToAdmin(paper) }],
      };
    case 'ADMIN_RESULT_RECEIVED':
      return close('ADMIN_RESULT_RECEIVED');
    case 'CLOSED':
      throw new Error('a closed audit offers nothing');
  }
}

/** A paper served in time and entered later was served in time. */
const doneOn = (day: Json | undefined): Consequence => (typeof day === 'string' ? { doneOn: day as PlainDate } : {});

/** Goes to a step; its clock starts from the day people entered, not from the day they entered it. */
function enter(step: Step, form: JsonObject): Consequence {
  const limit = limitOf(step, form);
  return { goTo: step, ...(limit ? { limit } : {}) };
}

function limitOf(step: Step, form: JsonObject): StageLimit | undefined {
  const day = (field: string) => form[field] as PlainDate;
  switch (step) {
    case 'NOTICE_SERVED':
      return { id: 'DL-30', startOn: day('plannedStartOn') };
    case 'RESULT_NOTIFIED':
      return { id: 'DL-31', startOn: day('endedOn') };
    case 'OPINION_SERVED':
      return { id: 'DL-32', startOn: day('endedOn') };
    case 'RECTIFICATION':
      // Sent back as not corrected, the auditee keeps the day of the opinion: no article lets it be extended.
      return { id: 'DL-33', startOn: day('opinionServedOn'), dueOn: day('correctionDueOn') };
    default:
      return undefined;
  }
}

/** Ends the case; how it ended is the stage it was closed after: no violation, corrected, or decided by the administration. */
function close(after: Step): Consequence {
  return { goTo: 'CLOSED', status: 'CLOSED', facts: { closedAfter: after } };
}

function stepBefore(step: Step): Step {
  const { decisions } = rules.steps[step];
  if (!('RETURN_TO_PREVIOUS' in decisions)) throw new Error(`nothing before ${step} to return to`);
  return decisions.RETURN_TO_PREVIOUS.returnTo[0];
}
