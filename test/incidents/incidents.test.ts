import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Incident } from '../../api/read/incidents.ts';
import { createClient } from '../../engine/client.ts';
import { repeated } from '../../embedded/wait.ts';
import { scanIncidents } from '../../engine/incidents/scan.ts';
import { inTransaction } from '../../activities/store/in-transaction.ts';
import { keyringOf, openVault } from '../../vault/open-vault.ts';
import { rotate } from '../../vault/rotate.ts';
import { openAgency, type Agency } from '../api/agency.ts';
import { TEST_VAULT } from '../support/keys.ts';
import type { Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { createDatabase } from '../support/postgres.ts';
import { incompatibleBundle, runWorker } from './workers.ts';

/**
 * Whatever the system itself does not get done is seen by managers and operators, with the cause in plain words, and by nobody's
 * asking; once it is mended and retried it is gone, its row stays, and the case goes on. On the real engine, each cause planted.
 */
const PERSONAL = '示例甲 441602199203159011';
const MANAGER = 'town1.manager';
const OPERATOR = 'admin.system';

let agency: Agency;
let office: Office;
let stopWorker: () => Promise<void> = () => Promise.resolve();
beforeAll(async () => {
  agency = await openAgency({ clockAt: '2025-09-22T10:00:00+08:00', worker: false });
  office = agency.office;
}, 300_000);
afterAll(async () => {
  await stopWorker();
  await agency?.close();
}, 300_000);

interface Problem {
  kind: string;
  error: { zh: string; en: string };
  next: { zh: string; en: string };
}
interface StuckItem {
  acceptanceNo: string;
  stuck: boolean;
  reasons: { code: string; problem: Problem | null }[];
}

const incidents = async (query: string): Promise<Incident[]> =>
  ((await agency.get(OPERATOR, `/api/v1/incidents?${query}`).expect(200)).body as { items: Incident[] }).items;

/** What keeps each case of the township, as its manager sees it. */
async function stuck(): Promise<Map<string, Problem[]>> {
  const { items } = (await agency.get(MANAGER, '/api/v1/stuck').expect(200)).body as { items: StuckItem[] };
  expect(items.filter((item) => !item.stuck)).toEqual([]);
  const problems = items.map(({ acceptanceNo, reasons }): [string, Problem[]] => [
    acceptanceNo,
    reasons.flatMap(({ code, problem }) => (code === 'SYSTEM_PROBLEM' && problem ? [problem] : [])),
  ]);
  return new Map(problems);
}

class NotSeen extends Error {}
/** Longer than a worker that is gone is still taken for one that lives. A look that fails is no reason to wait. */
const PATIENCE = { withinMs: 150_000, pauseMs: 500, final: (problem: unknown) => !(problem instanceof NotSeen) };
/** Looks as the API process does, until what is asked for is there. */
const until = <T>(what: string, look: () => Promise<T | undefined>): Promise<T> =>
  repeated(async () => {
    await scanIncidents(office.deps);
    const found = await look();
    if (found === undefined) throw new NotSeen(`never seen: ${what}`);
    return found;
  }, PATIENCE);

const opened = (kind: string, subject: string): Promise<Incident> =>
  until(`${kind} of ${subject}`, async () =>
    (await incidents(`open=true&kind=${kind}`)).find((incident) => incident.subject === subject),
  );
const over = (kind: string, subject: string): Promise<Incident> =>
  until(`the end of ${kind} of ${subject}`, async () =>
    (await incidents(`open=true&kind=${kind}`)).some((incident) => incident.subject === subject)
      ? undefined
      : (await incidents(`open=false&kind=${kind}`)).find((incident) => incident.subject === subject),
  );
const retry = async (incident: Incident): Promise<string | undefined> => {
  const path = `/api/v1/incidents/${incident.incidentId}/retry`;
  const { body } = await agency.post(OPERATOR, path, { reason: '已排除' }).expect(200);
  return (body as { acts: { outcome: string }[] }).acts.at(-1)?.outcome;
};
/** Refused or not answered is told by the code; a decision that is made answers with the version. */
const decide = (no: string, key: string): Promise<number | string> =>
  office.decide(no, 'town1.clerk', { step: 'REGISTERED', decision: 'APPROVE', key }).then(
    ({ version }) => version,
    (problem: { code?: string }) => problem.code ?? String(problem),
  );

it('no worker: the queue and the case whose decision waits are on the lists, until a worker comes', async () => {
  const no = await fileOutOfArea(office);
  expect(await decide(no, 'first')).toBe('NOT_AVAILABLE');
  const missing = await opened('WORKER_MISSING', office.deps.config.temporalTaskQueue);
  expect([missing.errorTitle.zh, missing.acceptanceNo]).toEqual(['没有后台进程领取任务', null]);
  expect((await stuck()).get(no)).toMatchObject([{ kind: 'DECISION_WAITING', error: { zh: '没有后台进程领取任务' } }]);
  // Nothing can be retried without a worker; that somebody tried is written down.
  expect(await retry(missing)).toBe('LOOKED');
  stopWorker = await runWorker(office);
  expect(await decide(no, 'first')).toBe(1);
  await over('DECISION_WAITING', no);
  await over('WORKER_MISSING', office.deps.config.temporalTaskQueue);
  expect((await stuck()).has(no)).toBe(false);
}, 300_000);

it('a failing step, a poisoned payload, a terminated procedure, a failing digest: each is named, neighbours go on, all come back', async () => {
  const [failing, poisoned, lost, neighbour] = await Promise.all(
    Array.from({ length: 4 }, () => fileOutOfArea(office)),
  );
  if (!failing || !poisoned || !lost || !neighbour) throw new Error('four were filed');
  // The store refuses every turn of one case, saying what nobody may read on a list.
  const { caseId } = await office.case(failing);
  await office.owner
    .query(`CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${PERSONAL}'; END $$;
    CREATE TRIGGER planted BEFORE INSERT ON case_turn FOR EACH ROW WHEN (NEW.case_id = ${Number(caseId)}) EXECUTE FUNCTION planted();
    CREATE TRIGGER planted_outbox BEFORE UPDATE ON outbox FOR EACH STATEMENT EXECUTE FUNCTION planted()`);
  const waiting = decide(failing, 'refused by the store');
  const outbox = `outbox-${randomUUID()}`;
  const { taskQueue } = { taskQueue: office.deps.config.temporalTaskQueue };
  await office.engine.client.workflow.start('SEND_OUTBOX', { workflowId: outbox, taskQueue });
  const key = await poison(poisoned);
  // What was terminated before its first task has nothing to be taken up from.
  await office.deps.temporal.workflow.getHandle(lost).query('version');
  await office.engine.client.workflow.getHandle(lost).terminate();

  const found = {
    failing: await opened('STEP_FAILING', failing),
    outbox: await opened('STEP_FAILING', outbox),
    lost: await opened('PROCEDURE_LOST', lost),
    poisoned: await opened('PAYLOAD_UNREADABLE', poisoned),
  };
  expect(await waiting).toBe('NOT_AVAILABLE');
  expect(found.failing).toMatchObject({ error: 'STORE_REFUSES', errorDetail: 'P0001', activity: 'turn' });
  expect(found.failing.attempts).toBeGreaterThanOrEqual(3);
  expect(found.outbox).toMatchObject({ error: 'STORE_REFUSES', activity: 'sendOutbox', acceptanceNo: null });
  expect(found.lost).toMatchObject({ error: 'NOT_RUNNING' });
  expect(found.poisoned).toMatchObject({ error: 'KEY_UNKNOWN', errorDetail: 'key 424242' });
  const board = await stuck();
  expect(board.get(failing)).toContainEqual(
    expect.objectContaining({
      kind: 'STEP_FAILING',
      error: { zh: '数据库拒绝写入', en: 'the database refuses what is written' },
    }),
  );
  expect(board.get(lost)).toMatchObject([{ kind: 'PROCEDURE_LOST', error: { zh: '流程已被终止或失败' } }]);
  expect(board.get(poisoned)).toMatchObject([{ kind: 'PAYLOAD_UNREADABLE', error: { zh: '密钥不存在' } }]);
  expect(board.has(neighbour)).toBe(false);
  expect(await decide(neighbour, 'neighbour')).toBe(1);
  // Nothing of what the store said is on any list.
  const shown = await Promise.all([agency.get(OPERATOR, '/api/v1/incidents'), agency.get(MANAGER, '/api/v1/stuck')]);
  for (const { text } of shown) expect(text.includes('441602199203159011')).toBe(false);

  // A step of the law is never left out, and that somebody wanted to is kept.
  const path = `/api/v1/incidents/${found.failing.incidentId}`;
  const skipped = await agency.post(OPERATOR, `${path}/skip`, { reason: '急' }).expect(409);
  expect((skipped.body as { code: string }).code).toBe('INCIDENT_NOT_SKIPPABLE');
  const detail = (await agency.get(OPERATOR, path).expect(200)).body as Record<string, unknown>;
  expect(detail).toMatchObject({
    skip: { allowed: false },
    acts: [{ act: 'SKIP', by: 's-admin.system', reason: '急' }],
  });

  await office.owner.query(
    'DROP TRIGGER planted ON case_turn; DROP TRIGGER planted_outbox ON outbox; DROP FUNCTION planted',
  );
  await key.bringBack();
  expect(await retry(found.outbox)).toBe('RESUMED');
  expect(await retry(found.lost)).toBe('RESUMED');
  expect(await retry(found.poisoned)).toBe('RESUMED');
  for (const { kind, subject } of Object.values(found)) await over(kind, subject);
  // The decision that waited is made: the same key is answered, nothing is done twice.
  expect(await decide(failing, 'refused by the store')).toBe(1);
  // Asking a case what keeps it may have been a turn of its own before.
  expect([1, 2]).toContain(await decide(poisoned, 'poisoned'));
  expect(await decide(lost, 'lost')).toBe(1);
  const made = await office.owner.query<{ n: string }>(
    "SELECT count(*) AS n FROM case_event WHERE kind = 'DECIDED' AND case_id IN (SELECT case_id FROM case_file WHERE acceptance_no = ANY ($1))",
    [[failing, poisoned, lost, neighbour]],
  );
  expect(made.rows[0]?.n).toBe('4');
  await over('DECISION_WAITING', failing);
  expect([...(await stuck()).keys()]).toEqual([]);
  const again = await agency.post(OPERATOR, `${path}/retry`, { reason: 'again' }).expect(409);
  expect((again.body as { code: string }).code).toBe('INCIDENT_RESOLVED');
}, 600_000);

it('a release that does not fit a running case: the procedure is named as failing, and goes on under the right one', async () => {
  const no = await fileOutOfArea(office);
  expect(await decide(no, 'before')).toBe(1);
  await stopWorker();
  stopWorker = await runWorker(office, incompatibleBundle());
  await office.engine.client.workflow.getHandle(no).signal('recount');
  const failing = await opened('PROCEDURE_FAILING', no);
  expect(failing).toMatchObject({ error: 'PROGRAM_CHANGED' });
  expect((await stuck()).get(no)).toMatchObject([
    { kind: 'PROCEDURE_FAILING', error: { en: 'the program does not fit what is recorded of this case' } },
  ]);
  await stopWorker();
  stopWorker = await runWorker(office);
  expect(await retry(failing)).toBe('RESUMED');
  expect((await over('PROCEDURE_FAILING', no)).resolvedAt).not.toBeNull();
  expect((await stuck()).has(no)).toBe(false);
}, 600_000);

/** A signal sealed under a key of another store, and how that key gets into this one. */
async function poison(no: string): Promise<{ bringBack: () => Promise<void> }> {
  const elsewhere = await createDatabase();
  const db = new pg.Pool({ connectionString: elsewhere.ownerUrl, max: 2 });
  try {
    await db.query(`SELECT setval(pg_get_serial_sequence('data_key', 'key_id'), 424241)`);
    await inTransaction(db, (tx) => rotate(tx, keyringOf(TEST_VAULT)));
    const { connection, namespace } = office.engine;
    const stranger = createClient(connection, namespace, openVault(db, TEST_VAULT));
    await stranger.workflow.getHandle(no).signal('recount', 'sealed');
    const { rows } = await db.query<{ row: object }>('SELECT to_jsonb(k) AS row FROM data_key k WHERE key_id = 424242');
    return {
      bringBack: async () => {
        await office.owner.query(
          'INSERT INTO data_key OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::data_key, $1)',
          [JSON.stringify(rows[0]?.row)],
        );
      },
    };
  } finally {
    await db.end();
    await elsewhere.drop();
  }
}
