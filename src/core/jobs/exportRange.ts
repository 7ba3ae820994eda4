import { t } from '@vscode/l10n';
import { today } from '../base/calendar.js';
import { cancelled, EtlError } from '../base/errors.js';
import { parseRange } from '../base/parseDate.js';
import { exportFormatOf, exportPaths } from '../exportPaths.js';
import { hasLedger, isLedgerTable } from '../warehouse/read/exportLedger.js';
import { RangeRows, type ExportTable } from '../warehouse/read/exportRows.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { countRecords } from './files/countRecords.js';
import type { ExportContent, ExportedFile, ExportRequest, ExportResult, JobContext } from './job.js';
import { NewFile, publishAll } from './files/newFile.js';
import type { Remark } from './remark.js';
import { impliedCompany, listed, namedCompany, storedCompanies, type StoredCompany } from './books/storedCompany.js';
import { withLoadedWarehouse } from './warehouseSession.js';
import { writeParquet } from './files/writeParquet.js';

/** The tables of an export, in the order of exportPaths. */
const tablesOf = (content: ExportContent): ExportTable[] =>
  content === 'invoices' ? ['invoices', 'lines'] : [content];

/**
 * Writes the warehouse's rows of one company and range into files, all from one snapshot. The files get their names only when
 * all of them are complete. Does not ask Tally. Throws EtlError; after a failure or a cancel none of the new files is left.
 */
export async function exportRange(request: ExportRequest, context: JobContext): Promise<ExportResult<Remark>> {
  const started = performance.now();
  const range = parseRange(request.from, request.to);
  const { filter, order, content = 'invoices', format = exportFormatOf(request.path) } = request;
  if ((filter ?? order) && content !== 'invoice_register') throw new Error(`${content} has no filter and no order.`);
  context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers: 0 });
  return withLoadedWarehouse(context, async (warehouse) => {
    const company = await companyToExport(request.company, context.config.company, warehouse);
    const scope = { companyId: company.id, range, filter, order };
    const { files, never } = await warehouse.useOwn((session) =>
      RangeRows.within(session, scope, async (rows) => {
        const never = await rows.neverLoaded(tablesOf(content)[0]!, today());
        return { files: await writeFiles(rows, { ...request, content, format }, context), never };
      }),
    );
    const warnings: Remark[] = [];
    if (files[0]!.rows === 0) warnings.push({ code: 'nothing-to-export', range });
    // An export of days that were never loaded looks like one of days without invoices.
    if (never.days > 0)
      warnings.push({ code: isLedgerTable(content) ? 'ledger-never-loaded' : 'never-loaded', ...never });
    const durationMs = Math.round(performance.now() - started);
    return { command: 'export', company, ...range, content, format, files, warnings, durationMs };
  });
}

/**
 * The companies that can be exported, and the company that is exported if the user names none; null if the user must name one.
 */
export interface ExportableCompanies {
  companies: StoredCompany[];
  company: StoredCompany | null;
  /** Whether the stream `ledger` was loaded for `company`; if that is null, for one of `companies`. */
  hasLedger: boolean;
}

/** At most so many companies are asked whether they have the stream `ledger`. */
const mostLookedUp = 100;

/** Throws `schema-outdated` where nothing was loaded yet. Writes nothing. */
export function exportableCompanies(context: JobContext): Promise<ExportableCompanies> {
  return withLoadedWarehouse(context, async (warehouse) => {
    const companies = await storedCompanies(warehouse);
    const company = (await impliedCompany(context.config.company, companies, warehouse)) ?? null;
    let isLoaded = false;
    for (const { id } of company ? [company] : companies.slice(0, mostLookedUp))
      isLoaded ||= await warehouse.use((session) => hasLedger(session, id));
    return { companies, company, hasLedger: isLoaded };
  });
}

async function companyToExport(
  wanted: string | undefined,
  configured: string | undefined,
  warehouse: Warehouse,
): Promise<StoredCompany> {
  const companies = await storedCompanies(warehouse);
  if (wanted !== undefined) return namedCompany(wanted, companies);
  const company = await impliedCompany(configured, companies, warehouse);
  if (company) return company;
  if (configured !== undefined) return namedCompany(configured, companies);
  throw new EtlError(
    'usage',
    t('The warehouse has several companies.'),
    t('Say which one with --company, or set TALLY_COMPANY. It has {companies}.', { companies: listed(companies) }),
  );
}

type Order = Required<Pick<ExportRequest, 'path' | 'content' | 'format'>> & Pick<ExportRequest, 'byteOrderMark'>;

async function writeFiles(rows: RangeRows, order: Order, context: JobContext): Promise<ExportedFile[]> {
  const tables = tablesOf(order.content);
  const paths = exportPaths(order.path, order.content);
  const made: NewFile[] = [];
  try {
    // Creates all files before the first row is read, so that a file that cannot be written is noticed at once.
    for (const file of paths) made.push(await NewFile.create(file));
    let total = 0;
    for (const table of tables) total += await rows.count(table);
    let before = 0;
    const report = (inThis: number): void => {
      const done = before + inThis;
      const fraction = total === 0 ? 1 : Math.min(1, done / total);
      context.onProgress?.({ phase: 'exporting', invoices: 0, vouchers: 0, rows: done, total, fraction });
    };
    const files: ExportedFile[] = [];
    report(0);
    for (const [i, table] of tables.entries()) {
      const file = made[i]!;
      const written = await writeRows(rows, table, file, order, report);
      await file.finish();
      before += written;
      files.push({ path: paths[i]!, table, rows: written, bytes: file.bytes });
    }
    report(0);
    if (context.signal.aborted) throw cancelled();
    await publishAll(made, context.logger);
    return files;
  } catch (error) {
    await Promise.all(made.map((file) => file.discard()));
    throw error;
  }
}

async function writeRows(
  rows: RangeRows,
  table: ExportTable,
  file: NewFile,
  { format, byteOrderMark = true }: Order,
  report: (rows: number) => void,
): Promise<number> {
  if (format === 'xlsx') {
    // Most exports do not need this module, so it is loaded late. Importing its library here would load the whole library; the
    // module imports only a part.
    const { writeXlsx } = await import('./files/writeXlsx.js');
    return writeXlsx(rows, table, file, report);
  }
  if (format === 'parquet') return writeParquet(rows, table, file, report);
  if (byteOrderMark) await file.write(Buffer.from('\uFEFF'));
  const records = countRecords();
  return rows.copyCsv(table, async (bytes) => {
    await file.write(bytes);
    report(Math.max(0, records(bytes) - 1)); // the first one is the header
  });
}
