import { existsSync } from 'node:fs';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { witnessFolderOf } from '../../log/keys.ts';
import { ok, reasonOf, warn, wrong, type Finding } from './finding.ts';

/** Node 20.19 is the first with everything that is used. */
const LEAST_NODE = [20, 19] as const;
const LEAST_FREE_BYTES = 2 ** 30;
/** A machine that believes it is earlier has lost its clock. */
const NOT_BEFORE = Date.parse('2026-01-01T00:00:00Z');

export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return ok('Node.js', version);
  return wrong(
    'Node.js',
    `Node.js ${version} 过旧:请安装 ${LEAST_NODE.join('.')} 或更新版本`,
    `Node.js ${version} is too old: install ${LEAST_NODE.join('.')} or newer`,
  );
}

export function checkClock(now: number): Finding {
  const at = new Date(now).toISOString();
  if (now >= NOT_BEFORE) return ok('本机时钟 clock', at);
  return wrong('本机时钟 clock', `本机时间为 ${at}:请校时`, `this machine believes it is ${at}: set its clock`);
}

/** Documents and heads must be storable; the check writes a file of its own and takes it away. */
export const checkFolders = async (config: Config): Promise<Finding[]> => [
  await checkFolder('材料目录 documents', 'DOCUMENT_FOLDER', config.documentFolder),
  await checkFolder('见证目录 witness', 'WITNESS_FOLDER', witnessFolderOf(config)),
];

async function checkFolder(about: string, setting: string, folder: string): Promise<Finding> {
  if (!existsSync(folder))
    return warn(
      about,
      `${folder} 尚不存在:首次写入时建立;如数据应已在,请检查 ${setting}`,
      `${folder} is not there yet: it is made when first written to; if there should be data already, check ${setting}`,
    );
  try {
    const probe = await mkdtemp(join(folder, '.doctor-'));
    await writeFile(join(probe, 'probe'), 'x');
    await rm(probe, { recursive: true });
  } catch (problem) {
    const reason = reasonOf(problem);
    return wrong(
      about,
      `${folder} 不能写入(${reason}):请检查权限与磁盘,或更改 ${setting}`,
      `${folder} cannot be written to (${reason}): check its rights and its disk, or change ${setting}`,
    );
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const gigabytes = (free / 2 ** 30).toFixed(1);
  if (free >= LEAST_FREE_BYTES) return ok(about, `${gigabytes} GB free`);
  return wrong(
    about,
    `${folder} 所在磁盘只剩 ${gigabytes} GB:请清理磁盘,或更改 ${setting}`,
    `only ${gigabytes} GB are free on the disk of ${folder}: make room, or change ${setting}`,
  );
}
