import pg from 'pg';
import { armFault, type FaultPoint } from '../../../activities/fault-points.ts';
import { createChannel } from '../../../activities/notify/index.ts';
import { sendPending } from '../../../activities/notify/outbox.ts';
import type { NotifySettings } from '../../../config/notify.ts';

/** Sends what is pending, in a process of its own that dies at a named point of it. */
export interface SendOutbox {
  databaseUrl: string;
  point: FaultPoint;
  notify: Partial<NotifySettings>;
}

const { databaseUrl, point, notify } = JSON.parse(process.argv[2] ?? '') as SendOutbox;
process.on('disconnect', () => process.exit());
armFault(point);
await sendPending({ db: new pg.Pool({ connectionString: databaseUrl }), channel: createChannel(notify) });
process.exit();
