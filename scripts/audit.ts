import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ACCEPTED_ADVISORIES } from './supply/accepted-advisories.ts';
import { readAudit, type Advisory } from './supply/advisories.ts';

/**
 * `npm run audit`: what is known against the libraries of production. Exit code 1 for advisories of high or critical severity that
 * `supply/accepted-advisories.ts` does not accept, or whose acceptance has run out, and where npm says what we cannot read. Where
 * the advisory service does not answer, one line says so and why: it is neither passed nor failed.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PATIENCE_MS = 60_000;

const { output, late } = await new Promise<{ output: string; late: boolean }>((resolve) => {
  execFile(
    'npm',
    ['audit', '--json', '--omit=dev'],
    { cwd: ROOT, timeout: PATIENCE_MS, maxBuffer: 2 ** 26 },
    (error, stdout) => resolve({ output: stdout, late: error?.killed === true }),
  );
});

const answer = readAudit(output);
if (answer.kind === 'found') judge(answer.severe);
else if (answer.kind === 'unanswered') notChecked(answer.why);
else if (late) notChecked(`no answer within ${PATIENCE_MS / 1000} s`);
else {
  console.error(`audit: 看不懂 npm 的输出 / what npm says cannot be read: ${answer.begins}`);
  process.exitCode = 1;
}

function notChecked(why: string): void {
  console.log(`audit: 漏洞公告服务没有应答,未作检查 / NOT CHECKED, the advisory service does not answer: ${why}`);
}

function judge(severe: ReadonlyMap<string, Advisory>): void {
  const today = new Date().toISOString().slice(0, 10);
  const accepted = (url: string): boolean => ACCEPTED_ADVISORIES.some((one) => one.url === url && one.until >= today);
  const open = [...severe].filter(([url]) => !accepted(url));
  for (const [url, { name, title, severity }] of open) console.error(`${severity} ${name}: ${title} ${url}`);
  console.log(`audit: ${severe.size} of high or critical severity, ${open.length} not accepted`);
  process.exitCode = open.length > 0 ? 1 : 0;
}
