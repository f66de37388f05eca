import type { Text } from '../../domain/case.ts';
import { addDays, dayOfWeek, type PlainDate } from '../../domain/plain-date.ts';
import type { ClockProofView, ProvedLimit, TermView } from '../read/clock-schema.ts';
import type { Answer } from '../route.ts';
import { chineseDay, escape, sheet } from './sheet.ts';

/** The clock proof on paper, to show to whoever asks: a calendar per limit, each day with its number or its reason. */
export function clockPage(proof: ClockProofView): Answer {
  const title = '办理时限计算说明';
  const body = [
    `<h1>${title}</h1><p class="en">How the time limits of this case were counted</p>`,
    `<p class="numbers"><span>受理号 No.：${escape(proof.acceptanceNo)}</span><span>${both(proof.processTitle)}</span><span>截至 as of ${dayText(proof.today)}</span></p>`,
    proof.agrees ? '' : warning('登记的到期日与复算结果不一致', 'A stored due day is not the one counted again'),
    ...proof.limits.map(limitSection),
    termSection(proof.term),
    suspensionTable(proof),
    extensionTable(proof),
    `<h2>所依据的工作日历 Calendar</h2><ul>${proof.calendars.map(calendarLine).join('')}</ul>`,
  ];
  return sheet(`${title} ${proof.acceptanceNo}`, body.filter((part) => part !== '').join('\n'), STYLE);
}

const STYLE = `
h2 { font-size: 13pt; margin: 7mm 0 2mm; break-after: avoid; }
.en, .small { font-size: 9.5pt; } .en { text-align: center; }
.warning { border: 2px solid #000; padding: 2mm; font-weight: bold; }
.facts th { width: 24%; }
.month { break-inside: avoid; margin: 2mm 0; table-layout: fixed; font-size: 9.5pt; }
.month caption { text-align: left; font-weight: bold; } .month th { width: auto; text-align: center; }
.month td { height: 11mm; padding: 0.8mm; text-align: center; }
.out { border-color: #bbb; } .stopped { background: #e4e4e4; } .counted { font-weight: bold; }
.due { border: 2.5px solid #000; } .late { text-decoration: underline; }
.wide th { width: auto; } .wide { font-size: 9.5pt; }
`;

const both = ({ zh, en }: Text): string => `${escape(zh)} <span class="small">${escape(en)}</span>`;
const dayText = (day: string | null): string => (day === null ? '—' : escape(chineseDay(day)));
const warning = (zh: string, en: string): string => `<p class="warning">注意 ${escape(zh)} ${escape(en)}</p>`;
const calendarLine = ({ id, source, publishedOn }: ClockProofView['calendars'][number]): string =>
  `<li>${escape(source)}（${dayText(publishedOn)}公布 published，${escape(id)}）</li>`;
const row = (zh: string, en: string, value: string): string =>
  `<tr><th>${zh} <span class="small">${en}</span></th><td>${value}</td></tr>`;

const UNITS: Readonly<Record<string, Text>> = {
  WORKING_DAY: { zh: '个工作日', en: 'working days' },
  CALENDAR_DAY: { zh: '日', en: 'calendar days' },
  MONTH: { zh: '个月', en: 'months' },
  YEAR: { zh: '年', en: 'years' },
};

/** '5 个工作日，延长 2 个工作日'; a date that is fixed by the law or set per case has no length. */
function lengthOf({ limit, unit, extendedBy }: ProvedLimit): string {
  const name = UNITS[unit];
  if (!name) return '按规定日期 a fixed date';
  const longer = extendedBy > 0 ? `，延长 extended by ${extendedBy}` : '';
  return `${limit} ${both(name)}${longer}`;
}

function limitSection(limit: ProvedLimit): string {
  const due = limit.dueOn
    ? `<b>${dayText(limit.dueOn)}</b>`
    : '时限中止，暂无到期日 <span class="small">the clock stands</span>';
  const kept = limit.provisionalBecause
    ? `（暂定 provisional：节假日安排公布至 holidays known until ${dayText(limit.provisionalBecause)}）`
    : '';
  const stand =
    limit.daysLate > 0 ? `逾期 late ${limit.daysLate}` : `已用 used ${limit.daysUsed}，剩余 left ${limit.daysLeft}`;
  return [
    `<h2>${both(limit.title)}${limit.limitId ? ` ${escape(limit.limitId)}` : ''}</h2>`,
    limit.disagreement ? warning(limit.disagreement.zh, limit.disagreement.en) : '',
    '<table class="facts">',
    row('时限', 'limit', lengthOf(limit)),
    row('依据', 'basis', escape(limit.article)),
    row('起算', 'counted from', `${both(limit.startEvent)}，${dayText(limit.startOn)}（当日不计 not counted）`),
    row('到期日', 'due day', due + kept),
    row('进度', 'standing', stand + (limit.endedOn ? `，办结 done on ${dayText(limit.endedOn)}` : '')),
    ...limit.moves.map((move) =>
      row(
        '变动',
        'moved',
        `${dayText(move.from)} → ${dayText(move.to)}：${both(move.because)} ${escape(move.by ?? '')} ${escape(move.at.slice(0, 10))}（${escape(move.calendarEdition)}）`,
      ),
    ),
    '</table>',
    months(limit),
  ].join('\n');
}

type Day = ProvedLimit['days'][number];

/** One grid per month from the first day that is told to the last. */
function months(limit: ProvedLimit): string {
  const late = new Set(limit.lateDays.map(({ day }) => day));
  const told = new Map([...limit.days, ...limit.lateDays].map((each) => [each.day, each]));
  const names = [...new Set([...told.keys()].map((day) => day.slice(0, 7)))].sort();
  return names.map((month) => monthGrid(month, told, late, limit.dueOn)).join('\n');
}

function monthGrid(
  month: string,
  told: ReadonlyMap<PlainDate, Day>,
  late: ReadonlySet<string>,
  dueOn: string | null,
): string {
  const first = `${month}-01` as PlainDate;
  const cells: string[] = Array.from({ length: dayOfWeek(first) - 1 }, () => '<td class="out"></td>');
  for (let day = first; day.startsWith(month); day = addDays(day, 1)) {
    const each = told.get(day);
    const number = Number(day.slice(8));
    if (!each) cells.push(`<td class="out">${number}</td>`);
    else
      cells.push(
        `<td class="${classesOf(each, late.has(day), day === dueOn)}">${number}<br>${wordOf(each, late.has(day))}</td>`,
      );
  }
  while (cells.length % 7 > 0) cells.push('<td class="out"></td>');
  const weeks = Array.from(
    { length: cells.length / 7 },
    (_, i) => `<tr>${cells.slice(7 * i, 7 * i + 7).join('')}</tr>`,
  );
  const head = ['一', '二', '三', '四', '五', '六', '日'].map((name) => `<th>${name}</th>`).join('');
  const caption = `${Number(month.slice(0, 4))}年${Number(month.slice(5))}月`;
  return `<table class="month"><caption>${caption}</caption><tr>${head}</tr>${weeks.join('')}</table>`;
}

const classesOf = ({ why, counted }: Day, isLate: boolean, isDue: boolean): string =>
  [why === 'SUSPENDED' ? 'stopped' : counted ? 'counted' : 'told', isLate ? 'late' : '', isDue ? 'due' : '']
    .filter((name) => name !== '')
    .join(' ');

/** '第3日', '第3日 调休上班', '节假日', '逾期2', '时限中止 ①'. */
function wordOf({ counted, n, why, title, suspensions }: Day, isLate: boolean): string {
  const number = counted && n !== null ? (isLate ? `逾期${n}` : `第${n}日`) : '';
  const reason = why === 'COUNTED' ? '' : title.zh;
  const which = suspensions.map((seq) => `#${seq}`).join(' ');
  return escape([number, reason, which].filter((part) => part !== '').join(' '));
}

function termSection({ passes, total }: TermView): string {
  const shown = passes.filter((pass) => pass.allotted !== null || pass.ofTerm > 0);
  if (shown.length === 0) return '';
  const cells = shown.map(
    (pass) =>
      `<tr><td>${both(pass.title)}</td><td>${escape(pass.officeName ?? '—')}</td><td>${dayText(pass.openedOn)} – ${dayText(pass.closedOn)}</td>` +
      [pass.allotted, pass.used, pass.paused, pass.passedOn, pass.ofTerm, pass.lateOfTerm]
        .map((n) => `<td>${n ?? '—'}</td>`)
        .join('') +
      '</tr>',
  );
  const heads = [
    '环节 stage',
    '机构 office',
    '期间 period',
    '分配 allotted',
    '已用 used',
    '中止 paused',
    '结转 passed on',
    '占全程 of total',
    '逾期 late',
  ];
  const sum = total
    ? `<p class="small">全程 total ${escape(total.limitId)} ${total.limit} 个工作日 working days：已计 counted ${total.days}，逾期 late ${total.daysLate}。移交当日计入移交方 The day of a hand-over belongs to whoever hands over.</p>`
    : '';
  return `<h2>各环节用时 <span class="small">whose days were used</span></h2><table class="wide"><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>${cells.join('')}</table>${sum}`;
}

function suspensionTable({ suspensions }: ClockProofView): string {
  if (suspensions.length === 0) return '';
  const rows = suspensions.map(
    (each) =>
      `<tr><td>#${each.seq}</td><td>${both(each.title)}</td><td>${dayText(each.suspendedOn)} – ${each.resumedOn ? dayText(each.resumedOn) : '中止中'}</td><td>${escape(each.reason)}</td><td>${escape(each.basis)}</td><td>${escape(nameOf(each.openedBy))}</td><td>${escape(nameOf(each.closedBy))}</td></tr>`,
  );
  const heads = ['#', '事由 kind', '期间 period', '说明 reason', '依据 basis', '中止人 by', '恢复人 resumed by'];
  return `<h2>时限中止 <span class="small">suspensions</span></h2><table class="wide"><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>${rows.join('')}</table>`;
}

function extensionTable({ extensions }: ClockProofView): string {
  if (extensions.length === 0) return '';
  const rows = extensions.map(
    (each) =>
      `<tr><td>${escape(each.limitId)}</td><td>${each.workingDays}</td><td>${dayText(each.grantedOn)}</td><td>${dayText(each.dueBefore)} → ${dayText(each.dueAfter)}</td><td>${escape(each.reason)}</td><td>${escape(each.basis)}</td><td>${escape(nameOf(each.grantedBy))}</td></tr>`,
  );
  const heads = [
    '时限 limit',
    '工作日 days',
    '批准日 granted',
    '到期日 due day',
    '说明 reason',
    '依据 basis',
    '批准人 by',
  ];
  return `<h2>延长时限 <span class="small">extensions</span></h2><table class="wide"><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>${rows.join('')}</table>`;
}

const nameOf = (who: { id: string; name: string | null } | null): string => who?.name ?? who?.id ?? '—';
