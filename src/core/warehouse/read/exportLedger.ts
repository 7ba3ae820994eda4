import { wasLoadedWithLedger } from './ledgerTotals.js';
import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';

/**
 * The tables of the stream `ledger` that can be exported: views whose rows have a date, and functions of a range or of
 * its last day.
 */
export const ledgerTables = [
  ...(['day_book', 'ledger_register', 'bill_register', 'stock_register', 'trial_balance', 'profit_and_loss'] as const),
  ...(['receivables_ageing', 'payables_ageing', 'cash_and_bank', 'stock_summary'] as const),
] as const;
export type LedgerTable = (typeof ledgerTables)[number];

interface LedgerSource {
  /** SQL that selects the rows of all companies. `from` and `to` are quoted SQL literals. */
  rows: (from: string, to: string) => string;
  order: string;
  /** Each row has a `date`; rows outside the range are left out. */
  isDated?: true;
  /** The rows show the state at the end of the range's last day, so every day since the books began counts. */
  isOfDay?: true;
}

const ageing = (name: string, to: string): string =>
  `SELECT company_id, company_name, ${to}::date AS as_of, ledger_id, ledger_name, group_name, reference, bill_date, due_date,
     age_days, overdue_days, bucket, amount::numeric(18,2) FROM public.${name}(${to})`;

/**
 * The casts are for the number of decimals: an export reads it from the column type, and a function's numeric columns
 * have none.
 */
export const ledgerSources: Readonly<Record<LedgerTable, LedgerSource>> = {
  day_book: {
    rows: () => 'SELECT * FROM public.day_book',
    order: 'date, voucher_type, voucher_number, voucher_id',
    isDated: true,
  },
  ledger_register: {
    rows: () => 'SELECT * FROM public.ledger_register',
    order: 'date, master_id, voucher_id, line_no',
    isDated: true,
  },
  bill_register: {
    rows: () => 'SELECT * FROM public.bill_register',
    order: 'date, voucher_id, line_no, part_no',
    isDated: true,
  },
  stock_register: {
    rows: () => 'SELECT * FROM public.stock_register',
    order: 'date, voucher_id, line_no',
    isDated: true,
  },
  trial_balance: {
    rows: (_, to) =>
      `SELECT company_id, company_name, ${to}::date AS as_of, ledger_id, ledger_name, group_name, group_path, nature,
         opening_balance::numeric(18,2), debits::numeric(18,2), credits::numeric(18,2), closing_balance::numeric(18,2)
       FROM public.trial_balance(${to})`,
    order: 'group_path, ledger_name, ledger_id',
    isOfDay: true,
  },
  profit_and_loss: {
    rows: (from, to) =>
      `SELECT company_id, company_name, ${from}::date AS from_date, ${to}::date AS to_date, nature, affects_gross_profit,
         group_name, group_path, ledger_id, ledger_name, amount::numeric(18,2) FROM public.profit_and_loss(${from}, ${to})`,
    order: 'nature DESC, group_path, ledger_name, ledger_id',
  },
  receivables_ageing: {
    rows: (_, to) => ageing('receivables_ageing', to),
    order: 'ledger_name, bill_date, reference, ledger_id',
    isOfDay: true,
  },
  payables_ageing: {
    rows: (_, to) => ageing('payables_ageing', to),
    order: 'ledger_name, bill_date, reference, ledger_id',
    isOfDay: true,
  },
  cash_and_bank: {
    rows: (_, to) =>
      `SELECT company_id, company_name, ${to}::date AS as_of, ledger_id, ledger_name, kind, opening_balance::numeric(18,2),
         debits::numeric(18,2), credits::numeric(18,2), closing_balance::numeric(18,2) FROM public.cash_and_bank(${to})`,
    order: 'kind, ledger_name, ledger_id',
    isOfDay: true,
  },
  stock_summary: {
    rows: (_, to) =>
      `SELECT company_id, company_name, ${to}::date AS as_of, item_id, item_name, group_name, unit,
         opening_quantity::numeric(18,4), in_quantity::numeric(18,4), out_quantity::numeric(18,4),
         closing_quantity::numeric(18,4), last_counted_on FROM public.stock_summary(${to})`,
    order: 'item_name, item_id',
    isOfDay: true,
  },
};

export const isLedgerTable = (table: string): table is LedgerTable => ledgerTables.some((name) => name === table);

/**
 * Counts the days up to `until` that the table covers and for which nothing shows that the stream `ledger` was loaded:
 * they have no vouchers, and are not proven to be loaded with the stream. Also returns the range that the table covers.
 */
export async function ledgerNeverLoaded(
  connection: Connection,
  companyId: string,
  table: LedgerTable,
  range: DateRange,
  until: CalendarDate,
): Promise<{ range: DateRange; days: number }> {
  const [books] = ledgerSources[table].isOfDay
    ? await connection.query<{ from: CalendarDate | null }>(
        'SELECT min(opening_date) AS "from" FROM public.dim_ledger WHERE company_id = $1',
        [companyId],
      )
    : [];
  const whole = { from: books?.from ?? range.from, to: range.to };
  const [row] = await connection.query<{ days: number }>(
    `WITH loaded AS MATERIALIZED (
       SELECT date FROM public.etl_days WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND ${wasLoadedWithLedger}
       UNION SELECT date FROM public.fact_voucher WHERE company_id = $1 AND date BETWEEN $2 AND $3)
     SELECT count(*)::int AS days FROM generate_series($2::date, least($3::date, $4::date), interval '1 day') AS g (day)
     WHERE g.day::date NOT IN (SELECT date FROM loaded)`,
    [companyId, whole.from, whole.to, until],
  );
  return { range: whole, days: row!.days };
}

/** Whether the warehouse has vouchers of the stream `ledger` of a company. */
export async function hasLedger(connection: Connection, companyId: string): Promise<boolean> {
  const [row] = await connection.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM public.fact_voucher WHERE company_id = $1) AS found',
    [companyId],
  );
  return row!.found;
}
