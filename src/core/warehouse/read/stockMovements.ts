import type { DateRange } from '../../base/calendar.js';
import { parseDecimal } from '../../base/decimal.js';
import type { Connection } from '../postgres/connection.js';

/** The movements of an item in a range. */
export interface StockMovement {
  item: string;
  /** Tally's GUID of the item; null if it is not known. */
  id: string | null;
  /** In ten-thousandths of the unit: what came in less what went out. */
  quantity: bigint;
  /** The units of its quantities. */
  units: string[];
  /** A physical stock voucher sets the quantity of the item. */
  isCounted: boolean;
  /** A line has a tracking number, by which Tally connects an invoice with the note that moves the goods. */
  isTracked: boolean;
  /** A line has no quantity, or none that could be read. */
  lacksQuantity: boolean;
}

/**
 * The movements of each item in a range, from stock_register, so that they equal sums that people make from this view.
 */
export async function readStockMovements(
  connection: Connection,
  companyId: string,
  { from, to }: DateRange,
): Promise<StockMovement[]> {
  const rows = await connection.query<Omit<StockMovement, 'quantity'> & { quantity: string }>(
    `SELECT item_name AS item, item_id AS id,
       coalesce(sum(quantity) FILTER (WHERE direction <> 'counted'), 0)::numeric(28,4)::text AS quantity,
       coalesce(array_agg(DISTINCT unit) FILTER (WHERE unit IS NOT NULL), '{}') AS units,
       bool_or(direction = 'counted') AS "isCounted", bool_or(tracking_number IS NOT NULL) AS "isTracked",
       bool_or(quantity IS NULL) AS "lacksQuantity"
     FROM public.stock_register WHERE company_id = $1 AND date BETWEEN $2 AND $3 GROUP BY item_name, item_id`,
    [companyId, from, to],
  );
  return rows.map((row) => ({ ...row, quantity: parseDecimal(row.quantity, 4)! }));
}
