import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder on a small file system of its own, which can be filled to the last byte and emptied again. */
export interface Disk {
  folder: string;
  /** false where this machine does not let us mount: then the folder is an ordinary one and is never filled */
  own: boolean;
  /** leaves nothing free */
  fill(): void;
  free(): void;
  /** what lies there shall be kept when the file system goes */
  keep(): void;
}

export function openDisk(folder: string, megabytes: number, undo: Array<() => void>): Disk {
  mkdirSync(folder, { recursive: true });
  const own = mounted(folder, megabytes);
  let kept = false;
  if (own)
    undo.push(() => {
      if (kept) cpSync(folder, `${folder}.kept`, { recursive: true });
      execFileSync('umount', ['--lazy', folder]);
      if (kept) renameSync(`${folder}.kept`, folder);
    });
  const ballast = join(folder, 'ballast');
  const free = (): void => rmSync(ballast, { force: true });
  return {
    folder,
    own,
    free,
    keep: () => void (kept = true),
    fill() {
      const { bavail, bsize } = statfsSync(folder);
      try {
        execFileSync('fallocate', ['--length', String(bavail * bsize), ballast], { stdio: 'ignore' });
      } catch {
        // Somebody took the last blocks meanwhile; then it is as full as it has to be.
        writeFileSync(ballast, '');
      }
    },
  };
}

function mounted(folder: string, megabytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'jingban-faults', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
