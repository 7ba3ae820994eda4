import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { asEtlError, EtlError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';

/**
 * A new file while it is written. Until it is complete, it has a temporary name in the same folder. So nobody finds
 * half a file, and an earlier file stays until then. A failure throws `file-not-written`.
 */
export class NewFile {
  bytes = 0;
  private previous: string | undefined;

  private constructor(
    readonly target: string,
    private readonly partial: string,
    private readonly handle: fs.FileHandle,
  ) {}

  /** Throws now if the complete file could not get its name later. */
  static async create(target: string): Promise<NewFile> {
    const place = await resolveLink(target);
    const partial = `${place}.${randomBytes(4).toString('hex')}.partial`;
    try {
      await refuseUnwritable(place);
      return new NewFile(place, partial, await fs.open(partial, 'wx'));
    } catch (error) {
      throw notWritten(error, place);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await this.handle.writeFile(bytes); // writes all bytes, at the current position
      this.bytes += bytes.length;
    } catch (error) {
      throw notWritten(error, this.target);
    }
  }

  /** Writes the file to the disk, so that it survives a crash of the computer. Call this before `publish`. */
  async finish(): Promise<void> {
    try {
      await this.handle.sync();
      await this.handle.close();
    } catch (error) {
      throw notWritten(error, this.target);
    }
  }

  /** Gives the finished file its name, and so replaces an earlier file. */
  async publish(): Promise<void> {
    try {
      await fs.rename(this.partial, this.target);
    } catch (error) {
      throw notWritten(error, this.target);
    }
  }

  /**
   * Gives an earlier file, if there is one, a second name for `putBack`. The file keeps its own name too, so it is
   * never missing.
   */
  async keepPrevious(): Promise<void> {
    const kept = `${this.partial}.before`;
    try {
      // Some file systems do not support hard links.
      await fs.link(this.target, kept).catch(() => fs.copyFile(this.target, kept, fs.constants.COPYFILE_EXCL));
      this.previous = kept;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw notWritten(error, this.target);
    }
  }

  /** Undoes `publish`. If that fails, the error says what to do by hand. */
  async putBack(): Promise<void> {
    const { previous, target } = this;
    try {
      await (previous === undefined ? fs.rm(target) : fs.rename(previous, target));
    } catch (cause) {
      throw new EtlError(
        'file-not-written',
        t('The export failed after {target} was written, and this could not be undone: {reason}.', {
          target,
          reason: (cause as Error).message,
        }),
        previous === undefined
          ? t('Delete the file.')
          : t('The previous file is now {previous}. Rename it to {target}.', { previous, target }),
        { cause },
      );
    }
  }

  async forgetPrevious(logger: Logger): Promise<void> {
    if (this.previous === undefined) return;
    await fs.rm(this.previous, { force: true }).catch((error: unknown) => {
      logger.warn(`What was replaced is left over: ${String(error)}`);
    });
  }

  /** Deletes the temporary file. Does nothing after `publish`. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined);
    await fs.rm(this.partial, { force: true }).catch(() => undefined);
  }
}

/** Gives finished files their names: all of them, or none. */
export async function publishAll(files: NewFile[], logger: Logger): Promise<void> {
  const published: NewFile[] = [];
  const forgetPrevious = async (): Promise<void> => {
    for (const file of files) await file.forgetPrevious(logger);
  };
  try {
    // The file that the last one replaces needs no second name: after the last rename nothing can fail.
    for (const file of files.slice(0, -1)) await file.keepPrevious();
    for (const file of files) {
      await file.publish();
      published.push(file);
    }
  } catch (error) {
    const ends = await Promise.allSettled(published.map((file) => file.putBack()));
    const notBack = ends.flatMap((end) => (end.status === 'rejected' ? [asEtlError(end.reason)] : []));
    for (const { message, hint } of notBack) logger.error(`${message} ${hint}`);
    // The copies of files that could not be put back stay. The error says what to do with the first, the log with each.
    if (notBack[0] !== undefined) throw notBack[0];
    await forgetPrevious();
    throw error;
  }
  await forgetPrevious();
}

/** Follows a link, so that the file is replaced and not the link. */
const resolveLink = (target: string): Promise<string> => fs.realpath(target).catch(() => path.resolve(target));

/** Throws for a folder, a device and a read-only file. A rename would replace devices and read-only files. */
async function refuseUnwritable(place: string): Promise<void> {
  const found = await fs.stat(place).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return;
  if (!found.isFile()) throw Object.assign(new Error('it is not a plain file'), { code: 'EISDIR' });
  await (await fs.open(place, 'r+')).close();
}

type Reason = readonly [words: string, hint: string];

const otherFolder = (): string => t('Choose another folder, or give your account the right to write there.');
const fullDisk = (): string => t('Free space on that disk, or choose another one, then export again.');
const makeFolder = (): Reason => [t('its folder does not exist.'), t('Make the folder, or correct the path.')];

const reasons: Record<string, () => Reason> = {
  ENOENT: makeFolder,
  ENOTDIR: makeFolder,
  EISDIR: () => [t('there is a folder or a device of that name.'), t('Give the name of a file.')],
  EACCES: () => [t('your account may not write there.'), otherFolder()],
  EPERM: () => [
    t('your account may not write there, or another program has the file open.'),
    `${t('Close the file elsewhere.')} ${otherFolder()}`,
  ],
  EBUSY: () => [t('another program has the file open.'), t('Close the file there, then export again.')],
  EROFS: () => [t('that disk can only be read.'), t('Choose a folder on another disk.')],
  ENOSPC: () => [t('the disk is full.'), fullDisk()],
  EDQUOT: () => [t('your share of the disk is used up.'), fullDisk()],
  EFBIG: () => [
    t('the file is too large for that disk, or for a limit of the system.'),
    t('Export a shorter range, or to another disk.'),
  ],
};

/** The error `file-not-written`, for an error of the operating system on this file or folder. */
export function notWritten(cause: unknown, file: string): EtlError {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const [reason, hint] = reasons[code]?.() ?? [`${message}.`, otherFolder()];
  return new EtlError(
    'file-not-written',
    t('{file} was not written: {reason} What was there before is unchanged.', { file, reason }),
    hint,
    { cause },
  );
}
