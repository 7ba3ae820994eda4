import { describeRemoval, EtlError, exitCodes, readConfig, removeCompany } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { usageLine } from '../help.js';

export const removeCompanyCommand: Command = async ({ line, env, program, print, runJob }) => {
  const { company, yes } = line;
  if (company === undefined || company.trim() === '')
    throw new EtlError('usage', '--company is missing.', `Usage: ${usageLine('remove-company')}`);
  const result = await runJob(readConfig(env), (context) => removeCompany({ company, dryRun: !yes }, context));
  const { name } = result.company;
  const heading = yes ? `Removed ${name}:` : `Nothing was removed. Rows of ${name} in the warehouse:`;
  const next = yes ? [] : [`To remove it: ${program} remove-company --company "${company}" --yes`];
  await print(result, [heading, describeRemoval(result), ...next].join('\n'));
  return yes ? 0 : exitCodes.guard;
};
