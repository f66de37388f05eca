import type { JsonObject } from '../../domain/case.ts';
import type { DocumentType } from '../../domain/document-types.ts';
import { dayAt, plus, type Day } from '../recount/days.ts';
import { HOSPITAL_ID, type City, type County, type Person } from './city.ts';
import { openDiary, arrival, type Diary } from './diary.ts';
import type { Dice } from './dice.ts';
import {
  lengthens,
  opening,
  returned,
  returnedToApplicant,
  startsTheClock,
  stopsTheClock,
  withdrawn,
  type Opening,
} from './moves.ts';
import type { Move, Plan } from './types.ts';

/** P03: what people do to a bill, from the window to the bank's answer. */

type Step = (typeof ORDER)[number];
const ORDER = [
  'INTAKE',
  'FIRST_REVIEW',
  'SECOND_REVIEW',
  'APPROVAL',
  'CITY_SUMMARY',
  'MEDICAL_RECHECK',
  'FINANCE_RECHECK',
  'LEADER_APPROVAL',
  'MADE_OUT',
  'CHECKED',
  'RECHECKED',
  'PAID',
  'BANK_RESULT',
] as const;
/** Working days a step takes on average at an office of the usual pace. */
const USUAL: Readonly<Record<Step, number>> = {
  INTAKE: 2.6,
  FIRST_REVIEW: 1.4,
  SECOND_REVIEW: 1.2,
  APPROVAL: 1,
  CITY_SUMMARY: 2.6,
  MEDICAL_RECHECK: 2,
  FINANCE_RECHECK: 2,
  LEADER_APPROVAL: 2,
  MADE_OUT: 1,
  CHECKED: 1,
  RECHECKED: 1,
  PAID: 2,
  BANK_RESULT: 1.2,
};
const DESK: Readonly<Record<Exclude<Step, 'INTAKE'>, string>> = {
  FIRST_REVIEW: 'first',
  SECOND_REVIEW: 'second',
  APPROVAL: 'approver',
  CITY_SUMMARY: 'city.medical',
  MEDICAL_RECHECK: 'city.medreviewer',
  FINANCE_RECHECK: 'city.finreviewer',
  LEADER_APPROVAL: 'city.leader',
  MADE_OUT: 'city.finclerk',
  CHECKED: 'city.finchecker',
  RECHECKED: 'city.finreviewer',
  PAID: 'city.finpayer',
  BANK_RESULT: 'city.finclerk',
};
/** How often a step returns a case to an earlier one, to the applicant, or refuses it. */
const RETURNS: Partial<Record<Step, { to: Step; often: number }>> = {
  FIRST_REVIEW: { to: 'INTAKE', often: 0.06 },
  SECOND_REVIEW: { to: 'FIRST_REVIEW', often: 0.05 },
  APPROVAL: { to: 'INTAKE', often: 0.03 },
  CITY_SUMMARY: { to: 'FIRST_REVIEW', often: 0.06 },
  MEDICAL_RECHECK: { to: 'CITY_SUMMARY', often: 0.04 },
  LEADER_APPROVAL: { to: 'CITY_SUMMARY', often: 0.02 },
  CHECKED: { to: 'MADE_OUT', often: 0.03 },
};
const ASKS_THE_PERSON: Partial<Record<Step, number>> = { INTAKE: 0.08, FIRST_REVIEW: 0.08, SECOND_REVIEW: 0.02 };
const REFUSES: Partial<Record<Step, number>> = { FIRST_REVIEW: 0.015, APPROVAL: 0.01, CITY_SUMMARY: 0.01 };
const GIVES_UP = 0.006;
const STOPS_THE_CLOCK = 0.02;
const LENGTHENS = 0.03;

type Kind = 'PLAIN' | 'TRAUMA' | 'RECEIPT' | 'BOTH';

export function reimbursement(number: number, dice: Dice, city: City, from: Day, to: Day): Plan {
  const county = city.county(dice);
  const person = city.person(number, county);
  const atCounty = dice.chance(0.3);
  const window = atCounty ? county : dice.pick(county.towns);
  const at = arrival(dice, from, to, dice.chance(0.15) ? 'ONLINE' : 'COUNTER');
  // Most papers are entered on the day they come; some lie for days, a few until the limit has passed.
  const lay = dice.chance(0.25) ? dice.between(1, dice.chance(0.15) ? 14 : 4) : 0;
  const kind: Kind = dice.chance(0.12) ? dice.pick(['TRAUMA', 'RECEIPT', 'BOTH']) : 'PLAIN';
  const today = dayAt(at);
  const form = formOf(kind, number, person, today);
  const clerk = `${window.prefix}.clerk`;
  const receivedOn = plus(today, -lay);
  const walk: Walk = { dice, city, county, clerk, diary: openDiary(dice, at), moves: [], kind, receivedOn };
  walkAll(walk);
  return {
    number,
    process: 'REIMBURSEMENT_REVIEW',
    person,
    window: atCounty ? 'COUNTY' : 'TOWNSHIP',
    firstStep: 'INTAKE',
    filing: {
      at,
      who: clerk,
      form,
      documents: papersOf(kind),
      ...(lay > 0 ? { receivedOn } : {}),
    },
    moves: walk.moves,
  };
}

interface Walk {
  dice: Dice;
  city: City;
  county: County;
  clerk: string;
  diary: Diary;
  moves: Move[];
  kind: Kind;
  verified?: boolean;
  handedOverOn?: Day;
  receivedOn: Day;
  /** the reason for which the agency has stopped the clock */
  stoppedFor?: string;
}

const whoAt = ({ clerk, county }: Walk, step: Step): string => {
  if (step === 'INTAKE') return clerk;
  const desk = DESK[step];
  return desk.includes('.') ? desk : `${county.prefix}.${desk}`;
};

/** Until the case ends, or somebody who was asked never answers. */
function walkAll(walk: Walk): void {
  const { dice, city, diary } = walk;
  let step: Step = 'INTAKE';
  for (let steps = 0; steps < 60; steps += 1) {
    const who = whoAt(walk, step);
    diary.office(dice.wait(USUAL[step] * city.pace(who.split('.')[0] ?? '')));
    if (ORDER.indexOf(step) <= ORDER.indexOf('CITY_SUMMARY')) ofTheClock(walk, step);
    const as = opening(diary, who, step);
    if (ORDER.indexOf(step) < ORDER.indexOf('MADE_OUT') && dice.chance(GIVES_UP)) {
      walk.moves.push(withdrawn(opening(diary, walk.clerk, step)));
      return;
    }
    if (dice.chance(ASKS_THE_PERSON[step] ?? 0)) {
      const asked = { as, clerk: walk.clerk, approver: `${walk.county.prefix}.approver` };
      if (!returnedToApplicant(walk.moves, dice, diary, asked)) return;
      continue;
    }
    if (dice.chance(REFUSES[step] ?? 0)) {
      walk.moves.push({ ...as, decision: 'REJECT', reason: '材料不符', act: { act: 'REJECT' } });
      return;
    }
    const back: { to: Step; often: number } | undefined = RETURNS[step];
    if (back && dice.chance(back.often)) {
      walk.moves.push(returned(as, back.to));
      step = back.to;
      continue;
    }
    const following = passed(walk, step, as);
    if (!following) return;
    step = following;
  }
}

/** What a head decides about the clock before the step is decided. */
function ofTheClock(walk: Walk, step: Step): void {
  const { dice, diary, moves, county } = walk;
  const head = `${county.prefix}.approver`;
  if (walk.stoppedFor && dice.chance(0.7)) {
    moves.push(startsTheClock(diary, opening(diary, head, step), walk.stoppedFor));
    delete walk.stoppedFor;
    diary.office(dice.between(0, 1));
  } else if (!walk.stoppedFor && dice.chance(STOPS_THE_CLOCK)) {
    walk.stoppedFor = stopsTheClock(moves, dice, diary, opening(diary, head, step), walk.receivedOn);
    diary.office(dice.between(0, 8));
  }
  if (dice.chance(LENGTHENS)) {
    const clock = dice.pick<'STAGE' | 'TOTAL'>(['STAGE', 'TOTAL']);
    const by = clock === 'TOTAL' || step === 'CITY_SUMMARY' ? 'city.leader' : head;
    moves.push(lengthens(dice, opening(diary, by, step), clock));
    diary.office(0);
  }
}

/** Passes one step; undefined when the case has ended with it. */
function passed(walk: Walk, step: Step, as: Opening): Step | undefined {
  const { dice, diary, moves } = walk;
  const approve = (form?: JsonObject, entered: Move['act']['entered'] = {}, more: Partial<Move['act']> = {}): void =>
    void moves.push({
      ...as,
      decision: 'APPROVE',
      ...(form ? { form } : {}),
      act: { act: 'APPROVE', entered, ...more },
    });
  switch (step) {
    case 'INTAKE': {
      const waits = walk.kind !== 'PLAIN' && !walk.verified;
      const again = walk.kind !== 'PLAIN' && walk.verified;
      approve(undefined, {}, waits ? { awaitsVerification: true } : again ? { unlessVerified: true } : {});
      if (waits && !verification(walk)) return undefined;
      break;
    }
    case 'LEADER_APPROVAL':
      approve();
      walk.handedOverOn = diary.today;
      break;
    case 'PAID': {
      const transferKind = dice.pick<'SAME_BANK' | 'OTHER_BANK'>(['SAME_BANK', 'OTHER_BANK']);
      const paidOn = notBefore(plus(diary.today, -dice.between(0, 3)), walk.handedOverOn ?? diary.today);
      const given: Record<string, string> = dice.chance(0.3) ? { paidOn } : {};
      approve({ transferKind, ...given }, { transferKind, ...given });
      break;
    }
    case 'BANK_RESULT': {
      const result = dice.chance(0.12) ? 'FAILED' : 'PAID';
      approve({ result, ...(result === 'FAILED' ? { failureReason: '账号有误' } : {}) }, { result });
      if (result === 'PAID') return undefined;
      diary.office(dice.wait(5));
      walk.handedOverOn = diary.today;
      moves.push({
        ...opening(diary, walk.clerk, 'ACCOUNT_CORRECTION'),
        decision: 'APPROVE',
        form: { paymentCard: CARD },
        act: { act: 'APPROVE' },
      });
      return 'MADE_OUT';
    }
    default:
      approve();
  }
  return ORDER[ORDER.indexOf(step) + 1];
}

const notBefore = (day: Day, earliest: Day): Day => (day < earliest ? earliest : day);

/** What is verified on site, one after the other; false when it was refuted and the case has ended. */
function verification(walk: Walk): boolean {
  const { dice, diary, moves, kind, county } = walk;
  const needed = kind === 'BOTH' ? (['TRAUMA', 'RECEIPT'] as const) : ([kind] as const);
  for (const [index, what] of needed.entries()) {
    diary.office(1 + dice.wait(5 * walk.city.pace(county.prefix)));
    const as: Opening = { ...opening(diary, `${county.prefix}.auditor1`, 'VERIFYING'), on: 'VERIFICATION' };
    if (dice.chance(0.1)) {
      const form: JsonObject = what === 'TRAUMA' ? { result: 'FALSE' } : {};
      moves.push({ ...as, decision: 'REJECT', reason: '不属实', form, act: { act: 'REJECT', verified: 'REFUTED' } });
      return false;
    }
    const form = { findings: '现场核实属实', ...(what === 'TRAUMA' ? { liability: 'OWN' } : {}) };
    const verified = index + 1 < needed.length ? 'CONFIRMED_WAITS_FURTHER' : 'CONFIRMED';
    moves.push({ ...as, decision: 'APPROVE', form, act: { act: 'APPROVE', verified } });
  }
  walk.verified = true;
  return true;
}

const CARD: JsonObject = { kind: 'BANK_CARD', holder: '示例演练', bank: '示例银行', account: '6222020000000001' };

function formOf(kind: Kind, number: number, person: Person, today: Day): JsonObject {
  const admittedOn = plus(today, -20);
  const dischargedOn = plus(today, -16);
  const line = { name: '床位费', feeCategory: 'BED', quantity: '4', unitPrice: '45.00', amount: '180.00' };
  return {
    idCardNo: person.idCardNo,
    name: person.name,
    hospitalId: HOSPITAL_ID,
    notSettledReason: 'SYSTEM_FAULT',
    paymentCard: CARD,
    billNos: [`REH-${number}`],
    diagnosis: '示例诊断',
    category: kind === 'TRAUMA' || kind === 'BOTH' ? 'TRAUMA_OWN' : 'GENERAL_INPATIENT',
    admittedOn,
    dischargedOn,
    billTotal: '180.00',
    lines: [{ ...line, servedOn: admittedOn }],
    ...(kind === 'TRAUMA' || kind === 'BOTH'
      ? {
          trauma: { liability: 'OWN', traffic: false, injuredOn: admittedOn, injuryPlace: '家中', injuryCause: '跌倒' },
        }
      : {}),
    ...(kind === 'RECEIPT' || kind === 'BOTH' ? { receiptLost: true } : {}),
  };
}

/** All papers any of the kinds asks for: what is too much harms nobody. */
const papersOf = (kind: Kind): readonly DocumentType[] =>
  kind === 'PLAIN'
    ? ['INPATIENT_RECEIPT', 'FEE_LIST', 'DIAGNOSIS_CERTIFICATE', 'DISCHARGE_SUMMARY', 'ID_CARD', 'BANK_CARD']
    : [
        ...(['INPATIENT_RECEIPT', 'FEE_LIST', 'DIAGNOSIS_CERTIFICATE', 'DISCHARGE_SUMMARY', 'ID_CARD'] as const),
        ...(['BANK_CARD', 'MEDICAL_RECORD_FIRST_PAGE', 'PLEDGE', 'INTRODUCTION_LETTER'] as const),
        ...(['MEDICAL_BUSINESS_APPLICATION', 'RECEIPT_STUB_COPY'] as const),
      ];
