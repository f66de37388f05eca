import { randomUUID } from 'node:crypto';
import type { Dice } from '../rehearsal/plan/dice.ts';
import type { Move } from '../rehearsal/plan/index.ts';
import type { Outcome, Request, Staff } from './staff.ts';

/** What people do wrong with a decision, and what networks do to it. */
export type Mischief =
  /** the same request so many times at one moment, and once more when it was answered long ago */
  | { kind: 'SAME_KEY'; times: number }
  /** the button pressed twice or more: each time another key, one decision */
  | { kind: 'MORE_KEYS'; times: number }
  /** somebody else decides the contrary at the same moment */
  | { kind: 'OPPOSITE'; decision: 'RETURN_TO_APPLICANT' | 'REJECT' }
  /** somebody who may not */
  | { kind: 'STRANGER'; username: string }
  /** whoever took the step before takes this one, too, before the one who should */
  | { kind: 'SAME_PERSON'; username: string }
  /** a step that is not there yet, or that was passed long ago */
  | { kind: 'OTHER_STEP'; step: string };

const STRANGERS = ['hosp1.physician', 'town2.clerk', 'county2.approver', 'city.finpayer'] as const;

/** About every third decision. */
export function mischiefOf(move: Move, chance: Dice, before: string): Mischief | undefined {
  const course = chance.throw();
  if (course < 0.14) return { kind: 'SAME_KEY', times: chance.pick([2, 2, 3, 5, 20]) };
  if (course < 0.2) return { kind: 'MORE_KEYS', times: 2 };
  if (course < 0.25 && move.decision === 'APPROVE' && move.on === 'CASE')
    return { kind: 'OPPOSITE', decision: chance.pick(['RETURN_TO_APPLICANT', 'RETURN_TO_APPLICANT', 'REJECT']) };
  if (course < 0.29) return strangerTo(move, chance);
  if (course < 0.32) return { kind: 'OTHER_STEP', step: move.step === 'PAID' ? 'INTAKE' : 'PAID' };
  if (course < 0.38 && before !== move.who) return { kind: 'SAME_PERSON', username: before };
  return undefined;
}

/** Nobody of the office that decides. */
function strangerTo({ who }: Move, chance: Dice): Mischief {
  const office = who.split('.')[0] ?? '';
  const [first = 'hosp1.physician', ...others] = STRANGERS.filter((each) => !each.startsWith(`${office}.`));
  return { kind: 'STRANGER', username: chance.pick([first, ...others]) };
}

/** Sends the request as it is meant, with the mischief around it; answers what came of the meant one. */
export async function withMischief(staff: Staff, request: Request, mischief?: Mischief): Promise<Outcome> {
  const { about, body } = request;
  switch (mischief?.kind) {
    case 'SAME_KEY': {
      const key = randomUUID();
      const meant = staff.send({ ...request, key });
      const copies = Array.from({ length: mischief.times - 1 }, () => staff.again({ ...request, key }));
      const [outcome] = await Promise.all([meant, ...copies]);
      await staff.again({ ...request, key });
      return outcome;
    }
    case 'MORE_KEYS': {
      const outcomes = await Promise.all(Array.from({ length: mischief.times }, () => staff.send(request)));
      return outcomes.find(({ kind }) => kind === 'DONE') ?? outcomes[0] ?? { kind: 'UNKNOWN' };
    }
    case 'OPPOSITE': {
      const { decision } = mischief;
      const contrary = {
        step: about.step,
        decision,
        reason: '材料不符',
        ...(decision === 'REJECT' ? {} : { missing: ['病历'] }),
      };
      const [outcome] = await Promise.all([
        staff.send(request),
        staff.send({ ...request, body: contrary, about: { ...about, decision, act: { act: decision } } }),
      ]);
      return outcome;
    }
    case 'STRANGER': {
      const { username } = mischief;
      const strange: Request = {
        ...request,
        username,
        body: { ...body, documents: [] },
        about: { ...about, forbidden: true },
      };
      const [outcome] = await Promise.all([staff.send(request), staff.send(strange)]);
      return outcome;
    }
    case 'SAME_PERSON': {
      const { username } = mischief;
      const early = await staff.send({ ...request, username, body: { ...body, documents: [] } });
      return early.kind === 'DONE' ? early : staff.send(request);
    }
    case 'OTHER_STEP': {
      const { step } = mischief;
      await staff.send({ ...request, body: { ...body, step }, about: { ...about, step, forbidden: true } });
      return staff.send(request);
    }
    case undefined:
      return staff.send(request);
  }
}
