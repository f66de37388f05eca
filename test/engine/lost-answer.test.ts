import { endOfHistory, answerAgain, taskBeforeAnswer } from '../../engine/incidents/take-up-again.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';

/**
 * A decision that was let in by one task and was to be answered by the next, which was lost with its worker: the SDK leaves the answer out
 * from then on, and the engine refuses every attempt. The procedure goes back to the task before.
 */
type Events = Awaited<ReturnType<typeof endOfHistory>>;

/** The end of a history as it was found after a kill, newest first: event ids and what they are. */
const found = (events: [number, object][]): Events =>
  events.map(([eventId, attributes]) => ({ eventId, ...attributes }) as unknown as Events[number]).reverse();
const accepted = (updateId: string) => ({
  workflowExecutionUpdateAcceptedEventAttributes: { acceptedRequest: { meta: { updateId } } },
});
const answered = (updateId: string) => ({ workflowExecutionUpdateCompletedEventAttributes: { meta: { updateId } } });
const completed = { workflowTaskCompletedEventAttributes: {} };
const timedOut = { workflowTaskTimedOutEventAttributes: {} };
const failed = (cause: number) => ({ workflowTaskFailedEventAttributes: { cause } });
const step = { markerRecordedEventAttributes: { markerName: 'core_local_activity' } };
const signal = { workflowExecutionSignaledEventAttributes: { signalName: 'recount' } };

describe('the task to go back to', () => {
  it('is the last one that was completed, where the step of a decision is done and its answer is missing', () => {
    const events = found([
      [72, completed],
      [74, accepted('before')],
      [78, answered('before')],
      [83, completed],
      [84, accepted('lost')],
      [86, step],
      [89, timedOut],
      [90, signal],
      [92, timedOut],
    ]);
    expect(taskBeforeAnswer(events)).toBe(83);
  });

  const AGAIN: [number, object][] = [
    [80, completed],
    [81, accepted('lost')],
    [83, step],
    [86, timedOut],
  ];
  it('is the same when the engine wrote down how it refused the answer, as it does where an attempt was not lost', () => {
    expect(taskBeforeAnswer(found([...AGAIN, [89, failed(30)]]))).toBe(80);
  });
  it('is the same when a signal came between, for which the engine has a task done again', () => {
    expect(taskBeforeAnswer(found([...AGAIN, [88, failed(1)], [89, signal], [91, timedOut]]))).toBe(80);
    expect(taskBeforeAnswer(found([...AGAIN, [88, failed(1)], [89, signal], [91, failed(30)]]))).toBe(80);
  });
  it('is none when the tasks fail for a reason of their own', () => {
    expect(taskBeforeAnswer(found([...AGAIN, [89, failed(24)]]))).toBeUndefined();
  });

  it('is none where every decision that was let in is answered', () => {
    const events = found([
      [83, completed],
      [84, accepted('one')],
      [85, answered('one')],
      [86, step],
      [89, timedOut],
    ]);
    expect(taskBeforeAnswer(events)).toBeUndefined();
  });

  it('is none while the step of the decision has not come to its end: it is tried again where it is', () => {
    const events = found([
      [83, completed],
      [84, accepted('one')],
      [89, timedOut],
    ]);
    expect(taskBeforeAnswer(events)).toBeUndefined();
  });
});

describe('a procedure that goes back', () => {
  let office: Office;
  beforeAll(async () => {
    office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  });
  afterAll(() => office.close());

  it('finds every turn in the store, writes none twice, and takes the next decision', async () => {
    const no = await fileOutOfArea(office);
    const temporal = office.deps.temporal;
    const handle = temporal.workflow.getHandle(no);
    await office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
    await office.decide(no, 'county1.approver', { decision: 'APPROVE' });
    const { runId } = await handle.describe();
    const task = (await endOfHistory(temporal, no)).find(
      (event) => event.workflowTaskCompletedEventAttributes,
    )?.eventId;
    if (!task) throw new Error('no task was completed');
    await answerAgain(temporal, no, task, 'once');
    await answerAgain(temporal, no, task, 'once');

    await office.decide(no, 'county1.clerk', { decision: 'APPROVE' });
    const decided = (await office.events(no)).filter(({ kind }) => kind === 'DECIDED');
    expect(decided).toHaveLength(3);
    expect(await handle.query('version')).toBe((await office.case(no))['version']);
    expect((await handle.describe()).runId).not.toBe(runId);
  });
});
