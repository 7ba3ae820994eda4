import fs from 'node:fs';
import path from 'node:path';
import { EtlError, readDotEnv, type Environment } from '../core/core.js';

/** The environment over the .env file; an empty value unsets it. Throws `usage` if a named file is missing. */
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
  return { ...readDotEnv(bytes, file), ...env };
}
