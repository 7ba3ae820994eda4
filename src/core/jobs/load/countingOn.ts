import type { JobContext } from '../job.js';

/**
 * The context for one of several ranges that a run reads: progress counts on from the `read` invoices of the earlier ranges.
 * Progress then has neither `fraction` nor `date`: the size of later ranges is not known, and their dates may be earlier than
 * the dates shown before.
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
