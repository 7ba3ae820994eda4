import type { JobContext } from '../job.js';

/**
 * The context of one of several ranges that a run reads: its progress counts on from the `read` invoices of the ranges before. It
 * has neither a percentage nor a date: nobody knows how much is still to be read, and the dates of a range may be earlier than those
 * that were shown.
 */
export function countingOn(context: JobContext, read: number): JobContext {
  return {
    ...context,
    onProgress: ({ phase, invoices, vouchers, total }) => {
      context.onProgress?.({
        ...{ phase, invoices: read + invoices, vouchers },
        ...(total !== undefined && { total: read + total }),
      });
    },
  };
}
