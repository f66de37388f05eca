import { z } from 'zod';
import { DECISIONS, type Decision, type JsonObject, type Text } from '../../domain/case.ts';
import type { Stores } from '../../activities/store/case-row.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { caseSubject } from '../../vault/vault.ts';
import { instantText } from '../instant.ts';
import { day, instant, jsonObject, text } from '../schemas.ts';
import { maskJson } from './mask.ts';
import { maskText } from '../../domain/identifiers.ts';

/** The history of a case (0.2-12), each entry with the hash that chains it to the one before (I8). */
export const eventSchema = z
  .strictObject({
    seq: z.int(),
    turn: z.int(),
    kind: z.string(),
    title: text,
    decision: z.string().nullable(),
    stage: z.string(),
    stageTitle: text,
    step: z.string(),
    actorId: z.string().nullable(),
    actorName: z.string().nullable(),
    officeId: z.string().nullable(),
    officeName: z.string().nullable(),
    reason: z.string().nullable(),
    at: instant,
    dueOn: day.nullable().meta({ description: 'due day then in force' }),
    daysLate: z.int().nullable(),
    data: jsonObject,
    prevHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'Event' });
export type EventView = z.output<typeof eventSchema>;

const KINDS: Readonly<Record<string, Text>> = {
  FILED: { zh: '受理', en: 'filed' },
  DECIDED: { zh: '办理', en: 'decided' },
  VERIFICATION_RESULT: { zh: '收到核实结果', en: 'verification result' },
  RECOUNTED: { zh: '按新日历重新计算时限', en: 'limits counted again' },
  REMINDER: { zh: '到期前提醒', en: 'reminder' },
  LIMIT_PASSED: { zh: '时限已过', en: 'time limit passed' },
  STUCK: { zh: '滞留', en: 'stuck' },
  ESCALATED: { zh: '上报管理人员', en: 'escalated to the manager' },
  CORRECTION_WINDOW_PASSED: { zh: '补正期限已过', en: 'correction window passed' },
  REPAIR_WINDOW_PASSED: { zh: '支付失败逾期未处理', en: 'payment not repaired in time' },
};

interface EventRow extends Omit<EventView, 'title' | 'stageTitle' | 'at'> {
  at: Date;
  data: JsonObject;
  dueOn: PlainDate | null;
}

const EVENTS = {
  name: 'case-events',
  text: `SELECT e.seq, e.turn, e.kind, e.decision, e.stage, e.step, e.actor_id AS "actorId", e.actor_name AS "actorName", e.office_id AS "officeId",
                o.name AS "officeName", e.reason, e.at, e.due_on::text AS "dueOn", e.days_late AS "daysLate", e.data, e.prev_hash AS "prevHash", e.hash
         FROM case_event e LEFT JOIN office o USING (office_id) WHERE e.case_id = $1 ORDER BY e.seq`,
};

/** `whole`: to the person whom it concerns; to everybody else masked. The hashes are those of the unmasked entries. */
export async function eventsOf(
  { db, vault }: Stores,
  { caseId, acceptanceNo }: { caseId: string; acceptanceNo: string },
  definition: ProcessDefinition,
  whole: boolean,
): Promise<EventView[]> {
  const { rows } = await db.query<EventRow>({ ...EVENTS, values: [caseId] });
  const subject = caseSubject(acceptanceNo);
  const opened = await Promise.all(
    rows.map(async (row) => ({ ...row, data: await vault.openJson(subject, row.data) })),
  );
  return opened.map((row) => ({
    ...row,
    ...(whole ? {} : { data: maskJson(row.data), reason: row.reason && maskText(row.reason) }),
    title: titleOf(row, definition),
    stageTitle: definition.stages[row.stage]?.title ?? { zh: row.stage, en: row.stage },
    at: instantText(row.at.getTime()),
  }));
}

/** What a person did is named as the step offers it (送达, 上报 …), else by the decision's own word. */
export function titleOf(
  row: Pick<EventRow, 'kind' | 'step'> & { decision: string | null },
  definition: ProcessDefinition,
): Text {
  if (row.decision === null) return KINDS[row.kind] ?? { zh: row.kind, en: row.kind };
  const decision = row.decision as Decision;
  return definition.steps[row.step]?.decisions[decision]?.title ?? DECISIONS[decision];
}
