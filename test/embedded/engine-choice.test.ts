import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SERVER_VERSION, findEngine } from '../../embedded/temporal-binaries.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jingban-engine-'));
  for (const part of ['data', 'cache', 'bin']) mkdirSync(join(folder, part));
});

afterEach(() => rmSync(folder, { recursive: true }));

const find = () =>
  findEngine({
    dataFolder: join(folder, 'data'),
    cacheFolder: join(folder, 'cache'),
    env: { PATH: join(folder, 'bin') },
    progress: () => undefined,
  });

const program = (path: string, script: string): string => {
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
};

const putServerIntoCache = (): { server: string; sql: string } => {
  const versioned = join(folder, 'cache', `temporal-${SERVER_VERSION}`);
  mkdirSync(versioned);
  return { server: program(join(versioned, 'server'), ''), sql: program(join(versioned, 'sql'), '') };
};

const putCliOnPath = (version: string): string =>
  program(join(folder, 'bin', 'temporal'), `echo 'temporal version ${version} (Server 1.32.0, UI 2.50.0)'`);

describe('the choice of the engine', () => {
  it('prefers the server that was built before', async () => {
    const built = putServerIntoCache();
    putCliOnPath('1.9.1');
    expect(await find()).toEqual({ kind: 'server', ...built });
  });

  it.each(['1.9.1', '1.10.0', '2.0.0'])('takes a temporal %s on PATH when there is no server', async (version) => {
    const temporal = putCliOnPath(version);
    expect(await find()).toEqual({ kind: 'cli', temporal });
  });

  it.each(['1.9.0', '1.8.9', '0.13.2'])(
    'passes over a temporal %s, which cannot move one case’s clock',
    async (version) => {
      putCliOnPath(version);
      await expect(find()).rejects.toThrow('no Temporal engine: set TEMPORAL_ADDRESS');
    },
  );

  it('stays with the engine the cases were begun with, whatever is there later', async () => {
    const temporal = putCliOnPath('1.9.1');
    await find();
    putServerIntoCache();
    expect(await find()).toEqual({ kind: 'cli', temporal });
  });

  it('says what is missing when the cases were begun with a temporal CLI that is gone', async () => {
    const temporal = putCliOnPath('1.9.1');
    await find();
    rmSync(temporal);
    putServerIntoCache();
    await expect(find()).rejects.toThrow('were begun with the temporal CLI');
  });

  it('says why building failed and leaves no half server behind', async () => {
    program(join(folder, 'bin', 'go'), 'echo "dial tcp: no route to host" >&2; exit 1');
    await expect(find()).rejects.toThrow('no route to host');
    putCliOnPath('1.9.1');
    expect((await find()).kind).toBe('cli');
  });
});
