import { calendarOf } from '../../activities/calendar.ts';
import type { Calendar } from '../../domain/calendar.ts';
import { SUSPENSION_KINDS, type Text } from '../../domain/case.ts';
import { proveDueDay, type DueProof, type LedgerPeriod, type ProofDay } from '../../domain/clock-proof.ts';
import type { TimeLimit } from '../../domain/deadline.ts';
import { plainDateAt, type PlainDate } from '../../domain/plain-date.ts';
import { getProcess } from '../../domain/processes/index.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { settings, timeLimit, type LimitId } from '../../domain/time-limits.ts';
import type { ApiDeps } from '../deps.ts';
import { extendedBy, getLedger, knownAt, type CaseLedger, type LedgerPass } from './case-ledger.ts';
import { clockEventsOf, during, editionAt, movesOf, type ClockEvent } from './clock-events.ts';
import type { ClockProofView, ExtensionView, ProvedLimit, SuspensionView } from './clock-schema.ts';
import { explainedDay } from './day-reasons.ts';
import { termView } from './term-view.ts';

const NOT_IN_SOURCES = '来源未规定，由经办机构设定 / not in the sources, set by the agency';
/** 0.2-6. */
const CORRECTION_WINDOW: TimeLimit = {
  ...{ ...timeLimit('DL-57'), id: 'CORRECTION_WINDOW', unit: 'CALENDAR_DAY', article: NOT_IN_SOURCES },
  limit: settings.CORRECTION_WINDOW_CALENDAR_DAYS,
  startEvent: { zh: '退回补正', en: 'return to the applicant' },
};
/** 0.2-11. */
const REPAIR_WINDOW: TimeLimit = {
  ...{ ...timeLimit('DL-08'), id: 'REPAIR_WINDOW', article: NOT_IN_SOURCES },
  limit: settings.PAYMENT_REPAIR_WORKING_DAYS,
  startEvent: { zh: '银行反馈支付失败', en: 'the bank’s answer that the payment failed' },
};

/** A due day the store holds, with all that it was counted from. */
interface StoredDueDay {
  kind: ProvedLimit['kind'];
  title: Text;
  stageSeq?: number;
  suspensionSeq?: number;
  office?: Pick<LedgerPass, 'officeId' | 'officeName'>;
  limit: TimeLimit;
  extendedBy: number;
  startOn: PlainDate;
  setTo?: PlainDate;
  endedOn: PlainDate | null;
  /** undefined: the store does not keep it any more */
  dueOn: PlainDate | null | undefined;
  provisional: boolean;
  /** as the store has it, measured by the day the work was done */
  daysLate: number | null;
  calendarEdition: string;
  suspensions: LedgerPeriod[];
  moves: ProvedLimit['moves'];
}

/**
 * Proves every due day of a case by counting it again, each with the calendar it was counted with. Where that does not
 * arrive at the stored day the answer says so, and so does the log: a proof that hides a difference proves nothing.
 */
export async function proveCase(deps: ApiDeps, caseId: string): Promise<ClockProofView> {
  const { db } = deps;
  const [ledger, events] = await Promise.all([getLedger(db, caseId), clockEventsOf(db, caseId)]);
  const definition = getProcess(ledger.process);
  const today = plainDateAt(deps.now() + Number(ledger.clockAheadMs));
  const calendars = new Map<string, Calendar>();
  const calendar = async (edition: string): Promise<Calendar> => {
    const found = await calendarOf(db, edition);
    calendars.set(edition, found);
    return found;
  };
  const limits: ProvedLimit[] = [];
  for (const stored of storedDueDays(ledger, events, definition)) {
    const proved = prove(stored, await calendar(stored.calendarEdition), today);
    if (proved.agrees === false)
      deps.log.error(disagreementOf(ledger, proved), 'a due day is not the one counted again');
    limits.push(proved);
  }
  const term = termView(ledger, definition, await calendar(totalEdition(ledger, events)), today);
  const editions = new Map([...calendars.values()].flatMap((each) => each.editions.map((e) => [e.id, e])));
  return {
    acceptanceNo: ledger.acceptanceNo,
    processType: ledger.process,
    processTitle: definition.title,
    today,
    agrees: limits.every(({ agrees }) => agrees !== false),
    limits,
    term,
    suspensions: suspensionsOf(ledger),
    extensions: extensionsOf(ledger),
    calendars: [...editions.values()].map(({ id, year, source, publishedOn }) => ({ id, year, source, publishedOn })),
    page: `/api/v1/cases/${ledger.acceptanceNo}/clock/page`,
  };
}

const disagreementOf = (ledger: CaseLedger, proved: ProvedLimit): Record<string, unknown> => ({
  acceptanceNo: ledger.acceptanceNo,
  limit: proved.limitId ?? proved.kind,
  stageSeq: proved.stageSeq,
  storedDueOn: proved.storedDueOn,
  dueOn: proved.dueOn,
  calendarEdition: proved.calendarEdition,
});

function storedDueDays(
  ledger: CaseLedger,
  events: readonly ClockEvent[],
  definition: ProcessDefinition,
): StoredDueDay[] {
  const stages = ledger.passes.flatMap((pass) =>
    pass.limitId ? [stageDueDay(ledger, pass, pass.limitId, events, definition)] : [],
  );
  const total = ledger.totalLimitId ? [totalDueDay(ledger, ledger.totalLimitId, events, definition)] : [];
  return [...stages, ...total, ...windows(ledger)];
}

function stageDueDay(
  ledger: CaseLedger,
  pass: LedgerPass,
  id: LimitId,
  events: readonly ClockEvent[],
  definition: ProcessDefinition,
): StoredDueDay {
  const limit = timeLimit(id);
  // The turn that closes a stage counts once more, with the calendar and the suspensions of that moment.
  const edition = pass.closedOn === null ? ledger.calendarEdition : editionAt(events, pass.closedTurn);
  return {
    kind: 'STAGE',
    title: definition.stages[pass.stage]?.title ?? { zh: pass.stage, en: pass.stage },
    stageSeq: pass.seq,
    office: pass,
    limit,
    extendedBy: extendedBy(ledger, 'STAGE', id, pass.seq),
    startOn: pass.startOn,
    ...(limit.unit === 'DATE' && pass.dueOn ? { setTo: pass.dueOn } : {}),
    endedOn: pass.closedOn,
    dueOn: pass.dueOn,
    provisional: pass.provisional,
    daysLate: pass.daysLate,
    calendarEdition: edition ?? pass.calendarEdition,
    suspensions: knownAt(ledger, pass.closedTurn, 'INCLUSIVE'),
    moves: movesOf(during(events, pass.openedTurn, pass.closedTurn), 'stageClock', definition),
  };
}

function totalDueDay(
  ledger: CaseLedger,
  id: LimitId,
  events: readonly ClockEvent[],
  definition: ProcessDefinition,
): StoredDueDay {
  const endedTurn = events.find((event) => event.totalEnded)?.turn ?? null;
  return {
    kind: 'TOTAL',
    title: { zh: '全程', en: 'the whole' },
    limit: timeLimit(id),
    extendedBy: extendedBy(ledger, 'TOTAL', id),
    startOn: ledger.receivedOn,
    endedOn: ledger.totalEndedOn,
    dueOn: ledger.totalDueOn,
    provisional: ledger.totalProvisional,
    daysLate: ledger.totalDaysLate,
    calendarEdition: totalEdition(ledger, events),
    // The turn that ends the total leaves its due day as it was.
    suspensions: knownAt(ledger, endedTurn, 'BEFORE'),
    moves: movesOf(events, 'totalClock', definition),
  };
}

/** Once the total has ended, later turns count with other calendars; its day is of the last turn it ran in. */
const totalEdition = (ledger: CaseLedger, events: readonly ClockEvent[]): string =>
  (ledger.totalEndedOn ? events.findLast((event) => event.totalClock)?.totalClock?.calendarEdition : undefined) ??
  ledger.calendarEdition;

/** Windows of the system itself. Of those that are over the store keeps no day. */
function windows(ledger: CaseLedger): StoredDueDay[] {
  const common = { extendedBy: 0, provisional: false, daysLate: null, suspensions: [], moves: [] };
  const corrections = ledger.suspensions
    .filter(({ kind }) => kind === 'CORRECTION')
    .map((each): StoredDueDay => ({
      ...common,
      kind: 'CORRECTION_WINDOW',
      title: { zh: '补正期限', en: 'correction window' },
      suspensionSeq: each.seq,
      limit: CORRECTION_WINDOW,
      startOn: each.suspendedOn,
      endedOn: each.resumedOn,
      dueOn: each.resumedOn === null ? ledger.correctionDueOn : undefined,
      calendarEdition: ledger.calendarEdition,
    }));
  if (ledger.repairFrom === null) return corrections;
  const repair: StoredDueDay = {
    ...common,
    kind: 'REPAIR_WINDOW',
    title: { zh: '支付失败处理期限', en: 'repair window of a failed payment' },
    limit: REPAIR_WINDOW,
    startOn: ledger.repairFrom,
    endedOn: null,
    dueOn: ledger.repairDueOn,
    calendarEdition: ledger.calendarEdition,
  };
  return [...corrections, repair];
}

/** The count, made again and held against what is stored. */
function prove(stored: StoredDueDay, calendar: Calendar, today: PlainDate): ProvedLimit {
  const { limit, startOn, endedOn, setTo } = stored;
  const inForce = { ...limit, limit: limit.limit + stored.extendedBy };
  const asked = { limit: inForce, startOn, asOf: endedOn ?? today, ...(setTo ? { setTo } : {}) };
  const proof = proveDueDay(asked, stored.suspensions, calendar);
  const dueOn = proof.dueOn ?? null;
  const agrees = stored.dueOn === undefined ? null : stored.dueOn === dueOn;
  const { daysLate, lateDays } = lateness(proof, stored.daysLate);
  return {
    kind: stored.kind,
    title: stored.title,
    stageSeq: stored.stageSeq ?? null,
    suspensionSeq: stored.suspensionSeq ?? null,
    officeId: stored.office?.officeId ?? null,
    officeName: stored.office?.officeName ?? null,
    limitId: limit.id.startsWith('DL-') ? limit.id : null,
    article: limit.article,
    startEvent: limit.startEvent,
    unit: limit.unit,
    direction: limit.direction,
    limit: limit.limit,
    extendedBy: stored.extendedBy,
    state: endedOn !== null ? 'ENDED' : dueOn === null ? 'STOPPED' : 'RUNNING',
    startOn,
    endedOn,
    storedDueOn: stored.dueOn ?? null,
    dueOn,
    agrees,
    disagreement: agrees === false ? differs(stored.dueOn ?? null, dueOn) : null,
    provisional: proof.provisional,
    provisionalBecause: proof.provisionalBecause ?? null,
    calendarEdition: stored.calendarEdition,
    daysUsed: proof.used,
    daysLeft: proof.left,
    daysLate,
    days: proof.days.map(proofDay),
    lateDays: lateDays.map(proofDay),
    moves: stored.moves,
  };
}

/** Work that was done earlier than it was entered is late by fewer days (C11): what the store says of it is shown. */
function lateness({ daysLate, lateDays }: DueProof, stored: number | null): Pick<DueProof, 'daysLate' | 'lateDays'> {
  if (stored === null || stored === daysLate) return { daysLate, lateDays };
  return { daysLate: stored, lateDays: lateDays.slice(0, lateDays.findIndex(({ n }) => n === stored) + 1) };
}

const differs = (stored: PlainDate | null, counted: PlainDate | null): Text => ({
  zh: `登记的到期日（${stored ?? '中止中'}）与复算结果（${counted ?? '中止中'}）不一致，请联系管理员`,
  en: `the stored due day (${stored ?? 'stopped'}) is not the one counted again (${counted ?? 'stopped'}); tell the administrator`,
});

const proofDay = (each: ProofDay): ProvedLimit['days'][number] => ({
  ...explainedDay(each),
  suspensions: each.suspensions,
});

export const suspensionsOf = (ledger: CaseLedger): SuspensionView[] =>
  ledger.suspensions.map(({ openedTurn: _opened, closedTurn: _closed, ...each }) => ({
    ...each,
    title: SUSPENSION_KINDS[each.kind],
  }));

export const extensionsOf = (ledger: CaseLedger): ExtensionView[] =>
  ledger.extensions.map(({ turn: _turn, ...each }) => each);
