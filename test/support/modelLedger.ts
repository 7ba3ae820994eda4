import assert from 'node:assert/strict';
import type { Client } from 'pg';
import type { CalendarDate } from '../../src/core/base/calendar.js';
import { formatDecimal } from '../../src/core/base/decimal.js';
import type { Book } from '../../src/demo/book/book.js';
import { balancesOf } from '../../src/demo/ledger/balances.js';
import { pendingBills } from '../../src/demo/ledger/pendingBills.js';
import { stockOf } from '../../src/demo/ledger/stock.js';
import { asStored } from './asStored.js';

const byName = (rows: [string, string][]): Record<string, string> => Object.fromEntries(rows.sort());
/** A quantity as a plain number, so that `1.5000` and `1.5` are equal. */
const count = (text: string | null): string => (text === null ? 'unknown' : String(Number(text)));

/** Compares trial balance, open bills and stock of a company at the end of a day with the demo's own ledger of the books. */
export async function assertLedger(client: Client, book: Book, day: CalendarDate): Promise<void> {
  const ask = async (sql: string): Promise<[string, string][]> => {
    const { rows } = await client.query<{ name: string; value: string }>(
      `SELECT name, value FROM (${sql}) x WHERE company_id = $2`,
      [day, book.companyGuid],
    );
    return rows.map(({ name, value }) => [name, value]);
  };
  const period = { from: book.range.from, to: day };
  assert.deepEqual(
    byName(
      await ask(
        'SELECT company_id, ledger_name AS name, closing_balance::numeric(18,2)::text AS value FROM trial_balance($1)',
      ),
    ),
    byName(balancesOf(book, period).map(({ row, closing }) => [asStored(row.name), formatDecimal(-closing, 2)])),
    `trial balance of ${day}`,
  );
  assert.deepEqual(
    byName(
      await ask(
        `SELECT company_id, ledger_name || ' ' || reference AS name, amount::text AS value FROM open_bills($1) WHERE reference IS NOT NULL`,
      ),
    ),
    byName(
      pendingBills(book, day).map(({ ledger, name, value }) => [
        `${asStored(ledger)} ${name}`,
        formatDecimal(-value, 2),
      ]),
    ),
    `bills of ${day}`,
  );
  const stock = await ask(
    'SELECT company_id, item_name AS name, closing_quantity::text AS value FROM stock_summary($1)',
  );
  assert.deepEqual(
    byName(stock.map(([name, value]) => [name, count(value)])),
    byName(
      stockOf(book, period).map(({ row, closing }) => [asStored(row.name), count(formatDecimal(closing.count, 4))]),
    ),
    `stock of ${day}`,
  );
}
