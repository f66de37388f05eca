import type { JsonObject } from '../../domain/case.ts';
import type { DocumentType } from '../../domain/document-types.ts';
import { dayAt, plus, type Day } from '../recount/days.ts';
import type { Level, ProcessCode } from '../recount/procedures.ts';
import { HOSPITAL_ID, type City } from './city.ts';
import { arrival, openDiary } from './diary.ts';
import type { Dice } from './dice.ts';
import { opening, returned, returnedToApplicant, withdrawn } from './moves.ts';
import type { Move, Plan } from './types.ts';

/** P01, P02, P10, P12: procedures without limits, each a chain of steps that watch only for silence. */

interface Link {
  step: string;
  who: string;
  /** working days it takes on average */
  days: number;
  form?: JsonObject;
  documents?: readonly DocumentType[];
  /** how often it goes back, and to where */
  back?: { to: string; often: number };
  asksThePerson?: number;
  refuses?: number;
  refusal?: JsonObject;
}
interface Chain {
  process: ProcessCode;
  links: Link[];
  filing: Omit<Plan['filing'], 'at'>;
  window: Level;
  /** who enters a correction, who withdraws, who closes what nobody corrected */
  clerk: string;
  approver: string;
  /** a case may be withdrawn until this step */
  lastApproval: string;
}

export type Maker = (number: number, dice: Dice, city: City, from: Day, to: Day) => Plan;

const follow =
  (how: (dice: Dice) => 'COUNTER' | 'ONLINE', chainOf: (context: Context) => Chain): Maker =>
  (number, dice, city, from, to) => {
    const county = city.county(dice);
    const person = city.person(number, county);
    const way = how(dice);
    const at = arrival(dice, from, to, way);
    const town = dice.pick(county.towns);
    const chain = chainOf({ number, dice, person, way, today: dayAt(at), county: county.prefix, town: town.prefix });
    const first = chain.links[0]?.step ?? '';
    const moves = walk(chain, dice, city, at);
    const { process, window, filing } = chain;
    return { number, process, person, window, firstStep: first, filing: { at, ...filing }, moves };
  };

interface Context {
  number: number;
  dice: Dice;
  person: Plan['person'];
  way: 'COUNTER' | 'ONLINE';
  today: Day;
  county: string;
  town: string;
}

function walk(chain: Chain, dice: Dice, city: City, at: number): Move[] {
  const { links } = chain;
  const diary = openDiary(dice, at);
  const moves: Move[] = [];
  const last = links.findIndex(({ step }) => step === chain.lastApproval);
  let index = 0;
  for (let steps = 0; steps < 40; steps += 1) {
    const link = links[index];
    if (!link) return moves;
    diary.office(dice.wait(link.days * city.pace(link.who.split('.')[0] ?? '')));
    const as = opening(diary, link.who, link.step);
    if (index <= last && dice.chance(0.02)) {
      moves.push(withdrawn(opening(diary, chain.clerk, link.step)));
      return moves;
    }
    if (dice.chance(link.asksThePerson ?? 0)) {
      if (!returnedToApplicant(moves, dice, diary, { as, clerk: chain.clerk, approver: chain.approver })) return moves;
      continue;
    }
    if (dice.chance(link.refuses ?? 0)) {
      const form = link.refusal ? { form: link.refusal } : {};
      moves.push({ ...as, decision: 'REJECT', reason: '不符合条件', ...form, act: { act: 'REJECT' } });
      return moves;
    }
    const { back } = link;
    if (back && dice.chance(back.often)) {
      moves.push(returned(as, back.to));
      index = links.findIndex(({ step }) => step === back.to);
      continue;
    }
    moves.push({
      ...as,
      decision: 'APPROVE',
      ...(link.form ? { form: link.form } : {}),
      ...(link.documents ? { documents: link.documents } : {}),
      act: { act: 'APPROVE' },
    });
    index += 1;
  }
  return moves;
}

const FOUND: JsonObject = { findings: '现场核实属实', liability: 'OWN' };
const SETTLED: JsonObject = { settledOnSite: true };
const PLAN: JsonObject = { treatmentPlanSummary: '长期服药，每月复查' };
const OPINION: JsonObject = { medicalAffairsOpinion: '情况属实，同意' };

/** P01, filed by the person on-line or typed in at the county from the signed paper. */
export const chronicDisease = follow(
  (dice) => (dice.chance(0.5) ? 'ONLINE' : 'COUNTER'),
  ({ dice, person, way, county }) => {
    const clerk = `${county}.clerk`;
    const hospital: Link[] = [
      { step: 'PHYSICIAN_REVIEW', who: 'hosp1.physician', days: 3, form: PLAN, refuses: 0.03 },
      {
        step: 'HOSPITAL_CONFIRMATION',
        who: 'hosp1.affairs',
        days: 2.5,
        form: OPINION,
        back: { to: 'PHYSICIAN_REVIEW', often: 0.06 },
      },
    ];
    const agency: Link[] = [
      { step: 'AGENCY_ACCEPTANCE', who: clerk, days: 2.5, asksThePerson: 0.1 },
      { step: 'FIRST_REVIEW', who: `${county}.first`, days: 3, asksThePerson: 0.05, refuses: 0.03 },
      { step: 'SECOND_REVIEW', who: `${county}.second`, days: 3, back: { to: 'FIRST_REVIEW', often: 0.06 } },
      { step: 'APPROVAL', who: `${county}.approver`, days: 2.5, back: { to: 'SECOND_REVIEW', often: 0.04 } },
      { step: 'REGISTRATION', who: clerk, days: 2 },
      { step: 'FORM_ISSUED', who: clerk, days: 2 },
    ];
    const form: JsonObject = {
      idCardNo: person.idCardNo,
      name: person.name,
      diseaseCode: dice.pick(['CD-001', 'CD-002']),
      hospitalId: HOSPITAL_ID,
    };
    return {
      process: 'CHRONIC_DISEASE_APPROVAL',
      links: way === 'ONLINE' ? [...hospital, ...agency] : agency,
      filing: {
        who: way === 'ONLINE' ? person.username : clerk,
        form: way === 'ONLINE' ? form : { ...form, ...PLAN, ...OPINION },
        documents: [
          ...(['CHRONIC_APPLICATION_FORM', 'DIAGNOSIS_CERTIFICATE', 'TEST_RESULTS'] as const),
          ...(['DISCHARGE_SUMMARY', 'SOCIAL_SECURITY_CARD'] as const),
        ],
      },
      window: 'COUNTY',
      clerk,
      approver: `${county}.approver`,
      lastApproval: 'APPROVAL',
    };
  },
);

/** P02, at a township or county window or on-line, which the county takes in. */
export const outOfArea = follow(
  (dice) => (dice.chance(0.4) ? 'ONLINE' : 'COUNTER'),
  ({ dice, number, person, way, today, county, town }) => {
    const atTown = way === 'COUNTER' && dice.chance(0.7);
    const clerk = atTown ? `${town}.clerk` : `${county}.clerk`;
    const approver = `${county}.approver`;
    return {
      process: 'OUT_OF_AREA_REFERRAL',
      links: [
        { step: 'REGISTERED', who: clerk, days: 1, asksThePerson: 0.08 },
        { step: 'REVIEW', who: approver, days: 1.4, asksThePerson: 0.05, refuses: 0.03 },
        { step: 'FILED', who: `${county}.clerk`, days: 0.8 },
        { step: 'FORM_ISSUED', who: clerk, days: 1.2 },
      ],
      filing: {
        who: way === 'ONLINE' ? person.username : clerk,
        form: {
          idCardNo: person.idCardNo,
          name: person.name,
          phone: '13800000000',
          filingKind: 'REFERRAL',
          destinationProvince: '广东省',
          destinationCity: `示例市${number}`,
          diagnosis: '示例诊断',
          plannedFrom: plus(today, 5),
          plannedTo: plus(today, 35),
        },
        documents: ['ID_CARD', 'REFERRAL_CERTIFICATE'],
      },
      window: atTown ? 'TOWNSHIP' : 'COUNTY',
      clerk,
      approver,
      lastApproval: 'REVIEW',
    };
  },
);

/** P10 without a reimbursement that waits for it: reported while the patient is still in hospital. */
export const trauma = follow(
  () => 'COUNTER',
  ({ person, today, county }) => {
    const clerk = `${county}.clerk`;
    return {
      process: 'TRAUMA_VERIFICATION',
      links: [
        { step: 'REPORTED', who: clerk, days: 2, asksThePerson: 0.06 },
        {
          step: 'VERIFYING',
          who: `${county}.auditor1`,
          days: 5,
          form: FOUND,
          refuses: 0.1,
          refusal: { result: 'NOT_ACCIDENT' },
        },
        { step: 'LETTER_ISSUED', who: clerk, days: 2 },
        { step: 'SETTLED_ON_SITE', who: clerk, days: 4, form: SETTLED },
      ],
      filing: {
        who: clerk,
        form: {
          idCardNo: person.idCardNo,
          name: person.name,
          hospitalId: HOSPITAL_ID,
          admittedOn: plus(today, -2),
          injuredOn: plus(today, -2),
          injuryPlace: '路口',
          injuryCause: '跌倒',
          traffic: false,
        },
        documents: ['MEDICAL_RECORD_FIRST_PAGE', 'PLEDGE'],
      },
      window: 'COUNTY',
      clerk,
      approver: `${county}.approver`,
      lastApproval: 'VERIFYING',
    };
  },
);

/** P12 on its own: the receipt is reported lost before the bill is brought. */
export const lostReceipt = follow(
  () => 'COUNTER',
  ({ number, person, today, county, town }) => {
    const clerk = `${town}.clerk`;
    return {
      process: 'LOST_RECEIPT_VERIFICATION',
      links: [
        { step: 'APPLIED', who: clerk, days: 2, asksThePerson: 0.06 },
        {
          step: 'VERIFYING',
          who: `${county}.auditor1`,
          days: 5,
          form: { findings: '与医院核实一致' },
          refuses: 0.1,
        },
        { step: 'CONFIRMED', who: clerk, days: 2 },
      ],
      filing: {
        who: clerk,
        form: {
          idCardNo: person.idCardNo,
          name: person.name,
          hospitalId: HOSPITAL_ID,
          admittedOn: plus(today, -20),
          billNos: [`LOST-${number}`],
          loss: 'LOST',
        },
        documents: [
          ...(['INPATIENT_RECEIPT', 'FEE_LIST', 'DIAGNOSIS_CERTIFICATE', 'DISCHARGE_SUMMARY', 'ID_CARD'] as const),
          ...(['BANK_CARD', 'PLEDGE', 'MEDICAL_BUSINESS_APPLICATION', 'RECEIPT_STUB_COPY'] as const),
        ],
      },
      window: 'TOWNSHIP',
      clerk,
      approver: `${county}.approver`,
      lastApproval: 'VERIFYING',
    };
  },
);
