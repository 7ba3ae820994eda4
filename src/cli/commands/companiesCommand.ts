import { alignTable, listOpenCompanies, readConfig } from '../../core/core.js';
import type { Command } from '../commandContext.js';

export const companiesCommand: Command = async ({ env, print, runJob }) => {
  const companies = await runJob(readConfig(env), listOpenCompanies);
  const table = alignTable([['Name', 'GUID'], ...companies.map(({ name, id }) => [name, id])], ['left', 'left']);
  const text = companies.length === 0 ? 'No company is open in Tally: open one there.' : table.join('\n');
  await print({ command: 'companies', companies }, text);
  return 0;
};
