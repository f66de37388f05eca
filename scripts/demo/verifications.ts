import { z } from 'zod';
import { addDays, plainDate, plainDateAt } from '../../domain/plain-date.ts';
import { SMALL_BILL, SMALL_TOTAL, stayOf } from './bills.ts';
import { anybody } from './people.ts';
import { DESKS, INPATIENT_PAPERS, pass, passAll } from './reimbursement.ts';
import type { SeenCase, Stage } from './stage.ts';

const BILL = { lines: SMALL_BILL, total: SMALL_TOTAL };
const AUDITOR = 'county1.auditor1';
const MANAGER = 'county1.manager';

/** The case that a reimbursement waits for. */
async function waitedFor(stage: Stage, no: string, processType: string): Promise<SeenCase> {
  const { related, status, stageDueOn } = await stage.look(no);
  stage.expect(no, 'the status while it waits', status, 'AWAITING_VERIFICATION');
  stage.expect(no, 'the due day while the clock stands', stageDueOn, null);
  const opened = related.find((each) => each.relation === 'OPENED' && each.processType === processType);
  if (!opened) throw new Error(`${no} opened no ${processType}`);
  return stage.look(opened.acceptanceNo);
}

/** P12: a lost receipt is checked by the auditors before the county goes on; then it is paid like any other bill. */
export async function lostReceipt(stage: Stage): Promise<void> {
  const form = {
    category: 'GENERAL_INPATIENT',
    receiptLost: true,
    ...stayOf(anybody(), plainDateAt(Date.now()), BILL),
  };
  const receipt = ['RECEIPT_STUB_COPY', 'PLEDGE', 'MEDICAL_BUSINESS_APPLICATION'];
  const documents = [...INPATIENT_PAPERS.filter((type) => type !== 'INPATIENT_RECEIPT'), ...receipt];
  const { acceptanceNo: no } = await stage.file(DESKS.INTAKE, 'REIMBURSEMENT_REVIEW', { form, documents });
  await pass(stage, no, 'INTAKE');

  const { acceptanceNo: verification } = await waitedFor(stage, no, 'LOST_RECEIPT_VERIFICATION');
  const findings = { findings: '医院财务存根核对一致，未结算', checkedWith: '市人民医院财务科' };
  const { status, currentStage } = await stage.decide(verification, AUDITOR, { form: findings });
  stage.expect(verification, 'how it ended', [status, currentStage], ['CLOSED', 'CONFIRMED']);

  await stage.lookUntil(no, 'that it goes on', (seen) => seen.status === 'IN_PROGRESS');
  const closed = await passAll(stage, no, 'FIRST_REVIEW', 'BANK_RESULT');
  stage.expect(no, 'the benefit', closed.benefit, { total: SMALL_TOTAL, fundPays: '1582.00', insuredPays: '1178.00' });
  stage.expect(no, 'the status at the end', closed.status, 'CLOSED');
}

/** P10: an injury is verified first. Then nobody does anything until the county's five days have passed. */
export async function traumaAndOverdue(stage: Stage): Promise<void> {
  const today = plainDateAt(Date.now());
  const trauma = {
    ...{ liability: 'OWN', traffic: false, injuredOn: addDays(today, -12) },
    ...{ injuryPlace: '家中', injuryCause: '上楼时跌倒' },
  };
  const form = { category: 'TRAUMA_OWN', trauma, ...stayOf(anybody(), today, BILL) };
  const documents = [...INPATIENT_PAPERS, 'MEDICAL_RECORD_FIRST_PAGE', 'PLEDGE', 'INTRODUCTION_LETTER'];
  const { acceptanceNo: no } = await stage.file(DESKS.INTAKE, 'REIMBURSEMENT_REVIEW', { form, documents });
  await pass(stage, no, 'INTAKE');

  const { acceptanceNo: verification } = await waitedFor(stage, no, 'TRAUMA_VERIFICATION');
  const findings = { liability: 'OWN', findings: '现场核实，本人不慎跌倒，无他方责任' };
  const { status } = await stage.decide(verification, AUDITOR, { form: findings });
  stage.expect(verification, 'the status at the end', status, 'CLOSED');

  const waiting = await stage.lookUntil(no, 'that it goes on', (seen) => seen.status === 'IN_PROGRESS');
  // Stopped and started on one day, the clock loses none (C7).
  const dueOn = await stage.days.workingDaysAfter(waiting.today, 5);
  stage.expect(no, 'the due day of the county (DL-09)', waiting.stageDueOn, dueOn);
  await letPass(stage, waiting);
}

const CLOCK_EVENTS = ['REMINDER', 'DUE', 'LIMIT_PASSED', 'ESCALATED'];

/** The due day passes: recorded and escalated once each, shown as overdue and stuck, and decided by nobody (0.2-2). */
async function letPass(
  stage: Stage,
  { acceptanceNo: no, stageDueOn, currentStep, provisional }: SeenCase,
): Promise<void> {
  await stage.forward(no, addDays(plainDate(stageDueOn ?? ''), 1));
  if (provisional) {
    // C12: nobody is held to a day that the calendar does not know yet.
    stage.expect(no, 'overdue against a provisional day', (await stage.look(no)).overdue, false);
    return;
  }
  const late = await stage.lookUntil(no, 'the escalation', ({ history }) =>
    history.some(({ kind }) => kind === 'ESCALATED'),
  );
  stage.expect(no, 'overdue', late.overdue, true);
  stage.expect(no, 'the step', [late.status, late.currentStep], ['IN_PROGRESS', currentStep]);
  const happened = late.history.map(({ kind }) => kind).filter((kind) => CLOCK_EVENTS.includes(kind));
  stage.expect(no, 'what the clock did', happened, CLOCK_EVENTS);
  stage.expect(no, 'why it is stuck', await stuckReasons(stage, no), ['STAGE_LIMIT_PASSED']);
}

const stuckPage = z.object({
  items: z.array(
    z.object({
      acceptanceNo: z.string(),
      reasons: z.array(z.object({ code: z.string(), title: z.object({ zh: z.string() }), since: z.string() })),
    }),
  ),
  nextCursor: z.string().nullable(),
});

/** The reasons on the list of the county's manager; undefined when the case is not on it. */
async function stuckReasons(stage: Stage, no: string): Promise<string[] | undefined> {
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: z.infer<typeof stuckPage> = await stage.client.get(
      MANAGER,
      `/stuck?processType=REIMBURSEMENT_REVIEW&stage=COUNTY_REVIEW&limit=100${cursor && `&cursor=${cursor}`}`,
      stuckPage,
    );
    const found = page.items.find(({ acceptanceNo }) => acceptanceNo === no);
    if (found) {
      for (const { title, since } of found.reasons) stage.say(`  督办清单 / stuck list: ${title.zh}, ${since} 起`);
      return found.reasons.map(({ code }) => code);
    }
    cursor = page.nextCursor;
  }
  return undefined;
}
