import type { JsonObject } from '../../domain/case.ts';
import { itemsOf } from '../../domain/processes/audit-checklist.ts';
import type { Office } from '../support/office.ts';

/** The steps of an audit of the first county, one line each, for tests that are about what comes next. */

export const LEAD = 'county1.auditlead';
export const AUDITOR = 'county1.auditor1';
export const TEAM = ['s-county1.auditor1', 's-county1.auditor2'];
type Finding = 'NO_VIOLATION' | 'VIOLATION';

export const notice = (noticeServedOn: string, change: JsonObject = {}): JsonObject => ({
  contents: '信息管理',
  requirements: '提供资料',
  methods: '查阅系统记录',
  materialsToPrepare: '上传日志',
  noticeServedOn,
  ...change,
});

export const SIGNED: JsonObject = {
  recordFacts: '住院数据未按时上传',
  auditorsSigned: TEAM,
  checkList: itemsOf(['INFORMATION']).map((item) => ({ item, result: 'NOT_OK', remark: '迟报' })),
  representativeSigned: true,
  signerKind: 'LEGAL_REPRESENTATIVE',
  representativeName: '李四',
};

export function auditsAt(office: Office) {
  /** Cases filed from now on play on this day. */
  const playOn = (day: string): void => {
    office.deps.clockAheadMs = Date.parse(`${day}T10:00:00+08:00`) - Date.now();
  };

  const plan = (plannedStartOn: string, username = LEAD, auditors = TEAM): Promise<string> =>
    office.file('AUDIT', username, {
      form: { hospitalId: 'H4416020004', origin: 'PLAN', scope: ['INFORMATION'], auditors, plannedStartOn },
    });
  const approve = (no: string, username: string, form?: JsonObject) =>
    office.decide(no, username, { decision: 'APPROVE', ...(form ? { form } : {}) });

  const begin = (no: string, startedOn: string) =>
    approve(no, AUDITOR, { startedOn, auditorsPresent: TEAM, credentialsShown: true });
  const sign = (no: string, form = SIGNED) =>
    office.decide(no, AUDITOR, { decision: 'APPROVE', form, documents: ['AUDIT_RECORD'] });

  const end = (no: string, endedOn: string, finding: Finding) => approve(no, LEAD, { endedOn, finding });

  /** An audit that is planned for one day, begins and ends on it, up to its finding. */
  const audited = async (day: string, noticeServedOn: string, finding: Finding) => {
    playOn(day);
    const no = await plan(day);
    await approve(no, LEAD);
    await approve(no, AUDITOR, notice(noticeServedOn));
    await begin(no, day);
    await sign(no);
    return { no, answer: await end(no, day, finding) };
  };

  const serveOpinion = (no: string, opinionServedOn: string, correctionDueOn: string) =>
    office.decide(no, AUDITOR, {
      decision: 'APPROVE',
      form: { opinionFacts: '迟报三次', violations: '未按时上传数据', opinionServedOn, correctionDueOn },
      documents: ['SERVICE_PROOF'],
    });

  /** What the clock did in the stage that is open now, in order. */
  const clockEvents = async (no: string): Promise<string[]> => {
    const { currentStage } = await office.case(no);
    const ours = ['REMINDER', 'LIMIT_PASSED', 'STUCK', 'ESCALATED'];
    return (await office.events(no))
      .filter((e) => e.stage === currentStage && ours.includes(e.kind))
      .map((e) => e.kind);
  };
  const papers = async (no: string): Promise<string[]> => {
    const { rows } = await office.deps.db.query<{ kind: string }>(
      'SELECT kind FROM case_output o JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1 ORDER BY o.turn',
      [no],
    );
    return rows.map((row) => row.kind);
  };
  const daysLate = async (no: string, stage: string): Promise<number | null> => {
    const { rows } = await office.deps.db.query<{ days_late: number | null }>(
      `SELECT s.days_late FROM stage s JOIN case_file c USING (case_id) WHERE c.acceptance_no = $1 AND s.stage = $2 ORDER BY s.seq DESC`,
      [no, stage],
    );
    return rows[0]?.days_late ?? null;
  };

  return { playOn, plan, approve, begin, sign, end, audited, serveOpinion, clockEvents, papers, daysLate };
}
