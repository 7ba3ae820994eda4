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

/** The log names the folder, because a scheduler may start the command in another folder than the list's. */
function allOpen(folder: string, targets: readonly SyncTarget[]): string {
  const addresses = targets.map(({ config }) => config.tallyUrl).join(', ');
  return `Companies: all that are open at ${addresses}, into ${targets[0]!.warehouse}. There is no ${usualFile} in ${folder}.`;
}

/** `configs`: one per entry of the list. Without a list: one per address of TALLY_URL, without a company. */
interface Targets {
  /** The path of the list; null: there is none. */
  list: string | null;
  configs: Config[];
}

/** Throws `usage` if the named list is missing, `config` for a list or a setting that cannot be used. */
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
    const hint = isMissing
      ? 'Correct the path after --companies.'
      : `Make ${file} a readable file, or name another list with --companies.`;
    throw new EtlError(isMissing ? 'usage' : 'config', message, hint, { cause: error });
  }
}
