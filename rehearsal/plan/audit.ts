import type { JsonObject } from '../../domain/case.ts';
import { itemsOf } from '../../domain/processes/audit-checklist.ts';
import { dayAt, plus, type Day } from '../recount/days.ts';
import type { Entered } from '../recount/procedures.ts';
import type { City } from './city.ts';
import { arrival, openDiary } from './diary.ts';
import type { Dice } from './dice.ts';
import { opening, returned } from './moves.ts';
import type { Move, Plan } from './types.ts';

/** P04: an audit from its plan to its result, or to the correction or the report of who refuses to correct. */
export function audit(number: number, dice: Dice, city: City, from: Day, to: Day): Plan {
  const county = city.county(dice);
  const byCity = dice.chance(0.25);
  const office = byCity ? 'city' : county.prefix;
  const [lead, auditor] = [`${office}.auditlead`, `${office}.auditor1`];
  const team = [`s-${office}.auditor1`, `s-${office}.auditor2`];
  const at = arrival(dice, from, to, 'COUNTER');
  const diary = openDiary(dice, at);
  const pace = city.pace(office);
  const plannedStartOn = plus(dayAt(at), dice.between(6, 24));
  const moves: Move[] = [];

  const approve = (
    who: string,
    step: string,
    form: JsonObject,
    { documents, entered = {} }: { documents?: Move['documents']; entered?: Entered } = {},
  ): void =>
    void moves.push({
      ...opening(diary, who, step),
      decision: 'APPROVE',
      ...(Object.keys(form).length > 0 ? { form } : {}),
      ...(documents ? { documents } : {}),
      act: { act: 'APPROVE', entered },
    });
  /** A paper is served on a day and entered then or days later, never before the day it depends on. */
  const servedOn = (earliest: Day): Day => {
    const day = plus(diary.today, -dice.between(0, 3));
    return day < earliest ? earliest : day;
  };

  diary.office(dice.wait(2 * pace));
  approve(lead, 'PLANNED', {});
  diary.office(dice.wait(2.5 * pace));
  const noticeServedOn = servedOn(dayAt(at));
  const late = noticeServedOn > plus(plannedStartOn, -3);
  const waiver: JsonObject = late
    ? { noticeWaived: true, noticeWaiverReason: '线索紧急', noticeWaiverApprovedBy: `s-${lead}` }
    : {};
  approve(auditor, 'NOTICE_SERVED', { ...NOTICE, noticeServedOn, ...waiver }, { entered: { noticeServedOn } });

  // It begins on its day or as soon after as the office comes to it.
  const wait = Math.max(0, daysUntil(diary.today, plannedStartOn));
  if (wait > 0) diary.anybody(wait);
  diary.office(dice.wait(pace));
  const startedOn = diary.today;
  approve(auditor, 'ON_SITE', { startedOn, auditorsPresent: team, credentialsShown: true });
  diary.office(dice.wait(3 * pace));
  approve(auditor, 'RECORD_SIGNED', signedBy(team), { documents: ['AUDIT_RECORD'] });
  diary.office(dice.wait(3 * pace));
  const endedOn = servedOn(startedOn);
  const finding = dice.chance(0.5) ? 'VIOLATION' : 'NO_VIOLATION';
  approve(lead, 'AUDIT_ENDED', { endedOn, finding }, { entered: { endedOn, finding } });

  if (finding === 'NO_VIOLATION') {
    diary.office(dice.wait(3.5 * pace));
    const resultServedOn = servedOn(endedOn);
    approve(auditor, 'RESULT_NOTIFIED', { resultText: '未发现违规', resultServedOn }, { entered: { resultServedOn } });
  } else opinion();
  const receiving = byCity ? 'CITY' : 'COUNTY';
  return {
    number,
    process: 'AUDIT',
    person: city.person(number, county),
    window: receiving,
    firstStep: 'PLANNED',
    filing: {
      at,
      who: lead,
      form: { hospitalId: county.hospitalId, origin: 'PLAN', scope: ['INFORMATION'], auditors: team, plannedStartOn },
      documents: [],
      entered: { plannedStartOn },
    },
    moves,
  };

  function opinion(): void {
    diary.office(dice.wait(6 * pace));
    const opinionServedOn = servedOn(endedOn);
    const correctionDueOn = plus(opinionServedOn, dice.between(5, 40));
    const form = { opinionFacts: '迟报三次', violations: '未按时上传数据', opinionServedOn, correctionDueOn };
    const entered = { opinionServedOn, correctionDueOn };
    approve(auditor, 'OPINION_SERVED', form, { documents: ['SERVICE_PROOF'], entered });
    diary.anybody(dice.between(3, 45));
    if (dice.chance(0.15)) return refusal();
    const correctedOn = corrected(opinionServedOn);
    if (dice.chance(0.15)) {
      diary.office(dice.wait(2 * pace));
      moves.push(returned(opening(diary, auditor, 'RECTIFIED'), 'RECTIFICATION'));
      corrected(correctedOn);
    }
    diary.office(dice.wait(3 * pace));
    approve(auditor, 'RECTIFIED', { verifiedOn: diary.today, verificationText: '已改正' });
  }
  function corrected(earliest: Day): Day {
    diary.office(dice.wait(pace));
    const correctedOn = servedOn(earliest);
    approve(auditor, 'RECTIFICATION', { correctedOn, correctionText: '已补传' }, { entered: { correctedOn } });
    return correctedOn;
  }
  function refusal(): void {
    diary.office(0);
    moves.push({
      ...opening(diary, lead, 'RECTIFICATION'),
      decision: 'REPORT',
      form: { refusalConfirmed: true, refusalFacts: '书面拒绝' },
      act: { act: 'REPORT' },
    });
    diary.office(dice.wait(2 * pace));
    const reportedOn = diary.today;
    approve(lead, 'REPORTED_TO_ADMIN', { reportedTo: '市医保局', reportedOn, reportText: '拒不改正' });
    diary.office(dice.wait(12));
    const adminResultReceivedOn = diary.today;
    approve(auditor, 'ADMIN_RESULT_RECEIVED', { adminResultReceivedOn, adminResult: '警告' });
  }
}

const daysUntil = (from: Day, to: Day): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

const NOTICE: JsonObject = {
  contents: '信息管理',
  requirements: '提供资料',
  methods: '查阅系统记录',
  materialsToPrepare: '上传日志',
};

const signedBy = (team: string[]): JsonObject => ({
  recordFacts: '住院数据未按时上传',
  auditorsSigned: team,
  checkList: itemsOf(['INFORMATION']).map((item) => ({ item, result: 'NOT_OK', remark: '迟报' })),
  representativeSigned: true,
  signerKind: 'LEGAL_REPRESENTATIVE',
  representativeName: '李四',
});
