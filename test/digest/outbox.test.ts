import { createHmac, randomUUID } from 'node:crypto';
import pg from 'pg';
import { surviveLosses } from '../../engine/survive-losses.ts';
import { createChannel } from '../../activities/notify/index.ts';
import { backoffMs, sendPending } from '../../activities/notify/outbox.ts';
import { retryAfterMs, webhookChannel } from '../../activities/notify/webhook.ts';
import type { NotifySettings } from '../../config/notify.ts';
import { runChild } from '../support/children/spawn.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { openMailServer, openWebhook, textOf, type MailServer, type WebhookReceiver } from './receivers.ts';

let database: TestDatabase;
let db: pg.Pool;
let webhook: WebhookReceiver;
let mail: MailServer;
beforeAll(async () => {
  database = await createDatabase();
  db = new pg.Pool({ connectionString: database.ownerUrl, max: 10 });
  // The database is dropped while connections that ended at the same time still say so.
  surviveLosses(db, () => undefined);
  webhook = await openWebhook();
  mail = await openMailServer();
});
afterAll(async () => {
  await webhook.close();
  await mail.close();
  await db.end();
  await database.drop();
});
beforeEach(async () => {
  await db.query('DELETE FROM outbox');
  webhook.received.length = webhook.answers.length = mail.mails.length = mail.answers.length = 0;
  mail.hangUp = false;
});

const SECRET = 'a secret of the test';
const byWebhook = (): Partial<NotifySettings> => ({
  notify: 'webhook',
  webhookUrl: webhook.url,
  webhookSecret: SECRET,
});
const byMail = (): Partial<NotifySettings> => ({ notify: 'smtp', smtpUrl: mail.url, smtpFrom: 'jingban@example.org' });
const send = (notify: Partial<NotifySettings>, leaseMs?: number): Promise<boolean> =>
  sendPending({ db, channel: createChannel(notify), ...(leaseMs === undefined ? {} : { leaseMs }) });

async function pending(channel: 'SMTP' | 'WEBHOOK', { expired = false } = {}): Promise<string> {
  const messageId = randomUUID();
  await db.query(
    `INSERT INTO outbox (message_id, kind, dedup_key, staff_id, channel, recipient, subject, body, state, next_attempt_at,
                         notices_until, created_at, expires_at)
     VALUES ($1::uuid, 'DIGEST', $1::text, 's-town1.clerk', $2, 'town1.clerk@jingban.example.org', '经办日报', $3, 'PENDING', now(), now(), now(),
             now() + $4::interval)`,
    [messageId, channel, `今日到期: ${messageId}`, expired ? '-1 second' : '1 hour'],
  );
  return messageId;
}
interface Row {
  state: string;
  attempts: number;
  last_error: string | null;
  wait: number;
}
async function rowOf(messageId: string): Promise<Row> {
  const { rows } = await db.query<Row>(
    `SELECT state, attempts, last_error, extract(epoch FROM next_attempt_at - claimed_at)::float AS wait
     FROM outbox WHERE message_id = $1`,
    [messageId],
  );
  return rows[0] as Row;
}
const comeAgain = (): Promise<unknown> => db.query(`UPDATE outbox SET next_attempt_at = now() WHERE state = 'PENDING'`);

describe('a message by webhook', () => {
  it('is posted once, with its id as Idempotency-Key and a signature of the body', async () => {
    const id = await pending('WEBHOOK');
    await send(byWebhook());
    await send(byWebhook());
    expect(webhook.received).toHaveLength(1);
    const [{ headers, body }] = webhook.received as [WebhookReceiver['received'][number]];
    expect(headers['idempotency-key']).toBe(id);
    expect(headers['jingban-signature']).toBe(`sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`);
    expect(JSON.parse(body)).toMatchObject({
      messageId: id,
      kind: 'DIGEST',
      subject: '经办日报',
      body: `今日到期: ${id}`,
    });
    expect(await rowOf(id)).toMatchObject({ state: 'SENT', attempts: 1, last_error: null });
  });

  it.each([
    ['5xx', { status: 503 }, 60],
    ['429 with a time', { status: 429, headers: { 'Retry-After': '600' } }, 600],
    ['429 with less than our own patience', { status: 429, headers: { 'Retry-After': '1' } }, 60],
    ['a lost answer', 'HANG_UP' as const, 60],
  ])('is tried again after %s, under the same key and with the same body', async (_, answer, seconds) => {
    const id = await pending('WEBHOOK');
    webhook.answers.push(answer);
    await send(byWebhook());
    const row = await rowOf(id);
    expect(row).toMatchObject({ state: 'PENDING', attempts: 1 });
    expect(row.wait).toBeGreaterThanOrEqual(seconds);
    expect(row.wait).toBeLessThan(seconds + 50);
    await send(byWebhook());
    expect(webhook.received).toHaveLength(1);
    await comeAgain();
    await send(byWebhook());
    const [first, second] = webhook.received;
    expect([second?.headers['idempotency-key'], second?.body]).toEqual([id, first?.body]);
    expect(await rowOf(id)).toMatchObject({ state: 'SENT', attempts: 2 });
  });

  it.each([404, 400, 302])('is given up with the reason when the receiver answers %d', async (status) => {
    const id = await pending('WEBHOOK');
    webhook.answers.push({ status, ...(status === 302 ? { headers: { Location: webhook.url } } : {}) });
    await send(byWebhook());
    await comeAgain();
    await send(byWebhook());
    expect(webhook.received).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({ state: 'FAILED', last_error: `the receiver answered ${status}` });
  });

  it('waits for a receiver that is not there', async () => {
    const id = await pending('WEBHOOK');
    const gone = await openWebhook();
    await gone.close();
    await send({ ...byWebhook(), webhookUrl: gone.url });
    expect(await rowOf(id)).toMatchObject({
      state: 'PENDING',
      last_error: 'the receiver could not be reached (ECONNREFUSED)',
    });
  });

  it('is not waited for longer than agreed', async () => {
    const id = await pending('WEBHOOK');
    webhook.answers.push('SILENCE');
    await sendPending({ db, channel: webhookChannel(webhook.url, undefined, 50) });
    expect(await rowOf(id)).toMatchObject({ state: 'PENDING', last_error: 'the receiver did not answer within 50 ms' });
  });

  it.each(['outbox.claimed', 'outbox.sent'] as const)(
    'whose sender dies at %s is repeated with the same key',
    async (point) => {
      const id = await pending('WEBHOOK');
      expect(await runChild('send-outbox.ts', { databaseUrl: database.ownerUrl, point, notify: byWebhook() })).toBe(
        'SIGKILL',
      );
      expect(await rowOf(id)).toMatchObject({ state: 'SENDING', attempts: 1 });
      // Whoever sends may be slow: a claim is not taken over before its time.
      await send(byWebhook());
      expect(await rowOf(id)).toMatchObject({ state: 'SENDING' });
      await send(byWebhook(), 0);
      expect(await rowOf(id)).toMatchObject({ state: 'SENT', attempts: 2 });
      const keys = webhook.received.map(({ headers }) => headers['idempotency-key']);
      expect(keys).toEqual(point === 'outbox.sent' ? [id, id] : [id]);
    },
  );
});

describe('a message by mail', () => {
  it('arrives once, with a Message-ID made from its id', async () => {
    const id = await pending('SMTP');
    await send(byMail());
    await send(byMail());
    expect(mail.mails).toHaveLength(1);
    const [text = ''] = mail.mails;
    expect(text).toMatch(new RegExp(`^Message-ID: <${id}@example\\.org>`, 'm'));
    expect(text).toMatch(/^To: town1\.clerk@jingban\.example\.org/m);
    expect(textOf(text)).toContain(`今日到期: ${id}`);
    expect(await rowOf(id)).toMatchObject({ state: 'SENT', attempts: 1 });
  });

  it('is sent again after greylisting', async () => {
    const id = await pending('SMTP');
    mail.answers.push(451);
    await send(byMail());
    expect(await rowOf(id)).toMatchObject({
      state: 'PENDING',
      attempts: 1,
      last_error: expect.stringContaining('greylisted, come back later'),
    });
    await comeAgain();
    await send(byMail());
    expect(mail.mails).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({ state: 'SENT', attempts: 2, last_error: null });
  });

  it('is given up with the server’s own words when it refuses for good', async () => {
    const id = await pending('SMTP');
    mail.answers.push(550);
    await send(byMail());
    await comeAgain();
    await send(byMail());
    expect(mail.mails).toEqual([]);
    expect(await rowOf(id)).toMatchObject({
      state: 'FAILED',
      attempts: 1,
      last_error: expect.stringContaining('no such mailbox'),
    });
  });

  it('waits for a server that is not there', async () => {
    const id = await pending('SMTP');
    const gone = await openMailServer();
    await gone.close();
    await send({ ...byMail(), smtpUrl: gone.url });
    expect(await rowOf(id)).toMatchObject({ state: 'PENDING', attempts: 1 });
  });

  it('is uncertain when the connection is lost before the server’s answer, and is not repeated', async () => {
    const id = await pending('SMTP');
    mail.hangUp = true;
    await send(byMail());
    mail.hangUp = false;
    await comeAgain();
    await send(byMail(), 0);
    expect(mail.mails).toHaveLength(1);
    expect(await rowOf(id)).toMatchObject({ state: 'UNCERTAIN', attempts: 1 });
  });

  it.each(['outbox.claimed', 'outbox.sent'] as const)(
    'whose sender dies at %s is uncertain, and is not repeated',
    async (point) => {
      const id = await pending('SMTP');
      expect(await runChild('send-outbox.ts', { databaseUrl: database.ownerUrl, point, notify: byMail() })).toBe(
        'SIGKILL',
      );
      await send(byMail(), 0);
      await send(byMail(), 0);
      expect(mail.mails).toHaveLength(point === 'outbox.sent' ? 1 : 0);
      expect(await rowOf(id)).toMatchObject({
        state: 'UNCERTAIN',
        attempts: 1,
        last_error: 'whoever was sending it died; it may have been sent',
      });
    },
  );
});

describe('the outbox', () => {
  it('sends each of many once, however many send at the same time', async () => {
    const ids = await Promise.all(Array.from({ length: 60 }, () => pending('WEBHOOK')));
    await Promise.all([send(byWebhook()), send(byWebhook()), send(byWebhook())]);
    expect(webhook.received.map(({ headers }) => headers['idempotency-key']).sort()).toEqual(ids.sort());
  });

  it('says that more is waiting after a batch', async () => {
    await Promise.all(Array.from({ length: 101 }, () => pending('WEBHOOK')));
    expect(await send(byWebhook())).toBe(true);
    expect(await send(byWebhook())).toBe(false);
    expect(webhook.received).toHaveLength(101);
  });

  it('gives up what has grown old, and what is of a channel no longer used stays until then', async () => {
    const [old, other] = [await pending('WEBHOOK', { expired: true }), await pending('SMTP')];
    await send(byWebhook());
    expect(webhook.received).toEqual([]);
    expect(await rowOf(old)).toMatchObject({ state: 'FAILED', last_error: 'not sent in time' });
    expect(await rowOf(other)).toMatchObject({ state: 'PENDING', attempts: 0 });
  });

  it('waits a minute, then twice as long each time, at most an hour', () => {
    expect([1, 2, 3, 6, 7, 50].map(backoffMs)).toEqual([60_000, 120_000, 240_000, 1_920_000, 3_600_000, 3_600_000]);
  });

  it('understands both forms of Retry-After', () => {
    const now = Date.parse('2025-09-22T00:00:00Z');
    expect(retryAfterMs('120', now)).toBe(120_000);
    expect(retryAfterMs('Mon, 22 Sep 2025 00:10:00 GMT', now)).toBe(600_000);
    expect([retryAfterMs('soon', now), retryAfterMs(null, now)]).toEqual([undefined, undefined]);
  });
});
