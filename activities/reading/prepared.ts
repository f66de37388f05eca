import { createHash } from 'node:crypto';
import type pg from 'pg';

/**
 * A statement whose text is made of a few shapes (who asks, by what): each shape gets a name of its own, so that a connection plans
 * it once and not every time – of a page of cases that is half the work. Numbers that vary little, such as a page's length, belong
 * into the text: the database can't foresee what a placeholder limits.
 */
export const prepared = (what: string, text: string, values: unknown[]): pg.QueryConfig => ({
  name: `${what}-${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`,
  text,
  values,
});
