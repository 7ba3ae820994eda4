import path from 'node:path';
import { describeExport, EtlError, exportRange, readConfig, type ExportRequest } from '../../core/core.js';
import type { Command } from '../commandContext.js';
import { usageLine } from '../help.js';
import { rangeOf } from '../options.js';

const contents = ['sales_register', 'purchase_register', 'invoice_register', 'invoices'] as const;
const formats = ['csv', 'xlsx', 'parquet'] as const;

export const exportCommand: Command = async ({ line, env, print, runJob }) => {
  if (line.out === undefined || line.out === '')
    throw new EtlError('usage', '--out is missing.', `Usage: ${usageLine('export')}`);
  const content = oneOf('--content', contents, line.content);
  const format = oneOf('--format', formats, line.format);
  const request: ExportRequest = {
    ...rangeOf(line),
    path: path.resolve(line.out),
    ...(content && { content }),
    ...(format && { format }),
    ...(line.company !== undefined && { company: line.company }),
    byteOrderMark: !line.noBom,
  };
  const result = await runJob(readConfig(env), (context) => exportRange(request, context));
  await print(result, describeExport(result));
  return 0;
};

function oneOf<T extends string>(option: string, known: readonly T[], text: string | undefined): T | undefined {
  const found = known.find((one) => one === text?.replaceAll('-', '_'));
  if (text === undefined || found !== undefined) return found;
  throw new EtlError('usage', `${option} is not known: ${text}`, `Use one of ${known.join(', ')}.`);
}
