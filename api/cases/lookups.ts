import type pg from 'pg';
import { loadCalendar } from '../../activities/calendar.ts';
import type { JsonObject } from '../../domain/case.ts';
import { dueDate } from '../../domain/deadline.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import type { ReferenceKind } from '../../domain/process.ts';
import { Refusal, type Fault } from '../../domain/refusal.ts';
import { timeLimit } from '../../domain/time-limits.ts';

/**
 * Form fields that name something the office keeps. What is found becomes a fact the rules may look at; what is not
 * found is refused with the field's path before anything is written.
 */
export interface Lookup {
  facts: JsonObject;
  personId?: string;
  providerId?: string;
}

type Look = (db: pg.Pool, field: string, form: JsonObject, today: PlainDate) => Promise<Lookup>;

const LOOKUPS: Record<ReferenceKind, Look> = {
  INSURED_PERSON: insuredPerson,
  PROVIDER: provider,
  CHRONIC_DISEASE: chronicDisease,
  STAFF_LIST: staffList,
  BILL_LINES: billLines,
};

/** Looks up every reference that the form carries a value for. */
export async function lookUp(
  db: pg.Pool,
  references: Readonly<Record<string, ReferenceKind>> | undefined,
  form: JsonObject,
  today: PlainDate,
): Promise<Lookup> {
  const found: Lookup = { facts: {} };
  for (const [field, kind] of Object.entries(references ?? {})) {
    if (form[field] === undefined) continue;
    const { facts, ...rest } = await LOOKUPS[kind](db, field, form, today);
    Object.assign(found.facts, facts);
    Object.assign(found, rest);
  }
  return found;
}

/** The same refusal for an unknown number and a name that does not belong to it: neither tells whether a person exists. */
async function insuredPerson(db: pg.Pool, field: string, form: JsonObject): Promise<Lookup> {
  const { rows } = await db.query<{ person: JsonObject; registrations: JsonObject[]; letter: JsonObject | null }>({
    name: 'look-up-person',
    text: `SELECT json_build_object('personId', p.person_id, 'name', p.name, 'birthDate', p.birth_date, 'sex', p.sex,
                    'enrolmentAgencyId', p.enrolment_agency_id, 'enrolmentStatus', p.enrolment_status) AS person,
                  coalesce((SELECT json_agg(json_build_object('diseaseCode', r.disease_code, 'validFrom', r.valid_from, 'validTo', r.valid_to))
                            FROM chronic_registration r WHERE r.person_id = p.person_id), '[]') AS registrations,
                  (SELECT json_build_object('letterNo', l.letter_no, 'providerId', l.provider_id, 'admittedOn', l.admitted_on,
                            'liability', l.liability, 'liabilityGrade', l.liability_grade)
                   FROM introduction_letter l WHERE l.person_id = p.person_id AND l.letter_no = $3) AS letter
           FROM insured_person p WHERE p.id_card_no = $1 AND p.name = $2`,
    values: [form[field], form['name'], (form['trauma'] as JsonObject | undefined)?.['introductionLetterNo'] ?? null],
  });
  const row = rows[0];
  if (!row)
    throw new Refusal('PERSON_NOT_INSURED', [
      { path: `form.${field}`, zh: '未找到该参保人', en: 'no insured person with this number and name' },
    ]);
  return {
    facts: {
      person: row.person,
      chronicRegistrations: row.registrations,
      letter: row.letter,
      ...(await newbornLimit(db, form)),
    },
    personId: String(row.person['personId']),
  };
}

/** DL-36: the last day to register and enrol a newborn; which day that is only the calendar knows. */
async function newbornLimit(db: pg.Pool, form: JsonObject): Promise<JsonObject> {
  const bornOn = (form['newborn'] as JsonObject | undefined)?.['bornOn'];
  if (typeof bornOn !== 'string') return {};
  return { newbornEnrolBy: dueDate(timeLimit('DL-36'), bornOn as PlainDate, await loadCalendar(db)).dueOn };
}

async function provider(db: pg.Pool, field: string, form: JsonObject): Promise<Lookup> {
  const { rows } = await db.query<JsonObject>({
    name: 'look-up-provider',
    text: `SELECT provider_id AS "providerId", name, type, grade, designated, county_office_id AS "countyOfficeId" FROM provider WHERE provider_id = $1`,
    values: [form[field]],
  });
  const found = rows[0];
  if (!found) throw unknownCode(`form.${field}`, String(form[field]));
  return { facts: { hospital: found }, providerId: String(found['providerId']) };
}

async function chronicDisease(db: pg.Pool, field: string, form: JsonObject, today: PlainDate): Promise<Lookup> {
  const { rows } = await db.query<JsonObject>({
    name: 'look-up-disease',
    text: `SELECT disease_code AS "diseaseCode", name, valid_months AS "validMonths" FROM chronic_disease
           WHERE disease_code = $1 AND effective_from <= $2 AND (effective_to IS NULL OR effective_to >= $2)`,
    values: [form[field], today],
  });
  const found = rows[0];
  if (!found) throw unknownCode(`form.${field}`, String(form[field]));
  return { facts: { disease: found } };
}

async function staffList(db: pg.Pool, field: string, form: JsonObject): Promise<Lookup> {
  const ids = [form[field]].flat() as string[];
  const { rows } = await db.query<{ staffId: string; name: string; roles: string[]; officeId: string | null }>({
    name: 'look-up-staff',
    text: `SELECT staff_id AS "staffId", name, roles, office_id AS "officeId" FROM staff WHERE staff_id = ANY($1) AND active`,
    values: [ids],
  });
  const faults = ids.flatMap((id, i): Fault[] =>
    rows.some((r) => r.staffId === id)
      ? []
      : [{ path: `form.${field}.${i}`, zh: '没有此工作人员', en: 'no such member of staff' }],
  );
  if (faults.length > 0) throw new Refusal('UNKNOWN_CODE', faults);
  return { facts: { [field]: rows } };
}

/** Every code of every line; the entry in force on the day of service counts. */
async function billLines(db: pg.Pool, field: string, form: JsonObject): Promise<Lookup> {
  const lines = form[field] as Array<{ catalogueCode?: string; servedOn: string }>;
  const codes = [...new Set(lines.flatMap((line) => line.catalogueCode ?? []))];
  if (codes.length === 0) return { facts: {} };
  const { rows } = await db.query<{ code: string; from: string; to: string | null }>({
    name: 'look-up-catalogue',
    text: `SELECT code, effective_from::text AS "from", effective_to::text AS "to" FROM catalogue_item WHERE code = ANY($1)`,
    values: [codes],
  });
  const faults = lines.flatMap((line, i): Fault[] => {
    const inForce = rows.some(
      (r) => r.code === line.catalogueCode && r.from <= line.servedOn && (r.to === null || r.to >= line.servedOn),
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

const unknownCode = (path: string, code: string): Refusal =>
  new Refusal('UNKNOWN_CODE', [{ path, zh: `没有代码 ${code.slice(0, 40)}`, en: 'no such code' }]);
