import { addDays, plainDateAt } from '../../domain/plain-date.ts';
import { itemsOf } from '../../domain/processes/audit-checklist.ts';
import type { Stage } from './stage.ts';

const LEAD = 'county1.auditlead';
const AUDITOR = 'county1.auditor1';
const TEAM = ['s-county1.auditor1', 's-county1.auditor2'];
const HOSPITAL = 'H4416020004';

/** P04: notice three days ahead, two auditors on site, a signed record, a violation, an opinion served, corrected and verified. */
export async function audit(stage: Stage): Promise<void> {
  const { days, expect } = stage;
  const plannedStartOn = addDays(plainDateAt(Date.now()), 3);
  const plan = { hospitalId: HOSPITAL, origin: 'PLAN', scope: ['INFORMATION'], auditors: TEAM, plannedStartOn };
  const { acceptanceNo: no } = await stage.file(LEAD, 'AUDIT', { form: plan });

  const planned = await stage.decide(no, LEAD);
  expect(no, 'the last lawful day of the notice (DL-30)', planned.stageDueOn, addDays(plannedStartOn, -3));
  const notice = {
    ...{ contents: '信息管理', requirements: '提供上传记录', methods: '查阅系统日志', materialsToPrepare: '上传日志' },
    noticeServedOn: planned.today,
  };
  await stage.decide(no, AUDITOR, { form: notice });

  const { today } = await stage.forward(no, plannedStartOn);
  await stage.decide(no, AUDITOR, { form: { startedOn: today, auditorsPresent: TEAM, credentialsShown: true } });
  const record = {
    ...{ recordFacts: '三月住院数据迟报三次', auditorsSigned: TEAM },
    ...{ representativeSigned: true, signerKind: 'LEGAL_REPRESENTATIVE', representativeName: '李四' },
    checkList: itemsOf(['INFORMATION']).map((item) => ({ item, result: 'NOT_OK', remark: '迟报' })),
  };
  await stage.decide(no, AUDITOR, { form: record, documents: ['AUDIT_RECORD'] });

  const ended = await stage.decide(no, LEAD, { form: { endedOn: today, finding: 'VIOLATION' } });
  expect(no, 'the due day of the opinion (DL-32)', ended.stageDueOn, await days.workingDaysAfter(today, 10));
  const correctionDueOn = addDays(today, 30);
  const opinion = {
    opinionFacts: '迟报三次',
    violations: '未按时上传住院数据',
    opinionServedOn: today,
    correctionDueOn,
  };
  const served = await stage.decide(no, AUDITOR, { form: opinion, documents: ['SERVICE_PROOF'] });
  expect(no, 'the day by which to correct (DL-33)', served.stageDueOn, correctionDueOn);

  await stage.decide(no, AUDITOR, { form: { correctedOn: today, correctionText: '已补传并指定专人' } });
  const closed = await stage.decide(no, AUDITOR, {
    form: { verifiedOn: today, verificationText: '抽查一周，均按时上传' },
  });
  expect(no, 'the status at the end', closed.status, 'CLOSED');
  const papers = closed.outputs.map(({ kind }) => kind).sort();
  expect(no, 'the papers', papers, ['AUDIT_NOTICE', 'AUDIT_OPINION', 'AUDIT_RECORD']);
}
