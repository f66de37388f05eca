import type pg from 'pg';
import type { Config } from '../../config.ts';
import { createCalendar } from '../../domain/calendar.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import { COVERED } from '../../log/covered.ts';
import { lastHead } from '../../log/head.ts';
import { readStoredEditions } from '../../prisma/editions.ts';
import { ok, warn, wrong, type Finding } from './finding.ts';

/** The State Council announces the next year's holidays in early November; from then on their absence is worth a word. */
const ANNOUNCED_BY = '-11-15';
const OUTBOX_WARN_MS = 60 * 60_000;
/** So many heads may be overdue before somebody is told. */
const HEADS_LATE = 10;

export async function checkCalendar(db: pg.Pool, today: PlainDate): Promise<Finding> {
  const about = '日历 calendar';
  const editions = await readStoredEditions(db);
  const year = Number(today.slice(0, 4));
  const years = editions.map((edition) => edition.year);
  const load = (missing: number, tell: typeof warn): Finding =>
    tell(
      about,
      `${missing} 年的放假安排未载入,跨该年的时限是暂定的:请运行 npm run calendar -- 文件`,
      `the holidays of ${missing} are not loaded and limits in it are provisional: run npm run calendar -- FILE`,
    );
  if (!years.includes(year)) return load(year, wrong);
  if (!years.includes(year + 1) && today >= `${year}${ANNOUNCED_BY}`) return load(year + 1, warn);
  return ok(about, `to ${createCalendar(editions).lastDay}`);
}

export async function checkRates(db: pg.Pool, today: PlainDate): Promise<Finding> {
  const about = '待遇标准 rates';
  const { rows } = await db.query<{ known: string; gone: string[] | null }>(
    `SELECT count(*)::text AS known, array_agg(key) FILTER (WHERE NOT now_in_force) AS gone FROM (
       SELECT key, bool_or(effective_from <= $1 AND coalesce(effective_to >= $1, true)) AS now_in_force FROM rate GROUP BY key) k`,
    [today],
  );
  const { known = '0', gone } = rows[0] ?? {};
  if (known === '0')
    return wrong(
      about,
      '没有任何待遇标准:请载入,否则无法计算待遇',
      'there are no rates at all: load them, nothing can be calculated without',
    );
  if (!gone || gone.length === 0) return ok(about, `${known} in force`);
  return warn(
    about,
    `${gone.length} 项待遇标准今天不在有效期内(如 ${gone[0]}):请确认是否漏载新标准`,
    `${gone.length} rates are not in force today, ${gone[0]} for one: see whether their successors were loaded`,
  );
}

/** Rows of the log are sealed every HEAD_EVERY_SECONDS; what nobody seals is protected by its chain alone. */
export async function checkLogHeads(db: pg.Pool, config: Config, now: number): Promise<Finding> {
  const about = '日志封条 log heads';
  const head = await lastHead(db);
  const ends = COVERED.map(({ table }) => `SELECT max(log_no) AS no FROM ${table}`).join(' UNION ALL ');
  const { rows } = await db.query<{ no: string | null; begun: Date | null }>(
    `SELECT max(no)::text AS no, (SELECT min(at) FROM access_log) AS begun FROM (${ends}) e`,
  );
  const unsealed = Number(rows[0]?.no ?? 0) > (head?.to_no ?? 0);
  // Where there is no head yet, somebody has used the system for so long.
  const since = head ? Date.parse(head.at) : (rows[0]?.begun?.getTime() ?? 0);
  if (!unsealed) return ok(about, head ? `head ${head.number}` : 'nothing to seal yet');
  if (now - since < HEADS_LATE * config.headEverySeconds * 1000) return ok(about, `head ${head?.number ?? 0}`);
  return warn(
    about,
    `日志自 ${head?.at ?? '建立'} 起未封存:请查看 worker 是否在运行及其日志`,
    `the log was not sealed since ${head?.at ?? 'it began'}: see whether a worker runs, and its log`,
  );
}

export async function checkOutbox(db: pg.Pool, now: number): Promise<Finding> {
  const about = '待发消息 outbox';
  const { rows } = await db.query<{ waiting: string; oldest: Date | null; failed: string }>(
    `SELECT count(*) FILTER (WHERE state IN ('PENDING', 'SENDING'))::text AS waiting,
            min(created_at) FILTER (WHERE state IN ('PENDING', 'SENDING')) AS oldest,
            count(*) FILTER (WHERE state IN ('FAILED', 'UNCERTAIN') AND created_at > now() - interval '1 day')::text AS failed
     FROM outbox`,
  );
  const { waiting = '0', oldest, failed = '0' } = rows[0] ?? {};
  const late = oldest !== null && oldest !== undefined && now - oldest.getTime() > OUTBOX_WARN_MS;
  if (!late && failed === '0') return ok(about, `${waiting} waiting`);
  return warn(
    about,
    `${waiting} 条消息待发(最早 ${oldest?.toISOString() ?? '–'}),一天内 ${failed} 条未送达:请检查 NOTIFY 所用的服务`,
    `${waiting} messages wait (oldest ${oldest?.toISOString() ?? '–'}), ${failed} of the last day were not delivered: check the service NOTIFY uses`,
  );
}
