import { z } from 'zod';
import type { User } from '../../domain/case.ts';
import { maskName } from '../../domain/identifiers.ts';
import { sum, type Yuan } from '../../domain/money.ts';
import { Refusal } from '../../domain/refusal.ts';
import { dayOf, yuanOf, type PrismaClient } from '../prisma.ts';
import { defineRoute } from '../route.ts';
import { code, cursor, day, limit, yuan } from '../schemas.ts';
import { seesSql, seesWhere } from '../visibility.ts';

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
const detail = list.extend({ counties: z.array(county), lines: z.array(line) });

const lists = (conditions: string): string => `
  SELECT l.list_no AS "listNo", l.city_id AS "cityId", l.printed_on::text AS "printedOn", count(*)::int AS items, sum(i.amount)::text AS total,
         coalesce(sum(i.amount) FILTER (WHERE i.status = 'PAID'), 0.00)::numeric(14,2)::text AS paid
  FROM payment_list l JOIN payment_item i USING (list_no) JOIN case_file c ON c.case_id = i.case_id
  WHERE i.status <> 'TAKEN_OFF' AND ${conditions} GROUP BY l.list_no`;

/** The list with the lines the user may see; undefined when they see none that still stands. */
async function findList(
  prisma: PrismaClient,
  user: User,
  listNo: string,
): Promise<z.output<typeof detail> | undefined> {
  const found = await prisma.paymentList.findUnique({
    where: { listNo },
    include: {
      items: {
        where: { caseFile: seesWhere(user, 'PAYMENT_LISTS') },
        orderBy: [{ countyId: 'asc' }, { caseFile: { acceptanceNo: 'asc' } }],
        include: {
          county: { select: { name: true } },
          caseFile: { select: { acceptanceNo: true, person: { select: { name: true } } } },
        },
      },
    },
  });
  const lines = (found?.items ?? []).map((item): z.output<typeof line> => ({
    acceptanceNo: item.caseFile.acceptanceNo,
    name: item.caseFile.person && maskName(item.caseFile.person.name),
    countyId: item.countyId,
    countyName: item.county.name,
    amount: yuanOf(item.amount),
    status: item.status,
    payBy: item.payBy && dayOf(item.payBy),
    paidOn: item.paidOn && dayOf(item.paidOn),
  }));
  const standing = lines.filter(({ status }) => status !== 'TAKEN_OFF');
  if (!found || standing.length === 0) return undefined;
  return {
    listNo,
    cityId: found.cityId,
    printedOn: dayOf(found.printedOn),
    items: standing.length,
    total: totalOf(standing),
    paid: totalOf(standing.filter(({ status }) => status === 'PAID')),
    counties: perCounty(standing),
    lines,
  };
}

const totalOf = (lines: readonly z.output<typeof line>[]): Yuan => sum(lines.map(({ amount }) => amount as Yuan));

function perCounty(lines: readonly z.output<typeof line>[]): z.output<typeof county>[] {
  const names = new Map(lines.map(({ countyId, countyName }) => [countyId, countyName]));
  return [...names].map(([countyId, countyName]) => {
    const own = lines.filter((each) => each.countyId === countyId);
    return { countyId, countyName, items: own.length, total: totalOf(own) };
  });
}

export const paymentRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/payment-lists',
    id: 'listPaymentLists',
    tag: '拨付 / payment',
    summary: { zh: '汇总拨付清单', en: 'summary payment lists' },
    action: 'PAYMENT_LISTS',
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
      let conditions = seesSql(user, 'c', values, 'PAYMENT_LISTS');
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
    action: 'PAYMENT_LISTS',
    params: z.strictObject({ listNo: code }),
    answer: {
      status: 200,
      summary: { zh: '清单', en: 'the list' },
      schema: detail,
    },
    async handle(deps, { user, params }) {
      const found = await findList(deps.prisma, user, params.listNo);
      if (!found) throw new Refusal('NOT_FOUND');
      return { json: found };
    },
  }),
];
