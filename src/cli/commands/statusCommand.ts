import { readConfig, status, today } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { describeStatus } from '../describeStatus.js';

const shownRuns = 20;

export const statusCommand: Command = async ({ env, program, print, runJob }) => {
  const config = readConfig(env);
  const { checkpoints, runs } = await runJob(config, (context) => status({ limit: shownRuns }, context));
  const text = describeStatus({ checkpoints, runs }, { overlapDays: config.overlapDays, today: today(), program });
  await print({ command: 'status', checkpoints, runs }, text);
  return 0;
};
