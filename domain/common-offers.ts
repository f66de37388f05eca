import { z } from 'zod';
import type { Role } from './case.ts';
import { formDate } from './form.ts';
import { Refusal } from './refusal.ts';
import type { Guard, Offer, ProcessDefinition } from './process.ts';

/**
 * What every procedure with an applicant offers besides its own decisions (processes.md 0.2-1, -4, -6):
 * withdrawing until the last approval, bringing the correction, closing a case nobody corrected.
 */

/** 0.2-6: only after the window has passed and the reminder that says so is recorded. */
const afterTheReminder: Guard = ({ case: snapshot }) =>
  snapshot.facts['correctionReminded'] === true ? undefined : new Refusal('CORRECTION_WINDOW_OPEN');

const notBeforeTheReturn: Guard = ({ input, facts, today }) => {
  const receivedOn = String(input.form?.['correctionReceivedOn'] ?? today);
  if (receivedOn > today)
    return new Refusal('DATE_IN_FUTURE', [
      { path: 'form.correctionReceivedOn', zh: '不能晚于今天', en: 'not after today' },
    ]);
  const since = String(facts['suspendedOn'] ?? '');
  return receivedOn < since
    ? new Refusal('DATE_OUT_OF_RANGE', [
        { path: 'form.correctionReceivedOn', zh: `不能早于退回之日 ${since}`, en: `not before the return on ${since}` },
      ])
    : undefined;
};

const APPROVERS: readonly Role[] = ['COUNTY_APPROVER', 'CITY_LEADER'];

const made = new WeakMap<ProcessDefinition, Record<CommonDecision, Offer>>();
type CommonDecision = 'WITHDRAW' | 'CORRECTION_RECEIVED' | 'CLOSE_AS_WITHDRAWN';

/** Made once for each definition: they are asked for at every decision, and a schema is dear to build. */
export function commonOffersOf(definition: ProcessDefinition): Record<CommonDecision, Offer> {
  const offers = made.get(definition) ?? commonOffers(definition);
  made.set(definition, offers);
  return offers;
}

const commonOffers = (definition: ProcessDefinition) =>
  ({
    WITHDRAW: { by: [...definition.filing.by, 'INSURED_PERSON'], at: 'RECEIVING', reasonRequired: false },
    CORRECTION_RECEIVED: {
      by: definition.filing.by,
      at: 'RECEIVING',
      form: z.strictObject({
        correctionReceivedOn: formDate('补正材料收到日期', 'day the correction came in').optional(),
      }),
      amends: true,
      // What was right at the window must still be right after the correction.
      guards: [notBeforeTheReturn, ...(definition.filing.guards ?? [])],
    },
    CLOSE_AS_WITHDRAWN: { by: APPROVERS, at: 'COUNTY', when: afterTheReminder },
  }) as const satisfies Record<CommonDecision, Offer>;
