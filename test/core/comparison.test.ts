import type { WorkflowUpdateFailedError } from '@temporalio/client';
import { recordTurn } from '../../activities/turn.ts';
import type { DecisionRequest } from '../../domain/case.ts';
import { reconcile, type Heard } from '../../engine/reconcile.ts';
import { withHandle } from '../support/handle.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileInpatient } from './clock-cases.ts';

/** The comparison of store and engine looks for decisions that a procedure has not heard of. */

describe('the comparison', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  });
  afterAll(() => office.close());

  /** A decision that is in the store and that its procedure has not heard of. */
  async function unheardDecision(decision: 'SAVE' | 'WITHDRAW' = 'SAVE'): Promise<string> {
    const unheard = await fileInpatient(office);
    const row = await office.case(unheard);
    const user = await office.user('town1.clerk');
    const request = { user, input: { step: 'INTAKE', decision }, key: unheard, requestHash: '' };
    await recordTurn(
      { ...office.deps, spreadSeconds: 0 },
      {
        caseId: String(row['caseId']),
        acceptanceNo: unheard,
        process: 'REIMBURSEMENT_REVIEW',
        turn: 1,
        at: Date.now() + Number(row['clockAheadMs']),
        kind: 'DECIDED',
        user,
        decision,
        request,
        consequence: decision === 'WITHDRAW' ? { status: 'WITHDRAWN' } : {},
      },
    );
    return unheard;
  }
  /** Rows younger than three seconds are left alone. */
  const fourSecondsLater = () =>
    office.deps.db.query(`UPDATE case_file SET touched_at = touched_at - interval '4 seconds'`);

  it('finds one behind what the clock did since then', async () => {
    const unheard = await unheardDecision();
    const passed = await fileInpatient(office);
    await office.forwardTo(passed, '2025-09-29T09:00:00+08:00');
    await fourSecondsLater();
    expect(await reconcile(office.deps, 600_000, 1, () => undefined)).toEqual([
      { acceptanceNo: unheard, kind: 'BEHIND' },
    ]);
  });

  it('a decision that meets an unheard end is refused, and the procedure ends', async () => {
    const no = await unheardDecision('WITHDRAW');
    const late: DecisionRequest = {
      user: await office.user('town1.clerk'),
      input: { step: 'INTAKE', decision: 'APPROVE' },
      key: `${no}-late`,
      requestHash: '',
    };
    const handle = office.deps.temporal.workflow.getHandle(no);
    const refused = await handle.executeUpdate('decide', { args: [late] }).then(
      () => undefined,
      (problem: WorkflowUpdateFailedError) => problem.cause,
    );
    expect(refused).toMatchObject({ type: 'Refusal', details: [{ code: 'CASE_ENDED' }] });
    await handle.result();
    expect(await office.case(no)).toMatchObject({ status: 'WITHDRAWN', version: 1 });
  });

  it('mends the others when one does not answer, and says that it has to look again', async () => {
    const [older, younger] = [await unheardDecision(), await unheardDecision()];
    await fourSecondsLater();
    // The youngest is asked first.
    const temporal = silentAbout(younger);
    const found: string[] = [];
    const say = ({ acceptanceNo }: { acceptanceNo: string }): void => void found.push(acceptanceNo);
    await expect(reconcile({ ...office.deps, temporal }, 600_000, 2, say)).rejects.toThrow(
      '1 cases could not be compared',
    );
    expect(found).toEqual([older]);
  });

  it('asks a procedure once for each version it is to know', async () => {
    const no = await fileInpatient(office);
    await office.decide(no, 'town1.clerk', { decision: 'SAVE' });
    await fourSecondsLater();
    const heard: Heard = new Map();
    const look = (temporal = office.deps.temporal) =>
      reconcile({ ...office.deps, temporal }, 600_000, 1, () => undefined, heard);
    expect(await look()).toEqual([]);
    expect(heard).toEqual(new Map([[no, 1]]));
    expect(await look(silentAbout(no))).toEqual([]);
    await office.decide(no, 'town1.clerk', { decision: 'SAVE' });
    await fourSecondsLater();
    await expect(look(silentAbout(no))).rejects.toThrow('1 cases could not be compared');
    expect(heard).toEqual(new Map());
  });

  /** The engine's client, which fails to query one case, as it does while no worker comes to it. */
  const silentAbout = (acceptanceNo: string) =>
    withHandle(office.deps.temporal, acceptanceNo, () => ({
      query: () => Promise.reject(new Error('Failed to query Workflow')),
    }));
});
