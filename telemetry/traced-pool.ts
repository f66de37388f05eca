import { SpanKind } from '@opentelemetry/api';
import pg from 'pg';
import { inSpan, isTraced } from './tracing.ts';

/**
 * A pool that makes a span of every statement inside a traced request. Statements are called by their name or first word: their
 * text may be long, and their parameters are people's data.
 */
type Query = (...args: unknown[]) => Promise<unknown>;

class TracedClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    const ask = this.query.bind(this) as Query;
    // With a callback it is the pool that asks, and the pool has made a span.
    const traced: Query = (...args) =>
      isTraced() && typeof args.at(-1) !== 'function' ? spanned(args, ask) : ask(...args);
    this.query = traced as typeof this.query;
  }
}

export class TracedPool extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super({ ...config, Client: TracedClient });
    const ask = this.query.bind(this) as Query;
    // A statement's span begins with the wait for a connection, which a busy pool makes the longest part of it.
    const traced: Query = (...args) => (isTraced() ? spanned(args, ask) : ask(...args));
    this.query = traced as typeof this.query;
  }
}

const spanned = (args: readonly unknown[], ask: Query): Promise<unknown> => {
  const name = nameOf(args[0]);
  const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': name };
  return inSpan(`SQL ${name}`, { kind: SpanKind.CLIENT, attributes }, () => ask(...args));
};

function nameOf(query: unknown): string {
  const { name, text } = typeof query === 'string' ? { text: query } : (query as { name?: string; text?: string });
  return name ?? /\w+/.exec(text ?? '')?.[0]?.toUpperCase() ?? 'query';
}
