// The one door to the core: the faces import from here and from nowhere behind it.
export * from './calendar.js';
export * from './config.js';
export * from './errors.js';
export type { Logger } from './logger.js';
export type * from './jobs/job.js';
export { backfill, clearAndReload } from './jobs/rangeJob.js';
export { calendar, type CalendarRequest } from './jobs/calendar.js';
export {
  exportableCompanies,
  exportFormatOf,
  exportPaths,
  exportRange,
  type ExportableCompanies,
} from './jobs/exportRange.js';
export { describeExport } from './jobs/describeExport.js';
export { rejects, type RejectsRequest } from './jobs/rejects.js';
export { resetCheckpoint, status } from './jobs/status.js';
export { sync } from './jobs/sync.js';
export { nextSyncRange } from './jobs/syncRange.js';
export { check, listOpenCompanies, migrate } from './jobs/check.js';
export { describeComparison, type ComparisonText } from './jobs/describeComparison.js';
export { describeDryRun } from './jobs/describeDryRun.js';
export { formatCount, formatCountOf, formatDuration, formatRupees, formatSpan } from './format.js';
export { describeRejects, describeRunRejects } from './jobs/describeRejects.js';
export { describeConcerns, describeResult } from './jobs/describeResult.js';
export { describeExportFile, refuseOtherFile, type ExportDescription } from './tally/describeExportFile.js';
export { openExportFile } from './tally/exportFile.js';
export { alignTable, wrapWords } from './jobs/describeTable.js';
export { describeTotals } from './jobs/describeTotals.js';
export { verify } from './jobs/verify.js';
