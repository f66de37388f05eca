import { loadCalendar } from '../../activities/calendar.ts';
import type { JsonObject } from '../../domain/case.ts';
import { dueDate } from '../../domain/deadline.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import type { ReferenceKind } from '../../domain/process.ts';
import { Refusal, type Fault } from '../../domain/refusal.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { openText, personSubject } from '../../vault/vault.ts';
import { dayOf, inForceOn } from '../prisma.ts';
import { hasIdCardNo, personIdOf } from '../read/insured-person.ts';
import type { CaseDeps } from './deps.ts';

/**
 * Form fields that name something the office keeps. What is found becomes a fact the rules may look at; what is not
 * found is refused with the field's path before anything is written.
 */
export interface Lookup {
  facts: JsonObject;
  personId?: string;
  providerId?: string;
}

type Stores = Pick<CaseDeps, 'db' | 'prisma' | 'vault'>;
type Look = (stores: Stores, field: string, form: JsonObject, today: PlainDate, only?: string) => Promise<Lookup>;

const LOOKUPS: Record<ReferenceKind, Look> = {
  INSURED_PERSON: insuredPerson,
  PROVIDER: provider,
  CHRONIC_DISEASE: chronicDisease,
  STAFF_LIST: staffList,
  BILL_LINES: billLines,
  PROXY: proxy,
};

/**
 * Looks up every reference that the form carries a value for. With `onlyPerson` no other insured person is found, so that
 * whoever may apply for nobody else learns of nobody else.
 */
export async function lookUp(
  stores: Stores,
  references: Readonly<Record<string, ReferenceKind>> | undefined,
  form: JsonObject,
  today: PlainDate,
  onlyPerson?: string,
): Promise<Lookup> {
  const found: Lookup = { facts: {} };
  for (const [field, kind] of Object.entries(references ?? {})) {
    if (form[field] === undefined) continue;
    const { facts, ...rest } = await LOOKUPS[kind](stores, field, form, today, onlyPerson);
    Object.assign(found.facts, facts);
    Object.assign(found, rest);
  }
  return found;
}

/** The same refusal for an unknown number and a name that does not belong to it: neither tells whether a person exists. */
async function insuredPerson(
  stores: Stores,
  field: string,
  form: JsonObject,
  _today: PlainDate,
  only?: string,
): Promise<Lookup> {
  const found = await stores.prisma.insuredPerson.findFirst({
    where: {
      // As text in any case: Prisma takes a name that is undefined for one that need not agree.
      name: String(form['name']),
      ...(await hasIdCardNo(stores.vault, String(form[field]))),
    },
    select: {
      personId: true,
      name: true,
      birthDate: true,
      sex: true,
      enrolmentAgencyId: true,
      enrolmentStatus: true,
      chronicRegistrations: { select: { diseaseCode: true, validFrom: true, validTo: true } },
    },
  });
  if (!found || (only !== undefined && found.personId !== only))
    throw new Refusal('PERSON_NOT_INSURED', [
      { path: `form.${field}`, zh: '未找到该参保人', en: 'no insured person with this number and name' },
    ]);
  const { chronicRegistrations, birthDate, ...person } = found;
  return {
    facts: {
      person: { ...person, birthDate: dayOf(birthDate) },
      chronicRegistrations: await Promise.all(
        chronicRegistrations.map(async ({ diseaseCode, validFrom, validTo }) => ({
          diseaseCode: await openText(stores.vault, personSubject(person.personId), 'diseaseCode', diseaseCode),
          validFrom: dayOf(validFrom),
          validTo: dayOf(validTo),
        })),
      ),
      letter: await introductionLetter(stores, person.personId, form),
      ...(await newbornLimit(stores, form)),
    },
    personId: person.personId,
  };
}

/** The letter the claim refers to (P11), if it was written for this person. */
async function introductionLetter({ prisma }: Stores, personId: string, form: JsonObject): Promise<JsonObject | null> {
  const letterNo = (form['trauma'] as JsonObject | undefined)?.['introductionLetterNo'];
  if (typeof letterNo !== 'string') return null;
  const letter = await prisma.introductionLetter.findUnique({
    where: { letterNo, personId },
    select: { letterNo: true, providerId: true, admittedOn: true, liability: true, liabilityGrade: true },
  });
  return letter && { ...letter, admittedOn: dayOf(letter.admittedOn) };
}

/** DL-36: the last day to register and enrol a newborn; which day that is only the calendar knows. */
async function newbornLimit({ db }: Stores, form: JsonObject): Promise<JsonObject> {
  const bornOn = (form['newborn'] as JsonObject | undefined)?.['bornOn'];
  if (typeof bornOn !== 'string') return {};
  return { newbornEnrolBy: dueDate(timeLimit('DL-36'), bornOn as PlainDate, await loadCalendar(db)).dueOn };
}

async function provider({ prisma }: Stores, field: string, form: JsonObject): Promise<Lookup> {
  const providerId = String(form[field]);
  const hospital = await prisma.provider.findUnique({ where: { providerId } });
  if (!hospital) throw unknownCode(`form.${field}`);
  return { facts: { hospital }, providerId };
}

async function chronicDisease({ prisma }: Stores, field: string, form: JsonObject, today: PlainDate): Promise<Lookup> {
  const diseaseCode = String(form[field]);
  const disease = await prisma.chronicDisease.findFirst({
    where: { diseaseCode, ...inForceOn(today) },
    select: { diseaseCode: true, name: true, validMonths: true },
  });
  if (!disease) throw unknownCode(`form.${field}`);
  return { facts: { disease } };
}

async function staffList({ prisma }: Stores, field: string, form: JsonObject): Promise<Lookup> {
  const ids = [form[field]].flat() as string[];
  const found = await prisma.staff.findMany({
    where: { staffId: { in: ids }, active: true },
    select: { staffId: true, name: true, roles: true, officeId: true, identity: true, personId: true },
  });
  const faults = ids.flatMap((id, i): Fault[] =>
    found.some((each) => each.staffId === id)
      ? []
      : [{ path: `form.${field}.${i}`, zh: '没有此工作人员', en: 'no such member of staff' }],
  );
  if (faults.length > 0) throw new Refusal('UNKNOWN_CODE', faults);
  // The person behind the account, as `IDENTITY_SQL` has it: two auditors are two people.
  const persons = found.map(({ identity, personId, ...staff }) => ({
    ...staff,
    identity: identity ?? personId ?? staff.staffId,
  }));
  return { facts: { [field]: persons } };
}

/** Who brought the claim (代办人), where they are insured here: their own and their relatives' hands are kept off it, too. */
async function proxy(stores: Stores, field: string, form: JsonObject): Promise<Lookup> {
  const { idCardNo } = form[field] as { idCardNo: string };
  const personId = await personIdOf(stores, idCardNo);
  return { facts: { proxy: personId === undefined ? null : { personId } } };
}

/** Every code of every line; the entry in force on the day of service counts. */
async function billLines({ prisma }: Stores, field: string, form: JsonObject): Promise<Lookup> {
  const lines = form[field] as Array<{ catalogueCode?: string; servedOn: string }>;
  const codes = [...new Set(lines.flatMap((line) => line.catalogueCode ?? []))];
  if (codes.length === 0) return { facts: {} };
  const found = await prisma.catalogueItem.findMany({
    where: { code: { in: codes } },
    select: { code: true, effectiveFrom: true, effectiveTo: true },
  });
  const items = found.map(({ code, effectiveFrom, effectiveTo }) => ({
    code,
    from: dayOf(effectiveFrom),
    to: effectiveTo && dayOf(effectiveTo),
  }));
  const faults = lines.flatMap((line, i): Fault[] => {
    const inForce = items.some(
      ({ code, from, to }) =>
        code === line.catalogueCode && from <= line.servedOn && (to === null || to >= line.servedOn),
    );
    return line.catalogueCode === undefined || inForce
      ? []
      : [
          {
            path: `form.${field}.${i}.catalogueCode`,
            zh: '目录中没有此代码，或当日未生效',
            en: 'not in the catalogue on the day of service',
          },
        ];
  });
  if (faults.length > 0) throw new Refusal('UNKNOWN_CODE', faults);
  return { facts: {} };
}

/** What was typed is not repeated: of a disease it would say what somebody suffers from. */
const unknownCode = (path: string): Refusal =>
  new Refusal('UNKNOWN_CODE', [{ path, zh: '没有这个代码', en: 'no such code' }]);
