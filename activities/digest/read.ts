import type pg from 'pg';
import type { Calendar } from '../../domain/calendar.ts';
import type { User } from '../../domain/case.ts';
import { daysLate, type SuspensionPeriod } from '../../domain/deadline.ts';
import {
  NOTICE_TITLES,
  OTHER_NOTICE,
  SHOWN,
  type CaseLine,
  type Digest,
  type DueCase,
  type NoticeLine,
  type Pile,
  type StuckInArea,
} from '../../domain/digest.ts';
import { LONGEST_BREAK_DAYS } from '../../domain/duties.ts';
import { permitted } from '../../domain/permissions/permitted.ts';
import { addDays, plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import { timeLimit, type LimitId } from '../../domain/time-limits.ts';
import { caseDaySql } from '../reading/case-day.ts';
import { noticesToSql } from '../reading/notices.ts';
import { stuckSql } from '../reading/stuck.ts';
import { waitingSql } from '../reading/waiting.ts';
import { readDutyDigest } from './duties.ts';
import type { NoticeWindow } from './window.ts';

/**
 * One person's digest at this moment (`now`: epoch milliseconds), derived from the rows as every list is. Due days are those of
 * the person's own desk; an insured person gets notices only, since no limit binds them (0.2-14).
 */
export async function readDigest(
  db: pg.Pool,
  user: User,
  now: number,
  calendar: Calendar,
  window: NoticeWindow,
): Promise<Digest> {
  const today = plainDateAt(now);
  const works = user.officeId !== undefined || user.providerId !== undefined;
  const due = works ? await dueCases(db, user, now, calendar) : [];
  return {
    day: today,
    nextWorkingDay: calendar.nextWorkingDay(addDays(today, 1)),
    overdue: pile(due.filter(({ when }) => when === 'OVERDUE')),
    dueToday: pile(due.filter(({ when }) => when === 'TODAY')),
    dueNext: pile(due.filter(({ when }) => when === 'NEXT')),
    stuck: permitted(user, 'STUCK') ? await stuckCases(db, user, now) : { total: 0, items: [] },
    notices: await newNotices(db, user, window),
    duties: await readDutyDigest(db, user, now, calendar, window),
  };
}

const WORSE = ['OVERDUE', 'TODAY', 'NEXT'] as const;
type When = (typeof WORSE)[number];

const pile = (found: readonly { line: DueCase }[]): Pile<DueCase> => ({
  total: found.length,
  items: found.slice(0, SHOWN).map(({ line }) => line),
});

interface LineRow {
  acceptance_no: string;
  process_type: string;
  current_stage: string;
}

const lineOf = (row: LineRow): CaseLine => {
  const definition = PROCESSES[row.process_type];
  return {
    acceptanceNo: row.acceptance_no,
    processType: row.process_type,
    processTitle: definition?.title ?? { zh: row.process_type, en: row.process_type },
    stage: row.current_stage,
    stageTitle: definition?.stages[row.current_stage]?.title ?? { zh: row.current_stage, en: row.current_stage },
  };
};

interface DueRow extends LineRow {
  clock: 'STAGE' | 'TOTAL';
  limit_id: LimitId;
  due_on: PlainDate;
  provisional: boolean;
  today: PlainDate;
  suspensions: SuspensionPeriod[];
}

/** Every case that waits for me and of which a limit ends by the next working day; the worst first, then the soonest. */
async function dueCases(
  db: pg.Pool,
  user: User,
  now: number,
  calendar: Calendar,
): Promise<{ when: When; line: DueCase }[]> {
  const values: unknown[] = [];
  const mine = waitingSql(user, 'mine', values);
  const day = caseDaySql('c', values.push(now));
  const { rows } = await db.query<DueRow>(
    `SELECT c.acceptance_no, c.process_type, c.current_stage, l.clock, l.limit_id, l.due_on::text, l.provisional,
            ${day}::text AS today,
            coalesce((SELECT json_agg(json_strip_nulls(json_build_object('suspendedOn', x.suspended_on, 'resumedOn', x.resumed_on)))
                      FROM suspension x WHERE x.case_id = c.case_id), '[]') AS suspensions
     FROM case_file c
     CROSS JOIN LATERAL (VALUES
       ('STAGE', c.stage_limit_id, c.stage_due_on, c.stage_provisional),
       ('TOTAL', c.total_limit_id, CASE WHEN c.total_ended_on IS NULL THEN c.total_due_on END, c.total_provisional)
     ) AS l(clock, limit_id, due_on, provisional)
     WHERE ${mine} AND l.limit_id IS NOT NULL AND l.due_on <= ${day} + ${LONGEST_BREAK_DAYS + 1}
     ORDER BY l.due_on, c.case_id, l.clock`,
    values,
  );
  const found = rows.flatMap((row): { when: When; line: DueCase }[] => {
    const { today, due_on: dueOn, provisional } = row;
    const next = calendar.nextWorkingDay(addDays(today, 1));
    // A breach is held against nobody while the day itself is uncertain (C12): it shows as due, marked provisional.
    const when =
      dueOn < today && !provisional ? 'OVERDUE' : dueOn <= today ? 'TODAY' : dueOn <= next ? 'NEXT' : undefined;
    if (!when) return [];
    const late = when === 'OVERDUE' ? daysLate(timeLimit(row.limit_id), dueOn, today, calendar, row.suspensions) : 0;
    const limit = { clock: row.clock, limitId: row.limit_id, dueOn, provisional, daysLate: late };
    return [{ when, line: { ...lineOf(row), ...limit } }];
  });
  // A case is one line, whichever of its limits is worse: both may have passed.
  const worst = [...found].sort((one, other) => WORSE.indexOf(one.when) - WORSE.indexOf(other.when));
  const seen = new Set<string>();
  return worst.filter(({ line: { acceptanceNo } }) => !seen.has(acceptanceNo) && seen.add(acceptanceNo));
}

async function stuckCases(db: pg.Pool, user: User, now: number): Promise<Pile<StuckInArea>> {
  const values: unknown[] = [];
  const { rows } = await db.query<LineRow & { since: PlainDate; total: number }>(
    `WITH ${stuckSql(user, {}, now, values)}
     SELECT c.acceptance_no, c.process_type, c.current_stage, s.since::text, s.total
     FROM (SELECT case_id, since, count(*) OVER ()::int AS total FROM stuck ORDER BY since, case_id LIMIT ${SHOWN}) s
     JOIN case_file c USING (case_id) ORDER BY s.since, c.case_id`,
    values,
  );
  return { total: rows[0]?.total ?? 0, items: rows.map((row) => ({ ...lineOf(row), since: row.since })) };
}

interface NoticeRow extends LineRow {
  kind: string;
  due_on: PlainDate | null;
  total: number;
}

/** Oldest first, as they happened. The stage is that of the notice: the case may have gone on since. */
async function newNotices(db: pg.Pool, user: User, { since, until }: NoticeWindow): Promise<Pile<NoticeLine>> {
  const values: unknown[] = [];
  const { rows } = await db.query<NoticeRow>(
    `SELECT c.acceptance_no, c.process_type, coalesce(n.content ->> 'stage', c.current_stage) AS current_stage, n.kind,
            coalesce(n.content ->> 'dueOn', n.content ->> 'correctionDueOn') AS due_on, count(*) OVER ()::int AS total
     FROM notice n JOIN case_file c USING (case_id)
     WHERE ${noticesToSql(user, 'n', values)} AND n.recorded_at > $${values.push(since)} AND n.recorded_at <= $${values.push(until)}
     ORDER BY n.recorded_at, n.case_id, n.turn, n.n LIMIT ${SHOWN}`,
    values,
  );
  const items = rows.map((row) => ({
    ...lineOf(row),
    kind: row.kind,
    title: NOTICE_TITLES[row.kind] ?? OTHER_NOTICE,
    dueOn: row.due_on,
  }));
  return { total: rows[0]?.total ?? 0, items };
}
