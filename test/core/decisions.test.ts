import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { recordTurn } from '../../activities/turn.ts';
import { decideCase } from '../../api/cases/decide-case.ts';
import { reconcile } from '../../engine/reconcile.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { DecisionInput, DecisionRequest } from '../../domain/case.ts';
import { eventually } from '../support/eventually.ts';
import { withHandle } from '../support/handle.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
});
afterAll(() => office.close());

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'DONE',
    (problem: unknown) => (problem instanceof Refusal ? problem.code : String(problem)),
  );

describe('a decision', () => {
  it('has one effect and one answer however often it is sent under one key', async () => {
    const no = await fileOutOfArea(office);
    const key = randomUUID();
    const decision = { decision: 'APPROVE', step: 'REGISTERED', key } as const;
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => office.decide(no, 'town1.clerk', decision)));
    const again = await office.decide(no, 'town1.clerk', decision);
    expect(new Set([...answers, again].map((a) => JSON.stringify(a))).size).toBe(1);
    expect((await office.events(no)).filter((e) => e.kind === 'DECIDED')).toHaveLength(1);
  });

  it('is answered when the first attempt is written while the second one looks', async () => {
    const no = await fileOutOfArea(office);
    const user = await office.user('town1.clerk');
    const input: DecisionInput = { decision: 'APPROVE', step: 'REGISTERED' };
    const request = { user, acceptanceNo: no, input, key: randomUUID(), requestHash: 'same' };
    let first: Promise<unknown> | undefined;
    // After the first look of the second attempt the first one goes through, whole; then the second goes on.
    const db = new Proxy(office.deps.db, {
      get: (pool, name) =>
        name !== 'query'
          ? (Reflect.get(pool, name) as unknown)
          : async (query: pg.QueryConfig) => {
              const answer = await pool.query(query);
              await (first ??= decideCase(office.deps, request));
              return answer;
            },
    });
    const second = await decideCase({ ...office.deps, db }, request);
    expect(second).toEqual(await first);
    expect((await office.events(no)).filter((e) => e.kind === 'DECIDED')).toHaveLength(1);
  });

  it('is refused when its key was used for something else', async () => {
    const no = await fileOutOfArea(office);
    const key = randomUUID();
    await office.decide(no, 'town1.clerk', { decision: 'APPROVE', key });
    expect(
      await codeOf(
        office.decide(no, 'town1.clerk', { decision: 'RETURN_TO_APPLICANT', reason: '缺', missing: ['证明'], key }),
      ),
    ).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('of two people at one moment is taken by exactly one, and the other is told why', async () => {
    for (let round = 0; round < 8; round++) {
      const no = await fileOutOfArea(office);
      await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
      const step = 'REVIEW';
      const codes = await Promise.all([
        codeOf(office.decide(no, 'county1.approver', { decision: 'APPROVE', step })),
        codeOf(office.decide(no, 'county1.approver', { decision: 'REJECT', reason: '不符', step })),
      ]);
      expect(codes.filter((code) => code === 'DONE')).toHaveLength(1);
      const other = codes.find((code) => code !== 'DONE');
      expect(['BEING_DECIDED', 'STAGE_PASSED', 'CASE_ENDED', 'DECISION_NOT_POSSIBLE']).toContain(other);
      expect((await office.events(no)).filter((e) => e.kind === 'DECIDED' && e.step === 'REVIEW')).toHaveLength(1);
    }
  });

  it('that is refused leaves neither a history event nor a row', async () => {
    const no = await fileOutOfArea(office);
    await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    const [history, before] = [await office.historyLength(no), await office.events(no)];
    expect(await codeOf(office.decide(no, 'town1.clerk', { decision: 'APPROVE' }))).toBe('NOT_PERMITTED');
    // Past the check in front: the validator in the workflow says the same, and the engine keeps nothing of it.
    const user = await office.user('town1.clerk');
    const input: DecisionInput = { step: 'REVIEW', decision: 'APPROVE' };
    const request: DecisionRequest = { user, input, key: randomUUID(), requestHash: 'x' };
    await expect(
      office.engine.client.workflow.getHandle(no).executeUpdate('decide', { args: [request] }),
    ).rejects.toMatchObject({ cause: { type: 'Refusal', message: 'NOT_PERMITTED' } });
    expect(await office.historyLength(no)).toBe(history);
    expect(await office.events(no)).toEqual(before);
  });

  it('costs at most eleven history events', async () => {
    const no = await fileOutOfArea(office);
    const filed = await office.historyLength(no);
    await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    expect((await office.historyLength(no)) - filed).toBeLessThanOrEqual(11);
  });
});

describe('when a process dies between two writes', () => {
  /** What a worker leaves that dies after the commit: the turn is in the store, the engine has not heard of it. */
  async function commitUnheard(no: string): Promise<{ request: DecisionRequest; step: string }> {
    const row = await office.case(no);
    const user = await office.user('town1.clerk');
    const request: DecisionRequest = {
      user,
      input: { step: 'REGISTERED', decision: 'APPROVE' },
      key: randomUUID(),
      requestHash: 'lost',
    };
    const caseId = String(row['caseId']);
    const result = await recordTurn(
      { ...office.deps, spreadSeconds: 0 },
      {
        caseId,
        acceptanceNo: no,
        process: 'OUT_OF_AREA_REFERRAL',
        turn: 1,
        at: Date.now() + Number(row['clockAheadMs']),
        kind: 'DECIDED',
        user,
        decision: 'APPROVE',
        request,
        consequence: { goTo: 'REVIEW' },
      },
    );
    expect(result.refused).toBeUndefined();
    return { request, step: 'REGISTERED' };
  }

  it('answers the repeated request with what was decided, and the procedure catches up', async () => {
    const no = await fileOutOfArea(office);
    const { request } = await commitUnheard(no);
    const answer = await decideCase(office.deps, {
      user: request.user,
      acceptanceNo: no,
      input: request.input,
      key: request.key,
      requestHash: 'lost',
    });
    expect(answer).toMatchObject({ version: 1, currentStep: 'REVIEW' });
    await reconcile(office.deps, 60_000, 100, () => undefined);
    // Rows younger than three seconds are left alone; a decision of the next person makes the procedure look at once.
    expect(await codeOf(office.decide(no, 'county1.approver', { decision: 'APPROVE' }))).toMatch(/DONE|STAGE_PASSED/);
    expect((await office.events(no)).filter((e) => e.step === 'REGISTERED' && e.kind === 'DECIDED')).toHaveLength(1);
  });

  it('a recount makes the procedure act on the decision it had not heard of', async () => {
    const no = await fileOutOfArea(office);
    await commitUnheard(no);
    const handle = office.engine.client.workflow.getHandle(no);
    expect(await handle.query('version')).toBe(0);
    await handle.signal('recount');
    await eventually(async () => expect(await handle.query('version')).toBeGreaterThanOrEqual(1));
    expect(await codeOf(office.decide(no, 'county1.approver', { decision: 'APPROVE' }))).toBe('DONE');
    expect((await office.case(no)).currentStep).toBe('FILED');
  });

  it('answers that a case has ended when it ends just as its procedure is asked to look', async () => {
    const no = await fileOutOfArea(office);
    await commitUnheard(no);
    const temporal = withHandle(office.deps.temporal, no, (real) => ({
      signal: async () => {
        await real.signal('recount');
        await eventually(async () => expect(await real.query('version')).toBeGreaterThanOrEqual(1));
        await office.decide(no, 'town1.clerk', { decision: 'WITHDRAW' });
        await real.result();
        await real.signal('recount');
      },
    }));
    const late = decideCase(
      { ...office.deps, temporal },
      {
        user: await office.user('county1.approver'),
        acceptanceNo: no,
        input: { step: 'REVIEW', decision: 'APPROVE' },
        key: randomUUID(),
        requestHash: 'late',
      },
    );
    expect(await codeOf(late)).toBe('CASE_ENDED');
  });

  it('a case that was written but never started is started', async () => {
    const no = await fileOutOfArea(office);
    await office.engine.client.workflow.getHandle(no).terminate();
    await office.deps.db.query(
      "UPDATE case_file SET started_at = NULL, filed_at = filed_at - interval '1 minute' WHERE acceptance_no = $1",
      [no],
    );
    const differences = await reconcile(office.deps, 1, 10, () => undefined);
    expect(differences).toContainEqual({ acceptanceNo: no, kind: 'NOT_STARTED' });
    expect((await office.case(no))['startedAt']).not.toBeNull();
    // The log vouches for the hour of the filing.
    const back = "UPDATE case_file SET filed_at = filed_at + interval '1 minute' WHERE acceptance_no = $1";
    await office.deps.db.query(back, [no]);
  });
});
