import { relative } from 'node:path/posix';
import { code, table, WARNING } from './markdown.ts';
import {
  ASVS,
  CONTACT,
  CONTROLS,
  INVENTORIES,
  proofParts,
  THREATS,
  type AsvsItem,
  type Evidence,
} from './security-data.ts';

const fromPage = (path: string): string => relative('docs', path);

/** Tests by file, each with the titles that count. */
const proven = (proof: readonly string[]): string => {
  const files = new Map<string, string[]>();
  for (const { file, title } of proof.map(proofParts))
    files.set(file, [...(files.get(file) ?? []), ...(title ? [`“${title}”`] : [])]);
  return [...files]
    .map(([file, titles]) => {
      const name = file.replace(/^test\//, '').replace(/\.test\.ts$/, '');
      return [`[${name}](${fromPage(file)})`, titles.join(', ')].filter(Boolean).join(' ');
    })
    .join('; ');
};

const evidence = ({ proof, document, note, notApplicable, open }: Evidence): string =>
  [
    proof ? proven(proof) : '',
    document && document !== 'docs/security.md' ? `written down: [${fromPage(document)}](${fromPage(document)})` : '',
    note ?? '',
    notApplicable ? `**not applicable**: ${notApplicable}` : '',
    open ? `**open**: ${open}` : '',
  ]
    .filter(Boolean)
    .join('. ');

const chapterOf = ({ item }: AsvsItem): number => Number(item.split('.')[0]);

const KINDS = {
  tested: ({ proof, open, notApplicable }: Evidence) => proof && !open && !notApplicable,
  'written down': ({ proof, document, open, notApplicable }: Evidence) => !proof && document && !open && !notApplicable,
  'tested, part open': ({ proof, open }: Evidence) => proof && open,
  open: ({ proof, open }: Evidence) => !proof && open,
  'not applicable': ({ notApplicable }: Evidence) => notApplicable,
} as const;

const summary = (): string[] =>
  table(
    ['level', 'items', ...Object.keys(KINDS)],
    [1, 2, 3].map((level) => {
      const items = ASVS.items.filter((one) => one.level === level);
      const counts = Object.values(KINDS).map((is) => items.filter((one) => is(one)).length);
      return [level === 3 ? '3 (chosen)' : String(level), String(items.length), ...counts.map(String)];
    }),
  );

/** docs/security.md: threats, the controls of law and standards, ASVS item by item, and what has to be written down. */
export const securityPage = (): string =>
  [
    WARNING,
    '',
    '# 安全 Security',
    '',
    'Who might do harm, what stands against it, and which test shows it. What is open is called so: most of it is the agency’s',
    'to set up or decide. Data: `docs/security/`; `test/tidy/security.test.ts` fails when a test that is named here is gone.',
    '',
    '## 报告安全问题 Reporting',
    '',
    `Contact: **${CONTACT}** (set in ${code('docs/security/contact.json')}, then ${code('npm run docs')}).`,
    '',
    '- Tell it there, not in a public place. Say what you did, when (with the request id of the answer), and what you saw.',
    '- Send no data of real persons: acceptance number or request id is enough. Stop at the first sight of such data.',
    '- You get an answer within three working days. If people’s data are out, the duties of PIPL Art. 57 begin at once.',
    '- First aid: close the account (`POST /api/v1/accounts/{staffId}/disable` ends its sessions, too), then `npm run verify`.',
    '',
    '## 威胁 Threats',
    '',
    ...table(
      ['who', 'might', 'against it stands', 'shown by'],
      THREATS.map((threat) => [threat.who, threat.might, threat.against, evidence(threat)]),
    ),
    '## 法律与标准 Law and standards',
    '',
    ...CONTROLS.flatMap(({ source, note, rows }) => [
      `### ${source}`,
      '',
      ...(note ? [note, ''] : []),
      ...table(
        ['clause', 'what', 'control', 'shown by'],
        rows.map((row) => [row.clause, row.title, row.control, evidence(row)]),
      ),
    ]),
    '## OWASP ASVS 5.0',
    '',
    `All items of levels 1 and 2, and those of level 3 where money or sensitive data move. Numbers and levels: ${ASVS.source}.`,
    'The titles are ours; the text is in the standard.',
    '',
    ...summary(),
    ...ASVS.chapters.flatMap(({ zh, en }, i) => [
      `### V${i + 1} ${zh} ${en}`,
      '',
      ...table(
        ['item', 'level', 'what', 'shown by'],
        ASVS.items
          .filter((item) => chapterOf(item) === i + 1)
          .map((item) => [item.item, String(item.level), item.title, evidence(item)]),
      ),
    ]),
    '## 清单 What has to be written down',
    '',
    ...INVENTORIES.flatMap(({ title, item, head, rows }) => [`### ${title} (${item})`, '', ...table(head, rows)]),
  ].join('\n');
