import fc from 'fast-check';
import type { ActorRecord, CaseSnapshot, User } from '../../domain/case.ts';
import { checkPerson } from '../../domain/decisions.ts';
import { getProcess } from '../../domain/processes/index.ts';
import type { StepDefinition } from '../../domain/process.ts';
import { Refusal } from '../../domain/refusal.ts';
import { actorsOf, dutyOfDecision } from '../../domain/separation.ts';

/** Whatever people try, in whatever order and under whatever accounts: no natural person holds two duties of one chain. */
const definition = getProcess('REIMBURSEMENT_REVIEW');
const offices = { receivingId: 'O', townshipId: 'O', countyId: 'O', cityId: 'O' };
const ROLES = [...new Set(Object.values(definition.steps).flatMap(({ by }) => [...by]))];
const moves = Object.entries(definition.steps as Record<string, StepDefinition>).flatMap(([step, { decisions }]) =>
  [...Object.keys(decisions), 'CORRECTION_RECEIVED'].map((decision) => ({
    step,
    decision: decision as keyof typeof decisions,
  })),
);

const person = fc.constantFrom('A', 'B', 'C');
const account = fc.record({
  identity: person,
  nth: fc.constantFrom(1, 2),
  principal: fc.option(person, { nil: undefined }),
});
const attempt = fc.record({
  who: account,
  role: fc.option(fc.constantFrom(...ROLES), { freq: 1, nil: undefined }),
  move: fc.constantFrom(...moves),
});

interface Attempt {
  who: { identity: string; nth: number; principal: string | undefined };
  /** default: one that decides at the step */
  role: (typeof ROLES)[number] | undefined;
}
const userOf = ({ who: { identity, nth, principal }, role }: Attempt, step: string): User => ({
  ...{
    id: `${identity}${nth}`,
    name: identity,
    identity,
    roles: [role ?? definition.steps[step]?.by[0] ?? 'MANAGER'],
    officeId: 'O',
  },
  relatives: identity === 'C' ? ['p-of-C'] : [],
  ...(principal && principal !== identity
    ? { actingFor: { id: `${principal}1`, name: principal, identity: principal } }
    : {}),
});

it('no path gives one natural person two duties of a chain, nor a relative’s case to anybody', () => {
  let decided = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(attempt, { maxLength: 60 }), fc.constantFrom('p-of-C', 'p-x'), (attempts, personId) => {
      const actors: ActorRecord[] = [];
      const duties = new Map<string, Set<string>>();
      for (const { move, ...one } of attempts) {
        const user = userOf(one, move.step);
        const snapshot = { process: definition.code, step: move.step, offices, personId, facts: {}, actors };
        try {
          checkPerson(definition, snapshot as unknown as CaseSnapshot, user, move.decision);
        } catch (problem) {
          expect(problem).toBeInstanceOf(Refusal);
          refused++;
          continue;
        }
        decided++;
        expect(user.relatives).not.toContain(personId);
        const duty = dutyOfDecision(definition, move.step, move.decision, user);
        if (!duty) continue;
        actors.push(...actorsOf(duty, user));
        for (const natural of [user.identity, user.actingFor?.identity].filter((each) => each !== undefined)) {
          const held = duties.get(`${natural} ${duty.chain}`) ?? new Set();
          duties.set(`${natural} ${duty.chain}`, held.add(duty.duty));
          expect([...held]).toHaveLength(1);
        }
      }
    }),
    { numRuns: 1_000 },
  );
  // Both must really happen, or nothing was shown.
  expect(decided).toBeGreaterThan(1_000);
  expect(refused).toBeGreaterThan(1_000);
});
