import type { Decision, JsonObject } from '../domain/case.ts';
import type { Consequence, Effect } from '../domain/turn.ts';
import type { PlainDate } from '../domain/plain-date.ts';
import type { CaseFile, Decided, Verified } from './case-file.ts';

/** How a chain of reviews can end. */
export type Outcome = 'PASSED' | 'REJECTED' | 'WITHDRAWN';

/** What else a passed step brings about; the chain itself supplies where the case goes next. */
type OnPassing<Step extends string> = Partial<Record<Step, (decided: Decided) => Consequence>>;

/** What a process adds to what the chain does by itself. */
export interface ChainExtras {
  /** what decisions other than passing bring about besides */
  onOther?: Partial<Record<Decision, (decided: Decided) => Consequence>>;
  /**
   * The work that a confirmed verification brings, given the facts with its findings. If that opens a further
   * verification the case goes on waiting; default: the benefit is calculated again.
   */
  afterVerification?: (facts: JsonObject) => Effect[];
}

/**
 * Steps that are passed one after another, each by somebody else: passing goes one up, a return goes down or to the
 * applicant, a rejection or withdrawal ends the case (processes.md 0.2-1 to 0.2-7). `then` is the step after the last.
 */
export async function reviewChain<Step extends string>(
  file: CaseFile<Step>,
  steps: readonly Step[],
  then: Step,
  onPassing: OnPassing<Step> = {},
  extras: ChainExtras = {},
): Promise<Outcome> {
  for (;;) {
    const cause = await file.next();
    if (cause.kind === 'VERIFIED') {
      if ((await recordVerification(file, cause, extras)) === 'REJECTED') return 'REJECTED';
      continue;
    }
    const step = file.step;
    const following = steps[steps.indexOf(step) + 1] ?? then;
    const besides = cause.decision === 'APPROVE' ? onPassing[step] : extras.onOther?.[cause.decision];
    const consequence = { ...consequenceOf(file, cause, steps, following), ...besides?.(cause) };
    if (!(await file.record(cause, consequence))) continue;
    if (cause.decision === 'APPROVE' && step === steps.at(-1)) return 'PASSED';
    if (cause.decision === 'REJECT') return 'REJECTED';
    if (cause.decision === 'WITHDRAW' || cause.decision === 'CLOSE_AS_WITHDRAWN') return 'WITHDRAWN';
  }
}

function consequenceOf<Step extends string>(
  file: CaseFile<Step>,
  decided: Decided,
  steps: readonly Step[],
  following: Step,
): Consequence {
  const decision: Decision = decided.decision;
  switch (decision) {
    case 'APPROVE':
      return { goTo: following };
    case 'RETURN_TO_PREVIOUS':
      return { goTo: decided.returnTo ?? offeredReturn(file) ?? previousOf(file.step, steps) };
    case 'RETURN_TO_APPLICANT':
      // 0.2-4: the day of the return still counts, the clocks stop with the next.
      return {
        status: 'AWAITING_CORRECTION',
        suspend: { kind: 'CORRECTION', reason: decided.reason ?? '', basis: 'processes.md 0.2-4' },
      };
    case 'CORRECTION_RECEIVED':
      return {
        status: 'IN_PROGRESS',
        resumeOn: (decided.form['correctionReceivedOn'] as PlainDate | undefined) ?? file.today(),
      };
    case 'REJECT':
      return { status: 'REJECTED' };
    case 'WITHDRAW':
    case 'CLOSE_AS_WITHDRAWN':
      return { status: 'WITHDRAWN' };
    default:
      return {};
  }
}

function offeredReturn(file: CaseFile): string | undefined {
  return file.definition.steps[file.step]?.decisions.RETURN_TO_PREVIOUS?.returnTo?.[0];
}

function previousOf<S extends string>(step: S, steps: readonly S[]): S {
  const previous = steps[steps.indexOf(step) - 1];
  if (!previous) throw new Error(`nothing before ${step} to return to`);
  return previous;
}

/** 0.2-9: the clocks go on from the day of the last result; a negative one ends the case. */
async function recordVerification(
  file: CaseFile,
  cause: Verified,
  extras: ChainExtras,
): Promise<'GOES_ON' | 'REJECTED'> {
  const { confirmed, facts } = cause.outcome;
  if (!confirmed) {
    return (await file.record(cause, { status: 'REJECTED', facts, resumeOn: file.today() })) ? 'REJECTED' : 'GOES_ON';
  }
  const known = { ...file.snapshot.facts, ...facts };
  const effects = extras.afterVerification?.(known) ?? [{ kind: 'CALCULATE_BENEFIT' as const }];
  const waitsFurther = effects.some((effect) => effect.kind === 'OPEN_CASE');
  await file.record(
    cause,
    waitsFurther ? { facts, effects } : { status: 'IN_PROGRESS', facts, resumeOn: file.today(), effects },
  );
  return 'GOES_ON';
}
