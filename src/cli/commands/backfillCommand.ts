import path from 'node:path';
import { backfill, describeDryRun, describeResult, parseRange, readConfig } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { jobExitCode } from '../jobExitCode.js';

export const backfillCommand: Command = async ({ line, env, program, print, runJob }) => {
  const [from = '', to = ''] = line.args;
  const request = {
    ...parseRange(from, to),
    dayByDay: line.dayByDay,
    dryRun: line.dryRun,
    ...(line.files.length > 0 && { files: line.files.map((file) => path.resolve(file)) }),
  };
  const result = await runJob(readConfig(env), (context) => backfill(request, context));
  await print(result, line.dryRun ? describeDryRun(result) : describeResult(result, `${program} rejects`));
  return jobExitCode(result);
};
