import type { Text } from '../../domain/case.ts';
import { UnreadablePayload } from '../../engine/payload-codec.ts';
import type { Procedure } from './procedure.ts';
import type { StoredCase } from './store.ts';

/** How store and engine can disagree about a case, and what is to be done. `mends`: `--mend` puts it right. */
export const DIFFERENCES = {
  NOT_STARTED: {
    mends: true,
    zh: '案件已受理,流程未启动:--mend 启动',
    en: 'filed, its procedure was never started: --mend starts it',
  },
  NO_PROCEDURE: {
    mends: true,
    zh: '引擎没有该案件的流程(引擎比数据库旧):--mend 从受理起重新走到数据库所记之处',
    en: 'the engine has no procedure of it (engine older than store): --mend starts it at its filing and leads it to where the store is',
  },
  ENGINE_BEHIND: {
    mends: true,
    zh: '引擎少于数据库所记的办理(引擎比数据库旧):--mend 让流程补上',
    en: 'the engine has heard of fewer turns than the store has (engine older than store): --mend makes it catch up',
  },
  PROCEDURE_ENDED: {
    mends: false,
    zh: '案件未办结而流程已结束:请查明是谁终止的,见 docs/operations/disaster.md',
    en: 'the case is open and its procedure has ended: find out who ended it, see docs/operations/disaster.md',
  },
  STORE_BEHIND: {
    mends: false,
    zh: '引擎知道数据库没有的办理(数据库比引擎旧):请把数据库恢复到更晚的时点,见 docs/operations/disaster.md',
    en: 'the engine knows turns that the store lacks (store older than engine): restore the store to a later point, see docs/operations/disaster.md',
  },
  NO_CASE: {
    mends: false,
    zh: '引擎有流程而数据库没有案件(数据库比引擎旧):请把数据库恢复到更晚的时点,见 docs/operations/disaster.md',
    en: 'the engine has a procedure and the store no case (store older than engine): restore the store to a later point, see docs/operations/disaster.md',
  },
  OTHER_CASE: {
    mends: false,
    zh: '引擎中同一受理号是另一个案件:数据库与引擎不是一套,请停止办理',
    en: 'the engine holds another case under this number: store and engine do not belong together, stop working with them',
  },
  UNREADABLE: {
    mends: false,
    zh: '流程所存内容无法解密(密钥缺失或内容损坏):请恢复数据密钥,见 docs/operations/disaster.md',
    en: 'what its procedure holds cannot be opened (a key is missing, or the bytes are damaged): bring back the data key, see docs/operations/disaster.md',
  },
  STATE_DIFFERS: {
    mends: false,
    zh: '同一次办理后两边所记不同:请运行 npm run verify -- --case 受理号',
    en: 'after the same turn the two say different things: run npm run verify -- --case NUMBER',
  },
  TIMER_DIFFERS: {
    mends: false,
    zh: '流程的定时器与下一时限事项不符:请查看 worker 日志',
    en: 'the timer of the procedure is not that of what the clock does next: see the log of the workers',
  },
} as const satisfies Record<string, Text & { mends: boolean }>;
export type DifferenceKind = keyof typeof DIFFERENCES;

export interface Difference {
  /** of a duty: the name of its procedure */
  acceptanceNo: string;
  dutyId?: string;
  kind: DifferenceKind;
  /** what the store says and what the engine says, in code words and days; holds no personal data */
  store: string;
  engine: string;
}

/** The engine starts a timer when it has heard of the turn, some moments after the turn was dated. */
const TIMER_TOLERANCE_MS = 60_000;

/** What a row and a procedure disagree about; several things may differ at one version. `now`: epoch ms. */
export function compareCase(row: StoredCase, procedure: Procedure | UnreadablePayload | undefined): Difference[] {
  const about = (kind: DifferenceKind, store: string, engine: string): Difference => ({
    ...{ acceptanceNo: row.acceptanceNo, kind },
    ...{ store, engine },
  });
  const stored = `${row.status} ${row.version}`;
  if (!procedure) return [about(row.started ? 'NO_PROCEDURE' : 'NOT_STARTED', stored, '–')];
  if (procedure instanceof UnreadablePayload) return [about('UNREADABLE', stored, '–')];
  const { state } = procedure;
  if (procedure.caseId !== row.caseId) return [about('OTHER_CASE', `case ${row.caseId}`, `case ${procedure.caseId}`)];
  if (state.version !== row.version)
    return [
      about(state.version < row.version ? 'ENGINE_BEHIND' : 'STORE_BEHIND', stored, `${state.status} ${state.version}`),
    ];
  if (!procedure.running && !row.ended) return [about('PROCEDURE_ENDED', stored, 'ended')];
  const differs = pairsOf(row, procedure).filter(([, store, engine]) => store !== engine);
  if (differs.length > 0) {
    const said = (side: 1 | 2): string => differs.map((pair) => `${pair[0]} ${pair[side]}`).join(', ');
    return [about('STATE_DIFFERS', said(1), said(2))];
  }
  return timerDiffers(row, procedure) ? [about('TIMER_DIFFERS', dayAndTime(row.nextEffectAt), ringing(procedure))] : [];
}

function pairsOf(row: StoredCase, { state }: Procedure): Array<readonly [string, string, string]> {
  const always = [
    ['status', row.status, state.status],
    ['stage', row.stage, state.stage],
    ['step', row.step, state.step],
  ] as const;
  // What has ended has no days any more; the engine keeps the last ones.
  if (row.ended) return [...always];
  return [
    ...always,
    ['stage due', row.stageDueOn ?? '–', state.stageClock?.dueOn ?? '–'],
    ['total due', row.totalDueOn ?? '–', state.totalClock?.dueOn ?? '–'],
    ['next effect', dayAndTime(row.nextEffectAt), dayAndTime(state.agenda[0] ? new Date(state.agenda[0].at) : null)],
  ];
}

const dayAndTime = (at: Date | null): string => at?.toISOString() ?? '–';
const ringing = ({ ringsAt }: Procedure): string => dayAndTime(ringsAt === undefined ? null : new Date(ringsAt));

/** Without anything to come there is no timer; one that waits for something else besides rings earlier, never later. */
function timerDiffers(row: StoredCase, { ringsAt }: Procedure): boolean {
  if (row.ended || row.nextEffectAt === null) return false;
  return ringsAt === undefined || Math.abs(ringsAt - row.nextEffectAt.getTime()) > TIMER_TOLERANCE_MS;
}
