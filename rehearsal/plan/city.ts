import { checkDigit } from '../../domain/identifiers.ts';
import { dice, type Dice } from './dice.ts';

/** The city a rehearsal plays in: the seeded offices and people, insured persons of its own, and how fast everybody is. */

export interface County {
  /** office id, six digits */
  id: string;
  prefix: string;
  towns: readonly [Town, ...Town[]];
  hospitalId: string;
}
export interface Town {
  id: string;
  prefix: string;
}

const COUNTIES: readonly [County, ...County[]] = [
  {
    id: '441602',
    prefix: 'county1',
    towns: [
      { id: '441602001', prefix: 'town1' },
      { id: '441602002', prefix: 'town2' },
    ],
    hospitalId: 'H4416020004',
  },
  {
    id: '441625',
    prefix: 'county2',
    towns: [
      { id: '441625100', prefix: 'town3' },
      { id: '441625101', prefix: 'town4' },
    ],
    hospitalId: 'H4416250001',
  },
];
/** The one hospital that has users. */
export const HOSPITAL_ID = 'H4416020001';

/** How long an office takes beside the usual: some are quick, some slow, one or the other hopeless. */
const PACES = [0.4, 0.8, 1, 1.4, 2.4] as const;

export interface Person {
  personId: string;
  idCardNo: string;
  name: string;
  countyId: string;
  /** own account, for what is filed on-line */
  username: string;
}

export interface City {
  county(dice: Dice): County;
  /** the pace of an office: by its prefix, the same for a whole rehearsal */
  pace(prefix: string): number;
  person(number: number, county: County): Person;
}

export function city(seed: number): City {
  const offices = [
    'city',
    'hosp1',
    ...COUNTIES.flatMap(({ prefix, towns }) => [prefix, ...towns.map((t) => t.prefix)]),
  ];
  const temperament = dice(seed, -2);
  const paces = new Map(offices.map((prefix) => [prefix, temperament.pick(PACES)]));
  return {
    county: (chance) => chance.pick(COUNTIES),
    pace: (prefix) => paces.get(prefix) ?? 1,
    person(number, county) {
      const year = 1940 + (number % 60);
      const month = String(1 + (Math.floor(number / 60) % 12)).padStart(2, '0');
      const serial = String(1 + (Math.floor(number / 720) % 900)).padStart(3, '0');
      const first17 = `${county.id}${year}${month}15${serial}`;
      const id = `r-${String(number).padStart(6, '0')}`;
      return {
        personId: id,
        idCardNo: first17 + checkDigit(first17),
        name: '示例演练',
        countyId: county.id,
        username: `rehearsal${number}`,
      };
    },
  };
}
