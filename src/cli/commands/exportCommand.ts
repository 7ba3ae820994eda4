import path from 'node:path';
import {
  describeExport,
  EtlError,
  exportPartitioned,
  exportRange,
  ledgerTables,
  readConfig,
  warehouseName,
  type ExportRequest,
} from '../../core/core.js';
import type { Command, CommandContext } from '../commandContext.js';
import { worstExitCode } from '../companyRows.js';
import { describeCompanyExport, describePartitionedExport, exportExitCode } from '../describePartitionedExport.js';
import { usageLine } from '../help.js';
import { rangeOf } from '../options.js';

const contents = ['sales_register', 'purchase_register', 'invoice_register', 'invoices', ...ledgerTables] as const;
const formats = ['csv', 'xlsx', 'parquet'] as const;

export const exportCommand: Command = async (command) => {
  const { line, env, print, runJob } = command;
  if (line.partitioned !== undefined) return exportByMonths(line.partitioned, command);
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
  const config = readConfig(env);
  const result = await runJob(config, (context) => exportRange(request, context));
  await print(result, describeExport(result, warehouseName(config)));
  return 0;
};

async function exportByMonths(folder: string, { line, env, print, runJob }: CommandContext): Promise<number> {
  if (folder === '')
    throw new EtlError('usage', 'The folder after --partitioned is missing.', 'Name one: --partitioned DIR.');
  const { out, content, format, noBom, company } = line;
  if (out !== undefined || content !== undefined || format !== undefined || noBom)
    throw new EtlError(
      'usage',
      '--partitioned does not go with --out, --content, --format or --no-bom.',
      'It writes the invoices and their lines as Parquet. Leave the other options out.',
    );
  const request = { folder: path.resolve(folder), ...(company !== undefined && { company }) };
  const config = readConfig(env);
  const result = await runJob(config, (context) =>
    exportPartitioned(request, context, (row) => {
      context.logger.info(describeCompanyExport(row));
    }),
  );
  const companies = result.companies.map((row) => ({ ...row, exitCode: exportExitCode(row) }));
  await print({ ...result, companies }, describePartitionedExport(result, warehouseName(config)));
  return worstExitCode(result.companies.map(exportExitCode));
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string | undefined): T | undefined {
  const found = known.find((one) => one === text?.replaceAll('-', '_'));
  if (text === undefined || found !== undefined) return found;
  throw new EtlError('usage', `${option} is not known: ${text}`, `Use one of ${known.join(', ')}.`);
}
