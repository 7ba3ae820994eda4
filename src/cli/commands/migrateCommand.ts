import { describeShape, EtlError, migrate, readConfig } from '../../core/core.js';
import type { Command } from '../commandContext.js';

export const migrateCommand: Command = async ({ line, env, print, runJob }) => {
  const { distributed, partitions } = line;
  if (distributed && partitions !== undefined)
    throw new EtlError('usage', 'Both --distributed and --partitions were given.', 'Give one of the two.');
  const wanted = { ...(distributed && { distributed }), ...(partitions !== undefined && { partitions }) };
  const { applied, shape } = await runJob(readConfig(env), (context) => migrate(context, wanted));
  const text =
    applied.length === 0 ? 'The tables of the warehouse are already current.' : ['Applied:', ...applied].join('\n  ');
  await print({ command: 'migrate', applied, shape }, `${text}\n${describeShape(shape)}`);
  return 0;
};
