import { OFFICES } from '../prisma/seed/offices.ts';
import { dayAt } from './recount/days.ts';
import type { Rehearsal, Rehearsed } from './run.ts';

/** What a rehearsal prints: where limits were broken, how much each day brought, and every difference. */

const NAMES = new Map(OFFICES.map(({ office_id, name }) => [office_id, name]));
export const officeName = (id: string): string => NAMES.get(id) ?? '局外 outside the agency';

/** Columns of equal width; Chinese characters take two places. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) => Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((each) => '-'.repeat(each)).join('  '), ...rows.map(line)];
}
const width = (text: string): number => [...text].reduce((sum, sign) => sum + (/[⺀-￠]/.test(sign) ? 2 : 1), 0);

/** One pass of one stage with a limit, whose office answers for it. */
export interface Pass {
  office: string;
  stage: string;
  limit: string;
  due: string | undefined;
  late: boolean;
  daysLate: number;
}

/** The passes of a case by the recount; which office it was is the system's knowledge. */
export function passesOf({ observed, recounted: { stages, effects } }: Rehearsed): Pass[] {
  const passed = new Map(effects.filter((e) => e.kind === 'LIMIT_PASSED').map((e) => [e.key.split(':')[0], e]));
  return observed.stages.flatMap(({ seq, stage, office, limit }) => {
    if (!limit) return [];
    const closed = stages.find((each) => each.seq === seq);
    // Still open at the end and past its day: late, by a number of days nobody knows yet.
    const late = closed ? closed.daysLate > 0 : passed.has(`S${seq}`);
    return [{ office, stage, limit, due: closed?.due, late, daysLate: closed?.daysLate ?? 0 }];
  });
}

export function breaches({ cases }: Rehearsal): string[] {
  const groups = new Map<string, Pass[]>();
  for (const each of cases)
    for (const pass of passesOf(each)) {
      const key = `${pass.office} ${pass.stage} ${pass.limit}`;
      groups.set(key, [...(groups.get(key) ?? []), pass]);
    }
  const rows = [...groups.entries()]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, passes]) => {
      const [{ office, stage, limit } = { office: '', stage: '', limit: '' }] = passes;
      const late = passes.filter((pass) => pass.late);
      const days = late.reduce((sum, pass) => sum + pass.daysLate, 0);
      const share = `${((100 * late.length) / passes.length).toFixed(1)} %`;
      return [officeName(office), stage, limit, String(passes.length), String(late.length), share, String(days)];
    });
  return table(['机构 office', '环节 stage', '时限', '件次 passes', '逾期 late', '', '逾期天数 days late'], rows);
}

export function load({ cases }: Rehearsal, days: readonly string[]): string[] {
  const counts = {
    effects: new Map<string, number>(),
    filings: new Map<string, number>(),
    decisions: new Map<string, number>(),
  };
  const add = (what: keyof typeof counts, instant: number): void => {
    const day = dayAt(instant);
    counts[what].set(day, (counts[what].get(day) ?? 0) + 1);
  };
  for (const { played, observed } of cases) {
    add('filings', played.life.filedAt);
    for (const { at } of played.life.acts) add('decisions', at);
    for (const { at, key } of observed.effects) if (!key.endsWith(':ESCALATED')) add('effects', at);
  }
  const rows = (['effects', 'filings', 'decisions'] as const).map((what) => {
    const perDay = days.map((day) => counts[what].get(day) ?? 0);
    const sum = perDay.reduce((a, b) => a + b, 0);
    const busiest = days
      .map((day) => [day, counts[what].get(day) ?? 0] as const)
      .sort(([, a], [, b]) => b - a)
      .slice(0, 3)
      .map(([day, count]) => `${day}: ${count}`);
    const mean = (sum / Math.max(1, days.length)).toFixed(1);
    return [
      LOAD[what],
      String(sum),
      String(Math.min(...perDay)),
      mean,
      String(Math.max(...perDay)),
      busiest.join(', '),
    ];
  });
  return table(['每日 a day', '合计 sum', 'min', 'mean', 'max', '最忙 busiest'], rows);
}
const LOAD = { effects: '时钟动作 effects', filings: '受理 filings', decisions: '办理 decisions' } as const;

const AT_MOST = 50;

/** Every difference with the command that plays just this case again. */
export function differences({ cases, failed }: Rehearsal, replay: (number: number) => string): string[] {
  const lines = cases.flatMap(({ number, differences: found, played }) =>
    found.map(
      ({ acceptanceNo, about, system, recount }) =>
        `${acceptanceNo} (${played.life.process}) ${about}\n    system:  ${system}\n    recount: ${recount}\n    ${replay(number)}`,
    ),
  );
  const broken = failed.map(
    ({ number, problem }) => `case ${number} could not be played: ${problem}\n    ${replay(number)}`,
  );
  const all = [...broken, ...lines];
  return all.length > AT_MOST ? [...all.slice(0, AT_MOST), `… and ${all.length - AT_MOST} more`] : all;
}

/** The last line: deadlines that were compared, and how many differ; a case that could not be played is a difference. */
export function verdict(sides: readonly Rehearsal[]): { line: string; differences: number } {
  const cases = sides.flatMap((side) => side.cases);
  const deadlines = cases.reduce((sum, each) => sum + each.deadlines, 0);
  const failed = sides.reduce((sum, side) => sum + side.failed.length, 0);
  const found = failed + cases.reduce((sum, each) => sum + each.differences.length, 0);
  return { line: `${deadlines} deadlines, ${found} differences`, differences: found };
}
