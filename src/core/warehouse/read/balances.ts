import type { CalendarDate } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';
import { hasTable } from '../postgres/migrate.js';
import { wasLoadedWithLedger } from './ledgerTotals.js';

/** The balances of a company at the end of day `on`. Rupees as text; null if a part of the amount is not known. */
export interface Balances {
  on: CalendarDate;
  /** Owed to the company, including money on account. */
  receivables: string | null;
  /** Owed by the company, positive. */
  payables: string | null;
  /** Debit positive, so an overdraft is negative. */
  cashAndBank: string | null;
}

/**
 * The balances at the end of the last loaded day up to `until`. Null unless every day from the beginning of the books
 * to that day is proven to be loaded with the stream `ledger`: a missing day would make the sums wrong. Only reads.
 */
export async function readBalances(
  connection: Connection,
  companyId: string,
  until: CalendarDate,
): Promise<Balances | null> {
  if (!(await hasTable(connection, 'ledger_register'))) return null;
  const [span] = await connection.query<{ on: CalendarDate }>(
    `SELECT max(d.date) AS on FROM public.etl_days d
     WHERE d.company_id = $1 AND d.date <= $2 AND ${wasLoadedWithLedger}
       AND d.date >= (SELECT min(l.opening_date) FROM public.dim_ledger l WHERE l.company_id = $1)
     HAVING max(d.date) - min(d.date) + 1 = count(*)
       AND min(d.date) = (SELECT min(l.opening_date) FROM public.dim_ledger l WHERE l.company_id = $1)
       AND max(d.date) = (SELECT max(e.date) FROM public.etl_days e WHERE e.company_id = $1 AND e.date <= $2)`,
    [companyId, until],
  );
  if (span === undefined) return null;
  const sums = await connection.query<{ side: 'receivable' | 'payable' | 'cash'; amount: string | null }>(
    `SELECT side, CASE WHEN count(*) = count(amount)
       THEN (sum(amount) * CASE side WHEN 'payable' THEN -1 ELSE 1 END)::numeric(28,2)::text END AS amount
     FROM public.open_bills($2) WHERE company_id = $1 GROUP BY side
     UNION ALL
     SELECT 'cash', CASE WHEN count(*) = count(closing_balance) THEN coalesce(sum(closing_balance), 0)::numeric(28,2)::text END
     FROM public.cash_and_bank($2) WHERE company_id = $1`,
    [companyId, span.on],
  );
  const of = (side: (typeof sums)[number]['side']): string | null => {
    const found = sums.find((sum) => sum.side === side);
    return found === undefined ? '0.00' : found.amount;
  };
  return { on: span.on, receivables: of('receivable'), payables: of('payable'), cashAndBank: of('cash') };
}
