import { migrate, readConfig } from '../../core/core.js';
import type { Command } from '../commandContext.js';

export const migrateCommand: Command = async ({ env, print, runJob }) => {
  const { applied } = await runJob(readConfig(env), migrate);
  const text =
    applied.length === 0 ? 'The tables of the warehouse are already current.' : ['Applied:', ...applied].join('\n  ');
  await print({ command: 'migrate', applied }, text);
  return 0;
};
