import { describeComparison, readConfig, verify, warehouseName } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { verifyExitCode } from '../jobExitCode.js';
import { rangeOf } from '../options.js';

export const verifyCommand: Command = async ({ line, env, program, print, runJob }) => {
  const { limit, totals } = line;
  const request = { ...rangeOf(line), ...(totals && { totals }), ...(limit !== undefined && { limit }) };
  const config = readConfig(env);
  const result = await runJob(config, (context) => verify(request, context));
  const day = result.days.find(({ differences }) => differences > 0)?.date ?? request.from;
  const remedy = `Fix a day: ${program} clear-and-reload ${day} ${day}`;
  const { text, days, reload } = describeComparison(result, warehouseName(config), new Date().toISOString(), remedy);
  const months = days.length > 0 ? [] : reload.map(({ from, to }) => `Fix: ${program} clear-and-reload ${from} ${to}`);
  await print(result, [text.trimEnd(), ...(months.length > 0 ? ['', ...months] : [])].join('\n'));
  return verifyExitCode(result);
};
