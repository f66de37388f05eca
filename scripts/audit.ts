import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ACCEPTED_ADVISORIES } from './supply/accepted-advisories.ts';

/**
 * `npm run audit`: what is known against the libraries of production. Exit code 1 for advisories of high or critical severity that
 * `supply/accepted-advisories.ts` does not accept, or whose acceptance has run out. Where the advisory service cannot be asked, one
 * line says so: it is neither passed nor failed.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SEVERE = ['high', 'critical'];
const PATIENCE_MS = 60_000;

const advisory = z.object({ url: z.string(), title: z.string(), severity: z.string() });
const answer = z.object({
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), advisory])) })),
});

const output = await new Promise<string>((resolve) => {
  execFile(
    'npm',
    ['audit', '--json', '--omit=dev'],
    { cwd: ROOT, timeout: PATIENCE_MS, maxBuffer: 2 ** 26 },
    (_error, stdout) => resolve(stdout),
  );
});

const today = new Date().toISOString().slice(0, 10);
const read = answer.safeParse(parsed(output));
if (read.success) judge(read.data);
else console.log('audit: 无法查询漏洞公告服务,未作检查 / NOT CHECKED, the advisory service could not be asked');

function judge({ vulnerabilities }: z.output<typeof answer>): void {
  const found = new Map<string, { name: string; title: string; severity: string }>();
  for (const [name, { via }] of Object.entries(vulnerabilities))
    for (const one of via)
      if (typeof one !== 'string' && SEVERE.includes(one.severity)) found.set(one.url, { name, ...one });
  const accepted = (url: string): boolean => ACCEPTED_ADVISORIES.some((one) => one.url === url && one.until >= today);
  const open = [...found].filter(([url]) => !accepted(url));
  for (const [url, { name, title, severity }] of open) console.error(`${severity} ${name}: ${title} ${url}`);
  console.log(`audit: ${found.size} of high or critical severity, ${open.length} not accepted`);
  process.exitCode = open.length > 0 ? 1 : 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
