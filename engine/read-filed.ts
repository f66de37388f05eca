import { findCase, snapshotOf, type Stores } from '../activities/store/case-row.ts';
import {
  clocksOf,
  type ActorRecord,
  type CaseState,
  type FiledCase,
  type JsonObject,
  type LogMark,
} from '../domain/case.ts';
import { caseSubject } from '../vault/vault.ts';

interface FirstTurn {
  state: CaseState;
  documents: string[];
  log: LogMark | null;
  data: { form?: JsonObject; facts?: JsonObject; entry?: ActorRecord[] };
}

/**
 * A case as turn 0 left it, whatever was decided since: its procedure begins there and hears of the rest turn by turn.
 * `behind`: something was decided since. Throws when the case is not in the store.
 */
export async function readFiled(stores: Stores, acceptanceNo: string): Promise<{ filed: FiledCase; behind: boolean }> {
  const row = await findCase(stores, acceptanceNo);
  if (!row) throw new Error(`${acceptanceNo} is not in the store`);
  const { rows } = await stores.db.query<FirstTurn>({
    name: 'first-turn',
    text: `SELECT t.result -> 'state' AS state, t.result -> 'documents' AS documents, t.result -> 'log' AS log, e.data
           FROM case_turn t JOIN case_event e USING (case_id, turn) WHERE t.case_id = $1 AND t.turn = 0 AND e.kind = 'FILED'`,
    values: [row.case_id],
  });
  const first = rows[0];
  if (!first) throw new Error(`${acceptanceNo} has no first turn`);
  const { state, documents, log, data } = first;
  const subject = caseSubject(acceptanceNo);
  const { version, status, stage, step } = state;
  const asFiled = {
    ...{ version, status, stage, step, documents, clocks: clocksOf(state) },
    // Programs of before did not log the facts; of theirs, those of today are the next best.
    form: data.form ? await stores.vault.openJson(subject, data.form) : row.form,
    facts: data.facts ? await stores.vault.openJson(subject, data.facts) : row.facts,
    actors: data.entry ?? [],
  };
  const filed: FiledCase = {
    snapshot: { ...snapshotOf(row), ...asFiled },
    state,
    clockAheadMs: Number(row.clock_ahead_ms),
    ...(log ? { log } : {}),
  };
  return { filed, behind: row.version > 0 };
}
