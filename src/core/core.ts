// The one door to the core: the faces import from here and from nowhere behind it.
export * from './calendar.js';
export * from './config.js';
export * from './errors.js';
export type { Logger } from './logger.js';
export type * from './jobs/job.js';
export { backfill, clearAndReload } from './jobs/rangeJob.js';
export { resetCheckpoint, status } from './jobs/status.js';
export { sync } from './jobs/sync.js';
export { nextSyncRange } from './jobs/syncRange.js';
export { check, listOpenCompanies, migrate } from './jobs/check.js';
export { describeDryRun } from './jobs/describeDryRun.js';
export { formatCount, formatCountOf, formatDuration, formatRupees, formatSpan } from './format.js';
export { describeConcerns, describeResult } from './jobs/describeResult.js';
export { describeExportFile, refuseOtherFile, type ExportDescription } from './tally/describeExportFile.js';
export { openExportFile } from './tally/exportFile.js';
export { alignTable } from './jobs/describeTable.js';
export { describeTotals } from './jobs/describeTotals.js';
