import { SpanKind } from '@opentelemetry/api';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { markHeaders } from './request.ts';
import { inSpan } from './tracing.ts';

/** What the API asks of the engine carries the request it belongs to, and is a span of its trace. */
export const requestInterceptor: WorkflowClientInterceptor = {
  startUpdate: (input, next) =>
    inSpan(`update ${input.updateName}`, about(input.workflowExecution.workflowId ?? ''), () =>
      next({ ...input, headers: markHeaders(input.headers) }),
    ),
  startWithDetails: (input, next) =>
    inSpan(`start ${input.workflowType}`, about(input.options.workflowId), () =>
      next({ ...input, headers: markHeaders(input.headers) }),
    ),
};

const about = (workflowId: string) => ({
  kind: SpanKind.CLIENT,
  attributes: { 'temporal.workflow_id': workflowId },
});
