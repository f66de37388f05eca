import ora from 'ora';
import { elapsed } from './wait.ts';

/** What the launcher tells about its work: a spinner on a terminal, plain lines elsewhere (logs, CI). */
export type Steps = {
  /** Runs one step; `say` tells what is going on inside it. The step's line ends with its time. */
  run: <Result>(title: string, work: (say: (line: string) => void) => Promise<Result>) => Promise<Result>;
  /** A line of its own, between or after the steps. */
  tell: (line: string) => void;
};

export const createSteps = (stream: NodeJS.WriteStream): Steps =>
  // A terminal without a width (some containers have one) makes the spinner erase lines without end.
  stream.isTTY && stream.columns > 0 ? spinnerSteps(stream, stream.columns) : plainSteps(stream);

const plainSteps = (stream: NodeJS.WriteStream): Steps => {
  const tell = (line: string): void => void stream.write(`${line}\n`);
  return {
    tell,
    run: async (title, work) => {
      const startedAt = Date.now();
      tell(`  ${title} …`);
      const result = await work((line) => tell(`    ${line}`));
      tell(`✓ ${title} (${elapsed(startedAt)})`);
      return result;
    },
  };
};

const spinnerSteps = (stream: NodeJS.WriteStream, columns: number): Steps => ({
  tell: (line) => void stream.write(`${line}\n`),
  run: async (title, work) => {
    const startedAt = Date.now();
    let detail = '';
    const text = (): string => `${title} ${elapsed(startedAt)} ${detail}`.slice(0, columns - 4);
    // discardStdin would put the terminal into raw mode, where Ctrl-C is a character and no signal.
    const spinner = ora({ text: title, stream, discardStdin: false }).start();
    const ticking = setInterval(() => (spinner.text = text()), 200);
    try {
      const result = await work((line) => (detail = `– ${line}`));
      spinner.succeed(`${title} (${elapsed(startedAt)})`);
      return result;
    } catch (error) {
      spinner.fail(`${title} (${elapsed(startedAt)})`);
      throw error;
    } finally {
      clearInterval(ticking);
    }
  },
});
