import { formatCount } from '../base/format.js';
import type { RemoveCompanyResult } from '../jobs/job.js';
import { alignTable } from './describeTable.js';

/** The rows that were removed, or that would be, a line per table. */
export const describeRemoval = ({ tables }: Pick<RemoveCompanyResult, 'tables'>): string =>
  alignTable(
    tables.map(({ table, rows }) => [`  ${table}`, formatCount(rows)]),
    ['left', 'right'],
  ).join('\n');
