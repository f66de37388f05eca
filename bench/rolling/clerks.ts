import { randomUUID } from 'node:crypto';
import type { Api } from '../http.ts';
import { CLERK, DECISIONS, PROCESS, decisionAt, filingForm } from '../ours.ts';

/** One request as its caller saw it, however often it had to be repeated; times in ms of `performance.now()`. */
export interface Asked {
  key: string;
  from: number;
  to: number;
  /** repeated because the answer was 503, or because there was no answer */
  after503: number;
  afterSilence: number;
  /** what a caller who does as documented cannot get over */
  error?: string;
}

/** Longer than any restart; whoever is not answered by then is counted as an error. */
const GIVE_UP_MS = 60_000;
const PAUSE_MS = 150;
const SILENCE_MS = 15_000;

/**
 * People who file and decide over several APIs as a balancer spreads them, and who repeat as the API's documentation says: with the
 * same `Idempotency-Key`, after 503 and whenever no answer came.
 */
export function createClerks(apis: readonly Api[], documents: readonly { type: string; documentId: string }[]) {
  const asked: Asked[] = [];
  let next = 0;

  async function ask(username: string, path: string, body: object): Promise<Record<string, unknown> | undefined> {
    const record: Asked = { key: randomUUID(), from: performance.now(), to: 0, after503: 0, afterSilence: 0 };
    asked.push(record);
    for (
      ;
      performance.now() - record.from < GIVE_UP_MS;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    ) {
      const { url, tokens } = apis[next++ % apis.length] as Api;
      const answer = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${tokens.get(username) ?? ''}`,
          'Idempotency-Key': record.key,
          'Content-Type': 'application/json',
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(SILENCE_MS),
      })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch(() => undefined);
      record.to = performance.now();
      if (answer === undefined) record.afterSilence += 1;
      else if (answer.status === 503) record.after503 += 1;
      else if (answer.status < 300) return JSON.parse(answer.text) as Record<string, unknown>;
      else {
        record.error = `${answer.status} ${answer.text}`;
        return undefined;
      }
    }
    record.error = 'not answered';
    return undefined;
  }

  /** Files a case and takes every decision on it; answers its number, or nothing when one request failed. */
  async function oneCase(): Promise<string | undefined> {
    const filed = await ask(CLERK, '/cases', { processType: PROCESS, form: filingForm(), documents });
    if (!filed) return undefined;
    const acceptanceNo = String(filed['acceptanceNo']);
    for (let nth = 0; nth < DECISIONS.length; nth += 1) {
      const { step, username } = decisionAt(nth);
      if (!(await ask(username, `/cases/${acceptanceNo}/decisions`, { step, decision: 'APPROVE' }))) return undefined;
    }
    return acceptanceNo;
  }

  return { asked, oneCase };
}
