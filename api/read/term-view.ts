import type { Calendar } from '../../domain/calendar.ts';
import type { PlainDate } from '../../domain/plain-date.ts';
import type { ProcessDefinition } from '../../domain/process.ts';
import { useOfTerm, type PassUse, type StagePass, type Term, type TermUse } from '../../domain/term-use.ts';
import { isCounted } from '../../domain/deadline.ts';
import { timeLimit } from '../../domain/time-limits.ts';
import { extendedBy, knownAt, type CaseLedger, type LedgerPass } from './case-ledger.ts';
import type { TermView } from './clock-schema.ts';

/** Whose days were used, from what the store keeps of a case; the splitting is `domain/term-use.ts`'s. */

/** Days of all offices together, for sums over passes. */
export interface UseSums {
  allotted: number | null;
  used: number;
  paused: number;
  passedOn: number | null;
  ofTerm: number;
  lateOfTerm: number;
}

export function useOf(
  ledger: CaseLedger,
  definition: ProcessDefinition,
  calendar: Calendar,
  today: PlainDate,
): TermUse {
  const order = Object.keys(definition.stages);
  const term = termOf(ledger, today);
  return useOfTerm({
    passes: ledger.passes.map((pass) => passOf(ledger, pass, order.indexOf(pass.stage))),
    ...(term ? { term } : {}),
    calendar,
    suspensions: knownAt(ledger, null, 'INCLUSIVE'),
    today,
  });
}

function termOf(ledger: CaseLedger, today: PlainDate): Term | undefined {
  if (ledger.totalLimitId === null) return undefined;
  const limit = timeLimit(ledger.totalLimitId);
  return {
    startOn: ledger.receivedOn,
    limit: limit.limit + extendedBy(ledger, 'TOTAL', limit.id),
    until: ledger.totalEndedOn ?? today,
  };
}

function passOf(ledger: CaseLedger, pass: LedgerPass, rank: number): StagePass {
  const allotted = allottedTo(ledger, pass);
  return {
    seq: pass.seq,
    stage: pass.stage,
    officeId: pass.officeId,
    rank,
    openedOn: pass.openedOn,
    startOn: pass.startOn,
    ...(pass.closedOn ? { closedOn: pass.closedOn } : {}),
    ...(allotted === undefined ? {} : { allotted }),
  };
}

/** Only working days can be passed on; a stage that ends on a day of the month has none of its own. */
function allottedTo(ledger: CaseLedger, pass: LedgerPass): number | undefined {
  if (pass.limitId === null) return undefined;
  const limit = timeLimit(pass.limitId);
  if (!isCounted(limit)) return undefined;
  return limit.limit + extendedBy(ledger, 'STAGE', pass.limitId, pass.seq);
}

export function termView(
  ledger: CaseLedger,
  definition: ProcessDefinition,
  calendar: Calendar,
  today: PlainDate,
): TermView {
  const use = useOf(ledger, definition, calendar, today);
  const term = termOf(ledger, today);
  const officeOf = new Map(ledger.passes.map((pass) => [pass.seq, pass.officeId]));
  const late = use.termDays.filter((each) => each.late).length;
  return {
    total:
      term && ledger.totalLimitId
        ? {
            limitId: ledger.totalLimitId,
            article: timeLimit(ledger.totalLimitId).article,
            limit: term.limit,
            startOn: term.startOn,
            until: term.until,
            ended: ledger.totalEndedOn !== null,
            days: use.termDays.length,
            daysLate: late,
          }
        : null,
    passes: ledger.passes.map((pass, i) => {
      const own = use.passes[i] as PassUse;
      return {
        seq: pass.seq,
        stage: pass.stage,
        title: definition.stages[pass.stage]?.title ?? { zh: pass.stage, en: pass.stage },
        officeId: pass.officeId,
        officeName: pass.officeName,
        openedOn: pass.openedOn,
        closedOn: pass.closedOn,
        limitId: pass.limitId,
        handedOver: own.left,
        daysLate: pass.daysLate,
        ...sumsOf([own]),
      };
    }),
    offices: byOffice(ledger, use),
    days: use.termDays.map((each) => ({ ...each, officeId: officeOf.get(each.seq) ?? null })),
  };
}

/** Sums of working days; null where no pass has a limit in working days, or none handed up. */
export function sumsOf(uses: readonly PassUse[]): UseSums {
  const sum = (key: 'used' | 'paused' | 'ofTerm' | 'lateOfTerm'): number =>
    uses.reduce((total, use) => total + (use[key] ?? 0), 0);
  const sumKnown = (key: 'allotted' | 'passedOn'): number | null => {
    const known = uses.flatMap((use) => use[key] ?? []);
    return known.length === 0 ? null : known.reduce((total, n) => total + n, 0);
  };
  return {
    allotted: sumKnown('allotted'),
    used: sum('used'),
    paused: sum('paused'),
    passedOn: sumKnown('passedOn'),
    ofTerm: sum('ofTerm'),
    lateOfTerm: sum('lateOfTerm'),
  };
}

/** Passes that have nothing to do with any working day – a bank's, a month's end – are left out. */
function byOffice(ledger: CaseLedger, use: TermUse): TermView['offices'] {
  const offices = new Map<string | null, { name: string | null; uses: PassUse[] }>();
  ledger.passes.forEach((pass, i) => {
    const own = use.passes[i] as PassUse;
    if (own.allotted === undefined && (own.ofTerm ?? 0) === 0) return;
    const office = offices.get(pass.officeId) ?? { name: pass.officeName, uses: [] };
    office.uses.push(own);
    offices.set(pass.officeId, office);
  });
  return [...offices.entries()]
    .map(([officeId, { name, uses }]) => ({ officeId, officeName: name, passes: uses.length, ...sumsOf(uses) }))
    .sort((a, b) => b.ofTerm - a.ofTerm || b.used - a.used);
}
