import type { CalendarDate } from '../../base/calendar.js';
import { parseDecimal } from '../../base/decimal.js';
import type { Connection } from '../postgres/connection.js';

/** The openings of the books, from Tally's masters as they were at the last load. */
export interface Openings {
  /** In paise, debit positive. */
  ledgers: Opening[];
  /** In ten-thousandths of the unit. Undefined if the warehouse has no openings of items for these books. */
  items: Opening[] | undefined;
}

/** The opening of a ledger or an item. `value` is null if Tally gave none that could be read. */
export interface Opening {
  /** Tally's GUID. */
  id: string;
  name: string;
  value: bigint | null;
}

interface Row {
  id: string;
  name: string;
  opening: string | null;
  date: CalendarDate | null;
}

/**
 * The openings of the books that begin on `booksFrom`. Undefined if the warehouse has none, or has openings of an
 * earlier part of a split company.
 */
export async function readOpenings(
  connection: Connection,
  companyId: string,
  booksFrom: CalendarDate,
): Promise<Openings | undefined> {
  const ledgers = await connection.query<Row>(
    'SELECT ledger_id AS id, name, opening_balance::text AS opening, opening_date AS date FROM public.dim_ledger WHERE company_id = $1',
    [companyId],
  );
  const items = await connection.query<Row>(
    'SELECT item_id AS id, name, opening_quantity::text AS opening, opening_date AS date FROM public.dim_stock_item WHERE company_id = $1',
    [companyId],
  );
  const ofLedgers = openingsOf(ledgers, 2, booksFrom);
  return ofLedgers && { ledgers: ofLedgers, items: items.length === 0 ? [] : openingsOf(items, 4, booksFrom) };
}

/**
 * The openings of `booksFrom`; undefined if no row is of this day, or a row is of an earlier day. A master that first
 * appears in a later part of a split company has a later date and is left out: it has no opening here.
 */
function openingsOf(rows: readonly Row[], scale: number, booksFrom: CalendarDate): Opening[] | undefined {
  const isOfBooks =
    rows.some(({ date }) => date === booksFrom) && rows.every(({ date }) => date === null || date >= booksFrom);
  const own = rows.filter(({ date }) => date === null || date === booksFrom);
  return isOfBooks
    ? own.map(({ id, name, opening }) => ({ id, name, value: opening === null ? null : parseDecimal(opening, scale)! }))
    : undefined;
}
