import type pg from 'pg';
import type { JsonObject } from '../../domain/case.ts';
import { instantSql } from '../case-rows.ts';

/** A duty with its log. */
export interface DutyRecord {
  about: string;
  workflowId: string;
  touchedAt: number;
  done: boolean;
  events: Array<{ seq: number; prev_hash: string; hash: string; content: JsonObject }>;
  /** what its row says otherwise than its log */
  differs: string[];
}

const PAGE = 500;

/** All duties whose procedure was started, page by page; in each event what its hash covers. */
export async function* readDuties(db: pg.Pool): AsyncGenerator<DutyRecord[]> {
  for (let after = '0'; ;) {
    const { rows } = await db.query<JsonObject>(
      `SELECT d.duty_id::text, d.limit_id, d.holder_id, d.period, d.version, d.done_on::text, d.done_by, d.days_late,
         (SELECT extract(epoch FROM max(e.recorded_at)) * 1000 FROM duty_event e WHERE e.duty_id = d.duty_id) AS touched,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'kind', e.kind, 'effect_key', e.effect_key, 'due_at', ${instantSql('e.due_at')},
            'at', ${instantSql('e.at')}, 'due_on', e.due_on, 'days_late', e.days_late, 'to_office_id', e.to_office_id, 'to_provider_id', e.to_provider_id,
            'to_role', e.to_role, 'actor_id', e.actor_id, 'actor_name', e.actor_name, 'request_key', e.request_key,
            'request_hash', e.request_hash, 'data', e.data, 'prev_hash', e.prev_hash, 'hash', e.hash) ORDER BY e.seq), '[]')
          FROM duty_event e WHERE e.duty_id = d.duty_id) AS events
       FROM duty d WHERE d.duty_id > $1::bigint AND d.started_at IS NOT NULL ORDER BY d.duty_id LIMIT ${PAGE}`,
      [after],
    );
    if (rows.length === 0) return;
    yield rows.map(recordOf);
    after = String(rows.at(-1)?.['duty_id']);
  }
}

function recordOf(row: JsonObject): DutyRecord {
  const duty = `${String(row['limit_id'])}/${String(row['holder_id'])}/${String(row['period'])}`;
  const all = row['events'] as JsonObject[];
  // Events of earlier programs have no hash; the chain begins behind them.
  const chained = all.filter(({ hash }) => hash !== null);
  const done = all.find(({ kind }) => kind === 'DONE');
  const differs = [
    ...(row['version'] === all.length - 1 ? [] : [`version ${String(row['version'])}, ${all.length} events`]),
    ...(row['done_on'] === ((done?.['data'] as JsonObject | undefined)?.['doneOn'] ?? null) ? [] : ['day it was done']),
    ...(row['done_by'] === (done?.['actor_id'] ?? null) ? [] : ['who has done it']),
    ...(row['days_late'] === (done ? (done['days_late'] ?? null) : null) ? [] : ['days late']),
  ];
  return {
    about: `duty ${duty}`,
    workflowId: `duty-${String(row['limit_id'])}-${String(row['holder_id'])}-${String(row['period'])}`,
    touchedAt: Number(row['touched']),
    done: row['done_on'] !== null,
    differs,
    events: chained.map(({ prev_hash: previous, hash, ...content }) => ({
      seq: Number(content['seq']),
      prev_hash: String(previous),
      hash: String(hash),
      content: { duty, ...content },
    })),
  };
}
