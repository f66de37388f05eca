import { ENDED, type CaseSnapshot, type CaseStatus, type Decision } from '../../domain/case.ts';
import { checkDecision } from '../../domain/decisions.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { Refusal } from '../../domain/refusal.ts';
import { differs, type Findings } from '../check.ts';
import type { WalkedTurn } from '../walk.ts';

/**
 * Every decision once more before the rules: was it on offer at that step, to that person, of that office, with that form, that
 * reason and those papers, and were the four eyes four? And where the case went from there.
 */
export function checkDecisions(definition: ProcessDefinition, turns: readonly WalkedTurn[], found: Findings): void {
  for (const { turn, event, before, state, today } of turns) {
    const of = `turn ${turn.turn} ${event.decision ?? event.kind}`;
    if (!before) {
      const known = state.step in definition.steps;
      found.hold('DECISIONS', of, known, () => differs(state.step, Object.keys(definition.steps)));
      continue;
    }
    if (turn.request) {
      const { user, input, facts } = turn.request;
      const refused = refusalOf(() => checkDecision(definition, before, user, input, today, facts));
      found.hold('DECISIONS', of, refused === undefined, () => ({
        zh: `依规则应拒绝：${refused}`,
        en: `the rules refuse it: ${refused}`,
      }));
      const said = [event.decision, event.step, event.actor_id, event.actor_name];
      const asked = [input.decision, before.step, user.id, user.name];
      found.hold('DECISIONS', `${of}: who and what`, String(said) === String(asked), () => differs(said, asked));
      const path = wrongPath(definition, input.decision, before, state.step, state.status);
      found.hold('DECISIONS', `${of} → ${state.step}`, !path, () => differs(`${state.step} ${state.status}`, path));
    } else if (event.kind !== 'VERIFICATION_RESULT') {
      // Silence is not consent: no clock moves a case (I6).
      const stayed = state.step === before.step && state.status === before.status;
      found.hold('DECISIONS', of, stayed, () =>
        differs(`${state.step} ${state.status}`, `${before.step} ${before.status}`),
      );
    }
  }
}

/** Where the decision may lead, in words, when the case went elsewhere. */
function wrongPath(
  definition: ProcessDefinition,
  decision: Decision,
  before: CaseSnapshot,
  step: string,
  status: CaseStatus,
): string | undefined {
  if (!(step in definition.steps)) return Object.keys(definition.steps).join(', ');
  const back = definition.steps[before.step]?.decisions.RETURN_TO_PREVIOUS?.returnTo;
  const stays = step === before.step;
  switch (decision) {
    case 'RETURN_TO_APPLICANT':
      return stays && status === 'AWAITING_CORRECTION' ? undefined : `${before.step} AWAITING_CORRECTION`;
    case 'RETURN_TO_PREVIOUS':
      return !back || back.includes(step) ? undefined : back.join(', ');
    case 'REJECT':
      return status === 'REJECTED' ? undefined : 'REJECTED';
    case 'WITHDRAW':
    case 'CLOSE_AS_WITHDRAWN':
      return status === 'WITHDRAWN' ? undefined : 'WITHDRAWN';
    case 'SUSPEND':
    case 'RESUME':
    case 'EXTEND':
    case 'SAVE':
      return stays && status === before.status ? undefined : `${before.step} ${before.status}`;
    case 'CORRECTION_RECEIVED':
      return stays && !ENDED.includes(status) ? undefined : before.step;
    case 'APPROVE':
    case 'CANCEL':
    case 'REPORT':
      return status === 'REJECTED' || status === 'WITHDRAWN' ? 'not REJECTED, not WITHDRAWN' : undefined;
  }
}

function refusalOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (problem) {
    if (problem instanceof Refusal) return problem.code;
    throw problem;
  }
}
