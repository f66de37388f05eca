import type { Client, WorkflowHandle } from '@temporalio/client';

/** The engine's client, but for what `change` makes of the handle of one case: for moments that cannot be hit at will. */
export function withHandle(
  temporal: Client,
  acceptanceNo: string,
  change: (real: WorkflowHandle) => Partial<WorkflowHandle>,
): Client {
  const real = (no: string): WorkflowHandle => temporal.workflow.getHandle(no);
  const getHandle = (no: string): WorkflowHandle =>
    no === acceptanceNo ? Object.assign(real(no), change(real(no))) : real(no);
  const workflow = Object.assign(Object.create(temporal.workflow) as Client['workflow'], { getHandle });
  return Object.assign(Object.create(temporal) as Client, { workflow });
}
