import { clearAndReload, describeDryRun, describeResult, parseRange, readConfig } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { jobExitCode } from '../jobExitCode.js';

export const clearAndReloadCommand: Command = async ({ line, env, program, print, runJob }) => {
  const [from = '', to = ''] = line.args;
  const { dayByDay, dryRun, force } = line;
  const request = { ...parseRange(from, to), dayByDay, dryRun, force };
  const result = await runJob(readConfig(env), (context) => clearAndReload(request, context));
  await print(result, dryRun ? describeDryRun(result) : describeResult(result, `${program} rejects`));
  return jobExitCode(result);
};
