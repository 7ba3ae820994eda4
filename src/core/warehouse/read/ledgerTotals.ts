import type { DateRange } from '../../base/calendar.js';
import { paiseOf } from '../../base/format.js';
import type { Connection } from '../postgres/connection.js';

/** The debits and credits of a ledger in a range, in paise, both positive. */
export interface BookedTotal {
  ledger: string;
  /** Tally's GUID of the ledger; null if Tally's list of ledgers lacked the name. */
  id: string | null;
  debits: bigint;
  credits: bigint;
}

/**
 * The totals of each ledger in a range, from ledger_register, so that they equal sums that people make from this view.
 */
export async function ledgerTotals(
  connection: Connection,
  companyId: string,
  { from, to }: DateRange,
): Promise<BookedTotal[]> {
  const rows = await connection.query<{ ledger: string; id: string | null; debits: string; credits: string }>(
    `SELECT ledger_name AS ledger, ledger_id AS id, sum(debit)::numeric(28,2)::text AS debits,
       sum(credit)::numeric(28,2)::text AS credits
     FROM public.ledger_register WHERE company_id = $1 AND date BETWEEN $2 AND $3 GROUP BY ledger_name, ledger_id`,
    [companyId, from, to],
  );
  return rows.map(({ debits, credits, ...ledger }) => ({
    ...ledger,
    debits: paiseOf(debits),
    credits: paiseOf(credits),
  }));
}

/**
 * SQL condition on a row of etl_days: the day is proven, and was loaded with the stream `ledger`, by whatever rules.
 * rulesHashOf (jobs/books) puts this text into the hash.
 */
export const wasLoadedWithLedger = "rules_hash LIKE '% ledger %'";

/** How many days of a range were not loaded wholly by these rules. */
export async function daysNotLoaded(
  connection: Connection,
  companyId: string,
  { from, to }: DateRange,
  rulesHash: string,
): Promise<number> {
  const [row] = await connection.query<{ days: number }>(
    `SELECT ($3::date - $2::date + 1 - count(*))::int AS days FROM public.etl_days
     WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND starts_with(rules_hash, $4)`,
    [companyId, from, to, rulesHash],
  );
  return row!.days;
}
