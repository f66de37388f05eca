import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { LAUNCHER_SETTINGS, SETTINGS } from '../config.ts';
import { CASE_STATUSES, DECISIONS, ROLES } from '../domain/case.ts';
import { DOCUMENT_TYPES } from '../domain/document-types.ts';
import { PROCESSES } from '../domain/processes/index.ts';
import { stalePages } from '../scripts/make-docs.ts';
import * as glossary from './tidy/glossary.ts';
import { CODE, ROOT, importsOf, listFiles, places, read, stringsAfter } from './tidy/sources.ts';

/** The shape of the checkout. Each check says why; a check nobody can explain any more should go. */

const baseOf = (processCode: string): string => processCode.toLowerCase().replaceAll('_', '-');
const inFolder = (folder: string): string[] => CODE.filter((path) => path.startsWith(`${folder}/`));

describe('the walls between the folders', () => {
  /** What a folder may import besides itself: our own folders and files by path, packages by name. */
  const violations = (folder: string, may: (target: string, typeOnly: boolean) => boolean): string[] =>
    inFolder(folder).flatMap((path) =>
      importsOf(path)
        .filter(({ target, typeOnly }) => !target.startsWith(`${folder}/`) && !may(target, typeOnly))
        .map(({ target }) => `${path} → ${target}`),
    );

  // Rules are asked by workflow, API and documents alike, so they must give the same answer everywhere and in every replay.
  it('domain imports only itself, decimal.js and zod', () => {
    expect(violations('domain', (target) => ['decimal.js', 'zod'].includes(target))).toEqual([]);
  });

  // A value imported from activities/ would be bundled into the sandbox with everything it can do.
  it('workflows import domain, the engine’s workflow library and activity types', () => {
    const may = (target: string, typeOnly: boolean): boolean =>
      target.startsWith('domain/') ||
      target === '@temporalio/workflow' ||
      (typeOnly && target.startsWith('activities/'));
    expect(violations('workflows', may)).toEqual([]);
  });

  // Otherwise a change of a route could change what a turn writes.
  it('activities know nothing of API, launcher or procedures', () => {
    const forbidden = /^(api|embedded|operations|workflows|scripts|test|bench|rehearsal|faults)\//;
    expect(violations('activities', (target) => !forbidden.test(target))).toEqual([]);
  });

  // Routes ask the engine by name; a procedure imported here would run outside its sandbox.
  it('the API knows nothing of procedures or launcher', () => {
    const forbidden = /^(embedded|operations|workflows|scripts|test|bench|rehearsal|faults)\//;
    expect(violations('api', (target) => !forbidden.test(target))).toEqual([]);
  });

  // They look at what runs from outside; a procedure imported here would run outside its sandbox.
  it('operations know nothing of procedures or programs', () => {
    expect(
      violations('operations', (target) => !/^(workflows|scripts|test|bench|rehearsal|faults)\//.test(target)),
    ).toEqual([]);
  });

  // Two counts that share a table or a loop share its mistakes, and then agree about them.
  it('the recount of the rehearsal imports nothing but itself', () => {
    const own = (target: string): boolean => target.startsWith('rehearsal/recount/');
    const found = inFolder('rehearsal/recount').flatMap((path) => importsOf(path).map(({ target }) => target));
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((target) => !own(target))).toEqual([]);
  });

  it('nothing that runs imports a test', () => {
    const running = CODE.filter((path) => !/^(test|bench|rehearsal|faults)\//.test(path));
    expect(running.filter((path) => importsOf(path).some(({ target }) => target.startsWith('test/')))).toEqual([]);
  });
});

describe('a process is three files and two lines', () => {
  const codes = Object.keys(PROCESSES);

  // Rules, procedure and proof are found by one name; without the proof it is not a process yet.
  it.each(codes)('%s has its definition, its procedure and its test under one name', (processCode) => {
    const base = baseOf(processCode);
    const files = [`domain/processes/${base}.ts`, `workflows/${base}.ts`, `test/processes/${base}.test.ts`];
    expect(files.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('both indexes name the same processes, each under its own code', () => {
    const exported = [...read('workflows/index.ts').matchAll(/ as ([A-Z_]+)/g)].map(([, name]) => name);
    expect(exported.sort()).toEqual([...codes].sort());
    expect(Object.entries(PROCESSES).filter(([processCode, { code }]) => processCode !== code)).toEqual([]);
  });

  // A case is started by the code of its process: a procedure of the system under such a name would be taken for it.
  it('the system’s own procedures are in an index of their own, under names that are no process', () => {
    const others = [...read('workflows/others.ts').matchAll(/ as ([A-Z_]+)/g)].map(([, name]) => name ?? '');
    expect(others.length).toBeGreaterThan(0);
    expect(others.filter((name) => codes.includes(name))).toEqual([]);
    expect(importsOf('workflows/bundle.ts').map(({ target }) => target)).toEqual([
      'workflows/versioning.ts',
      'workflows/index.ts',
      'workflows/others.ts',
    ]);
  });

  // The type of `goTo` is any step of any process, so the compiler does not see a step of another one.
  it.each(codes)('the procedure of %s goes only to steps of its own definition', (processCode) => {
    const steps = Object.keys(PROCESSES[processCode]?.steps ?? {});
    expect(stringsAfter(`workflows/${baseOf(processCode)}.ts`, 'goTo').filter((step) => !steps.includes(step))).toEqual(
      [],
    );
  });
});

describe('names', () => {
  // One word for one thing, in code, database and on the page: the agency's. A process whose words are not listed yet is only
  // held to the spelling, so that a new one stays three files and two lines.
  it.each(Object.keys(PROCESSES))('every stage and step of %s is a word of the glossary', (processCode) => {
    const known = glossary.STAGES[processCode];
    const { stages, steps } = PROCESSES[processCode] ?? { stages: {}, steps: {} };
    const strange = (name: string): boolean => (known ? !known.includes(name) : !/^[A-Z]+(_[A-Z]+)*$/.test(name));
    expect(Object.keys(stages).filter(strange)).toEqual([]);
    const parts = Object.entries(steps).filter(([step, { stage }]) => step !== stage);
    expect(parts.filter(([step, { stage }]) => known && !glossary.PARTS[stage]?.includes(step))).toEqual([]);
  });

  it('statuses, decisions, roles and document types are those of the glossary', () => {
    const beyond = (used: object, known: readonly string[]): string[] =>
      Object.keys(used).filter((name) => !known.includes(name));
    expect(Object.keys(CASE_STATUSES).sort()).toEqual([...glossary.CASE_STATUSES].sort());
    expect(beyond(DECISIONS, Object.values(glossary.DECISIONS).flat())).toEqual([]);
    expect(beyond(ROLES, glossary.ROLES)).toEqual([]);
    expect(beyond(DOCUMENT_TYPES, Object.values(glossary.DOCUMENT_TYPES).flat())).toEqual([]);
  });
});

describe('files', () => {
  // A longer one is telling us that it holds two things.
  it('are under 300 lines', () => {
    const written = listFiles().filter((path) => /\.(ts|js|sh|prisma)$/.test(path) || path === '.ci/run');
    const tooLong = written.filter((path) => path !== 'prisma/schema.prisma' && read(path).split('\n').length > 300);
    expect(tooLong).toEqual([]);
  });

  // `any` turns the checks off for everything it touches; foreign declaration files included.
  it('say what they mean: no any', () => {
    expect(CODE.flatMap((path) => places(path, ({ kind }) => kind === ts.SyntaxKind.AnyKeyword))).toEqual([]);
  });

  // A setting read somewhere else is missing in the documentation, in the compose file and in the message at start.
  it('leave the environment to config.ts', () => {
    const reads = (node: ts.Node): boolean => ts.isPropertyAccessExpression(node) && node.getText() === 'process.env';
    // A test hands its own environment on to the processes it starts.
    const held = CODE.filter((path) => !/^config(\.ts|\/)/.test(path) && !path.startsWith('test/'));
    expect(held.flatMap((path) => places(path, reads))).toEqual([]);
  });

  // One made otherwise would write people's data into the engine's histories in the clear.
  it('make clients of the engine in engine/client.ts alone', () => {
    const made = (node: ts.Node): boolean =>
      ts.isNewExpression(node) && /^(Workflow)?Client$/.test(node.expression.getText());
    // What our own are compared with is the plain library.
    const held = CODE.filter((path) => !/^(test\/|engine\/client\.ts|bench\/surroundings\.ts)/.test(path));
    const engines = held.filter((path) => importsOf(path).some(({ target }) => target === '@temporalio/client'));
    expect(engines.flatMap((path) => places(path, made))).toEqual([]);
  });

  // A test that was silenced for a moment is forgotten for a year.
  it('hold no test that is skipped or run alone', () => {
    const silenced = /\b(it|test|describe)\.(only|skip|todo)\b|\bx(it|describe)\(|\bf(it|describe)\(/;
    const tests = CODE.filter((path) => path.endsWith('.test.ts') && path !== 'test/tidy.test.ts');
    expect(tests.filter((path) => silenced.test(read(path)))).toEqual([]);
  });

  // What names one machine works on one machine.
  it('name no place on somebody’s machine', () => {
    const places = /(^|[\s'"`(=])\/(root|work|home\/[a-z]+|Users\/[A-Za-z]+)\//m;
    const text = listFiles().filter((path) => /\.(ts|js|json|md|yml|sh|sql|prisma)$/.test(path) || path === '.ci/run');
    expect(text.filter((path) => path !== 'test/tidy.test.ts' && places.test(read(path)))).toEqual([]);
  });
});

describe('documents', () => {
  it('made from the code say what the code says (npm run docs)', () => {
    expect(stalePages()).toEqual([]);
  });

  it('link to files that exist', () => {
    const pages = listFiles().filter((path) => path.endsWith('.md'));
    const broken = pages.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map(([, target]) => normalize(join(dirname(path), target ?? '')))
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => `${path} → ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('name only commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const pages = listFiles().filter((path) => path.endsWith('.md'));
    const commands = pages.flatMap((path) =>
      [...read(path).matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name ?? ''),
    );
    expect([...new Set(commands)].filter((name) => !(name in scripts))).toEqual([]);
  });

  it('commands run files that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const programs = Object.values(scripts).flatMap((script) => script.match(/[\w./-]+\.ts\b/g) ?? []);
    expect(programs.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  // Whoever sets the system up copies this file; a setting missing in it will be missing at start.
  it('.env.example names every setting, once, with its example or default', () => {
    const named = [...read('.env.example').matchAll(/^(?:# ?)?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name ?? '');
    const known = Object.values({ ...SETTINGS, ...LAUNCHER_SETTINGS }).map(({ name }) => name);
    expect(named.filter((name, i) => named.indexOf(name) !== i)).toEqual([]);
    expect(named.filter((name) => !known.includes(name as never))).toEqual([]);
    expect(Object.values(SETTINGS).filter(({ name }) => !named.includes(name))).toEqual([]);
  });
});

describe('packages', () => {
  type Locked = {
    resolved?: string;
    hasInstallScript?: boolean;
    optionalDependencies?: Record<string, string>;
  };
  type Manifest = Record<'dependencies' | 'devDependencies', Record<string, string>> & {
    allowScripts: Record<string, boolean>;
  };
  const packages = (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages;
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

  const isLocked = (from: string, name: string): boolean => {
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
      if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true;
      if (folder === '') return false;
    }
  };

  // npm leaves out what it could not fetch for another platform, and then `npm ci` fails or a Mac gets half an install.
  it('are locked for every platform', () => {
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
      Object.keys(optionalDependencies ?? {})
        .filter((name) => !isLocked(path, name))
        .map((name) => `${path} → ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it('are the same in package.json and in the lock, each with its exact version', () => {
    const root = packages[''] as unknown as Manifest;
    expect(root.dependencies).toEqual(manifest.dependencies);
    expect(root.devDependencies).toEqual(manifest.devDependencies);
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  // A mirror's address in the lock makes `npm ci` fail wherever that mirror cannot be reached.
  it('come from the registry of whoever installs', () => {
    const elsewhere = Object.values(packages)
      .map(({ resolved }) => resolved)
      .filter((url) => url !== undefined && new URL(url).host !== 'registry.npmjs.org');
    expect(elsewhere).toEqual([]);
  });

  // Install scripts run with all rights of whoever installs; each is let through or stopped by name.
  it('run no install script that nobody has decided about', () => {
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    const undecided = scripted.map(([path]) => nameOf(path)).filter((name) => !(name in manifest.allowScripts));
    expect([...new Set(undecided)]).toEqual([]);
  });
});
