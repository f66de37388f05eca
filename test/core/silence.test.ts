import { EFFECT_KINDS, type CaseStatus } from '../../domain/case.ts';
import { PROCESSES } from '../../domain/processes/index.ts';
import type { LimitId } from '../../domain/time-limits.ts';
import { nextCase } from '../../activities/store/next-case.ts';
import type { CaseRow } from '../../activities/store/case-row.ts';
import { plainDate, startOfDay } from '../../domain/plain-date.ts';
import { calendar } from '../support/days.ts';

/** Silence is not consent (I6, processes.md 0.2-2): whatever the clock does, the case stays where people left it. */

const DAY = plainDate('2025-09-22');
const AT = startOfDay(plainDate('2026-03-02'));

const rowAt = (process: string, step: string, stage: string, status: CaseStatus, limitId: LimitId | null): CaseRow => ({
  case_id: '1',
  acceptance_no: 'T-1',
  process_type: process,
  status,
  current_stage: stage,
  current_step: step,
  version: 3,
  person_id: 'p',
  provider_id: null,
  agency_id: 'T',
  township_id: 'T',
  county_id: 'C',
  filed_by: 's-clerk',
  city_id: 'X',
  received_on: DAY,
  stage_seq: 2,
  stage_due_on: null,
  stage_provisional: false,
  total_limit_id: PROCESSES[process]?.totalLimit?.limit ?? null,
  total_due_on: null,
  total_provisional: false,
  total_ended_on: null,
  correction_due_on: status === 'AWAITING_CORRECTION' ? plainDate('2025-10-22') : null,
  repair_due_on: null,
  stuck_on: null,
  last_activity_on: DAY,
  clock_ahead_ms: '0',
  form: {},
  facts: {},
  started: true,
  stage_limit_id: limitId,
  stage_start_on: DAY,
  stage_set_to: limitId === 'DL-33' ? DAY : null,
  stage_opened_at: new Date(startOfDay(DAY)),
  suspensions:
    status === 'IN_PROGRESS'
      ? []
      : [
          {
            seq: 1,
            kind: status === 'AWAITING_CORRECTION' ? 'CORRECTION' : 'VERIFICATION',
            suspendedOn: DAY,
            resumedOn: null,
          },
        ],
  extensions: [],
  repair_from: null,
  fired: [],
  last_seq: 4,
  last_hash: '',
  last_activity_version: 3,
  documents: [],
  actors: [],
});

const everyStep = Object.entries(PROCESSES).flatMap(([process, definition]) =>
  Object.entries(definition.steps).flatMap(([step, { stage }]) => {
    const limits: (LimitId | null)[] = [...(definition.stages[stage]?.limits ?? []), null];
    return limits.map((limit) => [process, step, stage, limit] as const);
  }),
);

describe('no timer decides', () => {
  it.each(everyStep)(
    '%s at %s: nothing the clock does moves the case (stage %s, limit %s)',
    (process, step, stage, limit) => {
      const definition = PROCESSES[process];
      if (!definition) throw new Error(process);
      for (const status of ['IN_PROGRESS', 'AWAITING_CORRECTION', 'AWAITING_VERIFICATION'] as const) {
        for (const kind of EFFECT_KINDS) {
          for (const clock of ['STAGE', 'TOTAL', 'NONE'] as const) {
            const effect = { kind, clock, key: 'K', at: AT };
            const turn = { caseId: '1', acceptanceNo: 'T-1', process, turn: 4, at: AT, kind, effect, consequence: {} };
            const next = nextCase(definition, rowAt(process, step, stage, status, limit), turn, calendar, 0);
            expect(next).toMatchObject({ status, stage, step });
            expect([next.opensStage, next.closesStage, next.totalEnds, next.begins, next.ends[0]]).toEqual([
              undefined,
              undefined,
              undefined,
              undefined,
              undefined,
            ]);
          }
        }
      }
    },
  );
});
