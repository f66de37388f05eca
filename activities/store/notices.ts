import type { JsonObject } from '../../domain/case.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import type { Turn } from '../../domain/turn.ts';
import { deskOf } from './desk.ts';
import type { CaseRow } from './case-row.ts';
import type { NextCase } from './next-case.ts';

/** Somebody who has to be told, written in the turn that gives the reason, so that neither exists without the other. */
export interface Notice {
  kind: string;
  toOfficeId?: string | null;
  toRole?: string;
  toPersonId?: string | null;
  content: JsonObject;
}

export function noticesOf({
  definition,
  row,
  turn,
  next,
}: {
  definition: ProcessDefinition;
  row: CaseRow;
  turn: Turn;
  next: NextCase;
}): Notice[] {
  const content: JsonObject = { acceptanceNo: turn.acceptanceNo, stage: row.current_stage, step: row.current_step };
  const desk = deskOf(definition, row, { step: row.current_step, status: row.status });
  const stage = next.state.stageClock;
  const dueOn = (turn.effect?.clock === 'TOTAL' ? next.state.totalClock?.dueOn : stage?.dueOn) ?? null;
  if (turn.effect && next.effectHolds) {
    const limitId = (turn.effect.clock === 'TOTAL' ? next.state.totalClock : stage)?.limitId ?? null;
    const about = { ...content, dueOn, limitId };
    if (turn.kind === 'REMINDER' || turn.kind === 'DUE')
      return [{ kind: turn.kind, toOfficeId: desk.officeId, content: about }];
    if (turn.kind === 'CORRECTION_REMINDER') {
      const until = { ...content, correctionDueOn: next.correctionDueOn ?? null };
      return [{ kind: turn.kind, toPersonId: row.person_id, content: until }];
    }
    if (turn.effect.to === 'COUNTY' || turn.effect.to === 'CITY') {
      const toOfficeId = turn.effect.to === 'COUNTY' ? row.county_id : row.city_id;
      return [{ kind: `ESCALATED_TO_${turn.effect.to}`, toOfficeId, toRole: 'MANAGER', content: about }];
    }
    const escalation: Notice = {
      kind: `ESCALATED_${turn.kind}`,
      toOfficeId: desk.officeId ?? row.county_id,
      toRole: 'MANAGER',
      content: about,
    };
    const applicant: Notice[] =
      turn.kind === 'CORRECTION_WINDOW_PASSED' && row.person_id
        ? [{ kind: 'CORRECTION_REMINDER', toPersonId: row.person_id, content }]
        : [];
    return [escalation, ...applicant];
  }
  // 0.2-7: the applicant is told in writing, with the reason.
  const told = turn.decision === 'REJECT' || turn.decision === 'RETURN_TO_APPLICANT' || next.status === 'REJECTED';
  if (told && row.person_id) {
    return [
      {
        kind: next.status === 'REJECTED' ? 'REJECTED' : 'RETURNED',
        toPersonId: row.person_id,
        content: { ...content, reason: turn.reason ?? '', missing: turn.missing ?? [] },
      },
    ];
  }
  return [];
}

/** Rows for `jsonb_to_recordset`. */
export const noticeRows = (notices: readonly Notice[]) =>
  notices.map(({ kind, toOfficeId, toRole, toPersonId, content }, n) => ({
    n,
    kind,
    to_office_id: toOfficeId ?? null,
    to_role: toRole ?? null,
    to_person_id: toPersonId ?? null,
    content,
  }));
