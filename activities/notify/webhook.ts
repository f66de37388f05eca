import { createHmac } from 'node:crypto';
import { SEND_PATIENCE_MS, type Channel, type Message, type Outcome } from './channel.ts';

/**
 * A POST of JSON to one address. `Idempotency-Key` is the message's id and the body is the same to the byte whenever a message
 * is repeated, so a receiver that keeps the keys it has seen takes every message once. With a secret, `Jingban-Signature` is
 * `sha256=` and the HMAC-SHA256 of the body in hexadecimal digits.
 */
export function webhookChannel(url: string, secret: string | undefined, patienceMs = SEND_PATIENCE_MS): Channel {
  return {
    name: 'WEBHOOK',
    repeatable: true,
    // The receiver knows the agency's people by their staff numbers.
    addressOf: ({ staffId }) => staffId,
    send: (message) => post(url, secret, patienceMs, message),
  };
}

export const signatureOf = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

async function post(url: string, secret: string | undefined, patienceMs: number, message: Message): Promise<Outcome> {
  const { messageId, kind, recipient, subject, body, createdAt } = message;
  const json = JSON.stringify({ messageId, kind, recipient, subject, body, createdAt: createdAt.toISOString() });
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Idempotency-Key': messageId,
        ...(secret === undefined ? {} : { 'Jingban-Signature': signatureOf(secret, json) }),
      },
      body: json,
      // A redirect would carry the message to somebody the operator has not named.
      redirect: 'manual',
      signal: AbortSignal.timeout(patienceMs),
    });
    await answer.body?.cancel();
    return outcomeOf(answer);
  } catch (problem) {
    const { name, cause } = problem as Error & { cause?: { code?: string } };
    if (name === 'TimeoutError')
      return { state: 'UNCERTAIN', reason: `the receiver did not answer within ${patienceMs} ms` };
    const code = cause?.code ?? name;
    const reason = `the receiver could not be reached (${code})`;
    return NEVER_CONNECTED.includes(code) ? { state: 'RETRY', reason } : { state: 'UNCERTAIN', reason };
  }
}

const NEVER_CONNECTED: readonly string[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];
/** Refusals that mean "not now"; every other 4xx will be the same tomorrow. */
const NOT_NOW: readonly number[] = [408, 425, 429];

function outcomeOf({ status, ok, headers }: Response): Outcome {
  if (ok) return { state: 'SENT' };
  const reason = `the receiver answered ${status}`;
  if (status < 500 && !NOT_NOW.includes(status)) return { state: 'FAILED', reason };
  const waitMs = retryAfterMs(headers.get('Retry-After'), Date.now());
  return { state: 'RETRY', reason, ...(waitMs === undefined ? {} : { waitMs }) };
}

/** RFC 9110 10.2.3: seconds, or a date. */
export function retryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
