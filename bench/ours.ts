import { randomUUID } from 'node:crypto';
import { findAccount } from '../api/accounts.ts';
import { decideCase } from '../api/cases/decide-case.ts';
import type { CaseDeps } from '../api/cases/deps.ts';
import { fileCase } from '../api/cases/file-case.ts';
import { createPrisma } from '../api/prisma.ts';
import type { AttachedDocument, User } from '../domain/case.ts';
import { plainDateAt } from '../domain/plain-date.ts';
import { Refusal } from '../domain/refusal.ts';
import { PERSONS } from '../prisma/seed/persons.ts';
import type { Side } from './load.ts';
import type { Bench } from './surroundings.ts';

/** Who takes which decision of an out-of-area filing: four decisions by three people, the last one closes the case. */
export const DECISIONS = [
  { step: 'REGISTERED', username: 'town1.clerk' },
  { step: 'REVIEW', username: 'county1.approver' },
  { step: 'FILED', username: 'county1.clerk' },
  { step: 'FORM_ISSUED', username: 'town1.clerk' },
] as const;
export const PROCESS = 'OUT_OF_AREA_REFERRAL';
export const CLERK = 'town1.clerk';
export const DOCUMENTS = ['ID_CARD', 'DIAGNOSIS_CERTIFICATE'] as const;

/** The services of the API, called directly: what a decision costs without HTTP. */
export async function oursByService(bench: Bench, taskQueue: string): Promise<Side> {
  const config = { temporalTaskQueue: taskQueue, effectSpreadSeconds: 600 };
  const { db, vault, sealed: temporal } = bench;
  const deps: CaseDeps = { db, prisma: createPrisma(db), temporal, vault, config, now: () => Date.now() };
  const documents = await insertDocuments(bench, DOCUMENTS);
  const users = new Map<string, User>();
  for (const { username } of DECISIONS) users.set(username, await accountOf(bench, username));
  const userOf = (username: string): User => users.get(username) as User;
  return {
    name: 'jingban',
    decisionsPerCase: DECISIONS.length,
    async file() {
      const key = randomUUID();
      const request = { user: userOf(CLERK), processType: PROCESS, form: filingForm(), documents };
      const { answer } = await fileCase(deps, { ...request, key, requestHash: key });
      return answer.acceptanceNo;
    },
    async decide(acceptanceNo, nth) {
      const { step, username } = decisionAt(nth);
      const key = randomUUID();
      const who = { user: userOf(username), acceptanceNo, key, requestHash: key };
      await untilAnswered(() => decideCase(deps, { ...who, input: { step, decision: 'APPROVE', documents: [] } }));
    },
  };
}

/** An overloaded system asks to repeat with the same key; the time until the answer counts. */
async function untilAnswered(decide: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await decide();
      return;
    } catch (problem) {
      if (!(problem instanceof Refusal && problem.code === 'NOT_AVAILABLE')) throw problem;
    }
  }
}

export const decisionAt = (nth: number): (typeof DECISIONS)[number] => {
  const decision = DECISIONS[nth];
  if (!decision) throw new Error(`there is no decision ${nth}`);
  return decision;
};

export async function accountOf(bench: Bench, username: string): Promise<User> {
  const user = await findAccount(bench.db, username);
  if (!user) throw new Error(`no account ${username}`);
  return user;
}

let filed = 0;

/** A new destination each time, since one person's filings for one destination may not overlap. */
export function filingForm(): Record<string, string> {
  const person = PERSONS[filed % 5] as (typeof PERSONS)[number];
  const today = plainDateAt(Date.now());
  filed += 1;
  return {
    idCardNo: person.id_card_no,
    name: person.name,
    phone: '13800000000',
    filingKind: 'DIRECT',
    destinationProvince: '广东省',
    destinationCity: `示例${filed}市`,
    diagnosis: '示例诊断',
    plannedFrom: today,
    plannedTo: today,
  };
}

/** Uploading is not measured, so all cases show the same papers. */
export async function insertDocuments({ db }: Bench, types: readonly string[]): Promise<AttachedDocument[]> {
  const attached = types.map((type) => ({ type, documentId: randomUUID() }));
  for (const { type, documentId } of attached) {
    await db.query(
      `INSERT INTO document (document_id, sha256, media_type, byte_size, file_name, uploaded_by, uploaded_at)
       VALUES ($1, $2, 'application/pdf', 1000, $3, 's-town1.clerk', now())`,
      [documentId, documentId.replaceAll('-', '').padEnd(64, '0'), `${type}.pdf`],
    );
  }
  return attached;
}
