import type { Context } from '@temporalio/activity';
import type { ActivityInterceptors, ActivityInterceptorsFactory } from '@temporalio/worker';
import type pg from 'pg';
import { classify, type Classified } from './classify.ts';
import { report, resolve } from './record.ts';

/** One failure is a hiccup that a retry is there for, two may be; `[not in the sources]`. */
export const REPORTED_FROM = 3;

/**
 * Tells of every step that fails for the third time in a row or more, at the moment it does: the work is as many rows as there are
 * failures, however many cases are open. Telling is never waited for and never fails the step; where the store is away nothing can
 * be told, and everybody sees that.
 */
export const tellsOfFailures =
  (db: pg.Pool): ActivityInterceptorsFactory =>
  ({ info }: Context): ActivityInterceptors => {
    const subject = info.workflowExecution?.workflowId;
    const tell = (what: Classified, attempts: number): void => {
      if (subject === undefined) return;
      const finding = { kind: 'STEP_FAILING' as const, subject, activity: info.activityType, attempts, ...what };
      void report(db, [finding]).catch(() => undefined);
    };
    return {
      inbound: {
        async execute(input, next) {
          const { attempt } = info;
          // One that hangs until its time is over never comes to say so: the attempt after it does.
          if (attempt > REPORTED_FROM) tell({ error: 'TIMED_OUT' }, attempt - 1);
          try {
            const answer = await next(input);
            if (attempt >= REPORTED_FROM && subject !== undefined)
              void resolve(db, 'STEP_FAILING', subject).catch(() => undefined);
            return answer;
          } catch (problem) {
            if (attempt >= REPORTED_FROM) tell(classify(problem), attempt);
            throw problem;
          }
        },
      },
    };
  };
