import { randomUUID } from 'node:crypto';
import { insertCase } from '../../activities/filing.ts';
import type { CaseDeps } from '../../api/cases/deps.ts';
import { fileCase, prepareFiling, type FilingRequest } from '../../api/cases/file-case.ts';
import { createPrisma } from '../../api/prisma.ts';
import type { FiledCase, Json } from '../../domain/case.ts';
import { plainDate, startOfDay } from '../../domain/plain-date.ts';
import { getProcess } from '../../domain/processes/index.ts';
import { sleep } from '../../embedded/wait.ts';
import { startCase } from '../../engine/start-case.ts';
import { formOf, papersFor } from '../../test/processes/reimbursement-cases.ts';
import { caseSubject } from '../../vault/vault.ts';
import { byClerks } from '../load.ts';
import { CLERK, accountOf, insertDocuments } from '../ours.ts';
import type { Bench } from '../surroundings.ts';
import type { TimerSide } from './side.ts';
import { armed } from './witness.ts';

/**
 * Reimbursements received on Monday 2025-09-22, which the township has to submit by Sunday 2025-09-28, a make-up workday
 * (deadlines.md, example 1). Filed in the last minutes of that day, they are reminded of at once, and at midnight the one
 * thing happens: the limit has passed, and the office's manager is told.
 */
export const PROCESS = 'REIMBURSEMENT_REVIEW';
const RECEIVED_ON = '2025-09-22';
const LIMIT = 'DL-08';
const MIDNIGHT_AFTER = startOfDay(plainDate('2025-09-29'));

const BATCH = 10;

export interface CasesOptions {
  name: string;
  taskQueue: string;
  spreadSeconds: number;
}

export const caseTimers = async (bench: Bench, options: CasesOptions): Promise<TimerSide> => {
  const file = await filing(bench, options);
  return {
    name: options.name,
    async arm(n, midnight) {
      const numbers: string[] = [];
      await byClerks(16, Math.ceil(n / BATCH), async (batch) => {
        const size = Math.min(BATCH, n - batch * BATCH);
        for (const filed of await file.inBulk(size, midnight)) {
          await startCase(file.deps, filed);
          numbers.push(filed.snapshot.acceptanceNo);
        }
      });
      await allWait(bench, numbers, midnight);
      return armed(bench.db, numbers);
    },
  };
};

/** Every case has only the passing of its limit before it; or the midnight has come before it was so far. */
async function allWait({ db }: Bench, numbers: readonly string[], midnight: number): Promise<void> {
  while (Date.now() < midnight) {
    const { rows } = await db.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM case_file WHERE acceptance_no = ANY($1) AND stage_limit_id = $2 AND next_effect_kind = 'LIMIT_PASSED'`,
      [numbers, LIMIT],
    );
    if (rows[0]?.n === numbers.length) return;
    await sleep(200);
  }
}

interface Filing {
  deps: CaseDeps;
  /** rows only; the procedures are started by whoever asked */
  inBulk(n: number, midnight: number): Promise<FiledCase[]>;
  /** one case as a window files it */
  one(midnight: number): Promise<string>;
}

export async function filing(bench: Bench, { taskQueue, spreadSeconds }: CasesOptions): Promise<Filing> {
  const { db, vault, sealed: temporal } = bench;
  const deps: CaseDeps = {
    db,
    prisma: createPrisma(db),
    temporal,
    vault,
    config: { temporalTaskQueue: taskQueue, effectSpreadSeconds: spreadSeconds },
    now: () => Date.now(),
  };
  const user = await accountOf(bench, CLERK);
  const documents = await insertDocuments(bench, papersFor(formOf('GENERAL_INPATIENT')));
  const request = (): FilingRequest => {
    const key = randomUUID();
    const form = formOf('GENERAL_INPATIENT', { billNos: [key] });
    return { user, processType: PROCESS, form, documents, receivedOn: RECEIVED_ON, key, requestHash: key };
  };
  return {
    deps,
    async inBulk(n, midnight) {
      const aheadDeps = { ...deps, clockAheadMs: MIDNIGHT_AFTER - midnight };
      // Looked up and checked once for all: only the number of the bill and the key differ.
      const first = await prepareFiling(aheadDeps, getProcess(PROCESS), request());
      const tx = await db.connect();
      try {
        await tx.query('BEGIN');
        const filed: FiledCase[] = [];
        for (let i = 0; i < n; i += 1) {
          const key = randomUUID();
          filed.push(
            await insertCase(tx, vault, {
              ...first,
              at: Date.now() + aheadDeps.clockAheadMs,
              form: { ...first.form, billNos: [key] },
              request: { key, hash: key },
            }),
          );
        }
        await tx.query('COMMIT');
        return filed;
      } catch (problem) {
        await tx.query('ROLLBACK').catch(() => undefined);
        throw problem;
      } finally {
        tx.release();
      }
    },
    async one(midnight) {
      const { answer } = await fileCase({ ...deps, clockAheadMs: MIDNIGHT_AFTER - midnight }, request());
      return answer.acceptanceNo;
    },
  };
}

/** What a case is made of; ids, numbers, instants and hashes are of one case each and left out. */
const ROWS = `
  SELECT jsonb_build_object(
    'case', to_jsonb(c) - '{case_id,acceptance_no,filed_at,started_at,touched_at,form,clock_ahead_ms}'::text[],
    'form', c.form - 'billNos',
    'turns', (SELECT jsonb_agg(to_jsonb(t) - '{case_id,at,request_key,request_hash}'::text[] #- '{result,state,caseId}' #- '{result,state,acceptanceNo}' #- '{result,log}' ORDER BY t.turn)
              FROM case_turn t WHERE t.case_id = c.case_id AND t.turn = 0),
    'events', (SELECT jsonb_agg(to_jsonb(e) - '{case_id,at,hash,prev_hash,turn_hash,log_no}'::text[] #- '{data,form,billNos}' ORDER BY e.seq)
               FROM case_event e WHERE e.case_id = c.case_id AND e.turn = 0),
    'stages', (SELECT jsonb_agg(to_jsonb(s) - '{case_id,opened_at}'::text[] ORDER BY s.seq) FROM stage s WHERE s.case_id = c.case_id),
    'actors', (SELECT jsonb_agg(to_jsonb(a) - 'case_id') FROM case_actor a WHERE a.case_id = c.case_id),
    'documents', (SELECT jsonb_agg(to_jsonb(d) - 'case_id' ORDER BY d.type) FROM case_document d WHERE d.case_id = c.case_id),
    'claims', (SELECT jsonb_agg(to_jsonb(m) - '{claim_id,case_id,key}'::text[]) FROM case_claim m WHERE m.case_id = c.case_id)) AS rows
  FROM case_file c WHERE c.acceptance_no = $1`;

/** Throws when a case written in bulk is not, row for row, what a window files. */
export async function expectAsFiled(bench: Bench, options: CasesOptions): Promise<void> {
  const file = await filing(bench, options);
  const midnight = Date.now() + 600_000;
  const [bulk] = await file.inBulk(1, midnight);
  if (!bulk) throw new Error('nothing was written');
  await startCase(file.deps, bulk);
  const numbers = [bulk.snapshot.acceptanceNo, await file.one(midnight)];
  await allWait(bench, numbers, midnight);
  const [one, other] = await Promise.all(
    numbers.map(async (no) => {
      const { rows } = await bench.db.query<{ rows: Json }>(ROWS, [no]);
      return bench.vault.openJson(caseSubject(no), rows[0]?.rows);
    }),
  );
  const texts = [JSON.stringify(one), JSON.stringify(other)];
  // Effects are spread by the number of the case, so this one instant is each case's own.
  const [a, b] = texts.map((text) => text.replaceAll(/"(at|next_effect_at)": ?("[^"]*"|\d+)/g, ''));
  if (a === undefined || a !== b) throw new Error(`a case written in bulk differs from a filed one:\n${a}\n${b}`);
}
