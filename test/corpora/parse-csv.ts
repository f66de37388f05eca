/** RFC 4180, read anew: rows of cells. Throws on anything a strict reader would refuse. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const cellPattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  let row: string[] = [];
  while (cellPattern.lastIndex < text.length) {
    const from = cellPattern.lastIndex;
    const match = cellPattern.exec(text);
    if (!match) throw new SyntaxError(`no cell of a CSV file at ${from}: ${text.slice(from, from + 40)}`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
