import { openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';

/**
 * What the clients saw, line by line: a request is written down before it is sent, its answer before anybody acts on it. The
 * checker reads this file and nothing else of them.
 */
const asked = z.object({
  what: z.literal('ASKED'),
  key: z.string(),
  acceptanceNo: z.string().optional(),
  process: z.string().optional(),
  /** of a filing: the number of its plan */
  number: z.number().optional(),
  username: z.string(),
  step: z.string().optional(),
  decision: z.string().optional(),
  /** whoever asks may not have it, whatever the state of the case */
  forbidden: z.boolean().optional(),
  /** what the move means to the recount of deadlines */
  act: z.record(z.string(), z.unknown()).optional(),
});
const answered = z.object({
  what: z.literal('ANSWERED'),
  key: z.string(),
  status: z.number(),
  code: z.string().optional(),
  acceptanceNo: z.string().optional(),
  version: z.number().optional(),
  body: z.string().optional(),
});
/** Something that should have come about by itself and has not. */
const missed = z.object({ what: z.literal('MISSED'), acceptanceNo: z.string(), sentence: z.string() });

const line = z.discriminatedUnion('what', [asked, answered, missed]);
/** As it is in the file: when it was written (epoch ms of the clients). */
const written = line.and(z.object({ at: z.iso.datetime().transform((text) => Date.parse(text)) }));
export type RecordLine = z.infer<typeof line>;
export type WrittenLine = z.infer<typeof written>;
export type Asked = z.infer<typeof asked>;
export type Answered = z.infer<typeof answered>;

export interface Recorder {
  write(line: RecordLine): void;
  /** decisions answered until now */
  readonly decided: number;
  /** calls back once, when the next decision has been answered and written down */
  whenDecided(tell: () => void): void;
}

export function openRecord(file: string): Recorder {
  const handle = openSync(file, 'a');
  const open = new Set<string>();
  let decided = 0;
  let waiting: Array<() => void> = [];
  return {
    write(each) {
      writeSync(handle, `${JSON.stringify({ ...each, at: new Date().toISOString() })}\n`);
      if (each.what === 'ASKED' && each.decision !== undefined) open.add(each.key);
      if (each.what !== 'ANSWERED' || each.status >= 300 || !open.delete(each.key)) return;
      decided += 1;
      const told = waiting;
      waiting = [];
      for (const tell of told) tell();
    },
    get decided() {
      return decided;
    },
    whenDecided(tell) {
      waiting.push(tell);
    },
  };
}

export const readRecord = (file: string): WrittenLine[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => written.parse(JSON.parse(text)));
