import { z } from 'zod';
import type { JsonObject } from '../../domain/case.ts';
import { plainDate, type PlainDate } from '../../domain/plain-date.ts';
import type { Client } from './client.ts';
import { createDays, type Days } from './days.ts';

/** What the demonstration reads of a case; the API answers more. */
const event = z.object({
  seq: z.int(),
  kind: z.string(),
  title: z.object({ zh: z.string(), en: z.string() }),
  decision: z.string().nullable(),
  stage: z.string(),
  step: z.string(),
  actorName: z.string().nullable(),
  at: z.string(),
  dueOn: z.string().nullable(),
});
const caseView = z.object({
  acceptanceNo: z.string(),
  processType: z.string(),
  status: z.string(),
  currentStage: z.string(),
  currentStep: z.string(),
  today: z.string().transform(plainDate),
  stageDueOn: z.string().nullable(),
  totalDueOn: z.string().nullable(),
  provisional: z.boolean(),
  overdue: z.boolean(),
  stuck: z.boolean(),
  stuckReasons: z.array(z.object({ code: z.string(), title: z.object({ zh: z.string(), en: z.string() }) })),
  facts: z.record(z.string(), z.unknown()),
  benefit: z.object({ total: z.string(), fundPays: z.string(), insuredPays: z.string() }).nullable(),
  outputs: z.array(z.object({ kind: z.string() })),
  related: z.array(z.object({ acceptanceNo: z.string(), processType: z.string(), relation: z.string() })),
  history: z.array(event),
});
export type SeenCase = z.infer<typeof caseView>;
const answer = z.object({ acceptanceNo: z.string() });

export interface Filing {
  form: JsonObject;
  documents?: readonly string[];
}
export interface Act {
  decision?: string;
  form?: JsonObject;
  reason?: string;
  documents?: readonly string[];
}

/** Where the stories play: they act as the accounts of the seeded city, print what happens, and hold it against what should. */
export interface Stage {
  say: (line: string) => void;
  client: Client;
  days: Days;
  file(username: string, processType: string, filing: Filing): Promise<SeenCase>;
  /** decides at the case's present step */
  decide(no: string, username: string, act?: Act): Promise<SeenCase>;
  /** the case as it is now; what its history has gained is printed */
  look(no: string): Promise<SeenCase>;
  /** looks until it is so; after some seconds that it never was is noted as a difference */
  lookUntil(no: string, what: string, isSo: (seen: SeenCase) => boolean): Promise<SeenCase>;
  /** lets time pass for this one case, to nine in the morning of the day on its own clock */
  forward(no: string, toDay: PlainDate): Promise<SeenCase>;
  expect: (no: string, what: string, actual: unknown, expected: unknown) => void;
  differ: (sentence: string) => void;
  /** every case that was filed or opened, in order */
  readonly cases: readonly string[];
  readonly differences: readonly string[];
}

/** The city sees every case of the city; its manager may fast-forward them. */
const WATCHER = 'city.manager';
const PATIENCE_MS = 15_000;
const PAUSE_MS = 150;

export function createStage(client: Client, say: (line: string) => void): Stage {
  const seen = new Map<string, number>();
  const differences: string[] = [];
  const differ = (sentence: string): void => {
    differences.push(sentence);
    say(`✗ ${sentence}`);
  };

  const look = async (no: string): Promise<SeenCase> => {
    const found = await client.get(WATCHER, `/cases/${no}`, caseView);
    const known = seen.get(no) ?? 0;
    if (known === 0) say(`\n${found.processType} ${no}`);
    const fresh = found.history.filter(({ seq }) => seq > known);
    fresh.forEach((each, i) => say(timelineLine(each, i === fresh.length - 1 ? found : undefined)));
    seen.set(no, found.history.at(-1)?.seq ?? known);
    return found;
  };

  return {
    say,
    client,
    days: createDays(client, WATCHER),
    async file(username, processType, { form, documents = [] }) {
      const body = { processType, form, documents: await client.upload(username, documents) };
      const { acceptanceNo } = await client.post(username, '/cases', body, answer);
      return look(acceptanceNo);
    },
    async decide(no, username, { decision = 'APPROVE', documents = [], ...rest } = {}) {
      const { currentStep } = await client.get(WATCHER, `/cases/${no}`, caseView);
      const body = { step: currentStep, decision, ...rest, documents: await client.upload(username, documents) };
      await client.post(username, `/cases/${no}/decisions`, body, answer);
      return look(no);
    },
    look,
    async lookUntil(no, what, isSo) {
      const until = performance.now() + PATIENCE_MS;
      for (;;) {
        const found = await look(no);
        if (isSo(found)) return found;
        if (performance.now() > until) {
          differ(`${no}: ${what} has not come about`);
          return found;
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
    async forward(no, toDay) {
      say(`  … ${no} ⏩ ${toDay}`);
      await client.post(WATCHER, `/rehearsal/cases/${no}/fast-forward`, { toDay }, z.object({ today: z.string() }));
      return look(no);
    },
    expect(no, what, actual, expected) {
      if (JSON.stringify(actual) === JSON.stringify(expected)) return;
      differ(`${no}: ${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
    },
    differ,
    get cases() {
      return [...seen.keys()];
    },
    differences,
  };
}

/** Time on the clock of the case, where, who, what; and after the last thing that happened, where the case is now. */
function timelineLine(
  { at, stage, step, actorName, title, decision, kind, dueOn }: z.infer<typeof event>,
  now?: SeenCase,
): string {
  const where = stage === step ? stage : `${stage}/${step}`;
  const what = `${title.zh} ${decision ?? kind}`;
  const line = `  ${at.slice(0, 16).replace('T', ' ')}  ${where}  ${actorName ?? '系统'}  ${what}`;
  if (!now) return dueOn === null ? line : `${line}  (${dueOn})`;
  const due = [
    ...(now.stageDueOn ? [`到期 ${now.stageDueOn}${now.provisional ? ' 暂定' : ''}`] : []),
    ...(now.totalDueOn ? [`总 ${now.totalDueOn}`] : []),
  ];
  const here = now.currentStage === now.currentStep ? now.currentStage : `${now.currentStage}/${now.currentStep}`;
  return `${line}  → ${here} ${now.status}${due.length > 0 ? `  ${due.join(', ')}` : ''}${now.overdue ? '  超期' : ''}`;
}
