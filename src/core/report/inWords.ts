import type { CalendarDate } from '../base/calendar.js';
import type { ExportResult, JobResult, PartitionedExportResult, VerifyResult } from '../jobs/job.js';
import type { Remark } from '../jobs/remark.js';
import { describeRemark } from './remarks/describeRemark.js';

interface Remarked<Said> {
  warnings: Said[];
  notProven?: Said | null;
  notByTotals?: Said;
  openingsNotCompared?: Said;
  warehouse?: JobResult<Said>['warehouse'];
}

/** A job's result with its remarks as sentences, as docs/contract.md defines it. */
export function inWords(result: JobResult<Remark>): JobResult;
export function inWords(result: VerifyResult<Remark>): VerifyResult;
export function inWords(result: ExportResult<Remark>): ExportResult;
export function inWords(result: PartitionedExportResult<Remark>): PartitionedExportResult;
export function inWords(result: Remarked<Remark>): Remarked<string> {
  const { warnings, notProven, notByTotals, openingsNotCompared, warehouse } = result;
  const days = doubtfulDays(warnings);
  // An overwritten key keeps its place, so the order of the JSON, which people read, stays the same.
  return {
    ...result,
    warnings: warnings.map(describeRemark),
    ...(days.length > 0 && { doubtfulDays: days }),
    ...(notByTotals && { notByTotals: describeRemark(notByTotals) }),
    ...(openingsNotCompared && { openingsNotCompared: describeRemark(openingsNotCompared) }),
    ...(notProven && { notProven: describeRemark(notProven) }),
    ...(warehouse &&
      'reason' in warehouse && { warehouse: { ...warehouse, reason: describeRemark(warehouse.reason) } }),
  } as Remarked<string>;
}

/** The dates of the invoices that the remarks with the code `doubt` name, oldest first. */
function doubtfulDays(remarks: readonly Remark[]): CalendarDate[] {
  const named = remarks.flatMap((remark) => (remark.code === 'doubt' ? remark.examples : []));
  return [...new Set(named.flatMap(({ date }) => date ?? []))].sort();
}
