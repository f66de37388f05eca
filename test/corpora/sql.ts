/** Beginnings and ends of statements, as they have been put into fields. */
export const SQL: readonly string[] = [
  "' OR '1'='1",
  "'; DROP TABLE case_file; --",
  "1' UNION SELECT id_card_no FROM insured_person --",
  '1) OR pg_sleep(5) --',
  '$1',
  "E'\\\\x27'",
  '%27%20OR%201=1',
  "\\'; SELECT 1 --",
  '"; SELECT 1 --',
  '1; SELECT 1',
  '${7*7}',
  "admin'/*",
];
