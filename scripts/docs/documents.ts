import type { JsonObject } from '../../domain/case.ts';
import type { DocumentRule, FilingDefinition } from '../../domain/process.ts';
import { fieldsOf } from './forms.ts';
import { code, codes } from './markdown.ts';
import { ruleName } from './processes.ts';

/** One answer to a choice or a yes-or-no of the form. */
interface Answer {
  field: string;
  value: string | boolean;
}

/**
 * The check list of a filing, found out by asking the rules themselves. Where nothing can be said before one choice is made (the
 * category of a reimbursement), each of its values is asked; then each other choice and yes-or-no beside it, for what it adds.
 */
export const documentRows = (filing: FilingDefinition): string[][] => {
  const answers = answersOf(filing);
  const ask = (...given: Answer[]): Map<string, DocumentRule> => askRules(filing, given);
  const first = ask().size > 0 ? undefined : decisiveField(answers, ask);
  const starts: (Answer | undefined)[] = first ? answers.filter(({ field }) => field === first) : [undefined];

  const found = new Map<string, { rule: DocumentRule; starts: string[]; with?: Answer }>();
  const add = (key: string, rule: DocumentRule, start: Answer | undefined, other?: Answer): void => {
    const entry = found.get(key) ?? { rule, starts: [], ...(other ? { with: other } : {}) };
    entry.starts.push(String(start?.value ?? ''));
    found.set(key, entry);
  };
  for (const start of starts) {
    const given = start ? [start] : [];
    const plain = ask(...given);
    for (const [key, rule] of plain) add(key, rule, start);
    for (const other of answers.filter(({ field }) => field !== first)) {
      for (const [key, rule] of ask(...given, other)) {
        if (!plain.has(key)) add(`${key} ${other.field}=${other.value}`, rule, start, other);
      }
    }
  }
  return [...found.values()].map((entry) => {
    const where = entry.starts.length === starts.length ? undefined : codes(entry.starts);
    const beside = entry.with ? `with ${answerText(entry.with)}` : undefined;
    const when = [where, beside].filter((text) => text !== undefined).join(', ');
    return [ruleName(entry.rule), entry.rule.paper, when === '' ? 'always' : when, entry.rule.source];
  });
};

const askRules = (filing: FilingDefinition, given: readonly Answer[]): Map<string, DocumentRule> => {
  const form: JsonObject = Object.fromEntries(given.map(({ field, value }) => [field, value]));
  try {
    const rules = filing.documents({ form, facts: {} });
    return new Map(rules.map((rule) => [`${rule.anyOf.join('/')} ${rule.paper}`, rule]));
  } catch {
    // This list cannot be told before more of the form is known.
    return new Map();
  }
};

/** The first choice whose every value gives a list. */
const decisiveField = (answers: readonly Answer[], ask: (answer: Answer) => Map<string, unknown>): string | undefined =>
  [...new Set(answers.filter(({ value }) => typeof value === 'string').map(({ field }) => field))].find((field) =>
    answers.filter((answer) => answer.field === field).every((answer) => ask(answer).size > 0),
  );

const answerText = ({ field, value }: Answer): string => code(value === true ? field : `${field} ${String(value)}`);

/** Choices at the top of the form: no check list hangs on anything deeper. */
const answersOf = (filing: FilingDefinition): Answer[] =>
  fieldsOf(filing.form).flatMap(({ path, kind }): Answer[] => {
    if (path.includes('.')) return [];
    if (kind === 'yes or no') return [{ field: path, value: true }];
    const values = kind.startsWith('`') ? kind.split(', ').map((value) => value.replaceAll('`', '')) : [];
    return values.map((value) => ({ field: path, value }));
  });
