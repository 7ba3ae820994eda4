import { describeRejects, readConfig, rejects } from '../../core/core.js';
import type { Command } from '../commandContext.js';

export const rejectsCommand: Command = async ({ line, env, program, print, runJob }) => {
  const found = await runJob(readConfig(env), (context) => rejects({ company: line.company }, context));
  const total = found.companies.reduce((sum, company) => sum + company.rejects, 0);
  await print(
    { command: 'rejects', total, ...found },
    describeRejects(found, {
      load: (date, source) =>
        `${program} backfill ${date ?? 'FROM'} ${date ?? 'TO'}${source === 'file' ? ' --file DAYBOOK --file MASTERS' : ''}`,
    }),
  );
  return 0;
};
