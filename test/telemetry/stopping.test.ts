import { randomUUID } from 'node:crypto';
import { addDays, plainDateAt } from '../../domain/plain-date.ts';
import { OUT_OF_AREA_WALK } from '../end-to-end/client.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { startSystem, type RunningSystem } from './system.ts';

/**
 * API and workers are told to stop (SIGTERM) one after the other while cases are being decided, and come back. Whoever asks gets an
 * answer, or is told to repeat and does so under the same key; in the end every decision is there once.
 */

const CASES = 6;

let system: RunningSystem;
beforeAll(async () => {
  system = await startSystem(2);
}, 180_000);
afterAll(async () => {
  await system?.close();
}, 60_000);

/** What a caller saw: a status, or no connection at all (between two lives of the API). */
type Seen = number | 'no connection' | '503 without Retry-After';

async function ask(acceptanceNo: string, username: string, step: string, key: string): Promise<Seen> {
  try {
    const answer = await fetch(`${system.url}/api/v1/cases/${acceptanceNo}/decisions`, {
      method: 'POST',
      headers: {
        Authorization: await system.as(username),
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      },
      body: JSON.stringify({ step, decision: 'APPROVE' }),
    });
    await answer.arrayBuffer();
    const told = answer.headers.get('Retry-After') !== null;
    return answer.status === 503 && !told ? '503 without Retry-After' : answer.status;
  } catch (problem) {
    // Nobody listens, or an idle connection was closed as it was taken up again: no answer has begun.
    const { cause } = problem as { cause?: { code?: string } };
    if (['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET'].includes(cause?.code ?? '')) return 'no connection';
    throw problem;
  }
}

it('nothing is lost, and nobody sees a 5xx but 503 with the advice to repeat', async () => {
  const { office } = system;
  const today = plainDateAt(Date.now());
  const numbers: string[] = [];
  for (let n = 0; n < CASES; n++)
    numbers.push(
      await office.file('OUT_OF_AREA_REFERRAL', 'town1.clerk', {
        form: {
          ...OUT_OF_AREA_FORM,
          plannedFrom: today,
          plannedTo: addDays(today, 30),
          destinationCity: `停机市${n}`,
        },
        documents: ['ID_CARD', 'REFERRAL_CERTIFICATE'],
      }),
    );
  const seen: Seen[] = [];
  let answered = 0;
  const walk = async (acceptanceNo: string): Promise<void> => {
    for (const [step, username] of OUT_OF_AREA_WALK) {
      const key = randomUUID();
      for (;;) {
        const status = await ask(acceptanceNo, username, step, key);
        seen.push(status);
        if (status === 200) break;
        if (status !== 503 && status !== 'no connection') return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      answered++;
    }
  };
  const walks = Promise.all(numbers.map(walk));
  const after = async (decisions: number): Promise<void> => {
    while (answered < decisions && answered < CASES * OUT_OF_AREA_WALK.length)
      await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await after(3);
  await system.workers[0]?.stop();
  await after(8);
  const stopped = system.api.stop();
  await stopped;
  await system.startApi();
  await walks;

  expect(seen.filter((status) => ![200, 503, 'no connection'].includes(status))).toEqual([]);
  expect(answered).toBe(CASES * OUT_OF_AREA_WALK.length);
  for (const acceptanceNo of numbers) {
    const decided = (await office.events(acceptanceNo)).filter(({ kind }) => kind === 'DECIDED');
    expect(decided.map(({ step }) => step)).toEqual(OUT_OF_AREA_WALK.map(([step]) => step));
  }
  // Both ended by themselves, after what they had begun.
  expect(system.log('worker-1').at(-1)?.['msg']).toBe('worker has stopped');
  expect(system.log('api').map(({ msg }) => msg)).toContain('API has stopped');
  expect(system.log('api').map(({ msg }) => msg)).not.toContain('not everything was answered in time');
}, 180_000);
