import { describeResult, readConfig, sync } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { jobExitCode } from '../jobExitCode.js';

export const syncCommand: Command = async ({ env, program, print, runJob }) => {
  const result = await runJob(readConfig(env), sync);
  await print(result, describeResult(result, `${program} rejects`));
  return jobExitCode(result);
};
