import { readFileSync } from 'node:fs';
import { armFault, type FaultPoint } from '../../activities/fault-points.ts';

/**
 * Loaded before a program of ours (see `worker.ts`, `api.ts` beside): reads orders from the file named last on the command line,
 * ten times a second. The program itself is the product's, unchanged.
 */
export interface Orders {
  /** a higher number than before: arms the point */
  number: number;
  point?: FaultPoint;
  passes?: number;
  /** how much the clock of this machine is ahead, in ms */
  clockAheadMs?: number;
}

const LOOK_EVERY_MS = 100;
const file = process.argv.at(-1) ?? '';

function read(): Orders {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Orders;
  } catch {
    return { number: 0 }; // nobody has ordered anything yet
  }
}

let { number: done, clockAheadMs = 0 } = read();
// The clock of a machine stays as wrong as it was when a program on it is started again.
const rightNow = Date.now.bind(Date);
Date.now = () => rightNow() + clockAheadMs;
globalThis.Date = new Proxy(Date, {
  construct: (real, given, target) =>
    Reflect.construct(real, given.length > 0 ? given : [real.now()], target) as object,
});

setInterval(() => {
  const orders = read();
  clockAheadMs = orders.clockAheadMs ?? 0;
  if (orders.number <= done) return;
  done = orders.number;
  armFault(orders.point, orders.passes);
}, LOOK_EVERY_MS).unref();
