import fs from 'node:fs';
import path from 'node:path';
import {
  type Config,
  EtlError,
  type Environment,
  readConfig,
  syncAll,
  tallyKey,
  warehouseName,
} from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { readCompaniesFile } from '../companiesFile.js';
import { describeCompany, describeSyncAll, rowExitCode, worstExitCode } from '../describeSyncAll.js';

const usualFile = 'companies.yaml';
const usualParallel = 4;

export const syncAllCommand: Command = async ({ line, env, folder, print, runJob }) => {
  const configs = await readTargets(env, folder, line.companies);
  const targets = configs.map((config) => ({ config, warehouse: warehouseName(config) }));
  const { companies, ...result } = await runJob(configs[0]!, (context) =>
    syncAll({ targets, parallel: line.parallel ?? usualParallel }, context, (row) => {
      context.logger.info(describeCompany(row));
    }),
  );
  const json = { ...result, companies: companies.map((row) => ({ ...row, exitCode: rowExitCode(row) })) };
  await print(json, describeSyncAll(companies));
  return worstExitCode(companies.map(rowExitCode));
};

/** The entries of the list, else each address of TALLY_URL for all companies that are open there. Throws `usage` and `config`. */
async function readTargets(env: Environment, folder: string, named: string | undefined): Promise<Config[]> {
  const file = path.resolve(folder, named ?? usualFile);
  const bytes = readBytes(file, named !== undefined);
  if (bytes) return readCompaniesFile(bytes, path.basename(file), env);
  const addresses = (env.TALLY_URL ?? '').split(',').filter((address) => address.trim() !== '');
  // Without TALLY_COMPANY, because all open companies are wanted.
  const others = { ...env, TALLY_COMPANY: undefined };
  const configs = (addresses.length > 0 ? addresses : ['']).map((TALLY_URL) => readConfig({ ...others, TALLY_URL }));
  return [...new Map(configs.map((config) => [tallyKey(config), config])).values()];
}

function readBytes(file: string, isNamed: boolean): Buffer | undefined {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && !isNamed) return undefined;
    const message = isMissing ? `There is no file ${file}.` : `The list of companies cannot be read: ${String(error)}`;
    throw new EtlError(isMissing ? 'usage' : 'config', message, 'Correct the path after --companies.', {
      cause: error,
    });
  }
}
