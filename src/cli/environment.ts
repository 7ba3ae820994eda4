import fs from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { EtlError, type Environment } from '../core/core.js';

/**
 * The process environment over the .env file: an empty value in the environment unsets what the file says. A file that
 * was named and is missing is a `usage` error; the default one may be absent.
 */
export function readEnvironment(env: Environment, folder: string, envFile: string | undefined): Environment {
  const file = path.resolve(folder, envFile ?? '.env');
  let bytes: Buffer;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (missing && envFile === undefined) return { ...env };
    if (missing)
      throw new EtlError('usage', `There is no file ${file}.`, 'Correct the path after --env-file.', { cause: error });
    const reason = error instanceof Error ? error.message : String(error);
    throw new EtlError('config', `The settings file cannot be read: ${reason}`, 'Check the file and who may read it.', {
      cause: error,
    });
  }
  return { ...parseEnv(decode(bytes)), ...env };
}

/** Notepad saves UTF-8 with a byte order mark, PowerShell's `>` UTF-16: taken as plain UTF-8 their names would be lost. */
function decode(bytes: Buffer): string {
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString('utf16le') : bytes.toString('utf8');
  return text.replace(/^\uFEFF/, '');
}
