import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** Receivers as an agency has them, on the loopback: a real SMTP server and a real HTTP server. */

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}
export interface WebhookReceiver {
  url: string;
  received: Received[];
  /** what to answer next, in order; 204 when nothing is left. 'HANG_UP' ends the connection without an answer, 'SILENCE' keeps it */
  answers: ({ status: number; headers?: Record<string, string> } | 'HANG_UP' | 'SILENCE')[];
  close(): Promise<void>;
}

export async function openWebhook(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const answers: WebhookReceiver['answers'] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8');
    req.on('data', (chunk: string) => (body += chunk));
    req.on('end', () => {
      received.push({ headers: req.headers, body });
      const answer = answers.shift() ?? { status: 204 };
      if (answer === 'HANG_UP') req.socket.destroy();
      else if (answer !== 'SILENCE') res.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
    received,
    answers,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface MailServer {
  url: string;
  mails: string[];
  /** what to answer to the next recipients, in order; a server that has nothing left takes them */
  answers: number[];
  /** ends the connection when the text has arrived, before saying whether it was taken */
  hangUp: boolean;
  close(): Promise<void>;
}

export async function openMailServer(): Promise<MailServer> {
  const mail: MailServer = { url: '', mails: [], answers: [], hangUp: false, close: () => Promise.resolve() };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo(_address, _session, done) {
      const code = mail.answers.shift();
      if (code === undefined) return done();
      done(
        Object.assign(new Error(code < 500 ? 'greylisted, come back later' : 'no such mailbox'), {
          responseCode: code,
        }),
      );
    },
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        mail.mails.push(text);
        if (mail.hangUp) sockets.forEach((socket) => socket.destroy());
        else done();
      });
    },
  });
  server.on('error', () => undefined);
  const sockets = new Set<{ destroy(): void }>();
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mail.url = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  mail.close = () => new Promise((resolve) => server.close(() => resolve()));
  return mail;
}

/** The words of a mail in quoted-printable or base64, as a person reads them. */
export function textOf(mail: string): string {
  const [head = '', ...rest] = mail.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
  const bytes = body
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
