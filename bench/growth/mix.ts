import { PROCESSES } from '../../domain/processes/index.ts';
import type { OfficeRelation, ProcessDefinition } from '../../domain/process.ts';
import type { CaseStatus } from '../../domain/case.ts';

/** How many of a thousand cases are of which process: `[not in the sources]`, what an agency of residents' insurance may see. */
const SHARES: Readonly<Record<string, number>> = {
  REIMBURSEMENT_REVIEW: 550,
  CHRONIC_DISEASE_APPROVAL: 220,
  OUT_OF_AREA_REFERRAL: 150,
  TRAUMA_VERIFICATION: 40,
  LOST_RECEIPT_VERIFICATION: 20,
  AUDIT: 20,
};
const STATUSES: Readonly<Record<'open' | 'ended', readonly (readonly [CaseStatus, number])[]>> = {
  open: [
    ['IN_PROGRESS', 90],
    ['AWAITING_CORRECTION', 10],
  ],
  ended: [
    ['CLOSED', 93],
    ['REJECTED', 4],
    ['WITHDRAWN', 3],
  ],
};

/** One kind of case as the store holds it: where it is, on whose desk, by which limit. */
export interface Kind {
  n: number;
  open: boolean;
  process: string;
  status: CaseStatus;
  stage: string;
  step: string;
  at: string;
  roles: readonly string[];
  limit: string | null;
  total: string | null;
  /** the limit has no length in the sources: silence of so many days is stuck */
  silence: number | null;
  form: string;
  /** how often, beside the others that are open or have ended */
  share: number;
}

/** A form takes the room it takes when it lies sealed. */
const FORM_BYTES = 420;

/** Every step of every process, open and ended, in the stated mix. */
export function kinds(): Kind[] {
  const found: Omit<Kind, 'n'>[] = Object.values(PROCESSES).flatMap((process) => [
    ...openKinds(process),
    ...endedKinds(process),
  ]);
  return found.map((kind, n) => ({ n, ...kind }));
}

/** How much more waits below than above: the city sees what the counties have passed. */
const WEIGHTS: Readonly<Record<OfficeRelation, number>> = { RECEIVING: 4, COUNTY: 4, CITY: 1, HOSPITAL: 2, PERSON: 2 };

function openKinds(process: ProcessDefinition): Omit<Kind, 'n'>[] {
  const steps = Object.entries(process.steps);
  const whole = steps.reduce((sum, [, { at }]) => sum + WEIGHTS[at], 0);
  return steps.flatMap(([step, { stage, at, by }]) =>
    STATUSES.open.map(([status, percent]) => {
      const waits = status === 'AWAITING_CORRECTION';
      const limit = process.stages[stage]?.limits?.[0] ?? null;
      return {
        ...common(process, ((SHARES[process.code] ?? 0) * WEIGHTS[at] * percent) / whole),
        ...{ open: true, status, stage, step, limit },
        at: waits ? 'RECEIVING' : at,
        roles: waits ? process.filing.by : by,
        silence: limit === null ? (process.stages[stage]?.stuckAfterWorkingDays ?? null) : null,
      };
    }),
  );
}

function endedKinds(process: ProcessDefinition): Omit<Kind, 'n'>[] {
  const [step, { stage }] = Object.entries(process.steps).at(-1) as [string, { stage: string }];
  return STATUSES.ended.map(([status, percent]) => ({
    ...common(process, (SHARES[process.code] ?? 0) * percent),
    ...{ open: false, status, stage, step, at: 'NONE', roles: [], limit: null, silence: null },
  }));
}

const common = (process: ProcessDefinition, share: number) => ({
  process: process.code,
  total: process.totalLimit?.limit ?? null,
  form: JSON.stringify({ remark: '示例 '.repeat(FORM_BYTES / 7) }),
  share,
});
