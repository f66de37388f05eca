import type { Text } from '../../domain/case.ts';
import type {
  CaseLine,
  Digest,
  DueCase,
  DueDuty,
  DutyLine,
  DutyNoticeLine,
  NoticeLine,
  Pile,
  StuckInArea,
} from '../../domain/digest.ts';
import { DUTY_EVENTS } from '../../domain/duty.ts';

type Language = keyof Text;

/** The digest as it is sent: Chinese first, then the same in English; plain text, since nothing in it needs more. */
export function digestMessage(digest: Digest): { subject: string; body: string } {
  const { day, duties } = digest;
  const overdue = digest.overdue.total + duties.overdue.total;
  const dueToday = digest.dueToday.total + duties.dueToday.total;
  const subject = `经办日报 ${day}:逾期 ${overdue} 件,今日到期 ${dueToday} 件 / Daily digest: ${overdue} overdue, ${dueToday} due today`;
  return { subject, body: `${bodyIn('zh', digest)}\n\n——\n\n${bodyIn('en', digest)}\n` };
}

function bodyIn(language: Language, digest: Digest): string {
  const { day, nextWorkingDay, duties } = digest;
  const parts = [
    section(language, { zh: '已逾期', en: 'Overdue' }, digest.overdue, dueLine),
    section(language, { zh: `今日到期(${day})`, en: `Due today (${day})` }, digest.dueToday, dueLine),
    section(
      language,
      { zh: `下一工作日到期(${nextWorkingDay})`, en: `Due on the next working day (${nextWorkingDay})` },
      digest.dueNext,
      dueLine,
    ),
    section(language, { zh: '定期事项已逾期', en: 'Recurring duties overdue' }, duties.overdue, dutyLine),
    section(
      language,
      { zh: `定期事项今日到期(${day})`, en: `Recurring duties due today (${day})` },
      duties.dueToday,
      dutyLine,
    ),
    section(
      language,
      {
        zh: `定期事项下一工作日(${nextWorkingDay})及以前到期`,
        en: `Recurring duties due by the next working day (${nextWorkingDay})`,
      },
      duties.dueNext,
      dutyLine,
    ),
    section(language, { zh: '辖区滞留件', en: 'Stuck in your area' }, digest.stuck, stuckLine),
    section(language, { zh: '新通知', en: 'New notices' }, digest.notices, noticeLine),
    section(language, { zh: '定期事项通知', en: 'Notices of recurring duties' }, duties.told, toldLine),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function section<Line>(
  language: Language,
  title: Text,
  { total, items }: Pile<Line>,
  line: (language: Language, item: Line) => string,
): string {
  if (total === 0) return '';
  const hidden = total - items.length;
  const more = hidden > 0 ? [language === 'zh' ? `- 另有 ${hidden} 件` : `- and ${hidden} more`] : [];
  const heading = `${title[language]}: ${total}`;
  return [heading, ...items.map((item) => `- ${line(language, item)}`), ...more].join('\n');
}

const caseWords = (language: Language, line: CaseLine): string =>
  `${line.acceptanceNo} ${line.processTitle[language]} · ${line.stageTitle[language]}`;

function dueLine(language: Language, item: DueCase): string {
  const zh = language === 'zh';
  const clock = item.clock === 'TOTAL' ? (zh ? '总时限' : 'total limit') : zh ? '环节时限' : 'limit of the stage';
  const due = zh ? `${clock}(${item.limitId})${item.dueOn} 到期` : `${clock} (${item.limitId}) due ${item.dueOn}`;
  const provisional = item.provisional ? (zh ? ',暂定' : ', provisional') : '';
  return `${caseWords(language, item)} · ${due}${lateWords(language, item)}${provisional}`;
}

function lateWords(language: Language, { daysLate }: { daysLate: number }): string {
  if (daysLate === 0) return '';
  return language === 'zh' ? `,逾期 ${daysLate} 天` : `, ${daysLate} ${daysLate === 1 ? 'day' : 'days'} late`;
}

function dutyWords(language: Language, item: DutyLine): string {
  const due = language === 'zh' ? `${item.dueOn} 到期` : `due ${item.dueOn}`;
  return `${item.title[language]} (${item.limitId}) ${item.period} · ${due}${lateWords(language, item)}`;
}

function dutyLine(language: Language, item: DueDuty): string {
  const provisional = language === 'zh' ? ',提醒日暂定' : ', reminder day provisional';
  return `${dutyWords(language, item)}${item.provisional ? provisional : ''}`;
}

function toldLine(language: Language, item: DutyNoticeLine): string {
  const done = language === 'zh' ? `,已于 ${item.doneOn} 完成` : `, done on ${item.doneOn}`;
  const words = `${DUTY_EVENTS[item.kind][language]} · ${item.holder} · ${dutyWords(language, item)}`;
  return `${words}${item.doneOn === null ? '' : done}`;
}

const stuckLine = (language: Language, item: StuckInArea): string =>
  `${caseWords(language, item)} · ${language === 'zh' ? `${item.since} 起滞留` : `stuck since ${item.since}`}`;

const noticeLine = (language: Language, item: NoticeLine): string =>
  `${caseWords(language, item)} · ${item.title[language]}${item.dueOn === null ? '' : ` (${item.dueOn})`}`;
