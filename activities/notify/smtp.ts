import { Readable } from 'node:stream';
import nodemailer from 'nodemailer';
import { SEND_PATIENCE_MS, type Channel, type Message, type Outcome } from './channel.ts';

/**
 * Mail. SMTP knows no "this again": when the connection is lost between handing the text over and the server's answer,
 * nobody knows whether it was taken, and the message is left to people. The Message-ID is made from the outbox id, so that
 * they can look for it in the server's log.
 */
export function smtpChannel(url: string, from: string): Channel {
  return {
    name: 'SMTP',
    repeatable: false,
    addressOf: ({ email }) => email ?? undefined,
    send: (message) => sendMail(url, from, message),
  };
}

export const messageIdOf = (messageId: string, from: string): string =>
  `<${messageId}@${from.slice(from.lastIndexOf('@') + 1)}>`;

async function sendMail(url: string, from: string, message: Message): Promise<Outcome> {
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 15_000,
  });
  let handedOver = false;
  let givenUp = false;
  // The server asks for the text when it has accepted sender and recipient; reading it is the moment from which on the
  // message may be taken. What was given up before that moment is never handed over.
  transport.use('stream', (mail, done) => {
    mail.message.build((problem, text) => {
      const read = function (this: Readable): void {
        if (givenUp) return void this.destroy(new Error('given up'));
        handedOver = true;
        this.push(text);
        this.push(null);
      };
      mail.message.createReadStream = () => new Readable({ read });
      done(problem);
    });
  });
  let patience: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    patience = setTimeout(() => {
      givenUp = true;
      reject(new Error(`no answer within ${SEND_PATIENCE_MS} ms`));
    }, SEND_PATIENCE_MS);
  });
  try {
    const sending = transport.sendMail({
      from,
      to: message.recipient,
      subject: message.subject,
      text: message.body,
      messageId: messageIdOf(message.messageId, from),
      date: message.createdAt,
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    await Promise.race([sending, tooLong]);
    return { state: 'SENT' };
  } catch (problem) {
    return outcomeOf(problem as SmtpProblem, handedOver);
  } finally {
    clearTimeout(patience);
    transport.close();
  }
}

interface SmtpProblem extends Error {
  code?: string;
  /** the server's own words; absent when it said nothing */
  responseCode?: number;
  response?: string;
}

function outcomeOf({ code, responseCode, response, message }: SmtpProblem, handedOver: boolean): Outcome {
  // A refused login is the operator's mistake, not the message's: put right, everything goes out.
  if (code === 'EAUTH')
    return { state: 'RETRY', reason: `the mail server refuses the login of SMTP_URL: ${response ?? message}` };
  if (responseCode !== undefined && responseCode >= 500)
    return { state: 'FAILED', reason: `the mail server refuses the message: ${response ?? responseCode}` };
  if (responseCode !== undefined && responseCode >= 400)
    return { state: 'RETRY', reason: `the mail server asks to try later: ${response ?? responseCode}` };
  if (handedOver)
    return {
      state: 'UNCERTAIN',
      reason: `the connection was lost before the mail server had said whether it took the message (${code ?? message})`,
    };
  return { state: 'RETRY', reason: `the mail server could not be reached (${code ?? 'error'}): ${message}` };
}
