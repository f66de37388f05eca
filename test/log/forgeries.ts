import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import type pg from 'pg';
import type { JsonObject } from '../../domain/case.ts';
import { chainHash } from '../../activities/store/hash-chain.ts';
import { accessContent } from '../../log/access-chain.ts';
import { witnessFile } from '../../log/witness-file.ts';

/** What somebody with all rights over the store could do to a case, to the accesses or to the heads. */
export interface Target {
  caseId: string;
  acceptanceNo: string;
  /** its events */
  events: number;
  /** a number from 0 to below n */
  pick(n: number): number;
  folder: string;
}
export interface Forgery {
  kind: string;
  /** what has to be found */
  found: RegExp;
  do(db: pg.ClientBase, target: Target): Promise<unknown>;
}

const one = (sql: string) => (db: pg.ClientBase, t: Target) =>
  db.query(sql.replaceAll('$seq', String(1 + t.pick(t.events))), [t.caseId]);
const edit = (column: string, value: string): Forgery => ({
  kind: `case_event.${column} edited`,
  found: /EVENT_ALTERED|CHAIN_BROKEN|TURN_MISSING|LOG_DIFFERS|STORE_BEHIND|SEALED_ROW_MISSING/,
  do: one(`UPDATE case_event SET ${column} = ${value} WHERE case_id = $1 AND seq = $seq`),
});
const row = (what: string, sql: string, found = /ROW_DIFFERS|TURN_MISSING|ENGINE|STORE|TURN_ALTERED/): Forgery => ({
  kind: what,
  found,
  do: one(sql),
});

export const CASE_FORGERIES: readonly Forgery[] = [
  edit('reason', `'同意'`),
  edit('actor_id', `'s-somebody'`),
  edit('actor_name', `'某某'`),
  edit('at', `at - interval '1 day'`),
  edit('due_on', `coalesce(due_on, '2025-01-01') + 1`),
  edit('days_late', 'coalesce(days_late, 0) + 1'),
  edit('data', `data || '{"status":"APPROVED!"}'`),
  edit('stage', `stage || '_'`),
  edit('kind', `'SOMETHING'`),
  edit('hash', `md5(hash) || md5(hash)`),
  edit('prev_hash', `md5(hash) || md5(hash)`),
  edit('turn_hash', 'NULL'),
  edit('log_no', 'log_no + 1000000'),
  row(
    'an event deleted',
    'DELETE FROM case_event WHERE case_id = $1 AND seq = $seq',
    /CHAIN_BROKEN|TURN_MISSING|STORE_BEHIND/,
  ),
  {
    kind: 'two events swapped',
    found: /CHAIN_BROKEN|EVENT_ALTERED/,
    async do(db, { caseId }) {
      for (const [from, to] of [
        [1, 1_000_001],
        [2, 1],
        [1_000_001, 2],
      ])
        await db.query('UPDATE case_event SET seq = $3 WHERE case_id = $1 AND seq = $2', [caseId, from, to]);
    },
  },
  row(
    'a turn’s result edited',
    `UPDATE case_turn SET result = jsonb_set(result, '{facts}', '{"fundPays":"1.00"}') WHERE case_id = $1 AND turn = 0`,
    /TURN_ALTERED/,
  ),
  row(
    'a turn’s hour edited',
    `UPDATE case_turn SET at = at + interval '1 hour' WHERE case_id = $1 AND turn = 0`,
    /TURN_ALTERED/,
  ),
  row(
    'a request edited',
    `UPDATE case_turn SET request = request || '{"key":"other"}', user_id = 's-other' WHERE case_id = $1 AND turn = 1`,
    /TURN_ALTERED/,
  ),
  row('a turn deleted', 'DELETE FROM case_turn WHERE case_id = $1 AND turn = 1', /TURN_MISSING/),
  row('the status', `UPDATE case_file SET status = 'REJECTED', ended_at = now() WHERE case_id = $1`, /ROW_DIFFERS/),
  row('the person', `UPDATE case_file SET person_id = 'P0009' WHERE case_id = $1`, /TURN_ALTERED|ROW_DIFFERS/),
  row('the form', `UPDATE case_file SET form = form || '{"diagnosis":"别的"}' WHERE case_id = $1`, /ROW_DIFFERS/),
  row('a stage’s due day', `UPDATE stage SET due_on = '2026-01-05' WHERE case_id = $1 AND seq = 1`, /ROW_DIFFERS/),
  row('a duty given to somebody', `UPDATE case_actor SET staff_id = 's-nobody' WHERE case_id = $1`, /ROW_DIFFERS/),
  row(
    'a document exchanged',
    `UPDATE document SET sha256 = repeat('ab', 32) WHERE document_id IN (SELECT document_id FROM case_document WHERE case_id = $1)`,
    /TURN_ALTERED/,
  ),
  row('a document taken away', 'DELETE FROM case_document WHERE case_id = $1', /TURN_ALTERED/),
  { kind: 'the newest turn taken away', found: /STORE_BEHIND/, do: (db, t) => takeNewestTurn(db, t) },
  { kind: 'the tail written anew', found: /LOG_DIFFERS/, do: (db, t) => rewriteTail(db, t) },
  { kind: 'a turn made up', found: /ENGINE_BEHIND/, do: (db, t) => makeUpTurn(db, t) },
  { kind: 'the whole case taken out', found: /CASE_GONE|SEALED_ROW_MISSING/, do: (db, t) => takeOut(db, t) },
];

/** As it was before the newest decision: what a backup of an hour ago would bring back, with every row in agreement. */
async function takeNewestTurn(db: pg.ClientBase, { caseId }: Target): Promise<void> {
  await db.query(
    `DELETE FROM case_event WHERE case_id = $1 AND turn = (SELECT version FROM case_file WHERE case_id = $1)`,
    [caseId],
  );
  await db.query(
    `DELETE FROM case_turn WHERE case_id = $1 AND turn = (SELECT version FROM case_file WHERE case_id = $1)`,
    [caseId],
  );
  await db.query(`UPDATE case_file SET version = version - 1 WHERE case_id = $1`, [caseId]);
}

/** The reason of an event and every hash from there on, as one who knows how hashes are made would do it. */
async function rewriteTail(db: pg.ClientBase, { caseId, acceptanceNo, events, pick }: Target): Promise<void> {
  const from = 1 + pick(events);
  await db.query(`UPDATE case_event SET reason = '改写' WHERE case_id = $1 AND seq = $2`, [caseId, from]);
  const { rows } = await db.query<JsonObject & { seq: number; at: unknown; turn: number; hash: string }>(
    `SELECT seq, turn, kind, decision, stage, step, actor_id, actor_name, office_id, reason, data, at, due_on::text, days_late, effect_key, turn_hash, prev_hash, hash
     FROM case_event WHERE case_id = $1 ORDER BY seq`,
    [caseId],
  );
  let previous = '';
  for (const event of rows) {
    const { prev_hash: before, hash, turn_hash: turnHash, ...content } = event;
    if (event.seq < from) {
      previous = hash;
      continue;
    }
    const prev = previous || String(before);
    const at = (event.at as Date).toISOString();
    const again = chainHash(prev, {
      acceptance_no: acceptanceNo,
      ...content,
      at,
      ...(turnHash ? { turn_hash: turnHash } : {}),
    });
    await db.query('UPDATE case_event SET prev_hash = $3, hash = $4 WHERE case_id = $1 AND seq = $2', [
      caseId,
      event.seq,
      prev,
      again,
    ]);
    await db.query(
      `UPDATE case_turn SET result = jsonb_set(result, '{log}', jsonb_build_object('seq', $3::int, 'hash', $4::text)) WHERE case_id = $1 AND turn = $2`,
      [caseId, event.turn, event.seq, again],
    );
    previous = again;
  }
}

/** One more turn that nobody has taken, in perfect order in every table. */
async function makeUpTurn(db: pg.ClientBase, { caseId }: Target): Promise<void> {
  await db.query(
    `INSERT INTO case_turn SELECT case_id, turn + 1, at, user_id, 'made-up', request_hash, request,
       jsonb_set(result - 'log', '{state,version}', to_jsonb(turn + 1)) FROM case_turn WHERE case_id = $1 ORDER BY turn DESC LIMIT 1`,
    [caseId],
  );
  await db.query(
    `INSERT INTO case_event (case_id, seq, turn, kind, stage, step, data, at, prev_hash, hash)
     SELECT case_id, seq + 1, turn + 1, 'DECIDED', stage, step, '{}', at, hash, hash FROM case_event WHERE case_id = $1 ORDER BY seq DESC LIMIT 1`,
    [caseId],
  );
  await db.query('UPDATE case_file SET version = version + 1 WHERE case_id = $1', [caseId]);
}

async function takeOut(db: pg.ClientBase, { caseId }: Target): Promise<void> {
  for (const table of [
    'case_event',
    'case_turn',
    'notice',
    'stage',
    'case_document',
    'case_actor',
    'case_claim',
    'case_file',
  ])
    await db.query(`DELETE FROM ${table} WHERE case_id = $1`, [caseId]);
}

const access = (kind: string, found: RegExp, sql: string): Forgery => ({
  kind: `access: ${kind}`,
  found,
  do: (db, { pick }) => db.query(sql.replaceAll('$seq', String(1 + pick(6)))),
});
export const ACCESS_FORGERIES: readonly Forgery[] = [
  access('user edited', /EVENT_ALTERED/, `UPDATE access_log SET user_id = 's-other' WHERE seq = $seq`),
  access('hour edited', /EVENT_ALTERED/, `UPDATE access_log SET at = at + interval '1 hour' WHERE seq = $seq`),
  access('case edited', /EVENT_ALTERED/, `UPDATE access_log SET acceptance_no = 'other' WHERE seq = $seq`),
  access('hash taken away', /SEALED_ROWS_DIFFER/, `UPDATE access_log SET hash = NULL, seq = NULL WHERE seq = $seq`),
  access('deleted', /CHAIN_BROKEN|SEALED_ROW_MISSING/, `DELETE FROM access_log WHERE seq = $seq`),
  access('all deleted', /SEALED_ROW_MISSING/, `DELETE FROM access_log`),
  access(
    'swapped',
    /CHAIN_BROKEN|EVENT_ALTERED/,
    `UPDATE access_log SET seq = CASE seq WHEN 2 THEN -1 ELSE 2 END WHERE seq IN (2, 3)`,
  ),
  access(
    'slipped in',
    /ROW_SLIPPED_IN|SEALED/,
    `INSERT INTO access_log (at, method, route, status, request_id, log_no) SELECT at, method, route, status, 'made-up', (SELECT max(log_no) FROM access_log) + 1 FROM access_log LIMIT 1`,
  ),
  {
    kind: 'access: the tail written anew',
    found: /SEALED_ROWS_DIFFER/,
    async do(db, { pick }) {
      const from = 1 + pick(6);
      await db.query(`UPDATE access_log SET user_id = 's-other' WHERE seq = $1`, [from]);
      const { rows } = await db.query<
        JsonObject & { seq: string; at: unknown; prev_hash: string; case_prev_hash: string | null }
      >('SELECT * FROM access_log WHERE seq >= $1 ORDER BY access_log.seq', [from]);
      let previous = rows[0]?.prev_hash ?? '';
      for (const entry of rows) {
        const content = accessContent(Number(entry.seq), entry.case_prev_hash, {
          ...entry,
          at: (entry.at as Date).toISOString(),
        });
        const hash = chainHash(previous, content);
        await db.query('UPDATE access_log SET prev_hash = $2, hash = $3 WHERE seq = $1', [entry.seq, previous, hash]);
        previous = hash;
      }
    },
  },
];

const head = (kind: string, found: RegExp, sql: string): Forgery => ({
  kind: `head: ${kind}`,
  found,
  do: (db) => db.query(sql),
});
const file = (kind: string, found: RegExp, change: (lines: string[], t: Target) => string[]): Forgery => ({
  kind: `file: ${kind}`,
  found,
  async do(_db, t) {
    const lines = readFileSync(witnessFile(t.folder), 'utf8').trimEnd().split('\n');
    writeFileSync(
      witnessFile(t.folder),
      change(lines, t)
        .map((line) => `${line}\n`)
        .join(''),
    );
    await Promise.resolve();
  },
});
export const HEAD_FORGERIES: readonly Forgery[] = [
  head('root edited', /HEAD_ALTERED/, `UPDATE log_head SET root = repeat('ab', 32) WHERE number = 1`),
  head('hour edited', /HEAD_ALTERED/, `UPDATE log_head SET at = at - interval '1 day' WHERE number = 2`),
  head('signature edited', /HEAD_UNSIGNED/, `UPDATE log_head SET signature = 'AAAA' WHERE number = 2`),
  head('newest deleted', /HEAD_MISSING/, `DELETE FROM log_head WHERE number = (SELECT max(number) FROM log_head)`),
  head('first deleted', /HEAD_MISSING/, `DELETE FROM log_head WHERE number = 1`),
  head('all deleted', /HEAD_MISSING/, `DELETE FROM log_head`),
  file('cut off', /HEAD_MISSING/, (lines) => lines.slice(0, -1)),
  file('emptied', /HEAD_MISSING/, () => []),
  file('edited', /HEAD_DIFFERS/, (lines) => lines.map((line) => line.replace(/"count":\d+/, '"count":999'))),
  {
    kind: 'file: something else in it',
    found: /FILE_BROKEN/,
    async do(_db, t) {
      appendFileSync(witnessFile(t.folder), 'hello\n');
      await Promise.resolve();
    },
  },
];
