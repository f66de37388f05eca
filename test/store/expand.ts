/**
 * What a migration may do while the release before it still runs (expand), and what has to wait for the release after (contract): the
 * program that runs neither misses a column, nor meets a value it cannot read, nor has to fill one it does not know.
 */
const CONTRACTS: readonly (readonly [RegExp, string])[] = [
  [
    /\bDROP\s+(TABLE|VIEW|MATERIALIZED VIEW|TYPE|SCHEMA|FUNCTION|SEQUENCE|COLUMN)\b/i,
    'drops what the running release may use',
  ],
  [/\bALTER\s+TABLE\b[^;]*\bDROP\s+(?!CONSTRAINT|NOT|DEFAULT|EXPRESSION|IDENTITY)"?\w/i, 'drops a column'],
  [/\bRENAME\b/i, 'renames what the running release calls by its old name'],
  [/\bSET\s+NOT\s+NULL\b/i, 'the running release may still write NULL'],
  [/\bDROP\s+DEFAULT\b/i, 'the running release may leave the default to the store'],
  [/\bALTER\s+(COLUMN\s+)?"?\w+"?\s+(SET\s+DATA\s+)?TYPE\b/i, 'changes a type the running release reads'],
  [
    /\bADD\s+COLUMN\b(?![^,;]*\bDEFAULT\b)(?![^,;]*\bGENERATED\b)[^,;]*\bNOT\s+NULL\b/i,
    'the running release does not fill a new column',
  ],
  [/^\s*TRUNCATE\b/i, 'empties a table'],
  [/\bREVOKE\b/i, 'takes a right the running release may need'],
];

/** A migration whose first line says so is a contract: it is applied when the release that needs the old form is gone. */
const IS_CONTRACT = /^-- contract: \S.{20,}/;

/** Comments and texts hold words that are no statements. */
const bare = (sql: string): string =>
  sql
    .replaceAll(/--[^\n]*/g, '')
    .replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''");

/** One sentence for each statement that the running release would not survive; of new tables everything is allowed. */
export function contractsIn(sql: string): string[] {
  if (IS_CONTRACT.test(sql)) return [];
  const text = bare(sql);
  const fresh = [...text.matchAll(/CREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?/gi)].map(
    ([, name]) => name ?? '',
  );
  return text.split(';').flatMap((statement) => {
    const [, table = ''] = statement.match(/ALTER\s+TABLE\s+(?:ONLY\s+)?"?(\w+)"?/i) ?? [];
    if (fresh.includes(table)) return [];
    return CONTRACTS.filter(([pattern]) => pattern.test(statement)).map(
      ([, why]) => `${statement.trim().replaceAll(/\s+/g, ' ').slice(0, 100)}: ${why}`,
    );
  });
}
