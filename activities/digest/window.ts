import type pg from 'pg';

/** Which notices are new: after the last digest, up to an instant of the store's clock. */
export interface NoticeWindow {
  since: Date;
  until: Date;
}

/** A digest after a long silence, or the first one, does not tell the history of the agency. */
const LONGEST_DAYS = 30;

/**
 * The notices that are new to a person: those since their last digest, on the store's clock. A message stops `lagMs` short of
 * now, since a turn that began before may still be committing; what it leaves out is in the next one.
 */
export async function noticeWindow(db: pg.Pool, staffId: string, lagMs: number): Promise<NoticeWindow> {
  const { rows } = await db.query<NoticeWindow>({
    name: 'notice-window',
    text: `WITH clock AS (SELECT clock_timestamp() - make_interval(secs => $2) AS until)
           SELECT until, coalesce((SELECT max(notices_until) FROM outbox WHERE staff_id = $1 AND kind = 'DIGEST'),
                                  until - make_interval(days => $3)) AS since FROM clock`,
    values: [staffId, lagMs / 1000, LONGEST_DAYS],
  });
  return rows[0] as NoticeWindow;
}
