/** The client every page and every curl of the embedded default logs in as. */
export const CLIENT_ID = 'jingban';

/** The secret of every program's client, as invented as the programs are. */
export const DEMO_SERVICE_SECRET = 'jingban-demo-service';

/** One password for every demo account, printed at start: the accounts are invented, and only 127.0.0.1 can reach the issuer. */
export const DEMO_PASSWORD = 'jingban-demo';
