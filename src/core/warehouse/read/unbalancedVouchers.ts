import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';

/** A voucher whose entries do not add up to 0. */
export interface UnbalancedVoucher {
  date: CalendarDate;
  voucherType: string;
  voucherNumber: string | null;
  voucherId: string;
  /** The sum of the entries in rupees, debit positive. */
  sum: string;
}

export interface UnbalancedVouchers {
  /** How many vouchers have entries that count in the books. */
  compared: number;
  differences: number;
  /** At most `limit`, by date, type and number. */
  listed: UnbalancedVoucher[];
}

/**
 * The vouchers of a range whose entries do not add up to 0. Reads ledger_register, which has only entries that count in
 * the books.
 */
export async function readUnbalanced(
  connection: Connection,
  companyId: string,
  { from, to }: DateRange,
  limit: number,
): Promise<UnbalancedVouchers> {
  const [row] = await connection.query<Omit<UnbalancedVouchers, 'listed'> & { listed: UnbalancedVoucher[] | null }>(
    `SELECT count(*)::int AS compared, count(*) FILTER (WHERE sum <> 0)::int AS differences,
       array_to_json((array_agg(
         json_build_object('date', date, 'voucherType', voucher_type, 'voucherNumber', voucher_number, 'voucherId', voucher_id, 'sum', sum::text)
         ORDER BY date, voucher_type, voucher_number, voucher_id) FILTER (WHERE sum <> 0))[1:$4]) AS listed
     FROM (
       SELECT voucher_id, date, voucher_type, voucher_number, sum(amount)::numeric(28,2) AS sum
       FROM public.ledger_register WHERE company_id = $1 AND date BETWEEN $2 AND $3
       GROUP BY voucher_id, date, voucher_type, voucher_number) v`,
    [companyId, from, to, limit],
  );
  return { ...row!, listed: row!.listed ?? [] };
}
