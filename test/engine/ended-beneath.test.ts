import { randomUUID } from 'node:crypto';
import { retryIncident } from '../../engine/incidents/retry.ts';
import { eventually } from '../support/eventually.ts';
import { openOffice, type Office } from '../support/office.ts';
import { fileOutOfArea } from '../support/out-of-area.ts';

/**
 * A procedure is ended from outside – its record is full, an operator terminates it or takes it up again at an earlier task – while it
 * holds a decision that it has let in. Whoever decided has lost nothing, and hears no "internal error".
 */
let office: Office;
beforeAll(async () => {
  office = await openOffice({ clockAt: '2025-09-22T10:00:00+08:00' });
  // The store takes no turn for a while: the decision is let in and does not come to its end.
  await office.owner.query(
    `CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'planted'; END $$`,
  );
});
afterAll(() => office.close());

const refuseTurns = () =>
  office.owner.query('CREATE TRIGGER planted BEFORE INSERT ON case_turn FOR EACH ROW EXECUTE FUNCTION planted()');
const takeTurns = () => office.owner.query('DROP TRIGGER planted ON case_turn');
const decide = (no: string, key: string): Promise<unknown> =>
  office.decide(no, 'town1.clerk', { step: 'REGISTERED', decision: 'APPROVE', key }).then(
    ({ version }) => version,
    (problem: { code?: string }) => problem.code ?? problem,
  );
const decidedIn = async (no: string): Promise<number> =>
  (await office.events(no)).filter(({ kind }) => kind === 'DECIDED').length;

/** Decides, and ends the procedure when it has let the decision in. */
async function endedBeneath(key: string): Promise<{ no: string; deciding: Promise<unknown> }> {
  const no = await fileOutOfArea(office);
  const handle = office.deps.temporal.workflow.getHandle(no);
  await refuseTurns();
  const deciding = decide(no, key);
  await eventually(async () => {
    const { events } = await handle.fetchHistory();
    expect(events?.some((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toBe(true);
  });
  await handle.terminate();
  await takeTurns();
  return { no, deciding };
}
const makeAnew = (no: string) =>
  retryIncident(office.deps, {
    kind: 'PROCEDURE_LOST',
    subject: no,
    ofCase: true,
    activity: null,
    requestId: randomUUID(),
  });

it('asks the procedure that is made anew meanwhile, and the decision is made', async () => {
  const { no, deciding } = await endedBeneath('made anew');
  await makeAnew(no);
  expect(await deciding).toBe(1);
  expect(await decidedIn(no)).toBe(1);
});

it('says after a while that it can be repeated, and repeated it is made, once', async () => {
  const { no, deciding } = await endedBeneath('later');
  expect(await deciding).toBe('NOT_AVAILABLE');
  await makeAnew(no);
  expect(await decide(no, 'later')).toBe(1);
  expect(await decide(no, 'later')).toBe(1);
  expect(await decidedIn(no)).toBe(1);
});
