import { getProcess } from '../../domain/processes/index.ts';
import type { EffectOf } from '../../domain/turn.ts';
import { insertCase } from '../filing.ts';
import type { EffectContext, EffectResult } from './index.ts';

/** A verification as a case of its own: same person, hospital and papers, handled at the county, filed by nobody. */
export async function openCase(context: EffectContext, effect: EffectOf<'OPEN_CASE'>): Promise<EffectResult> {
  const { tx, row, next, turn, calendar, today, deps } = context;
  const definition = getProcess(effect.process);
  const { person, hospital } = next.facts;
  const papers = await tx.query<{ type: string; documentId: string }>({
    name: 'documents-of-case',
    text: `SELECT type, document_id::text AS "documentId" FROM case_document WHERE case_id = $1 ORDER BY turn, type, document_id`,
    values: [turn.caseId],
  });
  const opened = await insertCase(tx, deps.vault, {
    definition,
    at: turn.at,
    clockAheadMs: Number(row.clock_ahead_ms),
    form: effect.form,
    // Who and where; what the other case was calculated to is none of this one's papers' business.
    facts: { person: person ?? null, hospital: hospital ?? null, openedBy: turn.acceptanceNo },
    documents: papers.rows,
    receivedOn: today,
    offices: { receivingId: row.county_id, countyId: row.county_id, cityId: row.city_id },
    ...(row.person_id ? { personId: row.person_id } : {}),
    ...(row.provider_id ? { providerId: row.provider_id } : {}),
    step: definition.filing.firstStepWhenOpened ?? definition.filing.firstStep,
    parentCaseId: turn.caseId,
    calendar,
    spreadSeconds: deps.spreadSeconds,
    ...(deps.limits ? { limits: deps.limits } : {}),
  });
  const { acceptanceNo } = opened.snapshot;
  return { opened: acceptanceNo, facts: { verificationCase: acceptanceNo } };
}
