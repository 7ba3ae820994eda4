import { monthEnd } from '../base/calendar.js';
import { endOf, failureOf } from '../base/companyEnd.js';
import { cancelled } from '../base/errors.js';
import { exportKey } from '../warehouse/postgres/companyLock.js';
import type { Connection } from '../warehouse/postgres/connection.js';
import { RangeRows } from '../warehouse/read/exportRows.js';
import { monthStates, type MonthState } from '../warehouse/read/monthStates.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { namedCompany, storedCompanies, type StoredCompany } from './books/storedCompany.js';
import { foldersOfOthers, MonthFolders, monthTables, type Month } from './files/monthFolders.js';
import { publishAll } from './files/newFile.js';
import { writeParquet } from './files/writeParquet.js';
import type {
  CompanyFiles,
  JobContext,
  PartitionedCompany,
  PartitionedExportRequest,
  PartitionedExportResult,
} from './job.js';
import type { Remark } from './remark.js';
import { withLoadedWarehouse } from './warehouseSession.js';

/**
 * Brings a folder of Parquet files up to date with the warehouse: two files for each company and month, invoices and lines.
 * Only months whose rows changed are written; the files of a month that no longer has invoices are deleted. Each month is read
 * in one snapshot, and a file is replaced only when the new one is complete. After a failure or a cancel the months that were
 * written stay, and the next export continues. Does not ask Tally. Throws EtlError. But if the request names no company, a
 * company that fails is a row of the result, and the next company follows. `onEnded` is called for each company as it ends.
 */
export async function exportPartitioned(
  request: PartitionedExportRequest,
  context: JobContext,
  onEnded?: (company: PartitionedCompany) => void,
): Promise<PartitionedExportResult<Remark>> {
  const started = performance.now();
  const { folder } = request;
  context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers: 0 });
  return withLoadedWarehouse(context, async (warehouse) => {
    const stored = await storedCompanies(warehouse);
    const chosen = request.company === undefined ? stored : [namedCompany(request.company, stored)];
    const companies: PartitionedCompany[] = [];
    const warnings: Remark[] = [];
    let read = 0;
    for (const [at, company] of chosen.entries()) {
      const before = read;
      // The number of rows of later companies is not known yet, so a total is reported only for a single company.
      const report = (rows: number, total: number): void => {
        read = before + rows;
        context.onProgress?.({
          ...{ phase: 'exporting', invoices: 0, vouchers: 0, rows: read },
          ...(chosen.length === 1 && { total }),
          fraction: (at + (total === 0 ? 1 : Math.min(1, rows / total))) / chosen.length,
        });
      };
      const { result, error } = await endOf(context.signal, () =>
        withExportLock(warehouse, company, (session) => exportCompany(session, company, folder, context, report)),
      );
      if (error && request.company !== undefined) throw error;
      if (error?.code === 'unexpected') context.logger.debug(error.stack ?? error.message);
      companies.push({ company, ...(error ? { error: failureOf(error) } : result.files) });
      if (result?.warning) warnings.push(result.warning);
      onEnded?.(companies.at(-1)!);
    }
    const others = await foldersOfOthers(
      folder,
      stored.map(({ id }) => id),
    );
    if (others.length > 0) warnings.push({ code: 'folders-of-others', folders: others });
    const durationMs = Math.round(performance.now() - started);
    return { command: 'export', folder, companies, warnings, durationMs };
  });
}

/**
 * Does `work` while no other export of this company runs: if two wrote the same files, the older rows could stay under the
 * newer fingerprint. `work` has a session of its own, which sees rows that were committed while this export waited for the lock.
 */
const withExportLock = <T>(
  warehouse: Warehouse,
  company: StoredCompany,
  work: (session: Connection) => Promise<T>,
): Promise<T> =>
  warehouse.useOwn((lock) =>
    lock.transaction(async () => {
      await lock.execute('SELECT pg_advisory_xact_lock($1::bigint)', [exportKey(company.id)]);
      return warehouse.useOwn(work);
    }),
  );

async function exportCompany(
  session: Connection,
  company: StoredCompany,
  root: string,
  context: JobContext,
  report: (rows: number, total: number) => void,
): Promise<{ files: CompanyFiles; warning?: Remark }> {
  const folders = new MonthFolders(root, company.id);
  const found = await folders.readManifest();
  const months = new Map(found === undefined || found === 'unreadable' ? [] : Object.entries(found.months));
  const save = (): Promise<void> =>
    folders.writeManifest({
      ...{ version: 1, companyId: company.id, companyName: company.name },
      months: Object.fromEntries([...months].sort(([a], [b]) => (a < b ? -1 : 1))),
    });
  const states = await monthStates(session, company.id);
  const due: MonthState[] = [];
  for (const state of states) {
    const written = months.get(state.month);
    const hasSameRows = written?.fingerprint === state.fingerprint && written.companyName === company.name;
    if (!hasSameRows || !(await folders.hasFiles(state.month, written))) due.push(state);
  }
  const total = due.reduce((sum, { invoices }) => sum + invoices, 0);
  let done = 0;
  let written = 0;
  for (const { month, invoices } of due) {
    if (context.signal.aborted) throw cancelled();
    const ofMonth = await writeMonth(session, company, month, folders, context, (rows) => {
      report(done + rows, total);
    });
    if (ofMonth) {
      months.set(month, ofMonth);
      written++;
    }
    await save();
    done += invoices;
  }
  // If a month has lost its invoices since the states were read, its files are left to the next export.
  const known = new Set(states.map(({ month }) => month));
  const gone = [...new Set([...(await folders.months()), ...months.keys()])].filter((m) => !known.has(m));
  for (const month of gone) {
    await folders.remove(month);
    months.delete(month);
  }
  if (gone.length > 0) await save();
  const sum = (value: (month: Month) => number): number =>
    [...months.values()].reduce((all, month) => all + value(month), 0);
  const files = {
    ...{ folder: folders.folder, written, unchanged: states.length - due.length, removed: gone.length },
    ...{ invoices: sum((m) => m.invoices.rows), lines: sum((m) => m.lines.rows) },
    bytes: sum((m) => m.invoices.bytes + m.lines.bytes),
  };
  return found === 'unreadable'
    ? { files, warning: { code: 'manifest-unreadable', file: folders.manifestPath } }
    : { files };
}

/** Writes the files of a month and reads its fingerprint in the same snapshot. Undefined if the month has no invoices any more. */
async function writeMonth(
  session: Connection,
  company: StoredCompany,
  month: string,
  folders: MonthFolders,
  { logger }: JobContext,
  report: (rows: number) => void,
): Promise<Month | undefined> {
  const range = { from: `${month}-01`, to: monthEnd(`${month}-01`) };
  return RangeRows.within(session, { companyId: company.id, range }, async (rows) => {
    const [state] = await monthStates(session, company.id, range);
    if (state === undefined) return undefined;
    const files = await folders.create(month);
    try {
      const written: number[] = [];
      for (const [i, table] of monthTables.entries()) {
        // Progress counts invoices, so the lines, which are written second, report nothing.
        written.push(await writeParquet(rows, table, files[i]!, table === 'invoices' ? report : () => undefined));
        await files[i]!.finish();
      }
      await publishAll(files, logger);
      const [invoices, lines] = files.map(({ bytes }, i) => ({ rows: written[i]!, bytes }));
      const { fingerprint } = state;
      return { fingerprint, companyName: company.name, invoices: invoices!, lines: lines! };
    } catch (error) {
      await Promise.all(files.map((file) => file.discard()));
      throw error;
    }
  });
}
