import { birthDateOf, checkDigit, sexOf } from '../../domain/identifiers.ts';

/**
 * Insured persons for rehearsals. None of them exists: names are 示例 (example) plus a letter, and the numbers are built here
 * from a region, a made-up birth date and the check-digit formula.
 */

export interface SeedPerson {
  person_id: string;
  id_card_no: string;
  name: string;
  sex: 'MALE' | 'FEMALE';
  birth_date: string;
  enrolment_agency_id: string;
  enrolment_status: 'AWAITING_PAYMENT' | 'ENROLLED';
}

/** `serial` is the order of registration that day: odd for men, even for women. */
const person = (
  n: number,
  name: string,
  county: string,
  birth: string,
  serial: string,
  status: SeedPerson['enrolment_status'] = 'ENROLLED',
): SeedPerson => {
  const first17 = `${county}${birth}${serial}`;
  const idCardNo = first17 + checkDigit(first17);
  return {
    person_id: `p-${String(n).padStart(4, '0')}`,
    id_card_no: idCardNo,
    name,
    sex: sexOf(idCardNo),
    birth_date: birthDateOf(idCardNo),
    enrolment_agency_id: county,
    enrolment_status: status,
  };
};

/** 示例子 and 示例丑 are newborn children of 示例甲 and 示例己; 示例癸 and 示例丑 have not paid yet. */
export const PERSONS: readonly SeedPerson[] = [
  person(1, '示例甲', '441602', '19920315', '901'),
  person(2, '示例乙', '441602', '19650720', '902'),
  person(3, '示例丙', '441602', '19480211', '903'),
  person(4, '示例丁', '441602', '20010930', '904'),
  person(5, '示例戊', '441602', '20120601', '905'),
  person(6, '示例己', '441625', '19941108', '906'),
  person(7, '示例庚', '441625', '19570425', '907'),
  person(8, '示例辛', '441625', '19790117', '908'),
  person(9, '示例壬', '441621', '19700814', '909'),
  person(10, '示例癸', '441625', '19880222', '910', 'AWAITING_PAYMENT'),
  person(11, '示例子', '441602', '20250820', '911'),
  person(12, '示例丑', '441625', '20250905', '912', 'AWAITING_PAYMENT'),
];
