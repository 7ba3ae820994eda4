import { describeComparison, parseRange, readConfig, verify } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { verifyExitCode } from '../jobExitCode.js';

export const verifyCommand: Command = async ({ line, env, program, print, runJob }) => {
  const [from = '', to = ''] = line.args;
  const request = { ...parseRange(from, to), ...(line.limit !== undefined && { limit: line.limit }) };
  const result = await runJob(readConfig(env), (context) => verify(request, context));
  const day = result.days.find(({ differences }) => differences > 0)?.date ?? from;
  const remedy = `Mend a day: ${program} clear-and-reload ${day} ${day}`;
  const { text } = describeComparison(result, new Date().toISOString(), remedy);
  await print(result, text.trimEnd());
  return verifyExitCode(result);
};
