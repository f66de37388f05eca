import { readFiled } from '../../engine/read-filed.ts';
import { startCase } from '../../engine/start-case.ts';
import { ladderOf, isAbove } from '../../domain/ladder.ts';
import { openOffice, type Office } from '../support/office.ts';
import { effectsOf, fileInpatient, writeUnstarted } from './clock-cases.ts';

/** The rungs of a limit: each once, never early, and also when everything was down at its moment. */

describe('the ladder', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  });
  afterAll(() => office.close());

  it('climbs from the holder to the office head, the county and the city, and tells each once', async () => {
    const no = await fileInpatient(office);
    await office.forwardTo(no, '2025-10-11T09:00:00+08:00');
    const { rows } = await office.deps.db.query<{ kind: string; to: string; role: string | null }>(
      `SELECT n.kind, to_office_id AS to, to_role AS role FROM notice n JOIN case_file USING (case_id)
       WHERE acceptance_no = $1 ORDER BY n.turn, n.n`,
      [no],
    );
    expect(rows).toEqual([
      { kind: 'REMINDER', to: '441602001', role: null },
      { kind: 'DUE', to: '441602001', role: null },
      { kind: 'ESCALATED_LIMIT_PASSED', to: '441602001', role: 'MANAGER' },
      { kind: 'ESCALATED_TO_COUNTY', to: '441602', role: 'MANAGER' },
      { kind: 'ESCALATED_TO_CITY', to: '441600', role: 'MANAGER' },
    ]);
  });

  it('has no rung from an office to itself', async () => {
    const no = await fileInpatient(office);
    await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    await office.forwardTo(no, '2025-10-11T09:00:00+08:00');
    const escalations = (await effectsOf(office, no)).filter((line) => line.includes('ESCALATION:'));
    expect(escalations).toEqual(['2025-10-10 ESCALATION S2:ESCALATION:CITY:2025-09-28']);
    expect([isAbove('CITY', 'CITY'), isAbove('COUNTY', 'COUNTY'), isAbove('COUNTY', undefined)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(ladderOf('DL-14').some(({ kind }) => kind === 'ESCALATION')).toBe(false);
  });

  const START = {
    started: startCase,
    // Whoever finds a procedure behind asks it to count anew: by then the rungs it missed may be days back.
    'asked to count anew first': async (deps: Office['deps'], no: string): Promise<void> => {
      const { filed } = await readFiled(deps, no);
      const { process, caseId } = filed.snapshot;
      await deps.temporal.workflow.signalWithStart(process, {
        ...{ workflowId: no, taskQueue: deps.config.temporalTaskQueue, memo: { caseId } },
        ...{ args: [filed], signal: 'recount', signalArgs: [] },
      });
    },
  };
  it.each(Object.entries(START))(
    'that came due while everything was down is climbed in order: %s',
    async (_, start) => {
      const { acceptanceNo: no, caseId } = (await writeUnstarted(office, '2025-09-22T10:00:00+08:00')).snapshot;
      // Nothing ran for eight days; the store's clock of the case goes on all the same.
      const eightDays = 8 * 86_400_000;
      await office.deps.db.query('UPDATE case_file SET clock_ahead_ms = clock_ahead_ms + $2 WHERE case_id = $1', [
        caseId,
        eightDays,
      ]);
      await start(office.deps, no);
      await office.forwardTo(no, '2025-09-30T11:00:00+08:00');
      const fired = (await office.events(no)).filter((e) => e.effectKey && e.kind !== 'ESCALATED');
      expect(fired.map((e) => [e.kind, e.at.slice(0, 10), e.data['dueAt']])).toEqual([
        ['REMINDER', '2025-09-30', '2025-09-25T16:00:00.000Z'],
        ['DUE', '2025-09-30', '2025-09-27T16:00:00.000Z'],
        ['LIMIT_PASSED', '2025-09-30', '2025-09-28T16:00:00.000Z'],
        ['ESCALATION', '2025-09-30', '2025-09-29T16:00:00.000Z'],
      ]);
    },
  );

  it('of a case that began under a program with fewer rungs is climbed whole', async () => {
    const filed = await writeUnstarted(office, '2025-09-22T10:00:00+08:00');
    const { acceptanceNo: no } = filed.snapshot;
    // What earlier programs handed to a procedure: keys without the due day, no rung on the day itself, no word of clocks.
    delete filed.snapshot.clocks;
    delete filed.state.stageSeq;
    const before = filed.state.agenda.filter(({ kind }) => kind === 'REMINDER' || kind === 'LIMIT_PASSED');
    filed.state.agenda = before.map((item) => ({ ...item, key: item.key.replace(/:2025-.*/, '') }));
    await startCase(office.deps, filed);
    await office.forwardTo(no, '2025-09-30T11:00:00+08:00');
    const kinds = (await office.events(no)).filter((e) => e.effectKey).map((e) => e.effectKey);
    expect(kinds).toEqual([
      'S1:REMINDER:2025-09-28',
      'S1:DUE:2025-09-28',
      'S1:LIMIT_PASSED:2025-09-28',
      'S1:LIMIT_PASSED:2025-09-28:ESCALATED',
      'S1:ESCALATION:COUNTY:2025-09-28',
    ]);
    expect(
      await office.decide(no, 'county1.approver', {
        decision: 'SUSPEND',
        reason: '停机',
        form: { kind: 'SERVICE_CLOSED', basis: '公告' },
      }),
    ).toMatchObject({ currentStep: 'INTAKE' });
  });
});
