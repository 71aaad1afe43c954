import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory, small enough to be filled. Mounting requires privileges. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Undefined if mounting is not permitted. @param inodes without a limit when left out */
  static make(megabytes: number, inodes?: number): SmallDisk | undefined {
    const folder = mkdtempSync(join(tmpdir(), 'invigil-disk-'));
    const options = `size=${megabytes}m,mode=755${inodes === undefined ? '' : `,nr_inodes=${inodes}`}`;
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0) return new SmallDisk(folder);
    rmSync(folder, { recursive: true });
    return undefined;
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** Fills the disk except for `leaveBytes`. */
  fill(leaveBytes = 0): void {
    try {
      writeFileSync(join(this.folder, 'filler'), Buffer.alloc(Math.max(0, this.freeBytes - leaveBytes)));
    } catch (error) {
      // Another writer took the rest meanwhile: the disk is full.
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }

  /** Uses up the inodes; space is left. */
  fillInodes(): void {
    const folder = join(this.folder, 'inodes');
    mkdirSync(folder);
    for (let left = statfsSync(this.folder).ffree; left > 0; left--)
      try {
        mkdirSync(join(folder, String(left)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
  }

  empty(): void {
    for (const name of ['filler', 'inodes']) rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  remove(): void {
    // Lazily: a process killed a moment ago may still have a file open.
    spawnSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const tried = SmallDisk.make(1);
tried?.remove();
/** True if small disks can be mounted here. */
export const hasSmallDisks = tried !== undefined;
