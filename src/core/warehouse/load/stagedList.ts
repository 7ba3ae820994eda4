import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { invoiceTypes, mappingVersion } from '../../invoice/invoice.js';
import { ledgerVersion } from '../../ledger/ledgerVoucher.js';
import type { Connection } from '../postgres/connection.js';
import type { Column } from './column.js';
import type { CopyQueue } from './copyQueue.js';
import { remembered, seenNow, SeenVouchers } from './seenVouchers.js';

/**
 * An invoice in Tally's list; with the stream `ledger`, a voucher of any type. Comments about listed rows say `invoice`
 * for both. `voucherNumber` is '' if the invoice has none, or if Tally does not list numbers.
 */
export interface ListRow {
  guid: string;
  date: CalendarDate;
  alterId: number | undefined;
  voucherType: string;
  voucherNumber: string;
}

/** A row of the list without the voucher number, which only PostgreSQL compares. */
export type ComparedRow = Omit<ListRow, 'voucherNumber'>;

const rowOf = ({ guid, date, alterId, voucherType }: { [K in keyof ComparedRow]: string | null }): ComparedRow => ({
  guid: guid!,
  date: date!,
  alterId: alterId === null ? undefined : Number(alterId),
  voucherType: voucherType!,
});

/** A day that has invoices, rejects, or a row in etl_days. */
export interface LoadedDay {
  date: CalendarDate;
  /** The day's proof was withdrawn, or belongs to other rules: the whole day must be read again. */
  lostProof: boolean;
  /** The number of its invoices that are not marked as missing. */
  invoices: number;
  /**
   * The number of all its loaded vouchers, invoices among them, that are not marked as missing. Without the stream
   * `ledger`: of its invoices.
   */
  rows: number;
}

/** The columns of the temporary table stage_list. */
export const stagedRow: Column<ListRow & { seq: number }>[] = [
  { name: 'seq', type: 'int', value: ({ seq }) => String(seq) },
  { name: 'invoice_id', type: 'text', value: ({ guid }) => guid },
  { name: 'date', type: 'date', value: ({ date }) => date },
  { name: 'alter_id', type: 'bigint', value: ({ alterId }) => (alterId === undefined ? null : String(alterId)) },
  { name: 'voucher_type', type: 'text', value: ({ voucherType }) => voucherType },
  { name: 'voucher_number', type: 'text', value: ({ voucherNumber }) => voucherNumber },
];

/**
 * For company $1 and the range $2 … $3: the warehouse's rows of the listed invoices, as `known`, and the loaded days, as
 * `loaded_days`. Both are CTEs, for the reason in otherRows.ts. The ids are passed as an array, so that PostgreSQL finds them by
 * the primary key. A join without statistics, as after restoring a dump, would scan all rows of a day or company for each row.
 */
const knownAndDays = (known: string): string => `${known},
  loaded_days AS MATERIALIZED (
    SELECT date, rules_hash FROM public.etl_days WHERE company_id = $1 AND date BETWEEN $2 AND $3)`;

const listedIds = 'ARRAY(SELECT invoice_id FROM pg_temp.stage_list WHERE date BETWEEN $2 AND $3)';

const knownInvoices = (name: string): string => `${name} AS MATERIALIZED (
    SELECT invoice_id, alter_id, date, voucher_type, invoice_number, missing_since, mapping_version
    FROM public.fact_invoice WHERE company_id = $1 AND invoice_id = ANY (${listedIds}))`;

/**
 * With the stream `ledger`. A voucher of an invoice type counts as known only if its invoice is known with the same
 * ALTERID and date, and is not marked as missing.
 */
const knownVouchers = `${knownInvoices('known_invoices')},
  known_vouchers AS MATERIALIZED (
    SELECT voucher_id AS invoice_id, alter_id, date, voucher_type, voucher_number AS invoice_number, missing_since,
      mapping_version, base_type
    FROM public.fact_voucher WHERE company_id = $1 AND voucher_id = ANY (${listedIds})),
  known AS MATERIALIZED (
    SELECT v.* FROM known_vouchers v
    WHERE v.base_type NOT IN (${invoiceTypes.map((type) => `'${type}'`).join(', ')}) OR EXISTS (
      SELECT FROM known_invoices i WHERE i.invoice_id = v.invoice_id AND i.missing_since IS NULL
        AND (i.alter_id, i.date) IS NOT DISTINCT FROM (v.alter_id, v.date)))`;

/** The vouchers of company $1 in the range $2 … $3 that are not marked as missing and have no invoice in the range. */
const otherVouchers = `SELECT v.voucher_id AS invoice_id, v.date FROM public.fact_voucher v
  WHERE v.company_id = $1 AND v.date BETWEEN $2 AND $3 AND v.missing_since IS NULL AND NOT EXISTS (
    SELECT FROM public.fact_invoice i WHERE i.company_id = $1 AND i.invoice_id = v.voucher_id
      AND i.date BETWEEN $2 AND $3 AND i.missing_since IS NULL)`;

/**
 * With knownAndDays: joins row `f` if it is in the same state as row `l` of the list, and was loaded by this mapping
 * version. An equal ALTERID (Tally's counter of changes) alone proves nothing: Auto Renumber changes numbers without
 * it, and after a restored backup it may belong to another voucher (docs/tally.md §4). $5 is the mapping version. $6
 * says whether Tally lists numbers: a voucher listed without a number then has none.
 */
const asListed = `LEFT JOIN known f ON f.invoice_id = l.invoice_id AND f.alter_id = l.alter_id
    AND (f.date, f.voucher_type) IS NOT DISTINCT FROM (l.date, l.voucher_type)
    AND f.missing_since IS NULL AND f.mapping_version = $5
    AND (NOT $6::boolean OR coalesce(f.invoice_number, '') = l.voucher_number)`;

/** The day of row `l` was loaded wholly by the rules $4. */
const isProven = 'l.date IN (SELECT date FROM loaded_days WHERE starts_with(rules_hash, $4))';
const lostProof = 'l.date IN (SELECT date FROM loaded_days WHERE NOT starts_with(rules_hash, $4))';

/** With asListed: the warehouse has the invoice in the same state, on a day that is proven. */
const isUnchanged = `(f.invoice_id IS NOT NULL AND ${isProven})`;

/**
 * The invoices of Tally's list in a temporary table beside the warehouse. PostgreSQL compares the two, so that the list of a
 * year never has to fit into our memory. Only `seen` writes to the warehouse. Call one method at a time.
 */
export class StagedList {
  readonly #knownAndDays: string;
  #rows = 0;
  #tellsNumbers = false;
  #prepared = false;
  /** Tally's list of vouchers of every kind, from this run and earlier ones. */
  readonly seen: SeenVouchers;

  constructor(
    private readonly connection: Connection,
    private readonly queue: CopyQueue,
    private readonly companyId: string,
    assertLocked: () => void,
    private readonly withLedger = false,
  ) {
    this.#knownAndDays = knownAndDays(withLedger ? knownVouchers : knownInvoices('known'));
    this.seen = new SeenVouchers(connection, queue, companyId, assertLocked);
  }

  /** Adds rows of the list; if two have the same GUID, the first counts. */
  async add(rows: ListRow[]): Promise<void> {
    this.#prepared = false;
    this.#tellsNumbers ||= rows.some(({ voucherNumber }) => voucherNumber !== '');
    this.queue.put(
      'stage_list',
      stagedRow,
      rows.map((row) => ({ ...row, seq: ++this.#rows })),
    );
    await this.queue.flow();
  }

  /**
   * Adds the vouchers of these types in a range from `seen`: for the `listed` days as this run has listed them, for all
   * other days as earlier runs did. Deleted vouchers are left out. Returns how many of the added vouchers are of
   * `invoiceTypes`.
   */
  async addSeen(range: DateRange, listed: CalendarDate[], types: string[], invoiceTypes: string[]): Promise<number> {
    this.#prepared = false;
    await this.queue.drain();
    const [added] = await this.connection.query<{ rows: number; invoices: number; numbers: boolean | null }>(
      `WITH ${remembered}, added AS (
         INSERT INTO pg_temp.stage_list (seq, invoice_id, date, alter_id, voucher_type, voucher_number)
         SELECT $6 + row_number() OVER (ORDER BY date, voucher_id), voucher_id, date, alter_id, voucher_type, voucher_number
         FROM ${seenNow} v WHERE NOT is_deleted AND voucher_type = ANY ($5) RETURNING voucher_number, voucher_type)
       SELECT count(*)::int AS rows, count(*) FILTER (WHERE voucher_type = ANY ($7))::int AS invoices, bool_or(voucher_number <> '') AS numbers FROM added`,
      [this.companyId, range.from, range.to, listed, types, this.#rows, invoiceTypes],
    );
    this.#rows += added!.rows;
    this.#tellsNumbers ||= added!.numbers === true;
    return added!.invoices;
  }

  /** Removes invoices that have left their listed day since they were listed. */
  async remove(guids: string[]): Promise<void> {
    if (guids.length === 0) return;
    await this.queue.drain();
    await this.connection.execute('DELETE FROM pg_temp.stage_list WHERE invoice_id = ANY ($1)', [guids]);
  }

  async clear(): Promise<void> {
    this.#tellsNumbers = false;
    await this.queue.drain();
    await this.connection.execute('TRUNCATE pg_temp.stage_list');
  }

  /** Whether at least one day of the range was loaded wholly by these rules. Otherwise no listed invoice can be unchanged. */
  async hasProven(range: DateRange, rulesHash: string): Promise<boolean> {
    const [row] = await this.connection.query<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM public.etl_days
         WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND starts_with(rules_hash, $4)) AS found`,
      [this.companyId, range.from, range.to, rulesHash],
    );
    return row!.found;
  }

  /**
   * The listed invoices of a range that the warehouse lacks, has in another state, or has on a day that is not proven, in the
   * order of the list. The other ones, which are unchanged, go into the stage's list of invoices that are not read; returns
   * their number for each voucher type.
   */
  async readChanged(
    range: DateRange,
    rulesHash: string,
  ): Promise<{ rows: ComparedRow[]; unchanged: { voucherType: string; vouchers: number }[] }> {
    await this.#prepare();
    // For a large list many days may be read one by one.
    await this.connection.query('CREATE INDEX IF NOT EXISTS stage_list_date ON pg_temp.stage_list (date)');
    const rows = await this.connection.query<
      { [K in keyof ComparedRow]: string | null } & { unchanged: number | null }
    >(
      `WITH ${this.#knownAndDays},
       compared AS MATERIALIZED (
         SELECT l.seq, l.invoice_id, l.date, l.alter_id, l.voucher_type, ${isUnchanged} AS is_unchanged
         FROM pg_temp.stage_list l ${asListed} WHERE l.date BETWEEN $2 AND $3),
       listed AS (
         INSERT INTO pg_temp.stage_listed (invoice_id, date, unchanged)
         SELECT invoice_id, date, true FROM compared WHERE is_unchanged)
       SELECT guid, date, alter_id AS "alterId", voucher_type AS "voucherType", unchanged FROM (
         SELECT 0 AS seq, NULL AS guid, NULL::date AS date, NULL::bigint AS alter_id, voucher_type, count(*)::int AS unchanged
         FROM compared WHERE is_unchanged GROUP BY voucher_type
         UNION ALL SELECT seq, invoice_id, date, alter_id, voucher_type, NULL FROM compared WHERE NOT is_unchanged) changed
       ORDER BY seq`,
      this.#values(range, rulesHash),
    );
    return {
      rows: rows.filter(({ unchanged }) => unchanged === null).map(rowOf),
      unchanged: rows.flatMap(({ voucherType, unchanged }) =>
        unchanged === null ? [] : [{ voucherType: voucherType!, vouchers: unchanged }],
      ),
    };
  }

  /** The listed invoices that readChanged has counted as unchanged. */
  async readUnchanged(range: DateRange): Promise<ComparedRow[]> {
    await this.queue.drain();
    const rows = await this.connection.query<{ [K in keyof ComparedRow]: string | null }>(
      `SELECT l.invoice_id AS guid, l.date, l.alter_id AS "alterId", l.voucher_type AS "voucherType"
       FROM pg_temp.stage_list l
       JOIN pg_temp.stage_listed u ON u.invoice_id = l.invoice_id AND u.unchanged
       WHERE l.date BETWEEN $1 AND $2 ORDER BY l.seq`,
      [range.from, range.to],
    );
    return rows.map(rowOf);
  }

  /**
   * The days of a range that were ever loaded, oldest first. The statement has no join: PostgreSQL would plan it badly
   * if statistics are missing.
   */
  loadedDays(range: DateRange, rulesHash: string): Promise<LoadedDay[]> {
    return this.connection.query<LoadedDay>(
      `SELECT date, coalesce(bool_or(NOT starts_with(rules_hash, $4)), false) AS "lostProof", sum(invoices)::int AS invoices,
         sum(invoices + others)::int AS rows
       FROM (SELECT date, rules_hash, 0 AS invoices, 0 AS others FROM public.etl_days
           WHERE company_id = $1 AND date BETWEEN $2 AND $3
         UNION ALL SELECT date, NULL, count(*) FILTER (WHERE missing_since IS NULL), 0 FROM public.fact_invoice
           WHERE company_id = $1 AND date BETWEEN $2 AND $3 GROUP BY date
         ${this.withLedger ? `UNION ALL SELECT date, NULL, 0, count(*) FROM (${otherVouchers}) others GROUP BY date` : ''}
         UNION ALL SELECT date, NULL, 0, 0 FROM public.etl_rejects
           WHERE company_id = $1 AND date BETWEEN $2 AND $3) loaded
       GROUP BY date ORDER BY date`,
      [this.companyId, range.from, range.to, rulesHash],
    );
  }

  /**
   * Invoices of the warehouse in a range that are not marked as missing and that the list lacks or has under another
   * date. `listedOn` is that date, or null.
   */
  async gone(range: DateRange): Promise<{ invoiceId: string; listedOn: CalendarDate | null }[]> {
    await this.#prepare();
    return this.connection.query(
      `WITH of_range AS MATERIALIZED (${this.#present})
       SELECT f.invoice_id AS "invoiceId", l.date AS "listedOn"
       FROM of_range f LEFT JOIN pg_temp.stage_list l ON l.invoice_id = f.invoice_id
       WHERE l.date IS DISTINCT FROM f.date`,
      [this.companyId, range.from, range.to],
    );
  }

  /**
   * The listed invoices on the `loaded` days of a range that must be read again. The warehouse lacks them or has them
   * in another state, or their day lost its proof. A rejected voucher with the same date and ALTERID is not read again,
   * unless its day lost its proof. `recent` is the sync's own range, whose days count as loaded. `wasRecent`: the
   * warehouse has the invoice on a day of that range.
   */
  async due(
    range: DateRange,
    rulesHash: string,
    { recent, loaded }: { recent: DateRange; loaded: Iterable<CalendarDate> },
  ): Promise<{ invoiceId: string; date: CalendarDate; wasRecent: boolean }[]> {
    await this.#prepare();
    return this.connection.query(
      `WITH ${this.#knownAndDays},
       unread AS MATERIALIZED (
         SELECT invoice_id, date, alter_id FROM public.etl_rejects WHERE company_id = $1 AND date BETWEEN $2 AND $3)
       SELECT l.invoice_id AS "invoiceId", l.date, EXISTS (SELECT FROM known o
           WHERE o.invoice_id = l.invoice_id AND o.date BETWEEN $7 AND $8 AND o.missing_since IS NULL) AS "wasRecent"
       FROM pg_temp.stage_list l ${asListed}
       WHERE l.date BETWEEN $2 AND $3 AND (l.date BETWEEN $7 AND $8 OR l.date IN (SELECT unnest($9::date[])))
         AND (${lostProof} OR f.invoice_id IS NULL AND NOT EXISTS (
           SELECT FROM unread r WHERE r.invoice_id = l.invoice_id AND r.date = l.date AND r.alter_id = l.alter_id))`,
      [...this.#values(range, rulesHash), recent.from, recent.to, [...loaded]],
    );
  }

  /** The days of rejected vouchers that are no longer in the list. A reject without a GUID is left out. */
  async unlistedRejects(range: DateRange): Promise<CalendarDate[]> {
    await this.#prepare();
    const rows = await this.connection.query<{ date: CalendarDate }>(
      `WITH unread AS MATERIALIZED (
         SELECT invoice_id, date FROM public.etl_rejects
         WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND invoice_id IS NOT NULL)
       SELECT DISTINCT r.date FROM unread r WHERE NOT EXISTS (SELECT FROM pg_temp.stage_list l WHERE l.invoice_id = r.invoice_id)`,
      [this.companyId, range.from, range.to],
    );
    return rows.map(({ date }) => date);
  }

  /**
   * The loaded vouchers of company $1 in the range $2 … $3 that are not marked as missing; without the stream `ledger`,
   * its invoices.
   */
  get #present(): string {
    const invoices = `SELECT invoice_id, date FROM public.fact_invoice
           WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND missing_since IS NULL`;
    return this.withLedger ? `${invoices} UNION ALL ${otherVouchers}` : invoices;
  }

  /** The parameters $1 … $6 of asListed and isProven. */
  #values({ from, to }: DateRange, rulesHash: string): unknown[] {
    return [this.companyId, from, to, rulesHash, this.withLedger ? ledgerVersion : mappingVersion, this.#tellsNumbers];
  }

  /**
   * Deletes repeated GUIDs, keeping the first row of each; then makes an index and statistics, as for the stage's own tables.
   */
  async #prepare(): Promise<void> {
    if (this.#prepared) return;
    await this.queue.drain();
    await this.connection.query(
      `DELETE FROM pg_temp.stage_list l USING (
         SELECT invoice_id, min(seq) AS first FROM pg_temp.stage_list GROUP BY invoice_id HAVING count(*) > 1) twice
       WHERE l.invoice_id = twice.invoice_id AND l.seq <> twice.first;
       CREATE INDEX IF NOT EXISTS stage_list_id ON pg_temp.stage_list USING hash (invoice_id);
       SET default_statistics_target = 10;
       ANALYZE pg_temp.stage_list;
       RESET default_statistics_target`,
    );
    this.#prepared = true;
  }
}
