import type pg from 'pg';
import { z } from 'zod';
import type { Role, User } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import { defineRoute } from '../route.ts';
import { code, cursor, day, limit, yuan } from '../schemas.ts';
import { seesSql } from '../visibility.ts';

/** 汇总拨付清单 (S0 Art. 15): who makes it, recheckes it, approves it and pays by it; a county's manager sees the county's lines. */
const READERS: readonly Role[] = [
  'CITY_MEDICAL_CLERK',
  'CITY_MEDICAL_REVIEWER',
  'CITY_FINANCE_CLERK',
  'CITY_FINANCE_CHECKER',
  'CITY_FINANCE_REVIEWER',
  'CITY_FINANCE_PAYER',
  'CITY_LEADER',
  'MANAGER',
];

const list = z
  .strictObject({ listNo: z.string(), cityId: z.string(), printedOn: day, items: z.int(), total: yuan, paid: yuan })
  .meta({ id: 'PaymentList' });
const line = z.strictObject({
  acceptanceNo: z.string(),
  name: z.string().nullable(),
  countyId: z.string(),
  countyName: z.string(),
  amount: yuan,
  status: z.string(),
  payBy: day.nullable(),
  paidOn: day.nullable(),
});
const county = z.strictObject({ countyId: z.string(), countyName: z.string(), items: z.int(), total: yuan });

const lists = (conditions: string): string => `
  SELECT l.list_no AS "listNo", l.city_id AS "cityId", l.printed_on::text AS "printedOn", count(*)::int AS items, sum(i.amount)::text AS total,
         coalesce(sum(i.amount) FILTER (WHERE i.status = 'PAID'), 0.00)::numeric(14,2)::text AS paid
  FROM payment_list l JOIN payment_item i USING (list_no) JOIN case_file c ON c.case_id = i.case_id
  WHERE i.status <> 'TAKEN_OFF' AND ${conditions} GROUP BY l.list_no`;

async function readLines(db: pg.Pool, user: User, listNo: string): Promise<z.output<typeof line>[]> {
  const values: unknown[] = [listNo];
  const { rows } = await db.query<z.output<typeof line>>(
    `SELECT c.acceptance_no AS "acceptanceNo", p.name, i.county_id AS "countyId", o.name AS "countyName", i.amount::text, i.status,
            i.pay_by::text AS "payBy", i.paid_on::text AS "paidOn"
     FROM payment_item i JOIN case_file c USING (case_id) JOIN office o ON o.office_id = i.county_id LEFT JOIN insured_person p ON p.person_id = c.person_id
     WHERE i.list_no = $1 AND ${seesSql(user, 'c', values)} ORDER BY i.county_id, c.acceptance_no`,
    values,
  );
  return rows;
}

export const paymentRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/payment-lists',
    id: 'listPaymentLists',
    tag: '拨付 / payment',
    summary: { zh: '汇总拨付清单', en: 'summary payment lists' },
    who: READERS,
    query: z.strictObject({ limit, cursor }),
    answer: {
      status: 200,
      summary: { zh: '清单，最新在前', en: 'lists, newest first' },
      schema: z.strictObject({ items: z.array(list), nextCursor: z.string().nullable() }),
    },
    async handle(deps, { user, query }) {
      const asked = `payment-lists ${user.id}`;
      const size = query.limit ?? 50;
      const values: unknown[] = [];
      let conditions = seesSql(user, 'c', values);
      if (query.cursor !== undefined) {
        const [printedOn, listNo] = deps.cursors.open(asked, query.cursor);
        conditions += ` AND (l.printed_on, l.list_no) < ($${values.push(printedOn)}::date, $${values.push(listNo)})`;
      }
      const { rows } = await deps.db.query<z.output<typeof list>>(
        `${lists(conditions)} ORDER BY l.printed_on DESC, l.list_no DESC LIMIT $${values.push(size + 1)}`,
        values,
      );
      const items = rows.slice(0, size);
      const end = rows.length > size ? items.at(-1) : undefined;
      return { json: { items, nextCursor: end ? deps.cursors.seal(asked, [end.printedOn, end.listNo]) : null } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/payment-lists/{listNo}',
    id: 'getPaymentList',
    tag: '拨付 / payment',
    summary: { zh: '汇总拨付清单明细', en: 'a summary payment list, line by line and by county' },
    who: READERS,
    params: z.strictObject({ listNo: code }),
    answer: {
      status: 200,
      summary: { zh: '清单', en: 'the list' },
      schema: list.extend({ counties: z.array(county), lines: z.array(line) }),
    },
    async handle(deps, { user, params }) {
      const values: unknown[] = [params.listNo];
      const conditions = `l.list_no = $1 AND ${seesSql(user, 'c', values)}`;
      const { rows } = await deps.db.query<z.output<typeof list>>(lists(conditions), values);
      const head = rows[0];
      if (!head) throw new Refusal('NOT_FOUND');
      const perCounty = await deps.db.query<z.output<typeof county>>(
        `SELECT i.county_id AS "countyId", o.name AS "countyName", count(*)::int AS items, sum(i.amount)::text AS total
         FROM payment_list l JOIN payment_item i USING (list_no) JOIN case_file c ON c.case_id = i.case_id JOIN office o ON o.office_id = i.county_id
         WHERE i.status <> 'TAKEN_OFF' AND ${conditions} GROUP BY i.county_id, o.name ORDER BY i.county_id`,
        values,
      );
      return { json: { ...head, counties: perCounty.rows, lines: await readLines(deps.db, user, params.listNo) } };
    },
  }),
];
