import type { DateRange } from '../../base/calendar.js';
import { comparisonKey } from '../postgres/companyLock.js';
import type { Differences, VerifiedDay } from '../read/comparison.js';
import type { Connection } from '../postgres/connection.js';
import { divideStaged } from '../load/stagedPages.js';
import { findDifferences, readDifferences, type DifferenceOptions } from '../read/differences.js';

export interface Verification extends Differences {
  /** Every day and type that Tally or the warehouse has, oldest first. */
  days: VerifiedDay[];
  /**
   * Invoices that differ but were written after this run began. Tally may have been read before that, so such a
   * difference proves nothing.
   */
  writtenMeanwhile: number;
}

export interface VerifyOptions extends DifferenceOptions {
  runId: string;
  /** The whole range was read. Its days are then recorded as compared, unless `writtenMeanwhile` is above 0. */
  isProven: boolean;
}

/**
 * Compares the staged invoices of the range with the warehouse; changes no invoice. Reads everything in one snapshot. A merge
 * is one transaction, so the snapshot never shows half of a merge.
 *
 * A lock of this company is held from before the snapshot to the end. A merge takes the same lock before it deletes from
 * etl_verified, and so waits some seconds for the comparison. Otherwise the comparison could record days whose rows the merge
 * has just replaced. The lock belongs to the session: a statement that waited inside the transaction would have taken the
 * snapshot first. The lock of a load is not taken, because it would make a sync fail.
 */
export async function verify(
  connection: Connection,
  companyId: string,
  range: DateRange,
  options: VerifyOptions,
): Promise<Verification> {
  const key = comparisonKey(companyId);
  await connection.execute('SELECT pg_advisory_lock($1::bigint)', [key]);
  try {
    return await connection.snapshot(async () => {
      const { pages } = await divideStaged(connection, range);
      await findDifferences(connection, companyId, range, pages, options);
      const days = await readDays(connection, companyId, range);
      const writtenMeanwhile = await countWrittenMeanwhile(connection, companyId);
      const found = await readDifferences(connection, companyId, options);
      if (options.isProven && writtenMeanwhile === 0) await writeVerified(connection, companyId, range, options.runId);
      return { ...found, days, writtenMeanwhile };
    });
  } finally {
    // A lost session has already released its lock.
    if (!connection.lost) await connection.execute('SELECT pg_advisory_unlock($1::bigint)', [key]);
  }
}

/** A re-dated invoice differs on both of its days, on each with the type that it has there. */
const differing = `SELECT date, invoice_type FROM pg_temp.stage_difference
  UNION ALL SELECT was_date, was_type FROM pg_temp.stage_difference WHERE was_date <> date`;

function readDays(connection: Connection, companyId: string, range: DateRange): Promise<VerifiedDay[]> {
  return connection.query<VerifiedDay>(
    `WITH of_range AS MATERIALIZED (
       SELECT date, invoice_type, total_amount FROM public.fact_invoice
       WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND missing_since IS NULL)
     SELECT date, invoice_type AS "invoiceType",
       json_build_object('invoices', sum(t), 'total', sum(t * amount)::numeric(28,2)::text) AS tally,
       json_build_object('invoices', sum(w), 'total', sum(w * amount)::numeric(28,2)::text) AS warehouse,
       sum(d)::int AS differences
     FROM (
       SELECT date, invoice_type, 1 AS t, 0 AS w, 0 AS d, total_amount AS amount FROM pg_temp.stage_invoice WHERE NOT superseded
       UNION ALL SELECT date, invoice_type, 0, 1, 0, total_amount FROM of_range
       UNION ALL SELECT date, invoice_type, 0, 0, 1, 0 FROM (${differing}) both_days) all_sides
     WHERE date BETWEEN $2 AND $3
     GROUP BY date, invoice_type
     ORDER BY date, array_position(ARRAY['sales', 'credit_note', 'purchase', 'debit_note'], invoice_type), invoice_type`,
    [companyId, range.from, range.to],
  );
}

/**
 * Counts the differing invoices that were written after the session began: the session of a stage begins before
 * anything is read from Tally.
 */
async function countWrittenMeanwhile(connection: Connection, companyId: string): Promise<number> {
  // A separate statement: in one statement with the rows, a worker of a cluster would give the start of its own
  // session.
  const [session] = await connection.query<{ begun: string }>(
    'SELECT backend_start AS begun FROM pg_stat_activity WHERE pid = pg_backend_pid()',
  );
  const [row] = await connection.query<{ count: number }>(
    `WITH known AS MATERIALIZED (
       SELECT invoice_id, greatest(loaded_at, missing_since) AS written_at FROM public.fact_invoice
       WHERE company_id = $1 AND invoice_id = ANY (ARRAY(SELECT invoice_id FROM pg_temp.stage_difference)))
     SELECT count(*)::int AS count FROM pg_temp.stage_difference JOIN known USING (invoice_id)
     WHERE written_at > $2::timestamptz`,
    [companyId, session!.begun],
  );
  return row!.count;
}

/** Records the compared days. Days with an unreadable voucher are left out, because that voucher was not compared. */
async function writeVerified(
  connection: Connection,
  companyId: string,
  range: DateRange,
  runId: string,
): Promise<void> {
  await connection.execute(
    `INSERT INTO public.etl_verified (company_id, date, differences, run_id)
     SELECT $1, day::date, coalesce(differences, 0), $4::uuid
     FROM generate_series($2::date, $3::date, interval '1 day') AS day
     LEFT JOIN (SELECT date, count(*) AS differences FROM (${differing}) both_days GROUP BY date) d ON d.date = day::date
     WHERE day::date NOT IN (SELECT r.date FROM pg_temp.stage_reject r WHERE r.date IS NOT NULL)
     ON CONFLICT (company_id, date) DO UPDATE
       SET differences = excluded.differences, run_id = excluded.run_id, verified_at = excluded.verified_at`,
    [companyId, range.from, range.to, runId],
  );
}
