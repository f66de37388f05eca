import { Context } from '@temporalio/activity';
import type { DigestActivities } from '../../domain/digest.ts';
import { sendPending } from '../notify/outbox.ts';
import { writeDigests, type DigestDeps } from './write.ts';

export const createDigestActivities = (deps: DigestDeps): DigestActivities => ({
  writeDigests: (batch) => writeDigests(deps, batch),
  sendOutbox: () => {
    const { cancellationSignal } = Context.current();
    return sendPending(deps, () => cancellationSignal.aborted);
  },
});
