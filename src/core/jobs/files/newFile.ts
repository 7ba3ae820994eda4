import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';

/**
 * A file in the making. It has a name of its own beside the wanted one until it is whole, so that nobody ever meets half
 * of it, and what was there before stays until then. Every failure is `file-not-written`.
 */
export class NewFile {
  bytes = 0;
  private previous: string | undefined;

  private constructor(
    readonly target: string,
    private readonly partial: string,
    private readonly handle: fs.FileHandle,
  ) {}

  /** Throws at once where the file could not be put there in the end. */
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
      await this.handle.writeFile(bytes); // all of it, at the place that was reached
      this.bytes += bytes.length;
    } catch (error) {
      throw notWritten(error, this.target);
    }
  }

  /** All of it is on the disk, whatever happens to the computer; it can be named. */
  async finish(): Promise<void> {
    try {
      await this.handle.sync();
      await this.handle.close();
    } catch (error) {
      throw notWritten(error, this.target);
    }
  }

  /** Gives the finished file its name, in place of what had it. */
  async publish(): Promise<void> {
    try {
      await fs.rename(this.partial, this.target);
    } catch (error) {
      throw notWritten(error, this.target);
    }
  }

  /** What has the name now gets a second one, for `putBack`; it is never missing under its own. */
  async keepPrevious(): Promise<void> {
    const kept = `${this.partial}.before`;
    try {
      // Not every disk has links.
      await fs.link(this.target, kept).catch(() => fs.copyFile(this.target, kept, fs.constants.COPYFILE_EXCL));
      this.previous = kept;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw notWritten(error, this.target);
    }
  }

  /** Undoes `publish`. Where it cannot, the error says what to do by hand. */
  async putBack(): Promise<void> {
    const { previous, target } = this;
    try {
      await (previous === undefined ? fs.rm(target) : fs.rename(previous, target));
    } catch (cause) {
      throw new EtlError(
        'file-not-written',
        t('The export failed when {target} was written already, and that could not be undone: {reason}.', {
          target,
          reason: (cause as Error).message,
        }),
        previous === undefined
          ? t('Delete the file.')
          : t('What was there before is in {previous}: put it back.', { previous }),
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

  /** Leaves no trace of one that was not published. */
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
    // Nothing is left that can fail when the last one has its name.
    for (const file of files.slice(0, -1)) await file.keepPrevious();
    for (const file of files) {
      await file.publish();
      published.push(file);
    }
  } catch (error) {
    for (const file of published) await file.putBack();
    await forgetPrevious();
    throw error;
  }
  await forgetPrevious();
}

/** Where a link leads: the file there is replaced, not the link. */
const resolveLink = (target: string): Promise<string> => fs.realpath(target).catch(() => path.resolve(target));

/** A rename would replace a device or a file that is marked as read-only all the same. */
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
  EFBIG: () => [t('that disk takes no file so large.'), t('Export a shorter range, or to another disk.')],
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
