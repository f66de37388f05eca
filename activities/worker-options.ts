import type { WorkerOptions } from '@temporalio/worker';

/** How a worker takes tasks, wherever it differs from the SDK's defaults; the benchmark's plain worker has the same. */
export const WORKER_OPTIONS = {
  // A case whose worker died is offered to another one after this, not after the default of ten seconds.
  stickyQueueScheduleToStartTimeout: '1 second',
  // Procedures run on one thread, so more than a few at once only wait for each other. With the default of forty a busy machine
  // takes longer than a task may (two seconds, engine/start-case.ts), and the engine has the same work done again.
  maxConcurrentWorkflowTaskExecutions: 8,
  // A question for tasks takes one of these places while it waits. By default that is all eight, seven for cases in memory and one for the
  // others: a worker that takes over the cases of one that stopped, or new ones, did them one by one.
  maxConcurrentWorkflowTaskPolls: 4,
  nonStickyToStickyPollRatio: 0.5,
  shutdownGraceTime: '10 seconds',
} as const satisfies Partial<WorkerOptions>;
