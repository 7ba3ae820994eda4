import { check, readConfig, type CheckItem } from '../../core/core.js';
import type { Command } from '../commandContext.js';

const titles: Record<CheckItem['part'], string> = {
  tally: 'Tally',
  company: 'Company',
  masters: 'Masters',
  vouchers: 'Vouchers',
  report: 'Report',
  warehouse: 'Warehouse',
  schema: 'Tables',
  rights: 'Rights',
};

export const checkCommand: Command = async ({ env, print, runJob }) => {
  const items = await runJob(readConfig(env), (context) => check(context));
  await print({ command: 'check', ok: items.every((item) => item.ok), items }, describeCheck(items));
  return checkExitCode(items);
};

/** One line per part, with `✓`, `!` (fine, with something to know) or `✗`; below a part that is wrong, its remedy. */
export function describeCheck(items: readonly CheckItem[]): string {
  const lines = items.flatMap(({ part, ok, caution, message, remedy }) => [
    `${ok ? (caution ? '!' : '✓') : '✗'} ${titles[part].padEnd(9)}  ${message}`,
    ...(!ok && remedy !== undefined ? [`  ${' '.repeat(9)}  ${remedy}`] : []),
  ]);
  return lines.join('\n');
}

/** 0, or by the first part that is wrong: 3 for Tally's parts, 4 for the warehouse's, 2 if DB_URL cannot be used. */
export function checkExitCode(items: readonly CheckItem[]): number {
  const wrong = items.find((item) => !item.ok);
  if (wrong === undefined) return 0;
  if (!['warehouse', 'schema', 'rights'].includes(wrong.part)) return 3;
  return wrong.code === 'config' ? 2 : 4;
}
