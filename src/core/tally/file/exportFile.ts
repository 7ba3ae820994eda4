import fs from 'node:fs/promises';
import { cancelled, EtlError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import type { AnswerSource, TallyAnswer } from '../answerSource.js';
import { fileFailure, inFileWords, notAFile } from './exportFileErrors.js';

const chunkBytes = 256 * 1024;

/**
 * A report that was exported on Tally's screen, as a source of answers. It has the same shape as an answer over HTTP
 * (docs/tally.md §1.5 A'), so the same readers read it. Every request gets the file as its answer.
 */
export class ExportFile implements AnswerSource {
  /** The file's length when the file was last opened. */
  bytes = 0;

  constructor(
    readonly path: string,
    private readonly logger: Logger,
  ) {}

  /** The file from its first byte. Fails with `usage` if the file cannot be read, and with `cancelled`. */
  async post(_xml: string, signal?: AbortSignal): Promise<TallyAnswer> {
    if (signal?.aborted) throw cancelled();
    const handle = await fs.open(this.path).catch((error: unknown) => {
      throw fileFailure(error, this.path);
    });
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw notAFile(this.path, stat.isDirectory());
      this.bytes = stat.size;
      this.logger.debug(`Reading ${this.path}: ${stat.size} bytes`);
      return {
        charset: undefined,
        totalBytes: stat.size,
        body: readChunks(handle, this.path, signal),
        close: () => handle.close(),
      };
    } catch (error) {
      await handle.close();
      throw error instanceof EtlError ? error : fileFailure(error, this.path);
    }
  }

  inWords(error: unknown): unknown {
    return inFileWords(error, this.path);
  }
}

/** Several exported files as one answer, in their order. describeExportFiles has checked that they belong to one company. */
export class ExportFiles implements AnswerSource {
  readonly companyChecked = true;

  constructor(readonly files: readonly ExportFile[]) {}

  get parts(): { sources: readonly ExportFile[]; totalBytes: number } {
    return { sources: this.files, totalBytes: this.files.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  post(xml: string, signal?: AbortSignal): Promise<TallyAnswer> {
    return this.files[0]!.post(xml, signal);
  }
}

/** Checks that the file exists and can be read; fails with `usage`, which says what was found instead. Leaves nothing open. */
export async function openExportFile(path: string, logger: Logger, signal?: AbortSignal): Promise<ExportFile> {
  const file = new ExportFile(path, logger);
  const answer = await file.post('', signal);
  await answer.close();
  return file;
}

async function* readChunks(
  handle: fs.FileHandle,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  for (;;) {
    if (signal?.aborted) throw cancelled();
    const buffer = Buffer.allocUnsafe(chunkBytes);
    const { bytesRead } = await handle.read(buffer, 0, chunkBytes).catch((error: unknown) => {
      throw fileFailure(error, path);
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
