import { z } from 'zod';
import type { Role } from '../../domain/case.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { ApiDeps } from '../deps.ts';
import { endSessions, setActive, setRoles, unlock, type Act } from '../identity/administer.ts';
import { accountEventSchema, accountSchema, listAccountEvents, listAccounts } from '../read/accounts.ts';
import { defineRoute, type Asked } from '../route.ts';
import { code, cursor, freeText, limit, queryFlag, role, staffId } from '../schemas.ts';

const TAG = '账号管理 / accounts';

const params = z.strictObject({ staffId: staffId.meta({ description: 'staff number' }) });
const why = z.strictObject({ reason: freeText(500) });
const account = { status: 200, summary: { zh: '办理后的账号', en: 'the account after it' }, schema: accountSchema };

type AskedAct = Asked<{ staffId: string }, unknown, { reason: string }>;
const actOf = (deps: ApiDeps, { user, params, body, requestId }: AskedAct): Act => ({
  staffId: params.staffId,
  by: user,
  reason: body.reason,
  at: deps.now(),
  requestId,
});

/** Says what the account is after the act; the act itself has happened and is logged. */
async function answerWith(deps: ApiDeps, staffId: string) {
  const { items } = await listAccounts(deps.db, { staffId }, { size: 1 }, deps.now());
  const [found] = items;
  if (!found) throw new Refusal('NOT_FOUND');
  return { json: found };
}

/** What the system administrator does to an account; the body says why. */
const systemAct = (
  name: 'enable' | 'disable' | 'end-sessions' | 'unlock',
  id: string,
  summary: { zh: string; en: string },
  run: (deps: ApiDeps, act: Act) => Promise<void>,
) =>
  defineRoute({
    method: 'post',
    path: `/api/v1/accounts/{staffId}/${name}`,
    id,
    tag: TAG,
    summary,
    action: 'RUN_ACCOUNTS',
    params,
    body: why,
    answer: account,
    async handle(deps, asked) {
      await run(deps, actOf(deps, asked));
      return answerWith(deps, asked.params.staffId);
    },
  });

/** The three administrators at work (GB/T 22239 level 3, 8.1.4.2): each does a part, none of them the whole. */
export const accountRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/v1/accounts',
    id: 'listAccounts',
    tag: TAG,
    summary: { zh: '账号：岗位、机构、状态', en: 'accounts with roles, office and state' },
    action: 'READ_ACCOUNTS',
    query: z.strictObject({
      officeId: code.optional(),
      role: role.optional(),
      active: queryFlag.optional(),
      limit,
      cursor,
    }),
    answer: {
      status: 200,
      summary: { zh: '一页账号', en: 'a page of accounts' },
      schema: z.strictObject({ items: z.array(accountSchema), nextCursor: z.string().nullable() }),
    },
    async handle(deps, { user, query }) {
      const { cursor: from, limit: size, ...filter } = query;
      const asked = `accounts ${user.id} ${JSON.stringify(filter)}`;
      const after = from === undefined ? undefined : (deps.cursors.open(asked, from)[0] ?? undefined);
      const { items, last } = await listAccounts(deps.db, filter, { size: size ?? 50, after }, deps.now());
      return { json: { items, nextCursor: last === undefined ? null : deps.cursors.seal(asked, [last]) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/accounts/{staffId}/events',
    id: 'listAccountEvents',
    tag: TAG,
    summary: { zh: '账号管理记录', en: 'what was done to an account, by whom and why' },
    action: 'READ_ACCOUNTS',
    params,
    query: z.strictObject({ limit, cursor }),
    answer: {
      status: 200,
      summary: { zh: '一页记录，最新在前', en: 'a page of entries, newest first' },
      schema: z.strictObject({ items: z.array(accountEventSchema), nextCursor: z.string().nullable() }),
    },
    async handle(deps, { user, params: { staffId: id }, query }) {
      const asked = `account-events ${user.id} ${id}`;
      const before = query.cursor === undefined ? undefined : (deps.cursors.open(asked, query.cursor)[0] ?? undefined);
      const { items, last } = await listAccountEvents(deps.db, id, { size: query.limit ?? 50, before });
      return { json: { items, nextCursor: last === undefined ? null : deps.cursors.seal(asked, [last]) } };
    },
  }),
  systemAct('enable', 'enableAccount', { zh: '启用账号', en: 'open an account' }, (deps, act) =>
    setActive(deps.db, act, true),
  ),
  systemAct(
    'disable',
    'disableAccount',
    { zh: '停用账号并结束其会话', en: 'close an account and end its sessions' },
    (deps, act) => setActive(deps.db, act, false),
  ),
  systemAct(
    'end-sessions',
    'endSessions',
    { zh: '结束账号的全部会话', en: 'end every session of an account' },
    (deps, act) => endSessions(deps.db, act),
  ),
  systemAct(
    'unlock',
    'unlockAccount',
    { zh: '解除登录失败锁定', en: 'lift the lock after wrong passwords' },
    (deps, act) => unlock(deps.db, act),
  ),
  defineRoute({
    method: 'post',
    path: '/api/v1/accounts/{staffId}/roles',
    id: 'setRoles',
    tag: TAG,
    summary: { zh: '授予或收回岗位、调整机构', en: 'grant and withdraw roles, move to another office' },
    action: 'GRANT_ROLES',
    params,
    body: why.extend({
      roles: z.array(role).max(20),
      officeId: code.optional().meta({ description: 'the office from now on; left out: as before' }),
    }),
    answer: account,
    async handle(deps, asked) {
      const { body } = asked;
      const roles = [...new Set<Role>(body.roles)].sort();
      await setRoles(deps.db, actOf(deps, asked), roles, body.officeId);
      return answerWith(deps, asked.params.staffId);
    },
  }),
];
