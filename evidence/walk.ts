import {
  clocksOf,
  type ActorRecord,
  type CaseSnapshot,
  type CaseState,
  type Decision,
  type GrantedExtension,
  type JsonObject,
  type SuspensionKind,
} from '../domain/case.ts';
import { isClockDecision } from '../domain/clock-decisions.ts';
import { plainDateAt, type PlainDate } from '../domain/plain-date.ts';
import type { ProcessDefinition } from '../domain/process.ts';
import { actorsOf, dutyOfDecision } from '../domain/separation.ts';
import type { LoggedEvent, LoggedTurn } from '../log/case-rows.ts';
import type { Bundle } from './bundle.ts';

/** A stop of the clocks as the log tells it. */
export interface ToldPeriod {
  kind: SuspensionKind;
  suspendedOn: PlainDate;
  resumedOn?: PlainDate;
}

/** One turn, with the case as it was before – told by the log alone, never by the rows that follow from it. */
export interface WalkedTurn {
  turn: LoggedTurn;
  /** the first event of the turn; a breach has its escalation behind it */
  event: LoggedEvent;
  /** the day of the turn on the clock of the case, Asia/Shanghai */
  today: PlainDate;
  /** undefined for the filing */
  before?: CaseSnapshot;
  stateBefore?: CaseState;
  state: CaseState;
  form: JsonObject;
  /** before the turn's own effects, with what was looked up for it */
  facts: JsonObject;
  periodsBefore: ToldPeriod[];
  periods: ToldPeriod[];
  extensions: GrantedExtension[];
}

/** Goes through the case turn by turn. `bundle` has its leaves opened (`openLeaves`). */
export function walk(bundle: Bundle, definition: ProcessDefinition): WalkedTurn[] {
  const { case: header } = bundle;
  const walked: WalkedTurn[] = [];
  let form: JsonObject = {};
  let facts: JsonObject = {};
  let documents: string[] = [];
  let periods: ToldPeriod[] = [];
  let extensions: GrantedExtension[] = [];
  let state: CaseState | undefined;
  let providerId = header.providerId ?? undefined;
  const actors: ActorRecord[] = [];

  for (const turn of [...bundle.turns].sort((a, b) => a.turn - b.turn)) {
    const event = bundle.events.find((each) => each.turn === turn.turn);
    if (!event) continue; // the checks of the chain say so
    const after = turn.result.state;
    const before: CaseSnapshot | undefined = state && {
      caseId: header.caseId,
      acceptanceNo: header.acceptanceNo,
      process: header.process,
      version: state.version,
      status: state.status,
      stage: state.stage,
      step: state.step,
      offices: header.offices,
      ...(header.personId ? { personId: header.personId } : {}),
      ...(providerId ? { providerId } : {}),
      receivedOn: header.receivedOn,
      form,
      facts,
      documents,
      actors: [...actors],
      clocks: clocksOf(state),
    };
    const decided = turn.request?.input.decision;
    const filed = event.kind === 'FILED';
    const told = filed ? (event.data['form'] as JsonObject | undefined) : turn.request?.input.form;
    const amended = { ...form, ...(decided && isClockDecision(decided) ? {} : told) };
    const looked = filed ? (event.data['facts'] as JsonObject | undefined) : turn.request?.facts;
    const periodsBefore = periods;
    periods = movePeriods(periods, event);
    extensions = [...extensions, ...extensionOf(event, state)];
    walked.push({
      turn,
      event,
      today: plainDateAt(Date.parse(event.at)),
      ...(before ? { before } : {}),
      ...(state ? { stateBefore: state } : {}),
      state: after,
      form: amended,
      facts: { ...facts, ...looked },
      periodsBefore,
      periods,
      extensions,
    });
    const duty =
      turn.request && state && dutyOfDecision(definition, state.step, decided as Decision, turn.request.user);
    if (duty && turn.request) actors.push(...actorsOf(duty, turn.request.user));
    if (filed) actors.push(...((event.data['entry'] ?? []) as unknown as ActorRecord[]));
    form = amended;
    facts = { ...facts, ...looked, ...turn.result.facts };
    documents = turn.result.documents;
    providerId = (facts['hospital'] as { providerId?: string } | undefined)?.providerId ?? providerId;
    state = after;
  }
  return walked;
}

function movePeriods(periods: readonly ToldPeriod[], { data, at }: LoggedEvent): ToldPeriod[] {
  const resumed = (data['resumed'] ?? []) as Array<{ kind: SuspensionKind; on: PlainDate }>;
  const moved = periods.map((period) => {
    const end = period.resumedOn === undefined ? resumed.find(({ kind }) => kind === period.kind) : undefined;
    return end ? { ...period, resumedOn: end.on } : period;
  });
  const begun = data['suspension'] as { kind: SuspensionKind } | undefined;
  if (!begun) return moved;
  const suspendedOn = (data['suspendedOn'] ?? plainDateAt(Date.parse(at))) as PlainDate;
  return [...moved, { kind: begun.kind, suspendedOn }];
}

function extensionOf({ data }: LoggedEvent, before: CaseState | undefined): GrantedExtension[] {
  const granted = data['extension'] as { clock: 'STAGE' | 'TOTAL'; workingDays: number } | undefined;
  const limitId = granted?.clock === 'TOTAL' ? before?.totalClock?.limitId : before?.stageClock?.limitId;
  if (!granted || !before || !limitId) return [];
  return [{ clock: granted.clock, stageSeq: before.stageSeq ?? 0, limitId, workingDays: granted.workingDays }];
}
