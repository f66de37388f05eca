/** Walks a reimbursement through a real office, step by step, with the right account at every desk. */
import { randomInt } from 'node:crypto';
import type { JsonObject } from '../../domain/case.ts';
import type { DecisionAnswer } from '../../domain/turn.ts';
import { openOffice, type Office, type OfficeDecision } from '../support/office.ts';
import { formOf, papersFor } from './reimbursement-cases.ts';

/** Who sits at which desk in the seeded city. */
export const DESK = {
  INTAKE: 'town1.clerk',
  FIRST_REVIEW: 'county1.first',
  SECOND_REVIEW: 'county1.second',
  APPROVAL: 'county1.approver',
  CITY_SUMMARY: 'city.medical',
  MEDICAL_RECHECK: 'city.medreviewer',
  FINANCE_RECHECK: 'city.finreviewer',
  LEADER_APPROVAL: 'city.leader',
  MADE_OUT: 'city.finclerk',
  CHECKED: 'city.finchecker',
  RECHECKED: 'city.finreviewer',
  PAID: 'city.finpayer',
  BANK_RESULT: 'city.finclerk',
  ACCOUNT_CORRECTION: 'town1.clerk',
} as const satisfies Record<string, string>;
export type Desk = keyof typeof DESK;
const ORDER = Object.keys(DESK) as Desk[];

/**
 * An office whose cases are numbered apart from those of every other test file: all of them share one engine, where the
 * number is the name of the running procedure.
 */
export async function openApart(clockAt: string): Promise<Office> {
  const office = await openOffice({ clockAt });
  await office.owner.query(`SELECT setval('acceptance_number', $1)`, [randomInt(1e6, 1e9)]);
  return office;
}

export const TRANSFER: JsonObject = { transferKind: 'SAME_BANK' };
const FORMS: Partial<Record<Desk, JsonObject>> = { PAID: TRANSFER, BANK_RESULT: { result: 'PAID' } };

export const fileOne = (
  office: Office,
  form: JsonObject = formOf('GENERAL_INPATIENT'),
  receivedOn?: string,
): Promise<string> =>
  office.file('REIMBURSEMENT_REVIEW', DESK.INTAKE, {
    form,
    documents: papersFor(form),
    ...(receivedOn ? { receivedOn } : {}),
  });

/** Passes one desk. */
export const pass = (
  office: Office,
  no: string,
  desk: Desk,
  form: JsonObject | undefined = FORMS[desk],
): Promise<DecisionAnswer> =>
  office.decide(no, DESK[desk], { decision: 'APPROVE', step: desk, ...(form ? { form } : {}) });

/** Passes every desk from `from` up to and including `to`; answers the case after the last. */
export async function passAll(office: Office, no: string, from: Desk, to: Desk): Promise<DecisionAnswer> {
  let answer: DecisionAnswer | undefined;
  for (const desk of ORDER.slice(ORDER.indexOf(from), ORDER.indexOf(to) + 1)) answer = await pass(office, no, desk);
  if (!answer) throw new Error(`no desk from ${from} to ${to}`);
  return answer;
}

export const decideAt = (
  office: Office,
  no: string,
  desk: Desk,
  decision: Omit<OfficeDecision, 'step'>,
): Promise<DecisionAnswer> => office.decide(no, DESK[desk], { ...decision, step: desk });

/** Noon of a day on the clock of the case. */
export const onDay = (office: Office, no: string, day: string): Promise<void> =>
  office.forwardTo(no, `${day}T12:00:00+08:00`);

export const rows = async <T extends object>(office: Office, text: string, no: string): Promise<T[]> =>
  (await office.deps.db.query<T>(text, [no])).rows;
