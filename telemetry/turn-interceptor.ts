import type { Context } from '@temporalio/activity';
import type { ActivityExecuteInput, ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Turn, TurnResult } from '../domain/turn.ts';
import { errorForLog } from '../engine/error-for-log.ts';
import type { Meters } from './meters.ts';
import { readMark } from './request.ts';
import { contextOf, inSpan } from './tracing.ts';

/**
 * What is seen of everything the worker does for procedures: a span in the trace of the request it came from, and for a turn its
 * figures and one line in the log with the same request id as the API's.
 */
export const watchActivities =
  (log: Logger, meters: Meters): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      execute(input, next) {
        const mark = readMark(input.headers);
        const attributes = { 'temporal.workflow_id': workflowOf(info), 'temporal.attempt': info.attempt };
        return inSpan(`activity ${info.activityType}`, { attributes, parent: contextOf(mark) }, async (span) => {
          if (info.activityType !== 'turn') return next(input);
          const turn = turnOf(input);
          span.setAttributes({ 'jingban.turn': turn.turn, 'jingban.kind': turn.kind, 'jingban.process': turn.process });
          if (turn.decision) span.setAttribute('jingban.decision', turn.decision);
          if (mark) span.setAttribute('jingban.request_id', mark.requestId);
          const line = lineOf(turn, mark?.requestId);
          const from = performance.now();
          const passed = (): number => (performance.now() - from) / 1000;
          try {
            const result = (await next(input)) as TurnResult;
            const outcome = outcomeOf(result);
            span.setAttribute('jingban.outcome', outcome);
            meters.observe('jingban_turn_duration_seconds', { outcome }, passed());
            if (outcome === 'written' && turn.effect)
              meters.observe(
                'jingban_effect_lateness_seconds',
                { kind: turn.effect.kind },
                (turn.at - turn.effect.at) / 1000,
              );
            log.info({ ...line, outcome, refused: result.refused?.code, seconds: passed() }, 'a turn');
            return result;
          } catch (problem) {
            meters.observe('jingban_turn_duration_seconds', { outcome: 'failed' }, passed());
            log.warn({ ...line, attempt: info.attempt, problem: errorForLog(problem) }, 'a turn was not written');
            throw problem;
          }
        });
      },
    },
  });

const workflowOf = (info: Context['info']): string => info.workflowExecution?.workflowId ?? '';
const turnOf = ({ args }: ActivityExecuteInput): Turn => args[0] as Turn;

const lineOf = ({ acceptanceNo, turn, kind, decision, user }: Turn, requestId: string | undefined) => ({
  requestId,
  acceptanceNo,
  user: user?.id,
  turn,
  kind,
  decision,
});

const outcomeOf = (result: TurnResult): 'written' | 'refused' | 'superseded' =>
  result.refused ? 'refused' : result.superseded ? 'superseded' : 'written';
