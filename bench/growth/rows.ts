import type pg from 'pg';
import type { CitySize } from './city.ts';

/** Cases with these ids, and what has to be known to draw them: the same ids always give the same rows. */
export interface Slice extends CitySize {
  from: number;
  to: number;
  stored: number;
  city: string;
  /** so many of the youngest cases are open with the likelihood `openYoung`, all others with `openOld` */
  young: number;
  openYoung: number;
  openOld: number;
  openKinds: number[];
  endedKinds: number[];
  /** from this id on there is a log */
  loggedFrom: number;
}

type Rows = (slice: Slice) => pg.QueryConfig;

const YEARS = 6;
const MOST = 2 ** 31 - 1;
/** A draw from 0 to 2³¹−1 that depends on the id and on what is drawn. */
const draw = (what: number): string => `(hashint8extended(i, ${what}) & ${MOST})`;

/**
 * Days run evenly over six years up to today. Of the open cases with a limit one in twenty has passed it, as have the silent
 * ones theirs; the others have up to fifteen days. Big townships have twice what small ones have.
 */
const cases: Rows = (slice) => ({
  text: `
  INSERT INTO case_file (case_id, acceptance_no, process_type, status, current_stage, current_step, version, person_id, provider_id, agency_id, township_id,
    county_id, city_id, handling_office_id, handling_roles, received_on, filed_at, filed_by, ended_at, stage_seq, parent_case_id, stage_limit_id, stage_due_on, stage_days_left,
    total_limit_id, total_due_on, total_days_left, total_ended_on, total_days_late, calendar_edition, suspended_on, correction_due_on, stuck_on, stuck_from,
    last_activity_on, next_effect_kind, next_effect_at, form, facts, started_at, touched_at)
  OVERRIDING SYSTEM VALUE
  SELECT i, agency || '-' || to_char(received, 'YYYYMMDD') || '-' || lpad(i::text, 8, '0'), k.process, k.status, k.stage, k.step, CASE WHEN k.open THEN 2 ELSE 5 END,
    CASE WHEN k.process <> 'AUDIT' THEN 'g-' || (1 + b % $9::int) END,
    CASE WHEN k.process IN ('AUDIT', 'CHRONIC_DISEASE_APPROVAL', 'REIMBURSEMENT_REVIEW') THEN 'H' || county || lpad((1 + c % $10::int)::text, 4, '0') END,
    agency, CASE WHEN agency <> county THEN township END, county, $6,
    CASE k."at" WHEN 'RECEIVING' THEN agency WHEN 'COUNTY' THEN county WHEN 'CITY' THEN $6 END, k.roles,
    received, received + time '02:00', 's-' || agency || '.clerk', CASE WHEN NOT k.open THEN received + interval '20 days' END, CASE WHEN k.open THEN 2 ELSE 1 END,
    CASE WHEN k.process IN ('TRAUMA_VERIFICATION', 'LOST_RECEIPT_VERIFICATION') AND i > 1 THEN i - 1 END, k."limit",
    CASE WHEN k.open AND NOT waits AND k."limit" IS NOT NULL THEN due END, CASE WHEN waits AND k."limit" IS NOT NULL THEN 3 END,
    k.total, CASE WHEN NOT k.open THEN received + 30 WHEN NOT waits AND k.total IS NOT NULL THEN due + 10 END, CASE WHEN waits AND k.total IS NOT NULL THEN 10 END,
    CASE WHEN NOT k.open THEN received + 20 END, CASE WHEN NOT k.open THEN 0 END, 'CN-2026-1', CASE WHEN waits THEN today - 3 END, CASE WHEN waits THEN due + 5 END,
    CASE WHEN k.open AND NOT waits AND k.silence IS NOT NULL THEN due END, CASE WHEN k.open THEN due + CASE WHEN waits THEN 6 ELSE 1 END END,
    CASE WHEN k.open THEN today - 3 ELSE received + 20 END, CASE WHEN k.open THEN 'REMINDER' END, CASE WHEN k.open THEN greatest(due, today) + time '16:05' END,
    k.form, '{}', received + time '02:00', least(received + interval '20 days', now() - interval '1 day')
  FROM (
    SELECT i, a, b, c, current_date AS today, current_date - ceil(($3::bigint - i) * ${YEARS * 365.0} / $3::bigint)::int AS received,
      CASE WHEN a < ${MOST} * CASE WHEN i > $3::bigint - $4::bigint THEN $5::float8 ELSE $7::float8 END
           THEN ($11::int[])[1 + (b >> 13) % 10000] ELSE ($12::int[])[1 + (b >> 13) % 10000] END AS n,
      '4499' || lpad((1 + floor($8::int * power(d::float8 / ${MOST + 1}, 1.3)))::text, 2, '0') AS county,
      current_date + CASE WHEN c % 20 = 0 THEN -1 - (d % 60)::int ELSE (d % 16)::int END AS due
    FROM (SELECT i, ${draw(1)} AS a, ${draw(2)} AS b, ${draw(3)} AS c, ${draw(4)} AS d FROM generate_series($1::bigint, $2::bigint) i) draws
  ) drawn
  JOIN growth_kind k USING (n)
  CROSS JOIN LATERAL (SELECT k.status = 'AWAITING_CORRECTION' AS waits,
                             county || lpad((1 + floor($13::int * power(c::float8 / ${MOST + 1}, 1.3)))::text, 3, '0') AS township) place
  CROSS JOIN LATERAL (SELECT CASE WHEN a % 10 = 0 THEN county ELSE township END AS agency) counter
  ORDER BY i`,
  values: [
    ...[slice.from, slice.to, slice.stored, slice.young, slice.openYoung, slice.city, slice.openOld, slice.counties],
    ...[slice.persons, slice.hospitalsEach, slice.openKinds, slice.endedKinds, slice.townshipsEach],
  ],
});

const ofSlice = (text: string): Rows => {
  return ({ from, to }) => ({ text, values: [from, to] });
};
/** For the youngest only. */
const ofLogged = (text: string): Rows => {
  return ({ from, to, loggedFrom }) => ({ text, values: [Math.max(from, loggedFrom), to] });
};

const stages = ofSlice(`
  INSERT INTO stage (case_id, seq, stage, office_id, limit_id, article, start_on, due_on, calendar_edition, opened_at, closed_at, closed_by, days_late)
  SELECT case_id, n, current_stage, handling_office_id, stage_limit_id, 'S0 Art. 15', received_on, coalesce(stage_due_on, received_on + 10), calendar_edition, filed_at,
         CASE WHEN n < stage_seq THEN filed_at + interval '1 day' ELSE ended_at END, CASE WHEN n < stage_seq OR ended_at IS NOT NULL THEN filed_by END,
         CASE WHEN n < stage_seq OR ended_at IS NOT NULL THEN 0 END
  FROM case_file, generate_series(1, stage_seq) n WHERE case_id BETWEEN $1::bigint AND $2::bigint ORDER BY case_id, n`);

const suspensions = ofSlice(`
  INSERT INTO suspension (case_id, seq, kind, suspended_on, reason, basis, opened_by, opened_turn, stage_days_left, total_days_left)
  SELECT case_id, 1, 'CORRECTION', suspended_on, '示例', 'S0 Art. 15', filed_by, 2, stage_days_left, total_days_left
  FROM case_file WHERE case_id BETWEEN $1::bigint AND $2::bigint AND suspended_on IS NOT NULL`);

const actors = ofSlice(`
  INSERT INTO case_actor (case_id, chain, staff_id, duty, identity)
  SELECT case_id, 'REVIEW', filed_by, 'ENTRY', 'n' || substr(filed_by, 2)
  FROM case_file WHERE case_id BETWEEN $1::bigint AND $2::bigint AND ended_at IS NULL AND process_type <> 'AUDIT'`);

const turns = ofLogged(`
  INSERT INTO case_turn (case_id, turn, at, user_id, request_key, request_hash, result)
  SELECT case_id, n, filed_at + n * interval '1 day', filed_by, case_id || '-' || n, md5(case_id::text), jsonb_build_object('state', jsonb_build_object('status', status, 'remark', repeat('x', 300)))
  FROM case_file, generate_series(0, 2) n WHERE case_id BETWEEN $1::bigint AND $2::bigint ORDER BY case_id, n`);

const events = ofLogged(`
  INSERT INTO case_event (case_id, seq, turn, kind, decision, stage, step, actor_id, actor_name, office_id, data, at, due_on, prev_hash, hash, turn_hash)
  SELECT case_id, n + 1, n, CASE WHEN n = 0 THEN 'FILED' ELSE 'DECIDED' END, CASE WHEN n > 0 THEN 'APPROVE' END, current_stage, current_step, filed_by, '示例', agency_id,
         jsonb_build_object('remark', repeat('x', 200)), filed_at + n * interval '1 day', stage_due_on, h.hash, h.hash, h.hash
  FROM case_file, generate_series(0, 2) n, LATERAL (SELECT md5(case_id || '-' || n) || md5(n || '-' || case_id) AS hash) h
  WHERE case_id BETWEEN $1::bigint AND $2::bigint ORDER BY case_id, n`);

const notices = ofLogged(`
  INSERT INTO notice (case_id, turn, n, kind, to_office_id, to_role, content, at)
  SELECT case_id, 2, 1, 'REMINDER', coalesce(handling_office_id, agency_id), NULL, jsonb_build_object('stage', current_stage), filed_at + interval '2 days'
  FROM case_file WHERE case_id BETWEEN $1::bigint AND $2::bigint AND case_id % 3 = 0 ORDER BY case_id`);

/** In this order: everything hangs on the rows of the cases. */
export const ROWS_OF: readonly Rows[] = [cases, stages, suspensions, actors, turns, events, notices];
