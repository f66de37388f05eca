import type pg from 'pg';
import { waitingSql } from '../../activities/reading/waiting.ts';
import type { CaseSnapshot, Text, User } from '../../domain/case.ts';
import { isOwn } from './mask.ts';

/** Reasons that are usual; a person may say another in their own words. */
export const REVEAL_REASONS = {
  REVIEW: { zh: '审核需要', en: 'needed to review the case' },
  CONTACT: { zh: '联系参保人', en: 'to reach the insured person' },
  PAYMENT: { zh: '核对收款账户', en: 'to check the account the benefit goes to' },
  PRINT: { zh: '出具文书', en: 'to hand out a paper' },
  COMPLAINT: { zh: '处理投诉或查询', en: 'to answer a complaint or an enquiry' },
  AUDIT: { zh: '监督检查', en: 'supervision' },
} as const satisfies Record<string, Text>;

/**
 * Who may be shown a case whole (PIPL Art. 51, least operating rights): the person themselves, whoever the case waits for now,
 * whoever has acted in it and answers for that, and the managers of its offices. The case must be visible to the user already.
 */
export async function mayReveal(db: pg.Pool, user: User, snapshot: CaseSnapshot): Promise<boolean> {
  if (isOwn(user, snapshot.personId)) return true;
  if (user.roles.includes('MANAGER')) return true;
  const values: unknown[] = [snapshot.caseId, user.id];
  const { rowCount } = await db.query(
    `SELECT 1 FROM case_file c WHERE c.case_id = $1::bigint AND ((${waitingSql(user, 'mine', values)})
       OR EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.case_id AND e.actor_id = $2))`,
    values,
  );
  return rowCount === 1;
}
