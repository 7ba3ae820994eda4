import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { namesOf } from '../load/column.js';
import { invoiceColumns, lineColumns } from '../load/columns.js';
import { escapeLiteral, types, type Connection } from '../postgres/connection.js';
import { isLedgerTable, ledgerNeverLoaded, ledgerSources, type LedgerTable } from './exportLedger.js';
import { countNeverLoaded } from './neverLoaded.js';
import { askedFor, type InvoiceOrder, matches, type RegisterFilter, registerOrder } from './registerFilter.js';

/**
 * The tables of invoices that can be exported: the two fact tables, without columns that only this program uses, and
 * the registers.
 */
type InvoiceTable = 'invoices' | 'lines' | 'sales_register' | 'purchase_register' | 'invoice_register';
export type ExportTable = InvoiceTable | LedgerTable;

export interface ExportScope {
  companyId: string;
  range: DateRange;
  /** `filter` and `order` apply to `invoice_register` only. Default: all rows, in the order of the other tables. */
  filter?: RegisterFilter | undefined;
  order?: InvoiceOrder | undefined;
}

export interface ExportColumn {
  name: string;
  type: 'text' | 'date' | 'int' | 'bigint' | 'boolean' | 'decimal';
  /** The number of decimals; 0 for other types. */
  scale: number;
}

const invoiceNames = invoiceColumns.filter(({ name }) => name !== 'content_hash');

/** The SQL of each table. None of them contains invoices that Tally no longer has. */
const sources: Record<InvoiceTable, string> = {
  invoices: `SELECT f.company_id, c.name AS company_name, ${namesOf(invoiceNames, 'f.')}
     FROM public.fact_invoice f LEFT JOIN public.dim_company c USING (company_id) WHERE f.missing_since IS NULL`,
  lines: `SELECT f.company_id, c.name AS company_name, f.invoice_id, f.invoice_type, f.invoice_number, f.date, ${namesOf(lineColumns, 'l.')}
     FROM public.fact_invoice f JOIN public.fact_invoice_line l USING (company_id, invoice_id)
     LEFT JOIN public.dim_company c USING (company_id) WHERE f.missing_since IS NULL`,
  sales_register: 'SELECT * FROM public.sales_register',
  purchase_register: 'SELECT * FROM public.purchase_register',
  invoice_register: 'SELECT * FROM public.invoice_register',
};

const order = 'date, invoice_number, invoice_id';
const orders: Record<Exclude<InvoiceTable, 'invoice_register'>, string> = {
  ...{ invoices: order, lines: `${order}, line_no`, sales_register: order, purchase_register: order },
};

/**
 * Reads rows from one snapshot, whatever is loaded meanwhile. Needs a session of its own, because a failed export may
 * end the session.
 */
export class RangeRows {
  constructor(
    private readonly connection: Connection,
    private readonly scope: ExportScope,
  ) {}

  /** Begins the snapshot, does `work` on it, and ends it. */
  static within<T>(connection: Connection, scope: ExportScope, work: (rows: RangeRows) => Promise<T>): Promise<T> {
    return connection.snapshot(() => work(new RangeRows(connection, scope)), { readOnly: true });
  }

  async count(table: ExportTable): Promise<number> {
    const [row] = await this.connection.query<{ rows: string }>(
      `SELECT count(*) AS rows FROM (${this.#rowsOf(table)}) r`,
    );
    return Number(row!.rows);
  }

  /** The range that the table covers, and how many of its days up to `until` were never loaded. */
  async neverLoaded(table: ExportTable, until: CalendarDate): Promise<{ range: DateRange; days: number }> {
    const { companyId, range } = this.scope;
    return isLedgerTable(table)
      ? ledgerNeverLoaded(this.connection, companyId, table, range, until)
      : { range, days: await countNeverLoaded(this.connection, companyId, range, until) };
  }

  /**
   * Writes the rows as CSV with a header, as COPY makes it, no faster than `write` accepts them. Returns the number of
   * rows.
   */
  async copyCsv(table: ExportTable, write: (bytes: Buffer) => Promise<void>): Promise<number> {
    // Writes true and false, which a spreadsheet knows. COPY would write t and f.
    const shown = (await this.columns(table)).map(({ name, type }) => (type === 'boolean' ? `${name}::text` : name));
    const rows = `SELECT ${shown.join(', ')} FROM (${this.#rowsOf(table)}) r ORDER BY ${this.#orderOf(table)}`;
    return this.connection.copyOut(`COPY (${rows}) TO STDOUT (FORMAT csv, HEADER)`, write);
  }

  /** The rows as values, `size` at a time: decimals and bigints as text, dates as `YYYY-MM-DD`. */
  async *portions(table: ExportTable, size: number): AsyncGenerator<Record<string, unknown>[]> {
    const rows = `SELECT * FROM (${this.#rowsOf(table)}) r ORDER BY ${this.#orderOf(table)}`;
    await this.connection.execute(`DECLARE export_rows NO SCROLL CURSOR FOR ${rows}`);
    for (;;) {
      const portion = await this.connection.query<Record<string, unknown>>(`FETCH ${size} FROM export_rows`);
      if (portion.length > 0) yield portion;
      if (portion.length < size) break;
    }
    await this.connection.execute('CLOSE export_rows');
  }

  async columns(table: ExportTable): Promise<ExportColumn[]> {
    const { builtins } = types;
    const kinds = new Map<number, ExportColumn['type']>([
      [builtins.DATE, 'date'],
      [builtins.INT4, 'int'],
      [builtins.INT8, 'bigint'],
      [builtins.BOOL, 'boolean'],
      [builtins.NUMERIC, 'decimal'],
    ]);
    const fields = await this.connection.describe(`SELECT * FROM (${this.#rowsOf(table)}) r LIMIT 0`);
    return fields.map(({ name, dataTypeID, dataTypeModifier }) => ({
      name,
      type: kinds.get(dataTypeID) ?? 'text',
      scale: dataTypeID === builtins.NUMERIC.valueOf() ? (dataTypeModifier - 4) & 0xffff : 0,
    }));
  }

  #rowsOf(table: ExportTable): string {
    const { companyId, range, filter = {} } = this.scope;
    // The values are part of the SQL text, because COPY takes no parameters. A setting of the session would not reach
    // the workers of a cluster.
    const [from, to] = [escapeLiteral(range.from), escapeLiteral(range.to)];
    const source = isLedgerTable(table) ? ledgerSources[table].rows(from, to) : sources[table];
    const ofCompany = `SELECT * FROM (${source}) r WHERE company_id = ${escapeLiteral(companyId)}`;
    if (isLedgerTable(table) && !ledgerSources[table].isDated) return ofCompany;
    const rows = `${ofCompany} AND date BETWEEN ${from} AND ${to}`;
    if (table !== 'invoice_register') return rows;
    const terms = { asked: `${escapeLiteral(askedFor(filter))}::jsonb`, company: escapeLiteral(companyId) };
    return `${rows} AND ${matches(terms)}`;
  }

  #orderOf(table: ExportTable): string {
    const { order: asked } = this.scope;
    if (isLedgerTable(table)) return ledgerSources[table].order;
    return table === 'invoice_register' ? (asked ? registerOrder(asked) : order) : orders[table];
  }
}
