import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { openFolder } from './ownServer.js';

const megabyte = 1024 * 1024;

/** A disk in memory, which a test can fill. */
export class SmallDisk {
  private constructor(readonly folder: string) {}

  /** Undefined if this process may not mount a disk. */
  static mount(megabytes: number): SmallDisk | undefined {
    const folder = openFolder();
    const options = `size=${megabytes}m,mode=755`;
    if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]).status === 0) return new SmallDisk(folder);
    fs.rmdirSync(folder);
    return undefined;
  }

  private get filler(): string {
    return path.join(this.folder, 'filler');
  }

  /** Fills the disk except for so many bytes. */
  fill(left = 0): void {
    this.clear();
    const { bavail, bsize } = fs.statfsSync(this.folder);
    const file = fs.openSync(this.filler, 'w');
    const block = Buffer.alloc(megabyte);
    for (let rest = bavail * bsize - left; rest > 0; rest -= block.length)
      fs.writeSync(file, block, 0, Math.min(block.length, rest));
    fs.closeSync(file);
  }

  /** Frees the filled space again. */
  clear(): void {
    fs.rmSync(this.filler, { force: true });
  }

  unmount(): void {
    if (spawnSync('umount', [this.folder]).status !== 0) spawnSync('umount', ['-l', this.folder]);
    fs.rmdirSync(this.folder);
  }
}

/** Limits the size of every file that the process, and processes that it starts from now on, may write. */
export function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  // Run as the owner of the process, who is allowed to do this; root in a container may not be.
  const { uid, gid } = fs.statSync(`/proc/${pid}`);
  const limit = ['--pid', String(pid), `--fsize=${bytes}:unlimited`];
  const { status, stderr } = spawnSync('prlimit', limit, { ...(process.getuid?.() === 0 && { uid, gid }), cwd: '/' });
  if (status !== 0) throw new Error(`prlimit: ${stderr.toString()}`);
}
