import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SETTINGS, readConfig, type Setting } from '../config.ts';
import { DYNAMIC_VALUES } from '../embedded/temporal-settings.ts';
import { TEST_VAULT } from './support/keys.ts';
import { ROOT, read } from './tidy/sources.ts';

/** `docker-compose.yml` against the settings the program knows: whoever starts it must not find out there what is missing. */

type Condition = 'service_healthy' | 'service_completed_successfully' | 'service_started';
interface Service {
  image: string;
  restart: string;
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: Condition }>;
  healthcheck?: { test: string[] };
  ports?: string[];
  profiles?: string[];
}
interface Compose {
  services: Record<string, Service>;
  configs: Record<string, { content: string }>;
}

const { services, configs } = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const service = (name: string): Service => {
  const found = services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
};
const image = JSON.parse(read('package.json')) as { version: string };
const OURS = Object.keys(services).filter((name) => service(name).image.startsWith('jingban:'));
const isJob = ({ restart }: Service): boolean => restart.startsWith('on-failure');

const REQUIRED = /\$\{([A-Z_]+):\?[^}]+\}/g;

/** What compose puts in when the operator has set every required variable and nothing else. */
const substituted = (value: string): string =>
  value.replaceAll(REQUIRED, (_, name: string) => operators[name] ?? 'x').replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, '$1');
const operators: Record<string, string> = {
  POSTGRES_PASSWORD: 'b0a1',
  FIELD_KEYS: TEST_VAULT.fieldKeys,
  POSTGRES_APP_PASSWORD: 'c0a1',
  OIDC_ISSUER: SETTINGS.oidcIssuer.example,
  OIDC_AUDIENCE: SETTINGS.oidcAudience.example,
  OIDC_CLIENT_ID: SETTINGS.oidcClientId.example,
  PUBLIC_URL: SETTINGS.publicUrl.example,
};

describe('the settings of api, worker and jobs', () => {
  const known: readonly Setting[] = Object.values(SETTINGS);

  it.each(OURS)('%s is given no setting the program does not know', (name) => {
    const names = known.map((setting) => setting.name);
    expect(Object.keys(service(name).environment ?? {}).filter((given) => !names.includes(given))).toEqual([]);
  });

  it.each(OURS)('%s starts with what the operator is asked for, as a production system', (name) => {
    const given = Object.entries(service(name).environment ?? {}).map(([key, value]) => [key, substituted(value)]);
    const config = readConfig(Object.fromEntries(given) as NodeJS.ProcessEnv);
    expect(config).toMatchObject({ nodeEnv: 'production', rehearsal: false, apiHost: '0.0.0.0' });
  });

  it('everyone logs in with the operator’s own identity provider', () => {
    const { OIDC_ISSUER: issuer, OIDC_AUDIENCE: audience } = service('api').environment ?? {};
    expect(issuer).toMatch(/^\$\{OIDC_ISSUER:\?.+\}$/);
    expect(audience).toMatch(/^\$\{OIDC_AUDIENCE:\?.+\}$/);
  });
});

describe('secrets', () => {
  // A default password is the password of every installation in the world.
  it('come from the operator, everywhere', () => {
    const secretNames = Object.values(SETTINGS as Record<string, Setting>)
      .filter(({ secret }) => secret)
      .map(({ name }) => name);
    const isSecret = (name: string): boolean => secretNames.includes(name) || /PASSWORD|PWD|SECRET|TOKEN/.test(name);
    const values = Object.values(services).flatMap(({ environment = {} }) =>
      Object.entries(environment).filter(([name]) => isSecret(name)),
    );
    expect(values.length).toBeGreaterThanOrEqual(4 + OURS.length - 1);
    // `:?` asks for it; `:-` with nothing behind is a secret that one may leave out.
    expect(values.filter(([, value]) => !/\$\{[A-Z_]+:(\?[^}]+|-)\}/.test(value))).toEqual([]);
    // Beside a variable in a connection string no other password may stand.
    expect(values.filter(([, value]) => /:\/\/[^:]+:[^$@][^@]*@/.test(value))).toEqual([]);
  });

  it('are nowhere in the image', () => {
    expect(read('.dockerignore').split('\n')).toContain('.env');
    expect(read('Dockerfile')).not.toMatch(/PASSWORD|SECRET|TOKEN|DATABASE_URL/);
  });
});

describe('services', () => {
  it('are Postgres, Temporal with its schema job, migrations, api and worker', () => {
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining([
        'postgres',
        'temporal-schema',
        'temporal',
        'temporal-namespace',
        'migrate',
        'api',
        'worker',
      ]),
    );
  });

  it('come from images with a version; ours is the version of this checkout', () => {
    const versions = Object.values(services).map(({ image: name }) => name);
    expect(versions.filter((name) => !/:\d+\.\d+/.test(name))).toEqual([]);
    expect(OURS.map((name) => service(name).image)).toEqual(OURS.map(() => `jingban:${image.version}`));
    const [, server] = service('temporal').image.split(':');
    expect(service('temporal-schema').image).toBe(`temporalio/admin-tools:${server}`);
  });

  // "Started" says nothing: without a check, `--wait` and the dependencies below would pass for a system that does not work.
  it('that go on running have a health check; jobs end', () => {
    const unchecked = Object.entries(services).filter(([, it]) => !isJob(it) && !it.healthcheck);
    expect(unchecked.map(([name]) => name)).toEqual([]);
  });

  it('wait for what they need to be healthy or to have ended well', () => {
    for (const [name, { depends_on: needs = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(needs)) {
        const expected = isJob(service(other)) ? 'service_completed_successfully' : 'service_healthy';
        expect({ name, other, condition }).toEqual({ name, other, condition: expected });
      }
    }
    expect(Object.keys(service('api').depends_on ?? {})).toEqual(
      expect.arrayContaining(['migrate', 'temporal-namespace']),
    );
    expect(Object.keys(service('worker').depends_on ?? {})).toEqual(
      expect.arrayContaining(['migrate', 'temporal-namespace']),
    );
  });

  // Temporal and Postgres are inside only; the API is reached through a proxy with TLS on this machine.
  it('are published on this machine only, and only the API is', () => {
    const published = Object.entries(services).flatMap(([name, { ports = [] }]) =>
      ports.map((port) => [name, substituted(port)]),
    );
    expect(published).toEqual([
      ['api', '127.0.0.1:8080:8080'],
      ['balancer', '127.0.0.1:8088:8088'],
    ]);
  });

  it('run programs that are in the checkout or come out of the build', () => {
    const programs = OURS.flatMap((name) => [
      ...(service(name).command ?? []),
      ...(service(name).healthcheck?.test ?? []),
    ])
      .flatMap((part) => part.split(/\s/))
      .filter((part) => /^[\w-]+\/[\w./-]+\.(ts|js)$/.test(part));
    const built = [...read('scripts/build.ts').matchAll(/'([a-z-]+\.js)': '/g)].map(([, name]) => `dist/${name}`);
    expect(programs.filter((path) => !built.includes(path) && !existsSync(join(ROOT, path)))).toEqual([]);
    expect(programs).toEqual(expect.arrayContaining(['dist/api.js', 'dist/worker.js', 'prisma/migrate-main.ts']));
  });

  // `docker compose up` is what it was; more of everything is asked for.
  it('of the profile are more of the same API, and an address in front that asks each whether it is ready', () => {
    const more = Object.entries(services).filter(([, { profiles }]) => profiles?.includes('scale'));
    expect(more.map(([name]) => name)).toEqual(['api-more', 'balancer']);
    expect(service('api-more')).toMatchObject({ command: service('api').command, deploy: { replicas: 2 }, ports: [] });
    const balancer = configs['balancer']?.content ?? '';
    expect(balancer).toContain('option httpchk GET /readyz');
    expect([...balancer.matchAll(/server-template \S+ \d+ (\S+)/g)].map(([, at]) => at)).toEqual([
      'api:8080',
      'api-more:8080',
    ]);
  });

  // The time of real cases must not be moved, by nobody (design: rehearsal only).
  it('include an engine whose settings are those of the embedded one, but for rehearsals', () => {
    const dynamic = parse(configs['temporal-dynamic']?.content ?? '') as Record<string, { value: unknown }[]>;
    expect(Object.keys(dynamic)).not.toContain('frontend.WorkflowTimeSkippingEnabled');
    for (const [key, [setting]] of Object.entries(dynamic)) expect(setting?.value).toBe(DYNAMIC_VALUES[key]);
  });
});
