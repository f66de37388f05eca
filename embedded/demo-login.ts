/** The client every page and every curl of the embedded default logs in as. */
export const CLIENT_ID = 'jingban';

/** One password for every demo account, printed at start: the accounts are invented, and only 127.0.0.1 can reach the issuer. */
export const DEMO_PASSWORD = 'jingban-demo';
