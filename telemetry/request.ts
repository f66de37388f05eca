import { AsyncLocalStorage } from 'node:async_hooks';
import { context, propagation } from '@opentelemetry/api';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';

/**
 * Which request of the API something belongs to, on its way through both processes: as what is running here, and as one header of
 * the update that carries a decision to the worker. Holds ids only, so it may lie unsealed in the engine's histories.
 */
export interface RequestMark {
  requestId: string;
  /** W3C trace context; there while traces are made */
  traceparent?: string;
}

/** Name of the header; `workflows/headers.ts` hands it on under the same one. */
export const REQUEST_HEADER = 'jingban-request';

const running = new AsyncLocalStorage<string>();

/** Whatever `work` sets going, later too, belongs to this request. */
export const inRequest = <T>(requestId: string, work: () => T): T => running.run(requestId, work);

/** The headers with the mark of the running request added; unchanged outside of one. */
export function markHeaders(headers: Headers): Headers {
  const requestId = running.getStore();
  if (requestId === undefined) return headers;
  const mark: RequestMark = { requestId };
  propagation.inject(context.active(), mark);
  return { ...headers, [REQUEST_HEADER]: defaultPayloadConverter.toPayload(mark) };
}

export function readMark(headers: Headers): RequestMark | undefined {
  const payload = headers[REQUEST_HEADER];
  return payload && defaultPayloadConverter.fromPayload<RequestMark>(payload);
}
