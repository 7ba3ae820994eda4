import fs from 'node:fs';
import path from 'node:path';
import { EtlError, readDotEnv, type Environment } from '../core/core.js';

/**
 * The variables of the .env file and of the environment. The environment wins, also with an empty value, which counts as
 * unset. Throws `usage` if the file of --env-file is missing, and `config` if the file cannot be read.
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
  return { ...readDotEnv(bytes, file), ...env };
}
