import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Text, User } from '../domain/case.ts';
import type { Action } from '../domain/permissions/actions.ts';
import type { Table } from './csv.ts';
import type { ApiDeps } from './deps.ts';
import type { LimitedAct } from './identity/rate-limits.ts';
import type { LiveSession } from './identity/sessions.ts';
import type { UploadedFile } from './documents/upload.ts';

/**
 * One row of the route table. From it come validation, authorisation, the OpenAPI document and the test matrix, so none of them
 * can disagree with another.
 */
export interface Route<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
> {
  method: 'get' | 'post';
  /** whole, with parameters in braces as OpenAPI writes them: `/api/v1/cases/{acceptanceNo}` */
  path: string;
  id: string;
  tag: string;
  summary: Text;
  /** what calling it does: the table of rights says who may (`domain/permissions/`), here and again for the thing it is done to */
  action: Action;
  /** one account may call it only so often */
  limited?: LimitedAct;
  /** every call is written to the access log, not only looks at a case and refusals */
  recorded?: boolean;
  /** asked by the page itself, not by the person: it does not keep a session from falling idle */
  passive?: boolean;
  params?: P;
  query?: Q;
  /** of a JSON body */
  body?: B;
  /** how the body is documented when its check depends on the process named in it */
  bodyDoc?: z.ZodType;
  /** takes one file as multipart/form-data */
  upload?: boolean;
  /** needs an Idempotency-Key: sent again, it is answered again and done once */
  idempotent?: boolean;
  answer: AnswerDoc;
  /** the items of the answer can be had as CSV: `format=csv`, see `format` in schemas.ts */
  table?: Table;
  handle(deps: ApiDeps, asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer>;
}

export type AnswerDoc = { status: number; summary: Text } & ({ schema: z.ZodType } | { mediaTypes: readonly string[] });

/** A request after all checks of form. */
export interface Asked<P = Record<string, unknown>, Q = Record<string, unknown>, B = unknown> {
  /** NOBODY on PUBLIC routes */
  user: User;
  params: P;
  query: Q;
  body: B;
  requestId: string;
  /** of the console; missing when a bearer token was sent, and on PUBLIC routes */
  session?: LiveSession;
  cookies: ReadonlyMap<string, string>;
  /** one of the request's headers */
  header(name: string): string | undefined;
  /** set on routes that are `idempotent` */
  idempotency: { key: string; requestHash: string };
  /** set on routes that `upload` */
  file?: UploadedFile;
}

export interface Answer {
  status?: number;
  headers?: Record<string, string | string[]>;
  json?: unknown;
  html?: string;
  bytes?: Readable;
  /** the case it shows something of, when the address does not say */
  about?: string;
}

export const NOBODY: User = { id: '', name: '', roles: [] };

/** Keeps the types of a row's schemas for its handler; rows of different schemas then lie in one table. */
export const defineRoute = <P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  row: Route<P, Q, B>,
): Route => row;
