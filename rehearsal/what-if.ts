import { officeName, passesOf, table, type Pass } from './report.ts';
import type { Rehearsal, Rehearsed } from './run.ts';

/**
 * The same people on the same days under two sets of rules: what was late before and what would be late after. People
 * behave as before, whatever their limit says: what they would do under another limit nobody knows.
 */
export function whatIfTable(before: Rehearsal, after: Rehearsal): string[] {
  const second = new Map(after.cases.map((each) => [nameOf(each), each]));
  const groups = new Map<string, { before: Pass; after: Pass }[]>();
  for (const each of before.cases) {
    const other = second.get(nameOf(each));
    const passes = other ? passesOf(other) : [];
    passesOf(each).forEach((pass, index) => {
      const twin = passes[index];
      if (!twin) return;
      const key = `${pass.office} ${pass.stage} ${pass.limit}`;
      groups.set(key, [...(groups.get(key) ?? []), { before: pass, after: twin }]);
    });
  }
  const rows = [...groups.entries()]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, pairs]) => {
      const [pair] = pairs;
      const moved = pairs.filter((each) => each.before.due !== each.after.due).length;
      const count = (side: 'before' | 'after'): number => pairs.filter((each) => each[side].late).length;
      const days = (side: 'before' | 'after'): number => pairs.reduce((sum, each) => sum + each[side].daysLate, 0);
      return [
        officeName(pair?.before.office ?? ''),
        pair?.before.stage ?? '',
        pair?.before.limit ?? '',
        String(pairs.length),
        `${count('before')} → ${count('after')}`,
        `${moved}`,
        `${days('before')} → ${days('after')}`,
      ];
    });
  return table(
    [
      '机构 office',
      '环节 stage',
      '时限',
      '件次 passes',
      '逾期 late',
      '到期日变动 due days moved',
      '逾期天数 days late',
    ],
    rows,
  );
}

/** The same case on both sides; a verification goes by the case that waits for it and its process. */
const nameOf = ({ number, played }: Rehearsed): string => `${number} ${played.life.process} ${played.life.filedAt}`;
