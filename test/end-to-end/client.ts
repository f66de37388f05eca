import { randomUUID } from 'node:crypto';
import { isOutage } from '../../api/outage.ts';
import { repeated } from '../../embedded/wait.ts';
import type { JsonObject } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { DecisionAnswer } from '../../domain/turn.ts';
import type { Office } from '../support/office.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import type { Ledger, Sent } from '../../faults/checker/invariants.ts';

/** A client as it should be: it chooses a key, writes down what it sends, and repeats it until it is answered. */
export interface PatientClient {
  ledger: Ledger;
  /** how long each answered decision took from the first attempt, in ms, and when it was answered */
  took: Array<{ acceptanceNo: string; ms: number; at: number }>;
  file(processType: string, username: string, filing: Filing): Promise<string>;
  decide(acceptanceNo: string, username: string, step: string, decision?: Choice): Promise<DecisionAnswer>;
  /** resolves when so many decisions have been answered */
  untilTook(count: number): Promise<void>;
}
type Filing = Parameters<Office['file']>[2];
type Choice = Omit<Parameters<Office['decide']>[2], 'step' | 'key' | 'decision'> & {
  decision?: Parameters<Office['decide']>[2]['decision'];
};

/** Longer than any outage a test makes; a decision that is not answered by then never will be. */
const GIVE_UP_MS = 180_000;
const PAUSE_MS = 100;

export function patientClient(office: Office): PatientClient {
  const ledger: Ledger = { filings: [], decisions: [] };
  const took: PatientClient['took'] = [];

  async function decide(
    acceptanceNo: string,
    username: string,
    step: string,
    choice: Choice = {},
  ): Promise<DecisionAnswer> {
    const key = randomUUID();
    const decision = choice.decision ?? 'APPROVE';
    const user = await untilAnswered(() => office.user(username));
    const sent: Sent = { acceptanceNo, userId: user.id, key, step, decision };
    ledger.decisions.push(sent);
    const from = performance.now();
    try {
      const answer = await untilAnswered(() =>
        office.decide(acceptanceNo, username, { ...choice, decision, step, key }),
      );
      took.push({ acceptanceNo, ms: performance.now() - from, at: performance.now() });
      sent.answeredVersion = answer.version;
      return answer;
    } catch (problem) {
      if (problem instanceof Refusal && problem.code !== 'NOT_AVAILABLE') sent.refused = problem.code;
      throw problem;
    }
  }

  async function file(processType: string, username: string, filing: Filing): Promise<string> {
    const key = randomUUID();
    const user = await untilAnswered(() => office.user(username));
    const acceptanceNo = await untilAnswered(() => office.file(processType, username, { ...filing, key }));
    ledger.filings.push({ acceptanceNo, userId: user.id, key });
    return acceptanceNo;
  }

  async function untilTook(count: number): Promise<void> {
    while (took.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  return { ledger, took, file, decide, untilTook };
}

/** Repeats what fails because something is not there now; throws every other trouble. */
export const untilAnswered = <T>(attempt: () => Promise<T>): Promise<T> =>
  repeated(attempt, { withinMs: GIVE_UP_MS, pauseMs: PAUSE_MS, final: (problem) => !isOutage(problem) });

/** The shortest procedure and who decides at its steps. */
export const OUT_OF_AREA_WALK = [
  ['REGISTERED', 'town1.clerk'],
  ['REVIEW', 'county1.approver'],
  ['FILED', 'county1.clerk'],
  ['FORM_ISSUED', 'town1.clerk'],
] as const;

let destinations = 0;

/** Files one; every call goes to another place, so that no two filings overlap. */
export function fileOutOfArea(client: PatientClient, change: JsonObject = {}, receivedOn?: string): Promise<string> {
  return client.file('OUT_OF_AREA_REFERRAL', 'town1.clerk', {
    form: { ...OUT_OF_AREA_FORM, destinationCity: `示例市${++destinations}`, ...change },
    documents: ['ID_CARD', 'REFERRAL_CERTIFICATE'],
    ...(receivedOn ? { receivedOn } : {}),
  });
}

/** Walks a case to its end. */
export async function walkToEnd(client: PatientClient, acceptanceNo: string): Promise<void> {
  for (const [step, username] of OUT_OF_AREA_WALK) await client.decide(acceptanceNo, username, step);
}
