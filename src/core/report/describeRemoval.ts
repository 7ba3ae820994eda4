import { formatCount } from '../base/format.js';
import type { RemoveCompanyResult } from '../jobs/job.js';
import { alignTable } from './describeTable.js';

/** The number of rows that were or would be removed, a line for each table. */
export const describeRemoval = ({ tables }: Pick<RemoveCompanyResult, 'tables'>): string =>
  alignTable(
    tables.map(({ table, rows }) => [`  ${table}`, formatCount(rows)]),
    ['left', 'right'],
  ).join('\n');
