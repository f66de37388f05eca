/**
 * Named places where a fault run kills the process, so that every moment of a decision can be tried. Without
 * FAULTS in the settings (never in production) a point costs one comparison.
 */
export const FAULT_POINTS = ['turn.begin', 'turn.written', 'turn.committed', 'update.sent', 'update.answered', 'case.written', 'case.started'] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

let armed: FaultPoint | undefined;

/** Arms one point: the process kills itself with SIGKILL when it is reached. */
export function armFault(point: FaultPoint | undefined): void {
  armed = point;
}

export function fault(point: FaultPoint): void {
  if (armed === point) process.kill(process.pid, 'SIGKILL');
}
