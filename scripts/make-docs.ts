/**
 * Writes the pages that only repeat what the code says: `npm run docs`. With `--check` nothing is written; the exit code and a
 * sentence tell which page is stale. `test/tidy.test.ts` asks the same.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STATUS } from '../api/problems.ts';
import { LAUNCHER_SETTINGS, SETTINGS, type Setting } from '../config.ts';
import { REFUSALS, type RefusalCode } from '../domain/refusal.ts';
import { code, table, WARNING } from './docs/markdown.ts';
import { incidentsPage } from './docs/incidents.ts';
import { metricsPage } from './docs/metrics.ts';
import { permissionsPage } from './docs/permissions.ts';
import { processesPage } from './docs/processes.ts';
import { securityPage } from './docs/security.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every generated file, by its path from the root. */
export const generatedPages = (): Record<string, string> => ({
  'docs/processes.md': processesPage(),
  'docs/permissions.md': permissionsPage(),
  'docs/operations/metrics.md': metricsPage(),
  'docs/refusals.md': refusalsPage(),
  'docs/security.md': securityPage(),
  'docs/settings.md': settingsPage(),
  'docs/operations/incidents.md': incidentsPage(),
});

/** Paths whose file is missing or says something else than the code. */
export const stalePages = (): string[] =>
  Object.entries(generatedPages())
    .filter(([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text)
    .map(([path]) => path);

const refusalsPage = (): string => {
  const rows = (Object.keys(REFUSALS) as RefusalCode[])
    .map((name) => ({ name, status: STATUS[name], ...REFUSALS[name] }))
    .sort((a, b) => a.status - b.status);
  return [
    WARNING,
    '',
    '# 不予办理的情形 Refusals',
    '',
    'A refusal is something a person can act on. It is answered as a problem document (RFC 9457) with `code`, both',
    'sentences, `faults` (every single thing that is wrong, with the path of the field) and, for a refused decision,',
    'what is possible now.',
    '',
    ...table(
      ['code', 'HTTP', '中文', 'English'],
      rows.map(({ name, status, zh, en }) => [code(name), String(status), zh, en]),
    ),
  ].join('\n');
};

const settingsPage = (): string => {
  const known = new Set<string>(Object.values(SETTINGS).map(({ name }) => name));
  return [
    WARNING,
    '',
    '# 设置 Settings',
    '',
    'Read once from the environment by `config.ts`; a wrong or missing one ends the process with code 78 and a sentence',
    'for every one of them. Secrets have no default and are never printed.',
    '',
    '## `api` and `worker`',
    '',
    ...settingTable(Object.values(SETTINGS)),
    '## Only `npm start`',
    '',
    'With `DATABASE_URL`, `TEMPORAL_ADDRESS` or `OIDC_ISSUER` set, that real service is used instead of the embedded one.',
    '',
    ...settingTable(Object.values(LAUNCHER_SETTINGS).filter(({ name }) => !known.has(name))),
  ].join('\n');
};

const settingTable = (settings: readonly Setting[]): string[] =>
  table(
    ['name', '', 'default', 'example'],
    settings.map((setting) => [
      code(setting.name),
      `${setting.zh} ${setting.en}${setting.secret ? ' **secret**' : ''}`,
      defaultOf(setting),
      code(setting.example),
    ]),
  );

/** The one default that depends on the machine is told in words, so that the page is the same everywhere. */
const defaultOf = ({ name, schema }: Setting): string => {
  if (name === 'JINGBAN_CACHE') return '`~/.cache/jingban`';
  const result = schema.safeParse(undefined);
  if (!result.success) return 'required';
  return result.data === undefined ? '' : code(String(result.data));
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = stalePages();
  if (process.argv.includes('--check')) {
    if (stale.length > 0) console.error(`stale, run npm run docs: ${stale.join(', ')}`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    const pages = generatedPages();
    for (const path of stale) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), pages[path] ?? '');
      console.log(`wrote ${path}`);
    }
  }
}
