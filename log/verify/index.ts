import { setTimeout as pause } from 'node:timers/promises';
import { listProcedures } from '../../engine/list-workflow-ids.ts';
import { orUnreadable, UnreadablePayload } from '../../engine/payload-codec.ts';
import { checkAccesses } from './check-accesses.ts';
import { checkCase } from './check-case.ts';
import { checkChain } from './check-chain.ts';
import { compareCase, compareDuty } from './check-engine.ts';
import { checkHeads, type HeadDeps } from './check-heads.ts';
import { readMarks, type EngineMark } from './engine.ts';
import type { Finding } from './finding.ts';
import { readCases } from './read-cases.ts';
import { readDuties, type DutyRecord } from './read-duties.ts';

export interface VerifyDeps extends HeadDeps {
  taskQueue: string;
  now: () => number;
  /** between two looks at what seems wrong while decisions go on; default two seconds */
  pauseMs?: number;
  /** how often what seems wrong is looked at; default four times */
  looks?: number;
}
export interface VerifyOptions {
  /** only this case */
  acceptanceNo?: string | undefined;
  /** only cases the store has written to since this day (UTC) */
  since?: string | undefined;
}
export interface Verified {
  findings: Finding[];
  cases: number;
  events: number;
  accesses: number;
  heads: number;
  /** ended so long ago that the engine has dropped their procedures: checked against chain and heads only */
  forgotten: number;
}

const PAGE = 100;
const AT_ONCE = 8;
const LOOKS = 4;

/**
 * Walks the whole log with both stores and the heads. A running system moves between two readings, so what seems wrong is
 * looked at again and told only if it is still so. Throws when a store or the engine cannot be reached.
 */
export async function verifyLog(
  deps: VerifyDeps,
  { acceptanceNo, since }: VerifyOptions = {},
  say: (line: string) => void = () => undefined,
): Promise<Verified> {
  const verified: Verified = { findings: [], cases: 0, events: 0, accesses: 0, heads: 0, forgotten: 0 };
  const retentionMs = await readRetention(deps);
  let suspects: string[] = [];
  for await (const ids of caseIds(deps, acceptanceNo, since)) {
    const looked = await lookAtCases(deps, ids, retentionMs);
    suspects.push(...looked.suspects.keys());
    verified.cases += looked.cases;
    verified.events += looked.events;
    verified.forgotten += looked.forgotten;
    say(`${verified.cases} cases`);
  }
  if (suspects.length > 0) {
    const again = async (): Promise<Finding[]> => {
      const looked = await lookAtCases(deps, suspects, retentionMs);
      suspects = [...looked.suspects.keys()];
      return [...looked.suspects.values()].flat();
    };
    verified.findings.push(...(await persistent(deps, again)));
  }
  if (acceptanceNo) return verified;
  verified.findings.push(...(await persistent(deps, () => findGone(deps))));
  verified.findings.push(...(await persistent(deps, () => checkDuties(deps, retentionMs))));
  const accesses = await checkAccesses(deps.db, (done) => say(`${done} accesses`));
  verified.accesses = accesses.count;
  verified.findings.push(...accesses.findings);
  const ofHeads = await persistent(deps, async () => {
    const { findings, count } = await checkHeads(deps, (done) => say(`${done} sealed rows`));
    verified.heads = count;
    return findings;
  });
  verified.findings.push(...ofHeads);
  return verified;
}

/** What is still wrong after several looks. */
async function persistent(deps: VerifyDeps, look: () => Promise<Finding[]>): Promise<Finding[]> {
  for (let left = deps.looks ?? LOOKS; ; left--) {
    const findings = await look();
    if (findings.length === 0 || left === 1) return findings;
    await pause(deps.pauseMs ?? 2_000);
  }
}

async function* caseIds({ db }: VerifyDeps, acceptanceNo?: string, since?: string): AsyncGenerator<string[]> {
  for (let after = '0'; ;) {
    const { rows } = await db.query<{ id: string }>(
      `SELECT case_id::text AS id FROM case_file WHERE case_id > $1::bigint AND ($2::text IS NULL OR acceptance_no = $2)
         AND ($3::date IS NULL OR touched_at >= $3::date) ORDER BY case_id LIMIT ${PAGE}`,
      [after, acceptanceNo ?? null, since ?? null],
    );
    if (rows.length === 0) return;
    yield rows.map(({ id }) => id);
    after = rows.at(-1)?.id ?? after;
  }
}

async function lookAtCases(
  deps: VerifyDeps,
  ids: readonly string[],
  retentionMs: number,
): Promise<{ suspects: Map<string, Finding[]>; cases: number; events: number; forgotten: number }> {
  const suspects = new Map<string, Finding[]>();
  let [cases, events, forgotten] = [0, 0, 0];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    // Read just before the engine is asked, so that the two are as close together as they can be.
    const records = await readCases(deps.db, ids.slice(from, from + AT_ONCE));
    const marks = await Promise.all(records.map(({ acceptanceNo }) => marksOf(deps, acceptanceNo)));
    records.forEach((record, i) => {
      const known = marks[i];
      const findings = checkCase(record);
      if (known instanceof UnreadablePayload) findings.push(unreadable(record.acceptanceNo, known));
      else if (known) findings.push(...compareCase(record, known));
      else if (isForgotten(deps, record.ended, record.touchedAt, retentionMs)) forgotten += 1;
      else findings.push(noProcedure(record.acceptanceNo));
      if (findings.length > 0) suspects.set(record.caseId, findings);
      cases += 1;
      events += record.events.length;
    });
  }
  return { suspects, cases, events, forgotten };
}

const isForgotten = ({ now }: VerifyDeps, ended: boolean, touchedAt: number, retentionMs: number): boolean =>
  ended && now() - touchedAt > retentionMs;

const noProcedure = (about: string): Finding => ({
  about,
  kind: 'NO_PROCEDURE',
  between: ['CHAIN', 'ENGINE'],
  detail: 'and it should still be kept',
});

/** One procedure that cannot be read is a finding; all others are still looked at. */
const marksOf = ({ temporal }: VerifyDeps, workflowId: string): Promise<EngineMark[] | UnreadablePayload | undefined> =>
  orUnreadable(readMarks(temporal, workflowId));

const unreadable = (about: string, { message }: UnreadablePayload): Finding => ({
  about,
  kind: 'UNREADABLE',
  between: ['CHAIN', 'ENGINE'],
  detail: message,
});

async function checkDuties(deps: VerifyDeps, retentionMs: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  const look = async (duty: DutyRecord): Promise<void> => {
    findings.push(...checkChainOfDuty(duty));
    const marks = await marksOf(deps, duty.workflowId);
    if (marks instanceof UnreadablePayload) findings.push(unreadable(duty.about, marks));
    else if (marks) findings.push(...compareDuty(duty, marks));
    else if (!isForgotten(deps, duty.done, duty.touchedAt, retentionMs)) findings.push(noProcedure(duty.about));
  };
  for await (const duties of readDuties(deps.db)) {
    for (let from = 0; from < duties.length; from += AT_ONCE) {
      await Promise.all(duties.slice(from, from + AT_ONCE).map(look));
    }
  }
  return findings;
}

function checkChainOfDuty({ about, events, differs }: DutyRecord): Finding[] {
  const first = events[0]?.seq ?? 1;
  // Where earlier programs wrote the first events, the chain begins behind them.
  const chain = checkChain(
    about,
    events.map((event) => ({ ...event, seq: event.seq - first + 1 })),
  );
  const rows = differs.map((detail): Finding => ({ about, kind: 'ROW_DIFFERS', between: ['ROWS', 'CHAIN'], detail }));
  return [...chain, ...rows];
}

/** Procedures of cases the store does not have: a case that was taken out with everything that belongs to it. */
async function findGone({ db, temporal, taskQueue }: VerifyDeps): Promise<Finding[]> {
  const gone: Finding[] = [];
  const ask = async (numbers: readonly string[]): Promise<void> => {
    const { rows } = await db.query<{ no: string }>(
      'SELECT n.no FROM unnest($1::text[]) AS n(no) WHERE NOT EXISTS (SELECT 1 FROM case_file c WHERE c.acceptance_no = n.no)',
      [numbers],
    );
    for (const { no } of rows)
      gone.push({ about: no, kind: 'CASE_GONE', between: ['ROWS', 'ENGINE'], detail: 'nothing of it is in the store' });
  };
  let batch: string[] = [];
  for await (const workflowId of listProcedures(temporal, { taskQueue })) {
    batch.push(workflowId);
    if (batch.length === 1_000) await ask(batch.splice(0));
  }
  if (batch.length > 0) await ask((batch = [...batch]));
  return gone;
}

/** How long the engine keeps a procedure that has ended, in ms. */
async function readRetention({ temporal }: VerifyDeps): Promise<number> {
  const { config } = await temporal.workflowService.describeNamespace({ namespace: temporal.options.namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1000;
}
