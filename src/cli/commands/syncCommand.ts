import { describeResult, readConfig, sync } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { jobExitCode } from '../jobExitCode.js';

export const syncCommand: Command = async ({ env, print, runJob }) => {
  const result = await runJob(readConfig(env), sync);
  await print(result, describeResult(result));
  return jobExitCode(result);
};
