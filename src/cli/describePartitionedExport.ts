import { invoiceCount, lineCount } from '../core/base/countWords.js';
import {
  type CompanyFiles,
  formatCount,
  formatDuration,
  type PartitionedCompany,
  type PartitionedExportResult,
} from '../core/core.js';
import { companyLine, exitCodeOf, failureText } from './companyRows.js';

export const exportExitCode = ({ error }: PartitionedCompany): number => (error ? exitCodeOf(error) : 0);

/** The line of a company: what was written and what its files now contain, or the error. */
export function describeCompanyExport(row: PartitionedCompany): string {
  const { name } = row.company;
  const text = row.error ? failureText(name, row.error) : `${name}: ${describeFiles(row)}`;
  return companyLine(row, exportExitCode(row), text);
}

const describeFiles = (files: CompanyFiles): string => {
  const [written, unchanged, removed] = [files.written, files.unchanged, files.removed].map(formatCount);
  const content = `${invoiceCount(files.invoices)}, ${lineCount(files.lines)}, ${formatCount(files.bytes)} bytes`;
  return `months written ${written}, unchanged ${unchanged}, removed ${removed}; ${content}`;
};

/** A closing sentence, the failed companies with their next steps, the other companies, and the warnings as notes. */
export function describePartitionedExport(result: PartitionedExportResult, warehouse: string): string {
  const { folder, companies, warnings, durationMs } = result;
  const failed = companies.filter(({ error }) => error);
  const done = companies.filter(({ error }) => !error);
  const took = `in ${formatDuration(durationMs)}:`;
  return [
    failed.length === 0
      ? `Brought ${folder} up to date with ${warehouse} ${took}`
      : `Exported ${formatCount(done.length)} of ${formatCount(companies.length)} companies of ${warehouse} into ${folder} ${took}`,
    ...failed.flatMap((row) => [describeCompanyExport(row), `  ${row.error!.hint}`]),
    ...done.map(describeCompanyExport),
    ...warnings.map((warning) => `Note: ${warning}`),
  ].join('\n');
}
