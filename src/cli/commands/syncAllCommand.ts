import fs from 'node:fs';
import path from 'node:path';
import {
  type Config,
  EtlError,
  type Environment,
  readConfig,
  type SyncTarget,
  syncAll,
  tallyKey,
  warehouseName,
} from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { readCompaniesFile } from '../companiesFile.js';
import { worstExitCode } from '../companyRows.js';
import { describeCompany, describeSyncAll, rowExitCode } from '../describeSyncAll.js';

const usualFile = 'companies.yaml';
const usualParallel = 4;

export const syncAllCommand: Command = async ({ line, env, folder, print, runJob }) => {
  const { list, configs } = await readTargets(env, folder, line.companies);
  const targets = configs.map((config) => ({ config, warehouse: warehouseName(config) }));
  const { companies, ...result } = await runJob(configs[0]!, (context) => {
    context.logger.info(list === null ? allOpen(folder, targets) : `Companies: those of the list ${list}.`);
    return syncAll({ targets, parallel: line.parallel ?? usualParallel }, context, (row) => {
      context.logger.info(describeCompany(row));
    });
  });
  const json = { ...result, list, companies: companies.map((row) => ({ ...row, exitCode: rowExitCode(row) })) };
  await print(json, describeSyncAll(companies, result.leftOut));
  return worstExitCode(companies.map(rowExitCode));
};

/** A scheduler may have started the command in another folder than that of the list. Its log must show this. */
function allOpen(folder: string, targets: readonly SyncTarget[]): string {
  const addresses = targets.map(({ config }) => config.tallyUrl).join(', ');
  return `Companies: all that are open at ${addresses}, into ${targets[0]!.warehouse}. There is no ${usualFile} in ${folder}.`;
}

/** The list and its entries; without a list (null) every address of TALLY_URL, for all companies that are open there. */
interface Targets {
  /** The path of the file. */
  list: string | null;
  configs: Config[];
}

/** Throws `usage` and `config`. */
async function readTargets(env: Environment, folder: string, named: string | undefined): Promise<Targets> {
  const file = path.resolve(folder, named ?? usualFile);
  const bytes = readBytes(file, named !== undefined);
  if (bytes) return { list: file, configs: await readCompaniesFile(bytes, path.basename(file), env) };
  const addresses = (env.TALLY_URL ?? '').split(',').filter((address) => address.trim() !== '');
  // Without TALLY_COMPANY, because all open companies are wanted.
  const others = { ...env, TALLY_COMPANY: undefined };
  const configs = (addresses.length > 0 ? addresses : ['']).map((TALLY_URL) => readConfig({ ...others, TALLY_URL }));
  return { list: null, configs: [...new Map(configs.map((config) => [tallyKey(config), config])).values()] };
}

function readBytes(file: string, isNamed: boolean): Buffer | undefined {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && !isNamed) return undefined;
    const message = isMissing ? `There is no file ${file}.` : `The list of companies cannot be read: ${String(error)}`;
    const hint = isNamed
      ? 'Correct the path after --companies.'
      : `Make ${usualFile} a readable file, or name another list with --companies.`;
    throw new EtlError(isMissing ? 'usage' : 'config', message, hint, { cause: error });
  }
}
