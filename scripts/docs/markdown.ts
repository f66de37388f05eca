/** Small pieces of Markdown; tables come out the way prettier would write them, so nothing changes them afterwards. */

/** Text that may stand in a cell: one line, no bar. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A table, or nothing at all when it has no rows. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
};

export const code = (text: string): string => `\`${text}\``;
export const codes = (texts: readonly string[]): string => texts.map(code).join(', ');
/** Both languages of the product, Chinese first. */
export const both = ({ zh, en }: { zh: string; en: string }): string => `${zh} ${en}`;

export const WARNING =
  '<!-- Made by `npm run docs` from the code. Change the code, not this page; `npm run docs:check` compares them. -->';
