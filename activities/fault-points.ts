/**
 * Named places where a fault test kills the process, so that every moment of a decision can be tried. No setting arms
 * them, only a test's own process does; unarmed, a point costs one comparison.
 */
export const FAULT_POINTS = [
  'turn.begin',
  'turn.written',
  'turn.committed',
  'clock.begin',
  'clock.committed',
  'update.sent',
  'update.answered',
  'case.written',
  'case.started',
  'outbox.claimed',
  'outbox.sent',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

let armed: FaultPoint | undefined;
let passesLeft = 0;

/** Arms one point: the process kills itself with SIGKILL when it is reached, after `passes` times that it is let by. */
export function armFault(point: FaultPoint | undefined, passes = 0): void {
  armed = point;
  passesLeft = passes;
}

export function fault(point: FaultPoint): void {
  if (armed !== point) return;
  if (passesLeft-- <= 0) process.kill(process.pid, 'SIGKILL');
}
