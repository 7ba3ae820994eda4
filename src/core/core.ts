// The entry to the core: the faces import jobs and reports only from here. Jobs return remarks as data; this file turns
// the remarks into sentences.
import { exportPartitioned as runPartitionedExport } from './jobs/exportPartitioned.js';
import { exportRange as runExport } from './jobs/exportRange.js';
import type {
  BackfillRequest,
  ClearAndReloadRequest,
  ExportRequest,
  ExportResult,
  JobContext,
  JobResult,
  PartitionedCompany,
  PartitionedExportRequest,
  PartitionedExportResult,
  VerifyRequest,
  VerifyResult,
} from './jobs/job.js';
import { EndedEarly } from './jobs/load/result.js';
import * as rangeJob from './jobs/rangeJob.js';
import { sync as runSync } from './jobs/sync.js';
import { syncAll as runSyncAll, type CompanySync, type SyncAllRequest, type SyncAllResult } from './jobs/syncAll.js';
import { verify as runVerify } from './jobs/verify.js';
import { inWords } from './report/inWords.js';
import type { Remark } from './jobs/remark.js';
import { describeRemark } from './report/remarks/describeRemark.js';

export * from './base/calendar.js';
export * from './base/config.js';
export { demoPlace } from './base/dataPlace.js';
export { readDotEnv } from './base/dotEnv.js';
export * from './base/errors.js';
export { parseRange } from './base/parseDate.js';
export { dateText, rangeText } from './base/countWords.js';
export type { Logger } from './base/logger.js';
export type * from './jobs/job.js';
export { ledgerTables } from './warehouse/read/exportLedger.js';
export { calendar, type CalendarRequest } from './jobs/calendar.js';
export { exportableCompanies, type ExportableCompanies } from './jobs/exportRange.js';
export { describeExport } from './report/describeExport.js';
export { invoice, type InvoiceRequest, invoices, invoicesPerPage, type InvoicesRequest } from './jobs/invoices.js';
export { endBiToolsAccess, openForSqlClients, type OpenRequest } from './jobs/openForSqlClients.js';
export type { ReaderAccess } from './warehouse/embedded/readers/openToReaders.js';
export type { ReaderRights } from './warehouse/embedded/readers/readers.js';
export { describeShape, type WarehouseShape } from './warehouse/postgres/shape.js';
export { rejects, type RejectsRequest } from './jobs/rejects.js';
export { removeCompany } from './jobs/removeCompany.js';
export { describeRemoval } from './report/describeRemoval.js';
export { resetCheckpoint, status } from './jobs/status.js';
export { summary } from './jobs/summary.js';
export { yearFigures, type YearDetails, type YearFiguresRequest } from './jobs/yearFigures.js';
export type { Balances } from './warehouse/read/balances.js';
export type { Ranked, Side, TaxRow, YearFigures } from './warehouse/read/yearFigures.js';
export { nextSyncRange } from './base/syncRange.js';
export { check, listOpenCompanies, migrate } from './jobs/check/check.js';
export { checkWarehouse } from './jobs/check/checkWarehouse.js';
export { describeComparison, type ComparisonText } from './report/describeComparison.js';
export { describeClosing } from './report/describeClosing.js';
export { describeDryRun } from './report/describeDryRun.js';
export {
  formatCount,
  formatCountOf,
  formatDuration,
  formatRupees,
  formatRupeesShort,
  formatSpan,
  formatTime,
  paiseOf,
} from './base/format.js';
export { fieldTitle } from './report/fieldTitles.js';
export { describeRejects, describeRunRejects } from './report/describeRejects.js';
export { describeConcerns, describeResult } from './report/describeResult.js';
export type { ExportDescription } from './tally/file/describeExportFile.js';
export { describeExportFiles } from './tally/file/describeExportFiles.js';
export { openExportFile } from './tally/file/exportFile.js';
export { alignTable, widthOf, wrapWords } from './report/describeTable.js';
export { describeTotals } from './report/describeTotals.js';
export { warehouseName } from './report/warehouseName.js';

/** Waits for a load. Turns the remarks of its result, or of the error of a load that ended early, into sentences. */
async function loadInWords(load: Promise<JobResult<Remark>>): Promise<JobResult> {
  try {
    return inWords(await load);
  } catch (thrown) {
    throw thrown instanceof EndedEarly ? thrown.inWords(describeRemark) : thrown;
  }
}

/** Loads what is new since the checkpoint, with an overlap, and older days that changed in Tally; see jobs/sync. */
export const sync = (context: JobContext): Promise<JobResult> => loadInWords(runSync(context, describeRemark));

export type { CompanySync, LeftOut, SyncAllRequest, SyncAllResult, SyncTarget } from './jobs/syncAll.js';
export { tallyKey } from './base/tallyAddress.js';
export { companiesSynced, companyNames } from './base/companiesSynced.js';
export { failureOf, type Failure } from './base/companyEnd.js';

/** Syncs several companies; see jobs/syncAll. */
export async function syncAll(
  request: SyncAllRequest,
  context: JobContext,
  onEnded?: (row: CompanySync) => void,
): Promise<SyncAllResult> {
  const done = await runSyncAll(request, context, describeRemark, (row) => onEnded?.(rowInWords(row)));
  return { ...done, companies: done.companies.map(rowInWords) };
}

const rowInWords = ({ result, ...row }: CompanySync<Remark>): CompanySync => ({
  ...row,
  ...(result && { result: inWords(result) }),
});

/** Loads a range of dates; see jobs/rangeJob. */
export const backfill = (request: BackfillRequest, context: JobContext): Promise<JobResult> =>
  loadInWords(rangeJob.backfill(request, context));

/** Loads a range of dates and removes what Tally no longer has of it; see jobs/rangeJob. */
export const clearAndReload = (request: ClearAndReloadRequest, context: JobContext): Promise<JobResult> =>
  loadInWords(rangeJob.clearAndReload(request, context));

/** Compares a range of Tally with the warehouse; see jobs/verify. */
export const verify = async (request: VerifyRequest, context: JobContext): Promise<VerifyResult> =>
  inWords(await runVerify(request, context));

/** Writes the rows of a range from the warehouse into files; see jobs/exportRange. */
export const exportRange = async (request: ExportRequest, context: JobContext): Promise<ExportResult> =>
  inWords(await runExport(request, context));

/** Brings a folder of monthly files up to date with the warehouse; see jobs/exportPartitioned. */
export const exportPartitioned = async (
  request: PartitionedExportRequest,
  context: JobContext,
  onEnded?: (company: PartitionedCompany) => void,
): Promise<PartitionedExportResult> => inWords(await runPartitionedExport(request, context, onEnded));
