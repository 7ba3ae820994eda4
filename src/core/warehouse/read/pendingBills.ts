import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { paiseOf } from '../../base/format.js';
import type { Connection } from '../postgres/connection.js';

/** A bill in the warehouse, with its state at the end of a range. */
export interface WarehouseBill {
  ledger: string;
  reference: string;
  /** The open amount in paise, debit positive; 0 for a settled bill. */
  amount: bigint;
  /** The date of the first voucher with the bill; null if the bill was open when the books began. */
  since: CalendarDate | null;
  /** An amount of the bill could not be read. */
  isUnreadable: boolean;
  /** An amount of the bill is in a foreign currency. */
  isForeign: boolean;
}

interface Row extends Omit<WarehouseBill, 'amount'> {
  amount: string;
}

/**
 * The bills of the vouchers of a range, and the bills that were open when the books began. Amounts on account belong to
 * no bill and are left out.
 */
export async function readWarehouseBills(
  connection: Connection,
  companyId: string,
  { from, to }: DateRange,
): Promise<WarehouseBill[]> {
  const booked = await connection.query<Row>(
    `SELECT b.ledger_name AS ledger, b.reference, coalesce(sum(b.amount), 0)::numeric(28,2)::text AS amount,
       min(b.date) AS since, bool_or(b.amount IS NULL) AS "isUnreadable", bool_or(e.currency <> 'INR') AS "isForeign"
     FROM public.bill_register b
     JOIN public.fact_ledger_entry e ON e.company_id = $1 AND e.voucher_id = b.voucher_id AND e.line_no = b.line_no
     WHERE b.company_id = $1 AND b.date BETWEEN $2 AND $3 AND b.reference IS NOT NULL
       AND b.kind IS DISTINCT FROM 'on_account'
     GROUP BY b.ledger_name, b.reference`,
    [companyId, from, to],
  );
  const openings = await connection.query<Row>(
    `SELECT b.ledger_name AS ledger, b.reference, coalesce(b.amount, 0)::text AS amount, NULL AS since,
       b.amount IS NULL AS "isUnreadable", l.opening_foreign_amount IS NOT NULL AS "isForeign"
     FROM public.fact_opening_bill b
     LEFT JOIN public.dim_ledger l ON l.company_id = $1 AND l.ledger_id = b.ledger_id
     WHERE b.company_id = $1`,
    [companyId],
  );
  const bills = new Map<string, WarehouseBill>();
  for (const row of [...openings, ...booked]) {
    const key = billKey(row);
    const known = bills.get(key);
    const amount = paiseOf(row.amount);
    if (known === undefined) bills.set(key, { ...row, amount });
    else {
      known.amount += amount;
      known.isUnreadable ||= row.isUnreadable;
      known.isForeign ||= row.isForeign;
    }
  }
  return [...bills.values()];
}

/** A ledger and a reference together name a bill (docs/tally.md §9.3). */
export const billKey = ({ ledger, reference }: { ledger: string; reference: string }): string =>
  `${ledger}\n${reference}`;
