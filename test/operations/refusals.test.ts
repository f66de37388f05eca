import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBackup } from '../../operations/backup/backup.ts';
import { listFolder } from '../../operations/backup/files.ts';
import { writeManifest, type Manifest } from '../../operations/backup/manifest.ts';
import { restoreBackup } from '../../operations/backup/restore.ts';

/** Nothing is ever overwritten, and nothing is restored from what is not whole. */
let folder: string;
let from: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jingban-refusals-'));
  from = join(folder, 'backup');
  mkdirSync(join(from, 'documents'), { recursive: true });
  writeFileSync(join(from, 'documents', 'one'), 'content');
  const manifest: Manifest = {
    ...{ format: 1, beganAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:01.000Z', engineInside: true },
    postgres: { version: '18.4', firstWal: '0'.repeat(24), lastWal: '0'.repeat(24), endLsn: '0/0' },
    files: [{ path: 'documents/one', bytes: 7, sha256: createHash('sha256').update('content').digest('hex') }],
    folders: [],
  };
  await writeManifest(from, manifest);
});
afterEach(() => rmSync(folder, { recursive: true }));

const restore = (dataFolder = join(folder, 'data'), documentFolder = join(dataFolder, 'documents')): Promise<unknown> =>
  restoreBackup(
    {
      ...{ from, dataFolder, documentFolder, witnessFolder: join(dataFolder, 'witness') },
      ...{ cacheFolder: join(folder, 'cache'), port: 1 },
    },
    () => undefined,
  );

it('a backup into a folder that holds something is refused, and the folder stays as it is', async () => {
  const source = { dataFolder: folder, cluster: folder, databaseUrl: 'postgres://nobody@127.0.0.1:1/x' };
  const folders = { documentFolder: folder, witnessFolder: folder };
  const before = await listFolder(from);
  await expect(makeBackup({ ...source, ...folders }, from, () => undefined)).rejects.toThrow(
    `${from} is not empty: a backup never overwrites anything, name another folder`,
  );
  expect(await listFolder(from)).toEqual(before);
});

it.each([
  [
    'a file of another content',
    () => writeFileSync(join(from, 'documents', 'one'), 'cOntent'),
    /documents\/one of the backup is damaged \(another content\)/,
  ],
  [
    'a file that was cut off',
    () => writeFileSync(join(from, 'documents', 'one'), 'con'),
    /is damaged \(3 bytes instead of 7\)/,
  ],
  ['a file that is gone', () => rmSync(join(from, 'documents', 'one')), /is damaged \(ENOENT\)/],
  [
    'a manifest that was altered',
    () => appendFileSync(join(from, 'manifest.json'), ' {}'),
    /manifest.json of .* was altered or is damaged/,
  ],
  ['a backup that broke off', () => rmSync(join(from, 'manifest.json')), /is no backup, or one that was not finished/],
])('%s is refused before anything is written', async (_, damage, sentence) => {
  damage();
  await expect(restore()).rejects.toThrow(sentence);
  expect(existsSync(join(folder, 'data'))).toBe(false);
});

it('a data or document folder that holds something is refused, and stays as it is', async () => {
  const data = join(folder, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'field-keys'), 'precious');
  await expect(restore(data)).rejects.toThrow(`${data} is not empty: a restore never overwrites anything`);
  await expect(restore(join(folder, 'new'), data)).rejects.toThrow(`${data} is not empty`);
  expect(readFileSync(join(data, 'field-keys'), 'utf8')).toBe('precious');
});
