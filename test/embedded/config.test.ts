import { readFileSync } from 'node:fs';
import { ConfigError, LAUNCHER_SETTINGS, SETTINGS, readConfig, readLauncherConfig } from '../../config.ts';

import { TEST_VAULT } from '../support/keys.ts';

const complete = {
  DATABASE_URL: 'postgres://jingban:hunter2@db.example.org/jingban',
  TEMPORAL_ADDRESS: 'temporal.example.org:7233',
  OIDC_ISSUER: 'https://login.example.org',
  OIDC_AUDIENCE: 'api',
  DOCUMENT_FOLDER: '/documents',
  FIELD_KEYS: TEST_VAULT.fieldKeys,
};

const errorOf = (read: () => unknown): ConfigError => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('nothing was wrong with these settings');
};

describe('the settings', () => {
  it('are typed and have defaults for everything that is neither a secret nor a place', () => {
    expect(readConfig({ ...complete, API_PORT: '9000', REHEARSAL: 'true' })).toMatchObject({
      databaseUrl: complete.DATABASE_URL,
      apiPort: 9000,
      apiHost: '127.0.0.1',
      temporalNamespace: 'jingban',
      effectSpreadSeconds: 600,
      rehearsal: true,
      oidcJwksUrl: undefined,
    });
  });

  it('are refused all at once, each wrong name with a sentence in both languages', () => {
    const { DATABASE_URL: _missing, ...rest } = complete;
    const error = errorOf(() => readConfig({ ...rest, API_PORT: '70000', TEMPORAL_ADDRESS: 'http://temporal' }));
    expect(error.wrong.map(({ name }) => name)).toEqual(['DATABASE_URL', 'TEMPORAL_ADDRESS', 'API_PORT']);
    for (const { name, zh, en } of error.wrong) {
      expect(zh).toContain(name);
      expect(en).toContain(name);
    }
    expect(error.wrong[0]?.en).toContain('is not set');
  });

  it('count an empty value as not set, as docker compose passes it', () => {
    expect(readConfig({ ...complete, API_PORT: '' }).apiPort).toBe(8080);
    expect(errorOf(() => readConfig({ ...complete, OIDC_ISSUER: '' })).wrong[0]?.name).toBe('OIDC_ISSUER');
  });

  it('never appear in a message, because one of them is a password', () => {
    const error = errorOf(() => readConfig({ ...complete, DATABASE_URL: 'mysql://root:hunter2@db/x' }));
    expect(error.wrong.map(({ name }) => name)).toEqual(['DATABASE_URL']);
    expect(error.message).not.toContain('hunter2');
  });

  it('refuse to move the time of real cases', () => {
    const production = { ...complete, NODE_ENV: 'production' };
    expect(readConfig(production).rehearsal).toBe(false);
    expect(errorOf(() => readConfig({ ...production, REHEARSAL: 'true' })).wrong[0]?.name).toBe('REHEARSAL');
  });

  it('let limits be tried, by known names, and never in production', () => {
    const other = readConfig({ ...complete, LIMIT_LENGTHS: 'DL-09=3,DL-10=4' });
    expect(other.limitLengths).toEqual({ 'DL-09': 3, 'DL-10': 4 });
    for (const wrong of ['DL-09=0', 'DL-98=3', 'DL-09', 'DL-09=3,'])
      expect(errorOf(() => readConfig({ ...complete, LIMIT_LENGTHS: wrong })).wrong[0]?.name).toBe('LIMIT_LENGTHS');
    const real = { ...complete, NODE_ENV: 'production', LIMIT_LENGTHS: 'DL-09=3' };
    expect(errorOf(() => readConfig(real)).wrong[0]?.name).toBe('LIMIT_LENGTHS');
  });

  it('have no default where they are secret', () => {
    const secrets = Object.values(SETTINGS).filter(({ secret }) => secret);
    expect(secrets.map(({ name }) => name)).toEqual([
      'DATABASE_URL',
      'OIDC_CLIENT_SECRET',
      'FIELD_KEYS',
      'SMTP_URL',
      'WEBHOOK_URL',
      'WEBHOOK_SECRET',
      'LOG_SIGNING_KEY',
      'DATABASE_OWNER_URL',
      'DATABASE_READ_URL',
    ]);
    for (const { schema } of secrets) expect(schema.safeParse(undefined).data).toBeUndefined();
  });

  it('of logins: a console needs its client’s name, and TLS wherever people are real', () => {
    expect(readConfig(complete)).toMatchObject({
      publicUrl: 'http://127.0.0.1:8080',
      oidcClientId: undefined,
      sessionIdleMinutes: 15,
      sessionHours: 8,
      sessionsPerAccount: 'one',
      trustProxy: 0,
    });
    const real = { ...complete, NODE_ENV: 'production', OIDC_CLIENT_ID: 'console' };
    expect(readConfig({ ...real, PUBLIC_URL: 'https://a.example.org/' }).publicUrl).toBe('https://a.example.org');
    const wrong = (env: NodeJS.ProcessEnv) => errorOf(() => readConfig(env)).wrong.map(({ name }) => name);
    expect(wrong(real)).toEqual(['PUBLIC_URL']);
    expect(wrong({ ...complete, NODE_ENV: 'production', OIDC_ISSUER: 'http://login.example.org' })).toEqual([
      'OIDC_ISSUER',
    ]);
    expect(wrong({ ...complete, OIDC_CLIENT_SECRET: 's'.repeat(16) })).toEqual(['OIDC_CLIENT_SECRET']);
    expect(wrong({ ...complete, PUBLIC_URL: 'https://a.example.org/console' })).toEqual(['PUBLIC_URL']);
    expect(wrong({ ...complete, SESSION_IDLE_MINUTES: '600' })).toEqual(['SESSION_IDLE_MINUTES']);
    expect(wrong({ ...complete, SESSION_HOURS: '24' })).toEqual(['SESSION_HOURS']);
  });

  it('of the digest: nothing is sent unless somebody says how', () => {
    expect(readConfig(complete)).toMatchObject({ notify: 'none', digestAt: '08:30' });
    expect(readConfig({ ...complete, NOTIFY: 'webhook', WEBHOOK_URL: 'https://m.example.org/in' })).toMatchObject({
      notify: 'webhook',
      webhookSecret: undefined,
    });
  });

  it.each([
    [{ NOTIFY: 'smtp' }, ['SMTP_URL', 'SMTP_FROM']],
    [{ NOTIFY: 'smtp', SMTP_URL: 'smtp://mail.example.org' }, ['SMTP_FROM']],
    [{ NOTIFY: 'webhook' }, ['WEBHOOK_URL']],
    // Half set: somebody believes in messages that would never be sent.
    [{ SMTP_URL: 'smtp://mail.example.org', SMTP_FROM: 'a@example.org' }, ['SMTP_URL', 'SMTP_FROM']],
    [{ NOTIFY: 'webhook', WEBHOOK_URL: 'https://m.example.org', SMTP_FROM: 'a@example.org' }, ['SMTP_FROM']],
    [{ WEBHOOK_SECRET: 'abcdefghijklmnop' }, ['WEBHOOK_SECRET']],
    [{ NOTIFY: 'pigeon' }, ['NOTIFY']],
    [{ DIGEST_AT: '24:30' }, ['DIGEST_AT']],
    [{ NOTIFY: 'webhook', WEBHOOK_URL: 'ftp://m.example.org' }, ['WEBHOOK_URL']],
    [{ NOTIFY: 'webhook', WEBHOOK_URL: 'https://m.example.org', WEBHOOK_SECRET: 'short' }, ['WEBHOOK_SECRET']],
  ])('of the digest: %j is refused, naming %j', (given, names) => {
    const error = errorOf(() => readConfig({ ...complete, ...given }));
    expect(error.wrong.map(({ name }) => name)).toEqual(names);
    for (const { name, zh, en } of error.wrong) for (const sentence of [zh, en]) expect(sentence).toContain(name);
    expect(error.message).not.toContain('abcdefghijklmnop');
  });

  it('of the launcher need nothing at all', () => {
    expect(readLauncherConfig({})).toMatchObject({ databaseUrl: undefined, temporalPort: 17_233, workers: 2 });
  });

  it('are all listed in .env.example, which sets none of them and names no others', () => {
    const file = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const listed = [...file.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name);
    const names = Object.values({ ...SETTINGS, ...LAUNCHER_SETTINGS }).map(({ name }) => name);
    expect(listed.toSorted()).toEqual(names.toSorted());
    expect(file).not.toMatch(/^[^#\n]/m);
  });
});
