import { readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * What stands against what, kept as data in `docs/security/`: a control names the tests that prove it, as `file` or `file › title`,
 * the page that says it, why it does not concern us, or what is open. Several may hold: a test and what it leaves open.
 */
const evidence = {
  proof: z
    .array(z.string().regex(/^test\/.+\.test\.ts( › .+)?$/))
    .min(1)
    .optional(),
  /** for what has to be written down: the page, from the root */
  document: z
    .string()
    .regex(/^docs\/.+\.md$/)
    .optional(),
  note: z.string().min(5).optional(),
  notApplicable: z.string().min(5).optional(),
  open: z.string().min(5).optional(),
};
const LEVELS = [1, 2, 3] as const;

const item = z.strictObject({
  item: z.string().regex(/^\d+\.\d+\.\d+$/),
  level: z.literal(LEVELS),
  /** in our own words: the text of the standard is in the standard */
  title: z.string().min(3),
  ...evidence,
});
const asvs = z.strictObject({
  /** repository, commit and folder the numbers and levels were taken from */
  source: z.string(),
  chapters: z.array(z.strictObject({ zh: z.string(), en: z.string() })),
  items: z.array(item),
});
const control = z.strictObject({ clause: z.string(), title: z.string(), control: z.string(), ...evidence });
const controls = z.array(
  z.strictObject({ source: z.string(), note: z.string().optional(), rows: z.array(control).min(1) }),
);
const threats = z.array(z.strictObject({ who: z.string(), might: z.string(), against: z.string(), ...evidence }));
const inventories = z.array(
  z.strictObject({
    title: z.string(),
    /** the ASVS item that asks for it */
    item: z.string(),
    head: z.array(z.string()),
    rows: z.array(z.array(z.string())).min(1),
  }),
);

export type AsvsItem = z.output<typeof item>;
export type Evidence = Pick<AsvsItem, 'proof' | 'document' | 'note' | 'notApplicable' | 'open'>;

const data = <T>(name: string, schema: z.ZodType<T>): T =>
  schema.parse(JSON.parse(readFileSync(new URL(`../../docs/security/${name}.json`, import.meta.url), 'utf8')));

export const ASVS = data('asvs', asvs);
export const CONTROLS = data('controls', controls);
export const THREATS = data('threats', threats);
export const INVENTORIES = data('inventories', inventories);
export const { contact: CONTACT } = data('contact', z.strictObject({ contact: z.string().min(5) }));

/** `file › title` as its two parts; the title is missing where the whole file is the proof. */
export function proofParts(proof: string): { file: string; title: string | undefined } {
  const [file = '', title] = proof.split(' › ');
  return { file, title };
}

/** What of the evidence is wrong, one sentence each; `read` gives the text of a file of the checkout, or undefined. */
export function evidenceFaults(
  name: string,
  { proof = [], document, notApplicable, open }: Evidence,
  read: (path: string) => string | undefined,
): string[] {
  const faults: string[] = [];
  if (proof.length === 0 && !document && !notApplicable && !open)
    faults.push(`${name}: neither test nor page nor reason nor word that it is open`);
  if (notApplicable && open) faults.push(`${name}: open, and does not concern us`);
  if (document && read(document) === undefined) faults.push(`${name}: no page ${document}`);
  for (const { file, title } of proof.map(proofParts)) {
    const text = read(file);
    if (text === undefined) faults.push(`${name}: no file ${file}`);
    else if (title && !["'", '`', '"'].some((quote) => text.includes(`(${quote}${title}${quote},`)))
      faults.push(`${name}: no test “${title}” in ${file}`);
  }
  return faults;
}
