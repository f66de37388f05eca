import type { RequestHandler } from 'express';

/** How long a browser may remember the answer to its question beforehand, in seconds. */
const REMEMBERED = '600';

/**
 * Lets the pages of the Temporal UI, and nobody else's, call the codec server from a browser. Never with cookies: the login is the
 * access token the page passes on, which no other page can make a browser send.
 */
export function codecCors(origins: readonly string[]): RequestHandler {
  return (req, res, next) => {
    const origin = req.get('Origin');
    res.vary('Origin');
    if (origin !== undefined && origins.includes(origin)) {
      res.set('Access-Control-Allow-Origin', origin);
      res.set('Cross-Origin-Resource-Policy', 'cross-origin');
      if (req.method === 'OPTIONS') {
        res.set({
          'Access-Control-Allow-Methods': 'POST',
          'Access-Control-Allow-Headers': 'authorization, content-type, x-namespace',
          'Access-Control-Max-Age': REMEMBERED,
        });
        res.status(204).end();
        return;
      }
    }
    next();
  };
}
