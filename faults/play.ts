import type { JsonObject } from '../domain/case.ts';
import { dice, type Dice } from '../rehearsal/plan/dice.ts';
import type { Move, Plan } from '../rehearsal/plan/index.ts';
import { dayAt } from '../rehearsal/recount/days.ts';
import { mischiefOf, withMischief } from './mischief.ts';
import type { People } from './people.ts';
import type { Recorder } from './record.ts';
import { pause, type Outcome, type Request, type Staff } from './staff.ts';

/** What playing a case needs. */
export interface Stage {
  staff: Staff;
  people: People;
  record: Recorder;
  seed: number;
  /** true when everybody should finish what they have in hand and go home */
  over: () => boolean;
}

/** Of so many cases one is lived through on a clock of its own, with every deadline on the way. */
const ONE_IN = 4;
/** Who is refused so often is no longer helped by trying; the case is left as it is. */
const PATIENT_WITH_REFUSALS = 3;
const RESULT_WITHIN_MS = 300_000;
/** How often people walk away: when nobody answers, and when the connection breaks. */
const GIVES_UP = 0.08;
const BREAKS_WITH_IT = 0.5;
const givesUp = (chance: Dice): Request['givesUp'] => {
  const course = chance.throw();
  if (course < GIVES_UP) return 'ALWAYS';
  return course < GIVES_UP + BREAKS_WITH_IT ? 'BROKEN' : undefined;
};

/** Plays the plan of one case over HTTP, with the mistakes people make on the way. */
export async function play(stage: Stage, plan: Plan): Promise<void> {
  const { staff } = stage;
  const chance = dice(stage.seed, plan.number + 1_000_000);
  const slow = plan.process === 'AUDIT' || plan.number % ONE_IN === 0;
  const filed = await file(stage, plan, chance, slow);
  if (!filed) return;
  let on = filed;
  let refusals = 0;
  let before = plan.filing.who;
  for (const move of plan.moves) {
    if (stage.over() || refusals >= PATIENT_WITH_REFUSALS) return;
    if (move.on === 'VERIFICATION') on = await verificationOf(staff, filed);
    else if (on !== filed) {
      if (!(await goesOn(stage, filed))) return;
      on = filed;
    }
    if (slow) await forwardTo(staff, on, dayAt(move.at));
    const outcome = await decide(stage, on, move, { chance, slow, clerk: plan.filing.who, before });
    if (outcome === 'LEFT') return;
    before = move.who;
    refusals = outcome.kind === 'REFUSED' ? refusals + 1 : 0;
    if (outcome.kind === 'UNKNOWN' && !chance.chance(0.5)) return;
  }
}

async function file(stage: Stage, plan: Plan, chance: Dice, slow: boolean): Promise<string | undefined> {
  const { staff } = stage;
  const { who, form, documents, receivedOn } = plan.filing;
  const request: Request = {
    username: who,
    path: '/cases',
    body: {
      processType: plan.process,
      form: slow ? form : untilToday(form),
      documents: await staff.documents(who, documents),
      ...(receivedOn === undefined ? {} : { receivedOn: untilToday(receivedOn) }),
    },
    about: { process: plan.process, number: plan.number },
    givesUp: givesUp(chance),
  };
  const outcome = await withMischief(staff, request, chance.chance(0.1) ? { kind: 'SAME_KEY', times: 3 } : undefined);
  return outcome.kind === 'DONE' ? outcome.acceptanceNo : undefined;
}

async function decide(
  stage: Stage,
  acceptanceNo: string,
  move: Move,
  { chance, slow, clerk, before }: { chance: Dice; slow: boolean; clerk: string; before: string },
): Promise<Outcome | 'LEFT'> {
  const { staff } = stage;
  const { step, decision, form, reason, missing, returnTo, documents = [] } = move;
  const request: Request = {
    username: move.who,
    path: `/cases/${acceptanceNo}/decisions`,
    body: {
      ...{ step, decision, documents: await staff.documents(move.who, documents) },
      ...(form ? { form: slow ? form : untilToday(form) } : {}),
      ...(reason ? { reason } : {}),
      ...(missing ? { missing } : {}),
      ...(returnTo ? { returnTo } : {}),
    },
    about: { acceptanceNo, step, decision, act: slow ? { ...move.act } : untilToday({ ...move.act }) },
    givesUp: givesUp(chance),
  };
  const drawn = mischiefOf(move, chance, before);
  const { keysAtOnce: times } = stage.people;
  const mischief = times > 1 ? ({ kind: 'MORE_KEYS', times } as const) : drawn;
  const outcome = await withMischief(staff, request, mischief);
  if (mischief?.kind !== 'OPPOSITE') return outcome;
  // The other one may have won: then the case is where that one has brought it.
  const { status, currentStep } = await staff.look(acceptanceNo);
  if (status !== 'AWAITING_CORRECTION' || currentStep !== step) return outcome.kind === 'DONE' ? outcome : 'LEFT';
  const back = { step, decision: 'CORRECTION_RECEIVED', form: {} };
  const username = clerk.includes('.') ? clerk : `${move.who.split('.')[0]}.clerk`;
  await staff.send({
    ...{ username, path: request.path, body: back },
    about: { acceptanceNo, step, decision: back.decision, act: { act: 'CORRECTION_RECEIVED', entered: {} } },
  });
  return staff.send({ ...request, givesUp: undefined });
}

/** Time moves on for this case alone; repeated until its own clock says so. */
async function forwardTo(staff: Staff, acceptanceNo: string, day: string): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const { today, status } = await staff.look(acceptanceNo);
    if (today >= day || ENDED.includes(status)) return;
    await staff.forward(acceptanceNo, day);
  }
}
const ENDED = ['CLOSED', 'REJECTED', 'WITHDRAWN'];

async function verificationOf(staff: Staff, acceptanceNo: string): Promise<string> {
  const { facts } = await staff.look(acceptanceNo);
  const verification = facts['verificationCase'];
  return typeof verification === 'string' ? verification : acceptanceNo;
}

/** The result of a verification travels by itself; a case that never hears of it is stuck, and nobody would see why. */
async function goesOn({ staff, record }: Stage, acceptanceNo: string): Promise<boolean> {
  const giveUpAt = Date.now() + RESULT_WITHIN_MS;
  for (;;) {
    const { status, facts } = await staff.look(acceptanceNo);
    if (status !== 'AWAITING_VERIFICATION') return true;
    const verification = facts['verificationCase'];
    const { status: found } = await staff.look(String(verification));
    if (!ENDED.includes(found)) return false;
    if (Date.now() > giveUpAt) {
      record.write({ what: 'MISSED', acceptanceNo, sentence: `the result of ${String(verification)} has not arrived` });
      return false;
    }
    await pause(500);
  }
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** A plan looks ahead; who plays it within minutes enters today where it says a later day. */
function untilToday<T>(value: T): T {
  const today = dayAt(Date.now());
  if (typeof value === 'string') return (DAY.test(value) && value > today ? today : value) as T;
  if (Array.isArray(value)) return value.map(untilToday) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value as JsonObject).map(([name, each]) => [name, untilToday(each)])) as T;
}
