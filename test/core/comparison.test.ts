import { recordTurn } from '../../activities/turn.ts';
import { reconcile } from '../../engine/reconcile.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileInpatient } from './clock-cases.ts';

/** The comparison of store and engine looks for decisions that a procedure has not heard of. */

describe('the comparison', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  });
  afterAll(() => office.close());

  it('finds one behind what the clock did since then', async () => {
    const unheard = await fileInpatient(office);
    const row = await office.case(unheard);
    const user = await office.user('town1.clerk');
    const request = { user, input: { step: 'INTAKE', decision: 'SAVE' as const }, key: 'unheard', requestHash: '' };
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
        decision: 'SAVE',
        request,
        consequence: {},
      },
    );
    const passed = await fileInpatient(office);
    await office.forwardTo(passed, '2025-09-29T09:00:00+08:00');
    // Rows younger than three seconds are left alone.
    await office.deps.db.query(`UPDATE case_file SET touched_at = touched_at - interval '4 seconds'`);
    expect(await reconcile(office.deps, 600_000, 1, () => undefined)).toEqual([
      { acceptanceNo: unheard, kind: 'BEHIND' },
    ]);
  });
});
