import type pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { AccessLog } from './access-log.ts';
import type { Authenticate } from './identity/authenticate.ts';
import type { CountAct } from './identity/rate-limits.ts';
import type { Sessions } from './identity/sessions.ts';
import type { CaseDeps } from './cases/deps.ts';
import type { Cursors } from './cursor.ts';
import type { Scan } from './documents/malware.ts';
import type { Meters } from '../telemetry/meters.ts';
import type { DocumentStore } from './documents/store.ts';

/** What the API is given from outside; nothing opens a connection while being imported. */
export interface AppDeps extends CaseDeps {
  config: Config;
  log: Logger;
  /** for lists, searches and reports, which may be some seconds old; default: the store itself. Nothing is decided by what it says. */
  readDb?: pg.Pool;
  /** what the process counts; of its own when none is given */
  meters?: Meters;
  /** tests: hold every answer against the schema it is documented with */
  checkAnswers?: boolean;
}

/** What routes are given: the outside and what the app made of it. */
export interface ApiDeps extends AppDeps {
  readDb: pg.Pool;
  authenticate: Authenticate;
  sessions: Sessions;
  countAct: CountAct;
  documents: DocumentStore;
  /** looks for malware in what is uploaded; absent where no scanner is set up */
  scan?: Scan;
  cursors: Cursors;
  accessLog: AccessLog;
}
