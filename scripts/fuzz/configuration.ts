import type { Known } from './cases.ts';

/** What a rule refuses although the schema allows it, besides cursors and texts: 400 is a right answer there. */
const BEYOND_SCHEMA = {
  searchCases: 'check digit of an ID number',
  previewDeadline: 'parameters that depend on each other, days of the calendar',
  termUse: 'order of two days',
  fileCase: 'check digits',
  decide: 'the form of a decision depends on the case',
  checkList: 'the form depends on the process',
  uploadDocument: 'the bytes of the file',
  declareRelative: 'check digit of an ID number',
  finishLogin: 'a login of ours that was begun, signed',
  applyCalendarEdition: 'days that contradict each other',
} as const;

/** The login goes on at the issuer: 302. */
const ACCEPTED = ['2xx', 302];
/** How long an address is when it is encoded no schema says: 414. */
const REFUSED_BY_RULE = [401, 403, 404, 409, 413, 414, 415, 422];
const REFUSED_BY_FORM = [400, 401, 403, 404, 405, 409, 413, 414, 415, 422, 431];
/** Coverage alone makes about four thousand cases of our operations. */
const CASES_OF_COVERAGE = 4_000;

/** The settings of one run, as Schemathesis reads them (TOML). `missing`: cases still wanted; `first`: with the fixed ones, if so many are wanted. */
export function configuration(wanted: {
  token: string | undefined;
  known: Known;
  missing: number;
  first: boolean;
}): string {
  const { token, known, missing, first } = wanted;
  const coverage = first && missing >= CASES_OF_COVERAGE;
  const made = coverage ? missing - CASES_OF_COVERAGE : missing;
  const text = JSON.stringify;
  return [
    ...(token === undefined ? [] : [`headers = { Authorization = ${text(`Bearer ${token}`)} }`]),
    'continue-on-failure = true',
    // One thread each, the accounts side by side instead: Python 3.11 counts the depth of all syntax trees being built in one place,
    // so that two threads building one fail now and then (gh-106905).
    'workers = 1',
    'request-timeout = 30',
    'suppress-health-check = ["all"]',
    '[generation]',
    // Half of the operations refuse an account at the door and are tried less often than asked.
    `max-examples = ${Math.max(1, Math.ceil(made / 30))}`,
    'allow-x00 = true',
    'database = "none"',
    'no-shrink = true',
    '[phases.coverage]',
    `enabled = ${coverage}`,
    '[dictionaries.acceptanceNos]',
    `values = ${text(known.acceptanceNos)}`,
    '[parameters]',
    'acceptanceNo = { dictionary = "acceptanceNos", probability = 0.6 }',
    '[checks.positive_data_acceptance]',
    `expected-statuses = ${text([...ACCEPTED, ...REFUSED_BY_RULE])}`,
    '[checks.negative_data_rejection]',
    `expected-statuses = ${text(REFUSED_BY_FORM)}`,
    ...[...new Set([...Object.keys(BEYOND_SCHEMA), ...known.texts])].flatMap((id) => [
      '[[operations]]',
      `include-operation-id = ${text(id)}`,
      '[operations.checks.positive_data_acceptance]',
      `expected-statuses = ${text([...ACCEPTED, 400, ...REFUSED_BY_RULE])}`,
    ]),
    '',
  ].join('\n');
}
