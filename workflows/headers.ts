import type { Headers, WorkflowInterceptorsFactory } from '@temporalio/workflow';
import type { DecisionRequest } from '../domain/case.ts';
import type { Turn } from '../domain/turn.ts';

/**
 * Hands the header of an update on to the turn that writes its decision, so that one request can be followed into the store. The
 * procedure itself makes the turn, not the handler, so the two are matched by the decision's key. A library of spans would make
 * promises of its own for every call of every case, and would not see this connection.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let last: { key: string; headers: Headers } | undefined;
  return {
    inbound: [
      {
        handleUpdate(input, next) {
          const request = input.args[0] as Partial<DecisionRequest> | undefined;
          last = request?.key === undefined ? undefined : { key: request.key, headers: input.headers };
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleLocalActivity(input, next) {
          const turn = input.args[0] as Partial<Turn> | undefined;
          const mine = last !== undefined && turn?.request?.key === last.key;
          return next(mine ? { ...input, headers: { ...input.headers, ...last?.headers } } : input);
        },
      },
    ],
  };
};
