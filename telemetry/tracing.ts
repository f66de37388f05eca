import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import type { TelemetrySettings } from '../config/telemetry.ts';
import type { RequestMark } from './request.ts';

/**
 * Traces of decisions: API → update → activity → SQL. Spans are made by hand where something happens: what hooks into `require`
 * sees nothing of ES modules. They hold names, codes and acceptance numbers; no address as typed, no parameter, no message of an
 * error, since those may quote somebody's data.
 */
export interface Tracing {
  /** sends what is waiting, for at most five seconds; a collector that is away keeps nobody up */
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 5_000;

/** Without an address nothing is made, and every function below costs one comparison. */
export function startTracing({ otlpEndpoint, traceRatio }: TelemetrySettings, service: string): Tracing {
  if (otlpEndpoint === undefined) return { stop: async () => undefined };
  const url = `${otlpEndpoint.replace(/\/+$/, '')}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: STOP_WITHIN_MS });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.instance.id': String(process.pid) }),
    // The API decides which requests are traced; whoever comes after keeps to it.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(traceRatio) }),
    spanProcessors: [new BatchSpanProcessor(exporter, { exportTimeoutMillis: STOP_WITHIN_MS })],
  });
  provider.register();
  return { stop: () => provider.shutdown().catch(() => undefined) };
}

const tracer = () => trace.getTracer('jingban');

/** Begins the trace of a request and runs what follows in it; whoever began it ends the span. */
export function inServerSpan(name: string, work: (span: Span) => void): void {
  // A trace begins here: a caller who could send its own would decide how much we record.
  const span = tracer().startSpan(name, { kind: SpanKind.SERVER }, ROOT_CONTEXT);
  context.with(trace.setSpan(ROOT_CONTEXT, span), () => work(span));
}

interface SpanOptions {
  kind?: SpanKind;
  attributes?: Attributes;
  /** where the span belongs when not to what is running here */
  parent?: Context;
}

/** The span ends with the promise; a failure is told by its kind, never by its message. */
export async function inSpan<T>(
  name: string,
  { kind = SpanKind.INTERNAL, attributes = {}, parent = context.active() }: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer().startSpan(name, { kind, attributes }, parent);
  try {
    return await context.with(trace.setSpan(parent, span), () => work(span));
  } catch (problem) {
    span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', kindOf(problem));
    throw problem;
  } finally {
    span.end();
  }
}

/** Spans of what a request asks of the store are made only inside one that is recorded. */
export const isTraced = (): boolean => trace.getActiveSpan()?.isRecording() === true;

/** The trace a request began in another process. */
export const contextOf = (mark: RequestMark | undefined): Context =>
  mark?.traceparent === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, mark);

function kindOf(problem: unknown): string {
  if (!(problem instanceof Error)) return 'unknown';
  const { code } = problem as { code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? `${problem.name} ${code}` : problem.name;
}
