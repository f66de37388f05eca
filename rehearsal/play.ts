import { WorkflowUpdateFailedError } from '@temporalio/client';
import { decideCase } from '../api/cases/decide-case.ts';
import type { CaseDeps } from '../api/cases/deps.ts';
import { fastForwardCase } from '../api/cases/fast-forward-case.ts';
import { fileCase } from '../api/cases/file-case.ts';
import type { AttachedDocument, User } from '../domain/case.ts';
import type { DocumentType } from '../domain/document-types.ts';
import { Refusal } from '../domain/refusal.ts';
import type { DecisionAnswer } from '../domain/turn.ts';
import type { Move, Plan } from './plan/index.ts';
import { dayAt } from './recount/days.ts';
import type { ProcessCode } from './recount/procedures.ts';
import type { Act, Life } from './recount/recount.ts';

/** What playing a case needs besides the services of the API. */
export interface Stage {
  deps: CaseDeps;
  userOf(username: string): Promise<User>;
  documentsOf(types: readonly DocumentType[]): AttachedDocument[];
  /** end of the observation, epoch ms */
  until: number;
  /** for what is worth a line, but no difference */
  note: (line: string) => void;
  /** true when everybody should go home */
  stopped: () => boolean;
}

/** A case that was played: its number and what people did to it, for the recount. */
export interface Played {
  acceptanceNo: string;
  life: Life & { acts: Act[] };
}

/**
 * Plays the plan of one case on the real engine: filed on a clock of its own, which is moved on to each decision, so that
 * every timer on the way fires in the real procedure. Answers the case and those it was waiting for.
 */
export async function play(stage: Stage, plan: Plan): Promise<Played[]> {
  const { deps, until } = stage;
  const clockAheadMs = plan.filing.at - Date.now();
  const { answer } = await fileCase(
    { ...deps, clockAheadMs },
    {
      user: await stage.userOf(plan.filing.who),
      processType: plan.process,
      form: plan.filing.form,
      documents: stage.documentsOf(plan.filing.documents),
      ...(plan.filing.receivedOn ? { receivedOn: plan.filing.receivedOn } : {}),
      key: `${plan.number}/filed`,
      requestHash: `${plan.number}`,
    },
  );
  const played: Played = {
    acceptanceNo: answer.acceptanceNo,
    life: lifeOf(plan, answer, until),
  };
  const all = [played];
  let seen = plan.filing.at;
  for (const [index, move] of plan.moves.entries()) {
    if (move.at >= until || stage.stopped()) break;
    await moveOn(deps, played.acceptanceNo, seen, move.at);
    seen = move.at;
    if (move.on === 'VERIFICATION') await verify(stage, all, move, index);
    else {
      const answered = await decide(stage, played.acceptanceNo, move, `${plan.number}/${index}`);
      if (!answered) continue;
      played.life.acts.push({ ...move.act, at: move.at, version: answered.version });
      if (move.act.awaitsVerification) all.push(await opened(deps, played, move.at, until));
    }
  }
  for (const each of all) await finish(stage, each.acceptanceNo);
  return all;
}

function lifeOf(plan: Plan, { version }: DecisionAnswer, until: number): Played['life'] {
  const { filing, process, window, firstStep } = plan;
  return {
    process,
    receivedOn: filing.receivedOn ?? dayAt(filing.at),
    window,
    firstStep,
    filedAt: filing.at,
    filedVersion: version,
    ...(filing.entered ? { entered: filing.entered } : {}),
    acts: [],
    until,
  };
}

/** Lets the time of a case pass until the day of the next move; within a day it need not pass. */
async function moveOn(deps: CaseDeps, acceptanceNo: string, from: number, to: number): Promise<void> {
  if (dayAt(from) !== dayAt(to)) await fastForwardCase(deps, acceptanceNo, to);
}

/** An overloaded system asks to repeat with the same key. Undefined: refused, as it may be. */
async function decide(
  stage: Stage,
  acceptanceNo: string,
  move: Move,
  key: string,
): Promise<DecisionAnswer | undefined> {
  const { step, decision, form, reason, missing, returnTo } = move;
  const request = {
    user: await stage.userOf(move.who),
    acceptanceNo,
    input: {
      step,
      decision,
      documents: stage.documentsOf(move.documents ?? []),
      ...(form ? { form } : {}),
      ...(reason ? { reason } : {}),
      ...(missing ? { missing } : {}),
      ...(returnTo ? { returnTo } : {}),
    },
    key,
    requestHash: key,
  };
  for (let tries = 1; ; tries += 1) {
    try {
      return await decideCase(stage.deps, request);
    } catch (problem) {
      if (problem instanceof WorkflowUpdateFailedError && tries < TRIES) {
        // Whoever is told so asks again under the same key and gets the first answer (I1); the recount sees if not.
        stage.note(
          `${acceptanceNo}: ${move.decision} at ${move.step} was not answered (${String(problem.cause)}), asked again`,
        );
        continue;
      }
      if (!(problem instanceof Refusal)) throw problem;
      if (move.mayBeRefused && MAY_BE_REFUSED.includes(problem.code)) return undefined;
      if (problem.code !== 'NOT_AVAILABLE') throw new Error(refusedSentence(acceptanceNo, move, problem));
    }
  }
}

/** How often a person asks when the engine gives no answer. */
const TRIES = 5;
/** An extension has rules about when, how often and how long; people try. */
const MAY_BE_REFUSED = ['EXTENSION_TOO_LATE', 'EXTENSION_USED_UP', 'EXTENSION_TOO_LONG', 'EXTENSION_NOT_ALLOWED'];

/** A plan that is refused is a mistake of the plan: it says which move, so that it can be put right. */
const refusedSentence = (acceptanceNo: string, { who, decision, step, at }: Move, refusal: Refusal): string =>
  `${acceptanceNo}: ${decision} by ${who} at ${step} on ${dayAt(at)} was refused: ${refusal.code} ${JSON.stringify(refusal.faults)}`;

/** The case of its own that the played one now waits for; it begins on the same day. */
async function opened({ db }: CaseDeps, { acceptanceNo }: Played, at: number, until: number): Promise<Played> {
  const { rows } = await db.query<{ number: string; process: ProcessCode }>(
    `SELECT v.acceptance_no AS number, v.process_type AS process
     FROM case_file c JOIN case_file v ON v.acceptance_no = c.facts->>'verificationCase' WHERE c.acceptance_no = $1`,
    [acceptanceNo],
  );
  const found = rows[0];
  if (!found) throw new Error(`${acceptanceNo} waits for no other case`);
  return {
    acceptanceNo: found.number,
    life: {
      process: found.process,
      receivedOn: dayAt(at),
      window: 'COUNTY',
      firstStep: 'VERIFYING',
      endsAfter: 'VERIFYING',
      filedAt: at,
      filedVersion: 0,
      acts: [],
      until,
    },
  };
}

/** The auditors decide the case that is waited for; its result comes to the waiting one by itself, on the same day. */
async function verify(stage: Stage, all: Played[], move: Move, index: number): Promise<void> {
  const [waiting, verification] = [all[0], all.at(-1)];
  if (!waiting || !verification || waiting === verification) throw new Error('nothing is being verified');
  const { deps, until } = stage;
  await moveOn(deps, verification.acceptanceNo, verification.life.filedAt, move.at);
  const key = `${waiting.acceptanceNo}/${index}`;
  const { verified, ...act } = move.act;
  const answered = await decide(stage, verification.acceptanceNo, move, key);
  if (!answered) throw new Error('a verification result is never refused');
  verification.life.acts.push({ ...act, at: move.at, version: answered.version });
  const heard = await heardIn(deps, waiting.acceptanceNo, all.length - 1);
  waiting.life.acts.push({ act: 'VERIFIED', at: move.at, version: heard, ...(verified ? { verified } : {}) });
  if (verified === 'CONFIRMED_WAITS_FURTHER') all.push(await opened(deps, waiting, move.at, until));
}

/** The turn in which the n-th result arrived; it travels from one procedure to the other on its own. */
async function heardIn({ db }: CaseDeps, acceptanceNo: string, nth: number): Promise<number> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { rows } = await db.query<{ turn: number }>({
      name: 'rehearsal-heard',
      text: `SELECT e.turn FROM case_event e JOIN case_file c USING (case_id)
             WHERE c.acceptance_no = $1 AND e.kind = 'VERIFICATION_RESULT' ORDER BY e.seq OFFSET $2 LIMIT 1`,
      values: [acceptanceNo, nth - 1],
    });
    if (rows[0]) return rows[0].turn;
    await pause();
  }
  throw new Error(`${acceptanceNo}: the result of its verification has not arrived`);
}

/** Lets what is still open live to the end of the observation, and its last effects reach the store. */
async function finish({ deps, until, stopped }: Stage, acceptanceNo: string): Promise<void> {
  const row = await statusOf(deps, acceptanceNo);
  if (row.ended || stopped()) return;
  await fastForwardCase(deps, acceptanceNo, until);
  for (let tries = 0; tries < 600; tries += 1) {
    const { next } = await statusOf(deps, acceptanceNo);
    if (!next || next.getTime() > until) return;
    await pause();
  }
}

async function statusOf({ db }: CaseDeps, acceptanceNo: string): Promise<{ ended: boolean; next: Date | null }> {
  const { rows } = await db.query<{ ended: boolean; next: Date | null }>({
    name: 'rehearsal-status',
    text: `SELECT ended_at IS NOT NULL AS ended, next_effect_at AS next FROM case_file WHERE acceptance_no = $1`,
    values: [acceptanceNo],
  });
  if (!rows[0]) throw new Error(`no case ${acceptanceNo}`);
  return rows[0];
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
