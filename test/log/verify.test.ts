import { randomUUID } from 'node:crypto';
import { appendAccesses } from '../../log/access-chain.ts';
import { verifyLog } from '../../log/verify/index.ts';
import { sentence } from '../../log/verify/finding.ts';
import { checkCases } from '../../operations/check/index.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';
import { forget } from '../support/engine.ts';
import { withLostKey } from '../support/lost-key.ts';
import { openLogOffice, type LogOffice } from './log-office.ts';

/** A log nobody has touched is found whole, however often it is asked, also while people decide. */

let log: LogOffice;
beforeAll(async () => {
  log = await openLogOffice();
}, 60_000);
afterAll(() => log.close());

const look = (acceptanceNo: string) => ({
  at: new Date().toISOString(),
  user_id: 's-town1.clerk',
  method: 'GET',
  route: '/api/v1/cases/{acceptanceNo}',
  acceptance_no: acceptanceNo,
  status: 200,
  code: null,
  request_id: randomUUID(),
});

it('finds nothing in a log nobody has touched', async () => {
  const numbers = [];
  for (let n = 0; n < 4; n++) numbers.push(await fileOutOfArea(log.office));
  await log.office.decide(numbers[0] ?? '', 'town1.clerk', { decision: 'APPROVE' });
  await appendAccesses(log.office.deps.db, numbers.map(look));
  await log.seal();
  await log.office.decide(numbers[1] ?? '', 'town1.clerk', { decision: 'APPROVE' });
  await log.seal();
  const { findings, ...counts } = await verifyLog(log.verify);
  expect(findings.map(sentence)).toEqual([]);
  expect(counts).toMatchObject({ cases: 4, accesses: 4, heads: 2, forgotten: 0 });
});

it('finds nothing while people file and decide', async () => {
  let done = false;
  const work = (async () => {
    for (let n = 0; n < 12; n++) {
      const no = await fileOutOfArea(log.office);
      await log.office.decide(no, 'town1.clerk', { decision: 'APPROVE' });
      await appendAccesses(log.office.deps.db, [look(no)]);
      if (n % 4 === 0) await log.seal();
    }
    done = true;
  })();
  let runs = 0;
  while (!done) {
    const { findings } = await verifyLog({ ...log.verify, pauseMs: 300 });
    expect(findings.map(sentence)).toEqual([]);
    runs += 1;
  }
  await work;
  expect(runs).toBeGreaterThan(1);
}, 60_000);

it('names a procedure that lies under a key that was lost, whether the store has the case or not', async () => {
  const { engine, deps } = log.office;
  const findWith = async (workflowId: string) => {
    const start = { workflowId, taskQueue: deps.config.temporalTaskQueue, args: [{}], memo: { caseId: workflowId } };
    await withLostKey(engine).workflow.start('OUT_OF_AREA_REFERRAL', start);
    const { findings } = await verifyLog(log.verify);
    await forget(engine, workflowId);
    return findings.map(({ about, kind }) => [about, kind]);
  };
  const nobodys = `unreadable-${randomUUID()}`;
  expect(await findWith(nobodys)).toEqual([[nobodys, 'CASE_GONE']]);
  const no = await fileOutOfArea(log.office);
  await forget(engine, no);
  expect(await findWith(no)).toEqual([[no, 'UNREADABLE']]);
  await checkCases(deps, { acceptanceNo: no, mend: true, pauseMs: 100 });
  expect((await verifyLog(log.verify)).findings).toEqual([]);
}, 60_000);
