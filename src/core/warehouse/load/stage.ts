import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Invoice, Reject } from '../../invoice/invoice.js';
import type { LedgerVoucher } from '../../ledger/ledgerVoucher.js';
import { definitions, namesOf, type Column } from './column.js';
import { invoiceColumns, lineColumns, rejectColumns, type InvoiceRow, type LineRow } from './columns.js';
import { compare, countInvoices, type CompareOptions } from '../read/compare.js';
import type { Comparison } from '../read/comparison.js';
import type { Connection } from '../postgres/connection.js';
import { CopyQueue, copyText } from './copyQueue.js';
import { findGone } from '../read/differences.js';
import { LedgerStage } from './ledgerStage.js';
import { leaveOutWorse, type LeftOut } from './leaveOutWorse.js';
import { merge, type MergeOptions } from './merge.js';
import { seenColumns } from './seenVouchers.js';
import { StagedList, stagedRow } from './stagedList.js';
import { indexStage } from './stagedPages.js';
import { readShape } from '../postgres/shape.js';
import { verify, type Verification, type VerifyOptions } from '../records/verified.js';

export interface StagedCompany {
  id: string;
  name: string;
}

const seqColumn: Column<InvoiceRow> = { name: 'seq', type: 'int', value: ({ seq }) => String(seq) };
const classedColumn: Column<InvoiceRow> = {
  name: 'classed_by',
  type: 'text',
  value: ({ invoice }) => invoice.classedBy ?? null,
};
const stagedInvoice = [seqColumn, classedColumn, ...invoiceColumns];
const stagedLine: Column<LineRow>[] = [seqColumn, ...lineColumns];

/**
 * An invoice, or with the stream `ledger` a voucher of any type, that Tally lists and that was not read: it is
 * unchanged since it was loaded, or Tally's reports left it out.
 */
export interface ListedInvoice {
  invoiceId: string;
  date: CalendarDate;
  unchanged: boolean;
}

const listedColumns: Column<ListedInvoice>[] = [
  { name: 'invoice_id', type: 'text', value: ({ invoiceId }) => invoiceId },
  { name: 'date', type: 'date', value: ({ date }) => date },
  { name: 'unchanged', type: 'boolean', value: ({ unchanged }) => (unchanged ? 't' : 'f') },
];

/** A run that inserts fewer invoices than this, and fewer vouchers, leaves the statistics as they are. */
const manyInserted = 100;
/**
 * Only the columns by which rows are found, joined and grouped: all columns took three times as long. If autovacuum
 * runs, it analyzes the other columns: an ANALYZE of some columns does not keep it from doing so.
 */
const analyzedTables = [
  `public.fact_invoice (company_id, invoice_id, invoice_type, voucher_type, date, party_name, party_gstin, is_cancelled,
     is_optional, missing_since)`,
  `public.fact_invoice_line (company_id, invoice_id, date, invoice_type, line_type, ledger_name, ledger_class, item_name, hsn,
     gst_rate)`,
  ...['public.etl_days', 'public.etl_vouchers'],
];
const analyzedLedgerTables = [
  'public.fact_voucher (company_id, voucher_id, voucher_type, base_type, date, party_name, is_optional, missing_since)',
  'public.fact_ledger_entry (company_id, voucher_id, date, ledger_name, ledger_id)',
  'public.fact_bill (company_id, voucher_id, date, ledger_name, ledger_id, reference)',
  'public.fact_cost_allocation (company_id, voucher_id, date, ledger_name, cost_centre)',
  'public.fact_bank_allocation (company_id, voucher_id, date, ledger_name)',
  'public.fact_stock_entry (company_id, voucher_id, date, item_name, item_id)',
  ...['public.dim_ledger', 'public.dim_group', 'public.dim_stock_item', 'public.fact_opening_bill'],
];

/** Creates the temporary tables of a run. */
export async function createStageTables(connection: Connection): Promise<void> {
  await connection.query(
    `CREATE TEMP TABLE stage_invoice (${definitions(stagedInvoice)}, superseded boolean NOT NULL DEFAULT false);
     CREATE TEMP TABLE stage_line (${definitions(stagedLine)});
     CREATE TEMP TABLE stage_reject (${definitions(rejectColumns)}, merged boolean NOT NULL DEFAULT false);
     CREATE TEMP TABLE stage_listed (${definitions(listedColumns)});
     CREATE TEMP TABLE stage_list (${definitions(stagedRow)});
     CREATE TEMP TABLE stage_seen (${definitions(seenColumns)});
     CREATE TEMP TABLE stage_changed (seq int, invoice_id text, date date, invoice_type text, known boolean) ON COMMIT DELETE ROWS;
     CREATE TEMP TABLE stage_gone (id text, date date) ON COMMIT DELETE ROWS`,
  );
}

/**
 * The data that a run has read from Tally, in temporary tables of one session. The warehouse gets none of it before `merge`.
 * No transaction is open while the run waits for Tally. Call one method at a time.
 */
export class Stage {
  #staged = 0;
  #prepared = false;
  /** The number of merges of the present content. */
  #merges = 0;
  /** Invoices that the merges of this run have inserted. */
  #inserted = 0;
  #insertedVouchers = 0;
  readonly #queue: CopyQueue;
  readonly #ledger: LedgerStage | undefined;
  /** Tally's list of vouchers; `clear` does not empty it. */
  readonly list: StagedList;

  private constructor(
    private readonly connection: Connection,
    private readonly company: StagedCompany,
    private readonly assertLocked: () => void,
    withLedger: boolean,
  ) {
    this.#queue = new CopyQueue(connection);
    this.#ledger = withLedger ? new LedgerStage(connection, this.#queue, company.id) : undefined;
    this.list = new StagedList(connection, this.#queue, company.id, assertLocked, withLedger);
  }

  /** `withLedger`: for the stream `ledger`, the stage has tables of vouchers too. */
  static async create(
    connection: Connection,
    company: StagedCompany,
    assertLocked: () => void,
    withLedger = false,
  ): Promise<Stage> {
    await createStageTables(connection);
    if (withLedger) await LedgerStage.createTables(connection);
    return new Stage(connection, company, assertLocked, withLedger);
  }

  /**
   * Adds invoices, rejects, and vouchers for the stream `ledger`. They are sent in batches, one while the next one fills. A
   * failure to send is thrown by the next call. An amount with more than 18 digits throws `warehouse-refused`, which names the
   * voucher; the stage is then unusable.
   */
  async add(invoices: Invoice[], rejects: Reject[], vouchers: LedgerVoucher[] = []): Promise<void> {
    this.#prepared = false;
    const rows = invoices.map((invoice): InvoiceRow => ({ seq: ++this.#staged, invoice }));
    this.#queue.put('stage_invoice', stagedInvoice, rows);
    this.#queue.put('stage_line', stagedLine, [...linesOf(rows)]);
    this.#queue.put('stage_reject', rejectColumns, rejects);
    this.#ledger?.put(vouchers);
    await this.#queue.flow();
  }

  /** Adds listed invoices that were not read. They do not count as missing; `unchanged` ones count as unchanged. */
  async addListed(invoices: Iterable<ListedInvoice>): Promise<void> {
    this.#prepared = false;
    await this.#queue.drain();
    await this.connection.copyIn(
      `COPY pg_temp.stage_listed (${namesOf(listedColumns)}) FROM STDIN`,
      copyText(invoices, listedColumns),
    );
  }

  /** Leaves out of a merge the vouchers that the warehouse has in a better state; they count as unchanged. For files. */
  async leaveOutWorse(): Promise<LeftOut> {
    this.#prepared = false;
    await this.#queue.drain();
    const leftOut = await leaveOutWorse(this.connection, this.company.id);
    await this.#ledger?.leaveOutWorse();
    return leftOut;
  }

  /**
   * Empties the stage after a merge. If the merged range is given, the vouchers of addListed that have a later date
   * stay, because a later merge needs them.
   */
  async clear(merged?: DateRange): Promise<void> {
    this.#merges = 0;
    await this.#queue.drain();
    await this.connection.query('TRUNCATE pg_temp.stage_invoice, pg_temp.stage_line, pg_temp.stage_reject');
    if (merged === undefined) await this.connection.query('TRUNCATE pg_temp.stage_listed');
    else await this.connection.execute('DELETE FROM pg_temp.stage_listed WHERE date <= $1', [merged.to]);
    await this.#ledger?.clear();
  }

  /** Returns what a merge of the range would do. Only reads. A database without fact_invoice counts as empty. */
  async compare(range: DateRange, options: CompareOptions = { goneIn: range }): Promise<Comparison> {
    await this.#prepare();
    const compared = await compare(this.connection, this.company.id, range, options);
    const ledger = await this.#ledger?.compare(range, options);
    return { ...compared, ...(ledger && { ledger }) };
  }

  /**
   * Compares the staged invoices with the warehouse's rows of the range. Writes into no fact table. If the comparison
   * is proven, the days of the range are recorded in etl_verified.
   */
  async verify(range: DateRange, options: VerifyOptions): Promise<Verification> {
    await this.#prepare();
    return verify(this.connection, this.company.id, range, options);
  }

  /**
   * Invoices of the range in the warehouse that Tally neither sent nor listed and that are not yet marked as missing,
   * each with its date in the warehouse.
   */
  async findGone(range: DateRange): Promise<Map<string, CalendarDate>> {
    await this.#prepare();
    return findGone(this.connection, this.company.id, range);
  }

  /** The number of invoices that the warehouse has in the range now, including those marked as missing. */
  async countWarehouse(range: DateRange): Promise<number> {
    await this.#queue.drain();
    return countInvoices(this.connection, this.company.id, range);
  }

  /**
   * Writes the staged rows of the range in one transaction, and returns what changed. May be called for range after range.
   * Rejects without a date are written by the first merge.
   */
  async merge(range: DateRange, options: MergeOptions): Promise<Comparison> {
    await this.#prepare();
    if (++this.#merges === 2) await indexStage(this.connection);
    const done = await merge(this.connection, this.company, range, options, this.assertLocked, this.#ledger);
    this.#inserted += done.days.reduce((sum, { inserted }) => sum + inserted, 0);
    this.#insertedVouchers += done.ledger?.inserted ?? 0;
    // The merge is committed, so an error here is not an error of the merge. If the session was lost, the next statement fails.
    if (done.days.some(({ inserted }) => inserted > 0) || (done.ledger?.inserted ?? 0) > 0)
      await this.#forgetPlans().catch(() => undefined);
    return done;
  }

  /**
   * Discards the session's plans, also those of the foreign key. PostgreSQL made them for a nearly empty table; for a larger one they
   * scan the table for each row, so a first load became slower month by month. New plans use the present size of the table. ANALYZE
   * would help too, but would read rows of all companies at each merge.
   */
  async #forgetPlans(): Promise<void> {
    await this.connection.execute('DISCARD PLANS');
  }

  /**
   * Collects statistics at the end of a run that inserted at least half of the company's invoices, or of its vouchers. Views and
   * SQL clients need them, and autovacuum may never come: the built-in server stops soon after a run. ANALYZE reads a sample of
   * the rows of all companies, so this does nothing where the tables are divided or distributed by company. A table that another
   * session analyzes or vacuums is left out.
   */
  async analyzeGrown(): Promise<void> {
    const most = Math.max(this.#inserted, this.#insertedVouchers);
    if (most < manyInserted || (await readShape(this.connection)).kind !== 'plain') return;
    const tables = [
      ...((await this.#hasGrown('fact_invoice', this.#inserted)) ? analyzedTables : []),
      ...((await this.#hasGrown('fact_voucher', this.#insertedVouchers)) ? analyzedLedgerTables : []),
    ];
    if (tables.length > 0) await this.connection.execute(`ANALYZE (SKIP_LOCKED) ${tables.join(', ')}`);
  }

  async #hasGrown(table: 'fact_invoice' | 'fact_voucher', inserted: number): Promise<boolean> {
    if (inserted < manyInserted) return false;
    const [row] = await this.connection.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM public.${table} WHERE company_id = $1`,
      [this.company.id],
    );
    return inserted * 2 >= row!.count;
  }

  /** Drops the staged data; rolls back a merge that is under way. */
  close(): Promise<void> {
    return this.connection.close();
  }

  /**
   * Marks duplicates, and collects statistics of the columns by which rows are joined and filtered: PostgreSQL does not do so
   * for temporary tables. Only the number of rows matters, so the smallest sample is enough. The indexes are for PostgreSQL
   * before 16, which expects a few rows for a company without statistics, and would scan the stage for each of them.
   */
  async #prepare(): Promise<void> {
    if (this.#prepared) return;
    await this.#queue.drain();
    // Tally answers some requests with a voucher twice, and two files may hold the same voucher. The copy with the higher
    // ALTERID counts; if these are equal, the later copy.
    await this.connection.query(
      `UPDATE pg_temp.stage_invoice s SET superseded = true
         FROM (SELECT DISTINCT ON (invoice_id) invoice_id, seq AS last FROM pg_temp.stage_invoice
               WHERE invoice_id IN (SELECT invoice_id FROM pg_temp.stage_invoice GROUP BY invoice_id HAVING count(*) > 1)
               ORDER BY invoice_id, alter_id DESC NULLS LAST, seq DESC) twice
         WHERE s.invoice_id = twice.invoice_id AND s.seq <> twice.last;
       CREATE INDEX IF NOT EXISTS stage_invoice_id ON pg_temp.stage_invoice (invoice_id);
       CREATE INDEX IF NOT EXISTS stage_reject_id ON pg_temp.stage_reject (invoice_id);
       CREATE INDEX IF NOT EXISTS stage_listed_id ON pg_temp.stage_listed (invoice_id);
       SET default_statistics_target = 10;
       ANALYZE pg_temp.stage_invoice (seq, invoice_id, date), pg_temp.stage_line (seq),
         pg_temp.stage_reject (invoice_id), pg_temp.stage_listed (invoice_id, date);
       RESET default_statistics_target`,
    );
    await this.#ledger?.prepare();
    this.#prepared = true;
  }
}

function* linesOf(rows: InvoiceRow[]): Generator<LineRow> {
  for (const { seq, invoice } of rows)
    for (let i = 0; i < invoice.lines.length; i++) yield { seq, invoice, lineNo: i + 1, line: invoice.lines[i]! };
}
