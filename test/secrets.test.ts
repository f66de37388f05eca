import { execFileSync } from 'node:child_process';
import { ConfigError, LAUNCHER_SETTINGS, readConfig, readLauncherConfig, SETTINGS, type Setting } from '../config.ts';
import { TEST_VAULT } from './support/keys.ts';
import { read, ROOT } from './tidy/sources.ts';

/** Secrets come from the environment and go nowhere: neither into the checkout nor into a message (ASVS 13.3.1). */

const FILES = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && path !== 'package-lock.json');

/** What stands where a secret would: to be filled in, or put in at run time. */
const PLACEHOLDER = /^(<|\$\{)/;
/** Made up for tests, and opening nothing. */
const MADE_UP =
  /^(hunter2|secret|wrong|short|[bs]|[bc]0a1|abcdefghijklmnop|a secret of the test|for-tests-.*|planted-.*)$/;
/** Public by intent: the doors of the trial installation, which refuses to be one in production (embedded/issuer.ts). */
const PUBLIC_BY_INTENT = /^jingban-demo(-service)?$/;

/** Each finds what would be the secret as its group `secret`. */
const KINDS: Record<string, RegExp> = {
  'a private key': /(?<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{20})/g,
  'a token':
    /(?<secret>\beyJ[\w-]{8,}\.eyJ[\w-]{8,}|\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|glpat-[\w-]{20}|npm_\w{30,}|xox[abp]-\w{10,}))/g,
  'a password in an address': /[a-z]:\/\/[^/\s:@'"`]+:(?<secret>[^@/\s'"`]+)@/gi,
  'a password written down':
    /(?:password|passwd|secret|token|api_?key|密码|口令)['"]?\s*[:=]\s*(?:'(?<secret>[^'\n]+)'|"(?<quoted>[^"\n]+)")/gi,
  'a key in base64': /_KEYS?\s*[:=]\s*['"]?(?<secret>[A-Za-z0-9+/]{40,}={0,2})/g,
};

function secretsIn(text: string): [kind: string, secret: string][] {
  return Object.entries(KINDS).flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)]
      .map(({ groups }) => groups?.['secret'] ?? groups?.['quoted'] ?? '')
      .filter((secret) => ![PLACEHOLDER, MADE_UP, PUBLIC_BY_INTENT].some((known) => known.test(secret)))
      .map((secret): [string, string] => [kind, secret]),
  );
}

describe('the checkout', () => {
  it('holds no key, token or password', () => {
    expect(FILES.length).toBeGreaterThan(300);
    const found = FILES.flatMap((path) => secretsIn(read(path)).map((one) => [path, ...one]));
    // In the token endpoint's command on the welcome page, what follows is a command.
    expect(found.filter(([path]) => path !== 'embedded/welcome.ts')).toEqual([]);
  });

  it('would be found out', () => {
    const planted = [
      ['-----BEGIN', 'PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ'].join(' '),
      ['token eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJjbGVyayJ9', 'x'].join('.'),
      ['postgres://jingban', 'b1Z9-k@db/x'].join(':'),
      ['POSTGRES_PASSWORD', "'b1Z9-k'"].join(': '),
      ['FIELD_KEY', 'A'.repeat(64)].join('='),
    ];
    expect(planted.map((text) => secretsIn(text)[0]?.[0])).toEqual(Object.keys(KINDS));
  });
});

const ALL: Setting[] = [...Object.values(SETTINGS), ...Object.values(LAUNCHER_SETTINGS)];
const accepts = ({ schema }: Setting, value: string): boolean => schema.safeParse(value).success;

describe('a setting', () => {
  it('that is a key or a password by its name or its example is marked as secret', () => {
    const looks = ({ name, example }: Setting): boolean =>
      /(^|_)(KEYS?|SECRET|PASSWORD|TOKEN)$/.test(name.replace('PUBLIC_KEYS', '')) || example.includes('<');
    expect(ALL.filter((one) => looks(one) && !one.secret).map(({ name }) => name)).toEqual([]);
    expect(ALL.filter(({ secret }) => secret).length).toBeGreaterThan(5);
  });

  it('that takes an address with a password in it is marked as secret', () => {
    const open = ALL.filter((one) => !one.secret && one.name.endsWith('URL')).concat(SETTINGS.oidcIssuer);
    expect(open.length).toBeGreaterThan(2);
    for (const one of open) expect([one.name, accepts(one, 'https://a:b@example.org/')]).toEqual([one.name, false]);
    for (const one of open) expect([one.name, accepts(one, 'https://example.org/')]).toEqual([one.name, true]);
  });

  it('that is secret has no default, and none in the example of a file of settings', () => {
    const example = read('.env.example');
    for (const { name, secret, schema } of ALL) {
      if (!secret) continue;
      const without = schema.safeParse(undefined);
      expect([name, without.success ? without.data : undefined]).toEqual([name, undefined]);
      const shown = new RegExp(`^#? ?${name}=(.*)$`, 'm').exec(example)?.[1] ?? '';
      expect([name, shown === '' || shown.includes('<')]).toEqual([name, true]);
    }
  });
});

it('no message about wrong settings repeats the value of any', () => {
  const PLANTED = 'planted-b1Z9-k';
  const env = Object.fromEntries(ALL.map(({ name }) => [name, `\u0000${PLANTED}`]));
  const complete = {
    ...{ NODE_ENV: 'production', DATABASE_URL: `postgres://u:${PLANTED}@db/x`, TEMPORAL_ADDRESS: 'engine:7233' },
    ...{ OIDC_ISSUER: 'https://example.org', OIDC_AUDIENCE: 'api', DOCUMENT_FOLDER: '/x', REHEARSAL: 'true' },
    ...{ FIELD_KEYS: TEST_VAULT.fieldKeys, WEBHOOK_SECRET: PLANTED, SMTP_URL: `smtp://u:${PLANTED}@mail` },
  };
  for (const given of [env, complete, { ...complete, REHEARSAL: 'false' }])
    for (const ask of [readConfig, readLauncherConfig]) {
      const problem = problemOf(() => ask(given));
      if (ask === readConfig) expect(problem).toBeInstanceOf(ConfigError);
      expect(`${problem?.stack} ${JSON.stringify(problem)}`).not.toContain(PLANTED);
    }
});

function problemOf(work: () => unknown): Error | undefined {
  try {
    work();
    return undefined;
  } catch (problem) {
    return problem as Error;
  }
}
