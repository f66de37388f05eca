import { randomUUID } from 'node:crypto';
import type { FaultPoint } from '../../activities/fault-points.ts';
import { decideCase, type DecideRequest } from '../../api/cases/decide-case.ts';
import { fileCase, type FilingRequest } from '../../api/cases/file-case.ts';
import { reconcile } from '../../engine/reconcile.ts';
import type { ApiCall } from '../support/children/api-call.ts';
import { runChild } from '../support/children/spawn.ts';
import { openOffice, type Office } from '../support/office.ts';
import { OUT_OF_AREA_FORM } from '../support/out-of-area.ts';
import { fileOutOfArea, patientClient, type PatientClient } from './client.ts';
import { nothingIsWrong } from './reserve.ts';

/** An API process is killed between two of its writes; whoever repeats with the same key gets the one answer. */

let office: Office;
let client: PatientClient;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00', proves: false });
  client = patientClient(office);
});
afterAll(() => office.close());

async function dieAt(point: FaultPoint, call: Pick<ApiCall, 'file' | 'decide'>): Promise<void> {
  const { deps, engine, databaseUrl } = office;
  const settings: ApiCall = {
    databaseUrl,
    temporalAddress: engine.address,
    temporalNamespace: engine.namespace,
    config: deps.config,
    clockAheadMs: deps.clockAheadMs ?? 0,
    point,
    ...call,
  };
  expect(await runChild('api-call.ts', settings)).toBe('SIGKILL');
}

let places = 0;
async function filing(): Promise<FilingRequest> {
  return {
    user: await office.user('town1.clerk'),
    processType: 'OUT_OF_AREA_REFERRAL',
    form: { ...OUT_OF_AREA_FORM, destinationCity: `远方市${++places}` },
    documents: await office.upload(['ID_CARD', 'REFERRAL_CERTIFICATE']),
    key: randomUUID(),
    requestHash: 'filing',
  };
}

/** What the client writes down of a case that was filed under this key. */
async function writtenDown({ user, key }: FilingRequest): Promise<string[]> {
  const { rows } = await office.deps.db.query<{ no: string }>(
    'SELECT c.acceptance_no AS no FROM case_turn t JOIN case_file c USING (case_id) WHERE t.user_id = $1 AND t.request_key = $2',
    [user.id, key],
  );
  client.ledger.filings.push(...rows.map(({ no }) => ({ acceptanceNo: no, userId: user.id, key })));
  return rows.map(({ no }) => no);
}

describe.each(['case.written', 'case.started'] as const)('an API killed at %s', (point) => {
  it('has filed the case; repeating gives its number and starts it once', async () => {
    const request = await filing();
    await dieAt(point, { file: request });
    const [first, ...others] = await writtenDown(request);
    expect(others).toEqual([]);
    const again = await fileCase(office.deps, request);
    expect(again).toMatchObject({ repeated: true, answer: { acceptanceNo: first, version: 0 } });
    expect(await client.decide(String(first), 'town1.clerk', 'REGISTERED')).toMatchObject({ version: 1 });
    await nothingIsWrong(office, client);
  });
});

it('a case whose API died before the start is started by the comparison alone', async () => {
  const request = await filing();
  await dieAt('case.written', { file: request });
  const [no] = await writtenDown(request);
  await aMinuteLater(String(no));
  expect(await reconcile(office.deps, 60_000, 100, () => undefined)).toContainEqual({
    acceptanceNo: no,
    kind: 'NOT_STARTED',
  });
  expect(await office.engine.client.workflow.getHandle(String(no)).query('version')).toBe(0);
  await nothingIsWrong(office, client);
});

it('a case that was never started can be decided: the decision starts it', async () => {
  const request = await filing();
  await dieAt('case.written', { file: request });
  const [no] = await writtenDown(request);
  expect(await client.decide(String(no), 'town1.clerk', 'REGISTERED')).toMatchObject({
    version: 1,
    currentStep: 'REVIEW',
  });
  await nothingIsWrong(office, client);
});

describe.each(['update.sent', 'update.answered'] as const)('an API killed at %s', (point) => {
  it('has lost nothing; repeating gives the one answer', async () => {
    const acceptanceNo = await fileOutOfArea(client);
    const user = await office.user('town1.clerk');
    const input = { step: 'REGISTERED', decision: 'APPROVE' } as const;
    const request: DecideRequest = { user, acceptanceNo, input, key: randomUUID(), requestHash: 'decision' };
    await dieAt(point, { decide: request });
    // Before it was sent nothing happened; after the answer everything had.
    expect((await office.case(acceptanceNo)).version).toBe(point === 'update.sent' ? 0 : 1);
    const answers = await Promise.all([1, 2, 3].map(() => decideCase(office.deps, request)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    client.ledger.decisions.push({
      ...input,
      acceptanceNo,
      userId: user.id,
      key: request.key,
      answeredVersion: answers[0]?.version ?? -1,
    });
    expect(await client.decide(acceptanceNo, 'county1.approver', 'REVIEW')).toMatchObject({ version: 2 });
    await nothingIsWrong(office, client);
  });
});

it('one key for two cases at one moment decides one of them and refuses the other', async () => {
  const [first, second] = [await fileOutOfArea(client), await fileOutOfArea(client)];
  const user = await office.user('town1.clerk');
  const key = randomUUID();
  const decide = (acceptanceNo: string) =>
    decideCase(office.deps, {
      user,
      acceptanceNo,
      input: { step: 'REGISTERED', decision: 'APPROVE' },
      key,
      requestHash: acceptanceNo,
    });
  const outcomes = await Promise.allSettled([decide(first), decide(second)]);
  const taken = outcomes.findIndex((outcome) => outcome.status === 'fulfilled');
  expect(outcomes[1 - taken]).toMatchObject({ status: 'rejected', reason: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  client.ledger.decisions.push({
    acceptanceNo: taken === 0 ? first : second,
    userId: user.id,
    key,
    step: 'REGISTERED',
    decision: 'APPROVE',
    answeredVersion: 1,
  });
  await nothingIsWrong(office, client);
});

it('the same request twice, the second one looking when the first is being written, gets the one answer twice', async () => {
  const acceptanceNo = await fileOutOfArea(client);
  const user = await office.user('town1.clerk');
  const input = { step: 'REGISTERED', decision: 'APPROVE' } as const;
  const request: DecideRequest = { user, acceptanceNo, input, key: randomUUID(), requestHash: 'decision' };
  let first: Promise<unknown> | undefined;
  const db = new Proxy(office.deps.db, {
    get(pool, name) {
      const value: unknown = Reflect.get(pool, name);
      if (typeof value !== 'function') return value;
      return async (...args: unknown[]) => {
        const answer: unknown = await value.apply(pool, args);
        // It has looked and found nothing; now the other one decides.
        await (first ??= decideCase(office.deps, request));
        return answer;
      };
    },
  });
  const second = await decideCase({ ...office.deps, db }, request);
  expect(second).toEqual(await first);
  client.ledger.decisions.push({ ...input, acceptanceNo, userId: user.id, key: request.key, answeredVersion: 1 });
  await nothingIsWrong(office, client);
});

/** The comparison gives whoever wrote a row some seconds to start it; here they have passed. */
async function aMinuteLater(no: string): Promise<void> {
  await office.deps.db.query(
    `UPDATE case_file SET filed_at = filed_at - interval '1 minute' WHERE acceptance_no = $1`,
    [no],
  );
}
