import { recountSignal } from '../../workflows/case-messages.ts';
import { runWorker } from '../incidents/workers.ts';
import { eventually } from '../support/eventually.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';

/**
 * A question asked while no worker is there, something that happens meanwhile, and then a worker: the engine hands out the question
 * first, with all that happened, but without the task in which it becomes known and the time of that task. Closing the office
 * repeats every history.
 */
const FILED_AT = '2025-09-22T10:00:00+08:00';
const AFTER_THE_LIMIT = '2025-09-25T10:00:00+08:00';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: FILED_AT, worker: false });
});
afterAll(() => office?.close());

async function withWorker<T>(work: () => Promise<T>): Promise<T> {
  const stop = await runWorker(office);
  try {
    return await work();
  } finally {
    await stop();
  }
}

const handleOf = (no: string) => office.deps.temporal.workflow.getHandle(no);
const eventsIn = async (no: string) => (await handleOf(no).fetchHistory()).events ?? [];

const having = (attributes: string): unknown => expect.objectContaining({ [attributes]: expect.anything() });

const tasksCompleted = async (no: string): Promise<number> =>
  (await eventsIn(no)).filter(({ workflowTaskCompletedEventAttributes: completed }) => completed).length;

/** Asks them all, lets happen what happens, and only then begins to work: the answers, `undefined` for those that got none. */
async function askBetween(cases: string[], happens: (no: string) => Promise<() => Promise<void>>) {
  const asked = cases.map((no) =>
    handleOf(no)
      .query<number>('version')
      .catch(() => undefined),
  );
  const after = await Promise.all(cases.map(happens));
  return withWorker(async () => {
    const answers = await Promise.all(asked);
    await Promise.all(after.map((wait) => wait()));
    return answers;
  });
}

/** The engine promises nothing of which comes first, question or task: rounds until in one of them a question did, and got no answer. */
async function untilBetween(round: () => Promise<(number | undefined)[]>): Promise<void> {
  for (let rounds = 0; rounds < 10; rounds++) if ((await round()).includes(undefined)) return;
  throw new Error('in ten rounds no question came between');
}

const fileThree = (): Promise<string[]> =>
  withWorker(async () => {
    const cases = [await fileOutOfArea(office), await fileOutOfArea(office), await fileOutOfArea(office)];
    for (const no of cases)
      await eventually(async () => expect(await eventsIn(no)).toContainEqual(having('timerStartedEventAttributes')));
    return cases;
  });

it('does not make a procedure sleep through its deadline', () =>
  untilBetween(async () => {
    const cases = await fileThree();
    const answers = await askBetween(cases, async (no) => {
      const forwarded = office.forwardTo(no, AFTER_THE_LIMIT);
      await eventually(async () => expect(await eventsIn(no)).toContainEqual(having('timerFiredEventAttributes')));
      return () => forwarded;
    });
    for (const no of cases) {
      const [effect] = (await office.events(no)).filter(({ kind }) => kind === 'STUCK');
      expect(Date.parse(String(effect?.at))).toBeGreaterThanOrEqual(Date.parse('2025-09-25T00:00:00+08:00'));
      const timers = (await eventsIn(no)).flatMap(({ timerStartedEventAttributes: timer }) => (timer ? [timer] : []));
      expect(new Set(timers.map(({ startToFireTimeout }) => String(startToFireTimeout?.seconds))).size).toBe(
        timers.length,
      );
    }
    return answers;
  }));

it('does not make a procedure act at a time that is over', () =>
  untilBetween(async () => {
    const cases = await fileThree();
    const signalled = Date.now() + (office.deps.clockAheadMs ?? 0);
    const answers = await askBetween(cases, async (no) => {
      await handleOf(no).signal(recountSignal);
      const recounted = expect.objectContaining({ kind: 'RECOUNTED' });
      return () => eventually(async () => expect(await office.events(no)).toContainEqual(recounted));
    });
    for (const no of cases) {
      const [recounted] = (await office.events(no)).filter(({ kind }) => kind === 'RECOUNTED');
      expect(Date.parse(String(recounted?.at))).toBeGreaterThanOrEqual(signalled);
    }
    return answers;
  }));

/** How the engine names the request for a task that it adds itself. */
const ADDED = 'request-from-RespondWorkflowTaskCompleted';
// Its events bring no new size of the history, like those that come with a question; they do bring a time.
it('lets a procedure go on in the task that is added while a step takes long', async () => {
  const no = await withWorker(async () => {
    const filed = await fileOutOfArea(office);
    const client = await office.owner.connect();
    await client.query('BEGIN');
    await client.query('SELECT 1 FROM case_file WHERE acceptance_no = $1 FOR UPDATE', [filed]);
    const decided = office.decide(filed, 'town1.clerk', { decision: 'APPROVE' });
    await eventually(async () => expect(await tasksCompleted(filed)).toBeGreaterThan(1));
    await client.query('ROLLBACK');
    client.release();
    await decided;
    return filed;
  });
  const events = await eventsIn(no);
  expect(events.filter(({ workflowTaskFailedEventAttributes: failed }) => failed)).toEqual([]);
  expect(events.some(({ workflowTaskStartedEventAttributes: started }) => started?.requestId === ADDED)).toBe(true);
});
