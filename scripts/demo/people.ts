import { randomInt } from 'node:crypto';
import { PERSONS, type SeedPerson } from '../../prisma/seed/persons.ts';
import { STAFF } from '../../prisma/seed/accounts.ts';

/** An insured person of the seed and how they log in. */
export interface Person {
  idCardNo: string;
  name: string;
  username: string;
  countyId: string;
}

/** Grown-ups who are enrolled and whose county has accounts: newborns and people who have not paid are other stories. */
const isUsual = ({ birth_date, enrolment_status, enrolment_agency_id }: SeedPerson): boolean =>
  birth_date < '2010' &&
  enrolment_status === 'ENROLLED' &&
  STAFF.some(({ office_id }) => office_id === enrolment_agency_id);

const personOf = ({ person_id, id_card_no, name, enrolment_agency_id }: SeedPerson): Person => {
  const account = STAFF.find((staff) => staff.person_id === person_id);
  if (!account) throw new Error(`${person_id} has no account`);
  return { idCardNo: id_card_no, name, username: account.username, countyId: enrolment_agency_id };
};

/** Everybody the stories may be about, beginning somewhere else each time, so that runs do not exhaust one person's yearly cap. */
export function people(countyId?: string): Person[] {
  const all = PERSONS.filter(isUsual)
    .filter(({ enrolment_agency_id }) => countyId === undefined || enrolment_agency_id === countyId)
    .map(personOf);
  const first = randomInt(all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}

export const anybody = (countyId?: string): Person => {
  const [person] = people(countyId);
  if (!person) throw new Error('the seed has nobody');
  return person;
};
