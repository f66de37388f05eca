import type { Text } from '../../domain/case.ts';
import type { CaseLine, Digest, DueCase, NoticeLine, Pile, StuckInArea } from '../../domain/digest.ts';

type Language = keyof Text;

/** The digest as it is sent: Chinese first, then the same in English; plain text, since nothing in it needs more. */
export function digestMessage(digest: Digest): { subject: string; body: string } {
  const { day, overdue, dueToday } = digest;
  const subject = `经办日报 ${day}:逾期 ${overdue.total} 件,今日到期 ${dueToday.total} 件 / Daily digest: ${overdue.total} overdue, ${dueToday.total} due today`;
  return { subject, body: `${bodyIn('zh', digest)}\n\n——\n\n${bodyIn('en', digest)}\n` };
}

function bodyIn(language: Language, digest: Digest): string {
  const { day, nextWorkingDay } = digest;
  const parts = [
    section(language, { zh: '已逾期', en: 'Overdue' }, digest.overdue, dueLine),
    section(language, { zh: `今日到期(${day})`, en: `Due today (${day})` }, digest.dueToday, dueLine),
    section(
      language,
      { zh: `下一工作日到期(${nextWorkingDay})`, en: `Due on the next working day (${nextWorkingDay})` },
      digest.dueNext,
      dueLine,
    ),
    section(language, { zh: '辖区滞留件', en: 'Stuck in your area' }, digest.stuck, stuckLine),
    section(language, { zh: '新通知', en: 'New notices' }, digest.notices, noticeLine),
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
  const late = item.daysLate === 0 ? '' : zh ? `,逾期 ${item.daysLate} 天` : `, ${item.daysLate} days late`;
  const provisional = item.provisional ? (zh ? ',暂定' : ', provisional') : '';
  return `${caseWords(language, item)} · ${due}${late}${provisional}`;
}

const stuckLine = (language: Language, item: StuckInArea): string =>
  `${caseWords(language, item)} · ${language === 'zh' ? `${item.since} 起滞留` : `stuck since ${item.since}`}`;

const noticeLine = (language: Language, item: NoticeLine): string =>
  `${caseWords(language, item)} · ${item.title[language]}${item.dueOn === null ? '' : ` (${item.dueOn})`}`;
