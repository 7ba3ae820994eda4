import path from 'node:path';
import {
  backfill,
  clearAndReload,
  describeDryRun,
  describeResult,
  readConfig,
  sync,
  warehouseName,
  type JobContext,
  type JobResult,
} from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { jobExitCode } from '../jobExitCode.js';
import { syncAllCommand } from './syncAllCommand.js';
import { rangeOf, type CommandLine } from '../options.js';

const loadCommand =
  (jobFor: (line: CommandLine) => (context: JobContext) => Promise<JobResult>): Command =>
  async ({ line, env, program, print, runJob }) => {
    const job = jobFor(line);
    const config = readConfig(env);
    const result = await runJob(config, job);
    const text = result.dryRun
      ? describeDryRun(result)
      : describeResult(result, warehouseName(config), `${program} rejects`);
    await print(result, text);
    return jobExitCode(result);
  };

const syncOne = loadCommand(() => sync);

export const syncCommand: Command = (context) => (context.line.all ? syncAllCommand : syncOne)(context);

export const backfillCommand = loadCommand((line) => {
  const { dayByDay, dryRun, files } = line;
  const request = { ...rangeOf(line), dayByDay, dryRun };
  const paths = files.map((file) => path.resolve(file));
  return (context) => backfill({ ...request, ...(paths.length > 0 && { files: paths }) }, context);
});

export const clearAndReloadCommand = loadCommand((line) => {
  const { dayByDay, dryRun, force } = line;
  const request = { ...rangeOf(line), dayByDay, dryRun, force };
  return (context) => clearAndReload(request, context);
});
