import { recordTurn } from '../../activities/turn.ts';
import { findDuty } from '../../activities/duties/duty-row.ts';
import { dutyWorkflowId, openDuties } from '../../engine/duties.ts';
import { compareCase } from '../../operations/check/compare.ts';
import { checkCases } from '../../operations/check/index.ts';
import { asForger } from '../log/log-office.ts';
import { formOf, papersFor } from '../processes/reimbursement-cases.ts';
import { forget } from '../support/engine.ts';
import { withLostKey } from '../support/lost-key.ts';
import { ownNamespace } from '../support/namespace.ts';
import { openOffice, type Office } from '../support/office.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';

/** The comparison of every open case with its procedure, and what it may put right by itself. */
const PAUSE = { pauseMs: 100 };

describe('npm run check', () => {
  let office: Office;
  beforeAll(async () => {
    await ownNamespace();
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', proves: false });
  });
  afterAll(() => office.close());

  let destinations = 0;
  const file = (): Promise<string> =>
    office.file('OUT_OF_AREA_REFERRAL', 'town1.clerk', {
      form: { ...OUT_OF_AREA_FORM, destinationCity: `示例市${++destinations}` },
      documents: ['ID_CARD', 'REFERRAL_CERTIFICATE'],
    });
  const approve = (no: string, username: string): Promise<unknown> =>
    office.decide(no, username, { decision: 'APPROVE' });

  it('finds nothing in a system at work: decided, forwarded, closed and waiting cases alike', async () => {
    const decided = await file();
    await approve(decided, 'town1.clerk');
    const closed = await file();
    for (const username of ['town1.clerk', 'county1.approver', 'county1.clerk', 'town1.clerk'])
      await approve(closed, username);
    const form = formOf('GENERAL_INPATIENT');
    const forwarded = await office.file('REIMBURSEMENT_REVIEW', 'town1.clerk', { form, documents: papersFor(form) });
    await office.forwardTo(forwarded, '2025-10-10T09:00:00+08:00');
    expect(await checkCases(office.deps, PAUSE)).toMatchObject({ cases: 3, found: [], left: [] });
  });

  it('starts what was never started, and only when it is asked to', async () => {
    const no = await file();
    await forget(office.engine, no);
    await asOwner(
      `UPDATE case_file SET started_at = NULL, filed_at = filed_at - interval '1 minute' WHERE acceptance_no = $1`,
      no,
    );
    expect(await differences()).toEqual([[no, 'NOT_STARTED']]);
    expect(await differences()).toEqual([[no, 'NOT_STARTED']]);
    expect(await checkCases(office.deps, { ...PAUSE, mend: true })).toMatchObject({
      found: [{ acceptanceNo: no, kind: 'NOT_STARTED', store: 'IN_PROGRESS 0', engine: '–' }],
      left: [],
    });
  });

  it('makes a procedure hear of what only the store knows', async () => {
    const no = await file();
    await decideUnheard(no);
    expect(await differences()).toEqual([[no, 'ENGINE_BEHIND']]);
    expect(await checkCases(office.deps, { ...PAUSE, mend: true })).toMatchObject({ left: [] });
    await approve(no, 'county1.approver');
    // Between the two the clock has looked once more: what made the procedure see that it was behind.
    expect(await office.case(no)).toMatchObject({ version: 3, currentStep: 'FILED' });
  });

  it('leads a procedure the engine has lost from its filing to where the store is, and decisions go on', async () => {
    const no = await file();
    await approve(no, 'town1.clerk');
    await approve(no, 'county1.approver');
    const before = await office.case(no);
    await forget(office.engine, no);
    expect(await differences()).toEqual([[no, 'NO_PROCEDURE']]);
    expect(await checkCases(office.deps, { ...PAUSE, acceptanceNo: no, mend: true })).toMatchObject({ left: [] });
    const { version, touchedAt: _, ...same } = before;
    expect(await office.case(no)).toMatchObject(same);
    const counted = (await office.events(no)).filter(({ turn }) => turn > version);
    expect(counted.map(({ kind }) => kind)).toEqual(['RECOUNTED']);
    await approve(no, 'county1.clerk');
    expect(await office.case(no)).toMatchObject({ version: 4, currentStep: 'FORM_ISSUED' });
  });

  // Each is what a restore to two different points, or somebody's hand in one of the two, leaves behind.
  it.each([
    ['STORE_BEHIND', 'version = version - 1', 'version = version + 1'],
    [
      'STATE_DIFFERS',
      `next_effect_at = next_effect_at + interval '1 day'`,
      `next_effect_at = next_effect_at - interval '1 day'`,
    ],
    ['STATE_DIFFERS', `current_step = 'FILED'`, `current_step = 'REVIEW'`],
    ['NO_CASE', `acceptance_no = 'X' || acceptance_no`, 'acceptance_no = substr(acceptance_no, 2)'],
  ])('names %s (%s) and leaves it to a person', async (kind, forge, undo) => {
    const no = await file();
    await approve(no, 'town1.clerk');
    await asOwner(`UPDATE case_file SET ${forge} WHERE acceptance_no = $1`, no);
    const { left } = await checkCases(office.deps, { ...PAUSE, mend: kind !== 'NO_CASE' });
    expect(left.filter(({ acceptanceNo }) => acceptanceNo === no).map((each) => each.kind)).toEqual([kind]);
    await asOwner(`UPDATE case_file SET ${undo} WHERE acceptance_no IN ($1, 'X' || $1)`, no);
    expect(await differences()).toEqual([]);
  });

  it('starts the procedure of an open duty the engine has lost', async () => {
    const { db, temporal, config } = office.deps;
    const deps = { db, temporal, config };
    await openDuties(deps, { limitId: 'DL-19', nominalAt: Date.now(), at: Date.now() });
    const { rows } = await db.query<{ id: string }>('SELECT duty_id::text AS id FROM duty ORDER BY duty_id LIMIT 1');
    const duty = await findDuty(db, rows[0]?.id ?? '');
    const workflowId = duty ? dutyWorkflowId(duty) : '';
    await forget(office.engine, workflowId);
    expect(await differences()).toEqual([[workflowId, 'NO_PROCEDURE']]);
    expect(await checkCases(office.deps, { ...PAUSE, mend: true })).toMatchObject({ left: [] });
  });

  it('names an open case whose procedure somebody has ended', async () => {
    const no = await file();
    await office.engine.client.workflow.getHandle(no).terminate('by a test');
    expect(await differences()).toEqual([[no, 'PROCEDURE_ENDED']]);
  });

  it('names a case whose procedure lies under a key that was lost, and looks at all others', async () => {
    const [no, other] = [await file(), await file()];
    await forget(office.engine, no);
    const [workflowId, taskQueue] = [no, office.deps.config.temporalTaskQueue];
    await withLostKey(office.engine).workflow.start('OUT_OF_AREA_REFERRAL', { workflowId, taskQueue, args: [{}] });
    await office.engine.client.workflow.getHandle(other).terminate('by a test');
    const found = await differences();
    expect(found).toContainEqual([no, 'UNREADABLE']);
    expect(found).toContainEqual([other, 'PROCEDURE_ENDED']);
    await office.engine.client.workflow.getHandle(no).terminate('by a test');
  });

  const differences = async (): Promise<Array<[string, string]>> =>
    (await checkCases(office.deps, PAUSE)).left.map(({ acceptanceNo, kind }) => [acceptanceNo, kind]);

  const asOwner = (sql: string, no: string): Promise<unknown> =>
    asForger(office.ownerUrl, (owner) => owner.query(sql, [no]));

  /** As a worker does it that dies before the engine has heard of it. */
  async function decideUnheard(no: string): Promise<void> {
    const row = await office.case(no);
    const user = await office.user('town1.clerk');
    const input = { step: 'REGISTERED', decision: 'APPROVE' as const };
    await recordTurn(
      { ...office.deps, spreadSeconds: 0 },
      {
        ...{ caseId: String(row['caseId']), acceptanceNo: no, process: 'OUT_OF_AREA_REFERRAL', turn: 1 },
        ...{ at: Date.now() + Number(row['clockAheadMs']), kind: 'DECIDED', user, decision: 'APPROVE' },
        ...{ request: { user, input, key: 'unheard', requestHash: '' }, consequence: { goTo: 'REVIEW' } },
      },
    );
  }
});

describe('a row and its procedure', () => {
  const at = Date.parse('2025-09-28T16:00:00Z');
  const row = {
    ...{ caseId: '7', acceptanceNo: 'N', version: 3, status: 'IN_PROGRESS', stage: 'S', step: 'S', totalDueOn: null },
    ...{ stageDueOn: null, nextEffectAt: new Date(at), started: true, ended: false },
  };
  const state = {
    ...{ caseId: '7', acceptanceNo: 'N', version: 3, status: 'IN_PROGRESS' as const, stage: 'S', step: 'S' },
    agenda: [{ kind: 'REMINDER' as const, at, key: 'k' }],
  };
  it.each([
    [at, []],
    [at + 59_000, []],
    [at + 61_000, ['TIMER_DIFFERS']],
    [undefined, ['TIMER_DIFFERS']],
  ])('agree about the timer: %s', (ringsAt, expected) => {
    const procedure = { running: true, caseId: '7', state: state as never, ...(ringsAt ? { ringsAt } : {}) };
    expect(compareCase(row, procedure).map(({ kind }) => kind)).toEqual(expected);
  });

  it('of one number are of one case', () => {
    const procedure = { running: true, caseId: '8', state: state as never, ringsAt: at };
    expect(compareCase(row, procedure).map(({ kind }) => kind)).toEqual(['OTHER_CASE']);
  });
});
