import { replay } from '../histories.ts';
import { keptHistories } from '../kept.ts';

/** Replays every kept history in a process of its own, on a machine in another zone; prints how many. */
console.log(await replay(keptHistories()));
