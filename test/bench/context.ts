import { readConfig } from '../../src/core/base/config.js';
import type { Logger } from '../../src/core/base/logger.js';
import type { JobContext } from '../../src/core/jobs/job.js';
import type { Order } from './order.js';

const ignore = (): void => undefined;
export const silent: Logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

export const contextOf = ({ tallyUrl, dbUrl, asksForLittle, withLedger }: Order): JobContext => ({
  config: readConfig({
    ...{ TALLY_URL: tallyUrl, DB_URL: dbUrl, TALLY_REPORT: asksForLittle ? 'auto' : 'day-book' },
    TALLY_STREAMS: withLedger ? 'invoices,ledger' : 'invoices',
  }),
  logger: silent,
  signal: new AbortController().signal,
  program: 'bench',
});
