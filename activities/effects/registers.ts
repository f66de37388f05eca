import { addDays, addMonths, type PlainDate } from '../../domain/plain-date.ts';
import type { EffectOf } from '../../domain/turn.ts';
import { personSubject, sealText } from '../../vault/vault.ts';
import type { EffectContext, EffectResult } from './index.ts';

/** Registers that procedures write to: chronic registrations, out-of-area filings, introduction letters, claims. */

/** P01: active from the approval day for as long as the disease's validity says `[not in the sources]`. */
export async function registerChronicDisease(
  { tx, row, next, turn, deps }: EffectContext,
  effect: EffectOf<'REGISTER_CHRONIC_DISEASE'>,
): Promise<EffectResult> {
  const disease = next.facts['disease'] as { validMonths?: number } | undefined;
  const validTo = addDays(addMonths(effect.validFrom, disease?.validMonths ?? 12), -1);
  const subject = personSubject(row.person_id ?? '');
  const diseaseCode = await sealText(deps.vault, subject, 'diseaseCode', effect.diseaseCode);
  await tx.query({
    name: 'register-chronic',
    text: 'INSERT INTO chronic_registration (case_id, person_id, disease_code, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)',
    values: [turn.caseId, row.person_id, diseaseCode, effect.validFrom, validTo],
  });
  // What was claimed by the open application is from now on held by the registration, for as long as it is valid.
  await holdClaims(turn.caseId, effect.validFrom, validTo, tx);
  return { facts: { validFrom: effect.validFrom, validTo } };
}

export async function fileOutOfArea(
  { tx, row, turn }: EffectContext,
  effect: EffectOf<'FILE_OUT_OF_AREA'>,
): Promise<EffectResult> {
  await tx.query({
    name: 'file-out-of-area',
    text: 'INSERT INTO out_of_area_filing (case_id, person_id, destination, valid_from, valid_to) VALUES ($1, $2, $3, $4, $5)',
    values: [turn.caseId, row.person_id, effect.destination, effect.validFrom, effect.validTo],
  });
  await holdClaims(turn.caseId, effect.validFrom, effect.validTo, tx);
  return { facts: { validFrom: effect.validFrom, validTo: effect.validTo } };
}

export async function cancelOutOfArea({ tx, turn, today }: EffectContext): Promise<EffectResult> {
  await tx.query({
    name: 'cancel-out-of-area',
    text: 'UPDATE out_of_area_filing SET cancelled_on = $2 WHERE case_id = $1 AND cancelled_on IS NULL',
    values: [turn.caseId, today],
  });
  return { facts: { cancelledOn: today } };
}

export async function issueIntroductionLetter(
  { tx, row, turn, today }: EffectContext,
  effect: EffectOf<'ISSUE_INTRODUCTION_LETTER'>,
): Promise<EffectResult> {
  const letterNo = `L-${turn.acceptanceNo}`;
  await tx.query({
    name: 'issue-letter',
    text: `INSERT INTO introduction_letter (letter_no, case_id, person_id, provider_id, admitted_on, liability, liability_grade, issued_on)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      letterNo,
      turn.caseId,
      row.person_id,
      row.provider_id,
      effect.admittedOn,
      effect.liability,
      effect.liabilityGrade,
      today,
    ],
  });
  return { facts: { letterNo } };
}

export async function releaseClaims({ tx, turn }: EffectContext): Promise<EffectResult> {
  await tx.query({
    name: 'release-claims',
    text: 'UPDATE case_claim SET released_at = $2 WHERE case_id = $1 AND released_at IS NULL',
    values: [turn.caseId, new Date(turn.at)],
  });
  return {};
}

async function holdClaims(caseId: string, from: PlainDate, to: PlainDate, tx: EffectContext['tx']): Promise<void> {
  await tx.query({
    name: 'hold-claims',
    text: 'UPDATE case_claim SET valid_from = $2, valid_to = $3 WHERE case_id = $1 AND released_at IS NULL',
    values: [caseId, from, to],
  });
}
