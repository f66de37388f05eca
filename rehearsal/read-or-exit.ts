/** What was typed is not among the options; the message says what is. */
export class WrongOption extends Error {}

/** EX_USAGE of sysexits.h. */
const USAGE = 64;

/** The options as `read` understands what was typed, or help and the end of the program: after a wrong one with exit code 64. */
export function readOrExit<T>(read: (args: readonly string[]) => T | 'HELP', help: string): T {
  try {
    const options = read(process.argv.slice(2));
    if (options !== 'HELP') return options;
    console.log(help);
    process.exit(0);
  } catch (problem) {
    if (!isWrong(problem)) throw problem;
    console.error(`${problem.message}\n\n${help}`);
    process.exit(USAGE);
  }
}

const isWrong = (problem: unknown): problem is Error =>
  problem instanceof WrongOption ||
  (problem instanceof Error && 'code' in problem && String(problem.code).startsWith('ERR_PARSE_ARGS'));
