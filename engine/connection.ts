import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/**
 * The engine at `host:port`, reached for when the first question is asked, so that the API answers (503, and why) before the
 * engine is there. Calls are repeated for about a second, not for the client's half minute: the caller repeats with the same key.
 */
export const engineConnection = (address: string): Connection =>
  Connection.lazy({
    address,
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: 4 }))],
  });
