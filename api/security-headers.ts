import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * What every answer says to a browser, also one to a request that could not be read. Data first: no answer is a page unless its
 * route makes one and gives it a policy of its own (api/print/sheet.ts, api/docs-page.ts).
 */
export const DATA_POLICY = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

/** Nothing here takes pictures, listens, locates or pays. */
const PERMISSIONS = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'serial', 'hid', 'bluetooth', 'midi']
  .map((feature) => `${feature}=()`)
  .join(', ');

export const SAFETY_HEADERS = {
  'Content-Security-Policy': DATA_POLICY,
  'Permissions-Policy': PERMISSIONS,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cache-Control': 'no-store',
} as const;

/** A file somebody uploaded, should a browser show it after all: no script, no form, no origin. */
export const FILE_POLICY = `${DATA_POLICY};sandbox`;

/** A page of ours whose one style sheet carries `nonce`: nothing on it runs, and it may load nothing. */
export const printedPolicy = (nonce: string): string => `${DATA_POLICY};style-src 'nonce-${nonce}'`;

const YEAR_SECONDS = 31_536_000;

/**
 * Puts the headers on every answer. `https`: whether people reach us by https only; then browsers are told to remember it. On plain
 * http the header means nothing, and behind a proxy only the settings know.
 */
export function securityHeaders(https: boolean): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      strictTransportSecurity: https ? { maxAge: YEAR_SECONDS, includeSubDomains: true } : false,
    }),
    (_req, res, next) => {
      res.set(SAFETY_HEADERS);
      next();
    },
  ];
}
