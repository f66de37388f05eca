import { calendarOf } from '../../activities/calendar.ts';
import type pg from 'pg';
import { z } from 'zod';
import type { User } from '../../domain/case.ts';
import { plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import { getProcess } from '../../domain/processes/index.ts';
import type { PassUse } from '../../domain/term-use.ts';
import { text } from '../schemas.ts';
import { seesSql } from '../visibility.ts';
import { readLedgers, type CaseLedger, type LedgerPass } from './case-ledger.ts';
import { sumsOf, useOf } from './term-view.ts';

/** Whose days were used, over many cases: one line per office and stage. */
export const termReportItemSchema = z
  .strictObject({
    officeId: z.string().nullable(),
    officeName: z.string().nullable(),
    processType: z.string(),
    stage: z.string(),
    title: text,
    cases: z.int(),
    passes: z.int().meta({ description: 'more than cases where cases came back' }),
    allotted: z.int().nullable().meta({ description: 'working days, extensions included' }),
    used: z.int(),
    paused: z.int(),
    passedOn: z.int().nullable().meta({ description: 'own days left when handing up; negative when more were taken' }),
    lateCases: z.int().meta({ description: 'cases late against the stage’s own limit' }),
    daysLate: z.int().meta({ description: 'days late against the stage’s own limit' }),
    lateOfTerm: z.int().meta({ description: 'days after the due day of the total on which it held the case' }),
  })
  .meta({ id: 'TermUseOfOffice' });
type Item = z.output<typeof termReportItemSchema>;

export interface TermReportFilter {
  from: PlainDate;
  to: PlainDate;
  processType?: string | undefined;
}

/** Ledgers are read for so many cases at a time: the memory is bounded, and other requests come in between. */
const BATCH = 200;

interface Line {
  pass: LedgerPass;
  processType: string;
  cases: Set<string>;
  lateCases: Set<string>;
  uses: PassUse[];
  daysLate: number;
}

/** Every time a case of the user's area left a stage from `from` to `to`, both included, by office and stage. */
export async function termReport(
  db: pg.Pool,
  user: User,
  filter: TermReportFilter,
  now: number,
): Promise<{ items: Item[]; cases: number }> {
  const lines = new Map<string, Line>();
  let cases = 0;
  for await (const ledger of ledgersOf(db, user, filter)) {
    cases++;
    const calendar = await calendarOf(db, ledger.calendarEdition);
    const today = plainDateAt(now + Number(ledger.clockAheadMs));
    const use = useOf(ledger, getProcess(ledger.process), calendar, today);
    ledger.passes.forEach((pass, i) => {
      if (pass.closedOn === null || pass.closedOn < filter.from || pass.closedOn > filter.to) return;
      add(lines, ledger, pass, use.passes[i] as PassUse);
    });
  }
  const items = [...lines.values()].map(itemOf);
  return { items: items.sort((a, b) => b.daysLate - a.daysLate || b.used - a.used), cases };
}

/** Which cases is asked once, from the stages left in that time: asked batch by batch, each would look through all of them. */
async function* ledgersOf(db: pg.Pool, user: User, filter: TermReportFilter): AsyncGenerator<CaseLedger> {
  const values: unknown[] = [filter.from, filter.to];
  const conditions = [seesSql(user, 'c', values, 'TERM_USE')];
  if (filter.processType !== undefined) conditions.push(`c.process_type = $${values.push(filter.processType)}`);
  const { rows } = await db.query<{ case_id: string }>(
    `SELECT c.case_id::text FROM case_file c WHERE ${conditions.join(' AND ')} AND c.case_id IN (
       SELECT s.case_id FROM stage s WHERE s.closed_at >= ($1::date)::timestamp AT TIME ZONE 'Asia/Shanghai'
                                       AND s.closed_at < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
     ORDER BY c.case_id`,
    values,
  );
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH).map((row) => row.case_id);
    yield* await readLedgers(db, batch);
  }
}

function add(lines: Map<string, Line>, ledger: CaseLedger, pass: LedgerPass, use: PassUse): void {
  const key = JSON.stringify([pass.officeId, ledger.process, pass.stage]);
  const line = lines.get(key) ?? {
    pass,
    processType: ledger.process,
    cases: new Set(),
    lateCases: new Set(),
    uses: [],
    daysLate: 0,
  };
  line.cases.add(ledger.caseId);
  line.uses.push(use);
  if (pass.daysLate) {
    line.lateCases.add(ledger.caseId);
    line.daysLate += pass.daysLate;
  }
  lines.set(key, line);
}

function itemOf({ pass, processType, cases, lateCases, uses, daysLate }: Line): Item {
  const { allotted, used, paused, passedOn, lateOfTerm } = sumsOf(uses);
  return {
    officeId: pass.officeId,
    officeName: pass.officeName,
    processType,
    stage: pass.stage,
    title: getProcess(processType).stages[pass.stage]?.title ?? { zh: pass.stage, en: pass.stage },
    cases: cases.size,
    passes: uses.length,
    ...{ allotted, used, paused, passedOn, lateCases: lateCases.size, daysLate, lateOfTerm },
  };
}
