/** The port by which messages leave the system. One adapter is in use at a time, chosen by NOTIFY. */
export interface Channel {
  readonly name: ChannelName;
  /**
   * Whether the receiver can tell a repeated message by its id. Where it cannot, a message that may have been sent is left
   * to people.
   */
  readonly repeatable: boolean;
  /** Where a message to this person goes; undefined when they have no address on this channel. */
  addressOf(person: { staffId: string; email: string | null }): string | undefined;
  /** Hands over one message and says what is known afterwards. Never throws, and ends within `SEND_PATIENCE_MS`. */
  send(message: Message): Promise<Outcome>;
}

export type ChannelName = 'NONE' | 'SMTP' | 'WEBHOOK';

export interface Message {
  messageId: string;
  kind: string;
  recipient: string;
  subject: string;
  body: string;
  createdAt: Date;
}

/** `reason`: one sentence, for the operator who reads the outbox. */
export type Outcome =
  | { state: 'SENT' }
  /** nothing was taken; worth trying again, after `waitMs` when the receiver has named a time */
  | { state: 'RETRY'; reason: string; waitMs?: number }
  /** the receiver will never take it */
  | { state: 'FAILED'; reason: string }
  /** it may have been taken: the answer did not arrive */
  | { state: 'UNCERTAIN'; reason: string };

export const SEND_PATIENCE_MS = 30_000;

/** Nothing leaves the system: messages are kept and read at the API. */
export const keepOnly: Channel = {
  name: 'NONE',
  repeatable: true,
  addressOf: () => undefined,
  send: () => Promise.resolve({ state: 'FAILED', reason: 'NOTIFY=none sends nothing' }),
};
