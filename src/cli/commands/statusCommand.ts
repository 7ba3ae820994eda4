import { readConfig, status, summary, today, type JobContext } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { describeStatus, type ShownStatus } from '../describeStatus.js';

const shownRuns = 20;

export const statusCommand: Command = async ({ env, program, print, runJob }) => {
  const config = readConfig(env);
  const found = await runJob(config, readStatus);
  const text = describeStatus(found, { overlapDays: config.overlapDays, today: today(), program });
  await print({ command: 'status', ...found }, text);
  return 0;
};

/** Runs two jobs. `leaveLater` keeps the built-in warehouse running between them, so that it is started once. */
async function readStatus(context: JobContext): Promise<ShownStatus> {
  const waysOut: (() => Promise<void>)[] = [];
  const staying = { ...context, leaveLater: (leave: () => Promise<void>) => waysOut.push(leave) };
  try {
    const found = await status({ limit: shownRuns }, staying);
    return { ...found, loaded: (await summary(staying)).companies };
  } finally {
    for (const leave of waysOut) await leave();
  }
}
