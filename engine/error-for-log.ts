import type { Logger } from 'pino';
import { maskText } from '../domain/identifiers.ts';

/**
 * An error as it may stand in a log, which is kept for months and read by people who may see no case. Postgres puts the values of
 * the row into `detail`, `where` and, of what it cannot read as a number or day (class 22), the message; a JSON parser quotes what
 * it could not parse; Prisma repeats the question, all but its last paragraph. Those stay out, and so does every other property.
 */
export function errorForLog(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: typeof error === 'string' ? maskText(error) : typeof error };
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  const message = maskText(messageOf(error, code));
  // An error without a message has none to be taken out of its stack.
  const stack = error.message === '' ? error.stack : error.stack?.replaceAll(error.message, message);
  const cause = error.cause === undefined || depth > 5 ? {} : { cause: errorForLog(error.cause, depth + 1) };
  return { name: error.name, message, stack: stack && maskText(stack), code, constraint, table, ...cause };
}

function messageOf(error: Error, code: unknown): string {
  if (error.name === 'PrismaClientValidationError') return error.message.split('\n\n').at(-1) ?? '';
  if (error instanceof SyntaxError) return 'not what the parser expects';
  if (typeof code === 'string' && /^22...$/.test(code)) return `a value that cannot be read (${code})`;
  return error.message;
}

/** What somebody logs beside a sentence, errors in it made fit to be logged. */
export const metaForLog = (meta: Readonly<Record<string | symbol, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(meta).map(([key, value]) => [key, value instanceof Error ? errorForLog(value) : value]),
  );

/** Node itself would print a bug nobody caught with all its properties. The process ends as it would, and says why with less. */
export function endOnBug(log: Pick<Logger, 'fatal'>): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ bug: errorForLog(error) }, 'a bug that nobody caught: the process ends');
    process.exit(1);
  });
}
