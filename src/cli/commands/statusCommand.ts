import { readConfig, status, today } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { describeStatus } from '../describeStatus.js';

const shownRuns = 20;

export const statusCommand: Command = async ({ env, program, print, runJob }) => {
  const config = readConfig(env);
  const found = await runJob(config, (context) => status({ limit: shownRuns }, context));
  const text = describeStatus(found, { overlapDays: config.overlapDays, today: today(), program });
  await print({ command: 'status', ...found }, text);
  return 0;
};
