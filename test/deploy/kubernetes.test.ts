import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SETTINGS, readConfig, type Setting } from '../../config.ts';
import { TEST_VAULT } from '../support/keys.ts';
import { ROOT, read } from '../tidy/sources.ts';
import { faultsOf, manifestFiles, readManifests, type Manifest } from './manifests.ts';

/** `deploy/kubernetes` against the published schemas and against the settings the program knows. */

interface Container {
  name: string;
  image: string;
  command: string[];
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
  env?: { name: string; valueFrom?: { secretKeyRef?: { name: string; key: string } } }[];
  ports?: { containerPort: number }[];
  startupProbe?: object;
  readinessProbe?: object;
  livenessProbe?: object;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: { readOnlyRootFilesystem?: boolean; allowPrivilegeEscalation?: boolean };
}
interface Workload {
  replicas?: number;
  strategy?: { rollingUpdate?: { maxUnavailable: number } };
  template: {
    metadata: { labels: Record<string, string> };
    spec: { containers: Container[]; initContainers?: Container[]; terminationGracePeriodSeconds?: number };
  };
}

const all = manifestFiles().flatMap(readManifests);
const ofKind = (kind: string): Manifest[] => all.filter((manifest) => manifest.kind === kind);
const get = (kind: string, name: string): Manifest => {
  const found = ofKind(kind).find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
};
const workloadOf = ({ spec }: Manifest): Workload => spec as Workload;
const workloads = [...ofKind('Deployment'), ...ofKind('Job')];
const containersOf = (manifest: Manifest): Container[] => {
  const { spec } = workloadOf(manifest).template;
  return [...(spec.initContainers ?? []), ...spec.containers];
};
const containers = workloads.flatMap(containersOf);
const settings = get('ConfigMap', 'jingban-settings').data ?? {};

/** The secrets an operator is told to make, by the commands of the README. */
const secretsOf = (name: string): Record<string, string> => {
  const text = read('deploy/kubernetes/README.md');
  const command = text.match(new RegExp(`create secret generic ${name} [^\\n]*(\\n  --[^\\n]*)*`))?.[0] ?? '';
  return Object.fromEntries([...command.matchAll(/--from-literal=(\w+)=/g)].map(([, key = '']) => [key, '']));
};
const known = Object.values(SETTINGS as Record<string, Setting>);

describe('the manifests', () => {
  it('are what the published schemas allow', () => {
    expect(faultsOf(all)).toEqual([]);
  });

  it('would be told of a field nobody knows, and of one that is of another kind', () => {
    const misspelt = structuredClone(get('Deployment', 'api'));
    const [container] = workloadOf(misspelt).template.spec.containers;
    Object.assign(container ?? {}, { readinesProbe: {} });
    const mistaken = structuredClone(get('PodDisruptionBudget', 'api'));
    Object.assign(mistaken.spec as object, { selector: 'api' });
    const faults = faultsOf([misspelt, mistaken]);
    expect(faults).toEqual([expect.stringContaining('readinesProbe'), expect.stringContaining('PodDisruptionBudget')]);
  });

  it('are all in the kustomization, with the version of this checkout', () => {
    const { resources, images } = parse(read('deploy/kubernetes/kustomization.yaml')) as {
      resources: string[];
      images: { name: string; newTag: string }[];
    };
    expect([...resources].sort()).toEqual(manifestFiles().sort());
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(images).toEqual([{ name: 'jingban', newTag: version }]);
    expect(containers.map(({ image }) => image)).toEqual(containers.map(() => 'jingban'));
  });
});

describe('settings', () => {
  it('are known to the program, and none of them is a secret', () => {
    const open = known.filter(({ secret }) => !secret).map(({ name }) => name);
    expect(Object.keys(settings).filter((name) => !open.includes(name))).toEqual([]);
  });

  it('with the secrets the operator is asked for are a production system', () => {
    const examples: Record<string, string> = {
      DATABASE_URL: 'postgres://jingban_app:secret@db:5432/jingban',
      FIELD_KEYS: TEST_VAULT.fieldKeys,
    };
    const given = { ...secretsOf('jingban-secrets'), ...examples, ...settings };
    expect(readConfig(given)).toMatchObject({ nodeEnv: 'production', rehearsal: false, workerVersioning: 'on' });
  });

  it('from secrets are asked for in the README', () => {
    const asked = containers.flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom }) => (valueFrom?.secretKeyRef ? [valueFrom.secretKeyRef] : [])),
      ...envFrom.flatMap(({ secretRef }) => (secretRef ? [{ name: secretRef.name, key: 'DATABASE_URL' }] : [])),
    ]);
    expect(asked.length).toBeGreaterThan(0);
    for (const { name, key } of asked) expect(Object.keys(secretsOf(name))).toContain(key);
    // Only migrations own the tables, and only a worker seals the log.
    const holders = (key: string): string[] =>
      containers.filter(({ env = [] }) => env.some(({ name }) => name === key)).map(({ name }) => name);
    expect([holders('DATABASE_OWNER_URL'), holders('LOG_SIGNING_KEY')]).toEqual([['migrate'], ['worker']]);
  });
});

describe('api and worker', () => {
  const running = ofKind('Deployment');

  it('are three of each, none fewer while rolling, and one at most taken away at a time', () => {
    expect(running.map(({ metadata }) => metadata.name).sort()).toEqual(['api', 'worker']);
    for (const manifest of running) {
      expect(workloadOf(manifest)).toMatchObject({ replicas: 3, strategy: { rollingUpdate: { maxUnavailable: 0 } } });
      const budget = get('PodDisruptionBudget', manifest.metadata.name).spec as {
        maxUnavailable: number;
        selector: { matchLabels: Record<string, string> };
      };
      expect(budget).toMatchObject({
        maxUnavailable: 1,
        selector: { matchLabels: workloadOf(manifest).template.metadata.labels },
      });
    }
  });

  it('are probed, bounded and locked', () => {
    for (const container of running.flatMap(containersOf)) {
      expect(container).toMatchObject({
        startupProbe: expect.any(Object),
        readinessProbe: expect.any(Object),
        livenessProbe: expect.any(Object),
        resources: { requests: { cpu: expect.any(String), memory: expect.any(String) } },
        securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      });
    }
  });

  it('have longer to end than they need', () => {
    for (const manifest of running) {
      const grace = workloadOf(manifest).template.spec.terminationGracePeriodSeconds ?? 0;
      expect(grace).toBeGreaterThan(Number(settings['SHUTDOWN_SECONDS']) + 10);
    }
  });

  it('listen where the service and the network policy look', () => {
    const [api] = containersOf(get('Deployment', 'api'));
    expect(api?.ports).toMatchObject([{ containerPort: Number(settings['API_PORT']) }]);
    expect(JSON.stringify(get('NetworkPolicy', 'api-from-ingress').spec)).toContain(`"port":${settings['API_PORT']}`);
  });

  it('run programs that are in the checkout or come out of the build', () => {
    const programs = containers.flatMap((container) => {
      const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
      const text = JSON.stringify([container.command, probes]);
      return [...text.matchAll(/[\w-]+\/[\w-]+\.(ts|js)/g)].map(([path]) => path);
    });
    const built = [...read('scripts/build.ts').matchAll(/'([a-z-]+\.js)': '/g)].map(([, name]) => `dist/${name}`);
    expect(programs.length).toBeGreaterThan(4);
    expect(programs.filter((path) => !built.includes(path) && !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the network', () => {
  it('is closed but for what is named', () => {
    expect(get('NetworkPolicy', 'nothing-else').spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const text = JSON.stringify(ofKind('NetworkPolicy'));
    expect(text).not.toContain('0.0.0.0/0');
    expect(text).toContain(`"port":${settings['TEMPORAL_ADDRESS']?.split(':')[1] ?? ''}`);
  });
});
