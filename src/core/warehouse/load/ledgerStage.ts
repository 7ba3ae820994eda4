import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { ledgerVersion, type LedgerVoucher } from '../../ledger/ledgerVoucher.js';
import type { Connection } from '../postgres/connection.js';
import type { CompareOptions } from '../read/compare.js';
import type { LedgerCounts, MissingOptions } from '../read/comparison.js';
import { hasTable } from '../postgres/migrate.js';
import { takeProof } from '../records/loadedDays.js';
import { definitions, namesOf } from './column.js';
import type { CopyQueue } from './copyQueue.js';
import { partTables, seqColumn, voucherColumns, type VoucherRow } from './ledgerColumns.js';

const stagedVoucher = [seqColumn, ...voucherColumns];
const stageTables = ['stage_voucher', 'stage_left_voucher', ...partTables.map(({ stage }) => stage)];

const written = [
  ...voucherColumns,
  ...['mapping_version', 'run_id', 'loaded_at', 'missing_since'].map((name) => ({ name })),
];
const overwrite = written
  .filter(({ name }) => name !== 'voucher_id')
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(', ');

/** The CTE `known`: the rows of fact_voucher whose vouchers are staged for the range $2 … $3. otherRows.ts says why it is a CTE. */
const knownVouchers = `known AS MATERIALIZED (
  SELECT ${namesOf(voucherColumns)}, mapping_version, missing_since FROM public.fact_voucher
  WHERE company_id = $1 AND voucher_id = ANY (ARRAY(
    SELECT voucher_id FROM pg_temp.stage_voucher WHERE NOT superseded AND date BETWEEN $2 AND $3)))`;

/** Tally neither sent nor listed the voucher of row `f`. Rejected vouchers, and those that leaveOutWorse removed, count as sent. */
const isMissing = `NOT EXISTS (SELECT FROM pg_temp.stage_voucher s WHERE s.voucher_id = f.voucher_id)
  AND NOT EXISTS (SELECT FROM pg_temp.stage_reject r WHERE r.invoice_id = f.voucher_id)
  AND NOT EXISTS (SELECT FROM pg_temp.stage_listed l WHERE l.invoice_id = f.voucher_id)
  AND NOT EXISTS (SELECT FROM pg_temp.stage_left_voucher o WHERE o.voucher_id = f.voucher_id)`;

const vouchersOfRange = `of_range AS MATERIALIZED (
  SELECT voucher_id, date FROM public.fact_voucher WHERE company_id = $1 AND date BETWEEN $2 AND $3)`;

/**
 * Holds the vouchers of every type that a run has read for the stream `ledger`, in temporary tables. They are written in the
 * transaction that writes the invoices.
 */
export class LedgerStage {
  constructor(
    private readonly connection: Connection,
    private readonly queue: CopyQueue,
    private readonly companyId: string,
  ) {}

  static async createTables(connection: Connection): Promise<void> {
    await connection.query(
      `CREATE TEMP TABLE stage_voucher (${definitions(stagedVoucher)}, superseded boolean NOT NULL DEFAULT false);
       CREATE TEMP TABLE stage_left_voucher (seq int, voucher_id text, date date);
       CREATE TEMP TABLE stage_changed_voucher (seq int, voucher_id text, date date, known boolean) ON COMMIT DELETE ROWS`,
    );
    for (const { stage, columns } of partTables)
      await connection.execute(`CREATE TEMP TABLE ${stage} (${definitions([seqColumn, ...columns])})`);
  }

  #staged = 0;

  /** Queues vouchers for the stage. */
  put(vouchers: readonly LedgerVoucher[]): void {
    const rows = vouchers.map((voucher): VoucherRow => ({ seq: ++this.#staged, voucher }));
    this.queue.put('stage_voucher', stagedVoucher, rows);
    for (const table of partTables) table.put(this.queue, rows);
  }

  async clear(): Promise<void> {
    await this.connection.execute(`TRUNCATE ${stageTables.map((name) => `pg_temp.${name}`).join(', ')}`);
  }

  /**
   * Marks duplicates as superseded, and collects statistics. The copy with the highest ALTERID counts; among equals, the last
   * one.
   */
  async prepare(): Promise<void> {
    await this.connection.query(
      `UPDATE pg_temp.stage_voucher s SET superseded = true
         FROM (SELECT DISTINCT ON (voucher_id) voucher_id, seq AS last FROM pg_temp.stage_voucher
               WHERE voucher_id IN (SELECT voucher_id FROM pg_temp.stage_voucher GROUP BY voucher_id HAVING count(*) > 1)
               ORDER BY voucher_id, alter_id DESC NULLS LAST, seq DESC) twice
         WHERE s.voucher_id = twice.voucher_id AND s.seq <> twice.last;
       CREATE INDEX IF NOT EXISTS stage_voucher_id ON pg_temp.stage_voucher (voucher_id);
       SET default_statistics_target = 10;
       ANALYZE pg_temp.stage_voucher (seq, voucher_id, date), ${partTables.map(({ stage }) => `pg_temp.${stage} (seq)`).join(', ')};
       RESET default_statistics_target`,
    );
  }

  /**
   * Writes the staged vouchers of the range that are new or changed, in the caller's transaction. With `removeMissing`
   * it also restores rows that were changed by hand, and deletes the vouchers of the range that Tally no longer has.
   * Otherwise these vouchers stay. They count as missing unless `isKnown` says that Tally still has them, or that their
   * absence is not proven.
   */
  async merge(
    range: DateRange,
    { runId, removeMissing = false, isKnown = () => false }: MissingOptions & { runId: string },
  ): Promise<LedgerCounts> {
    await this.#findChanged(range, removeMissing);
    const counts = await this.#count(range);
    if (counts.inserted + counts.updated > 0) await this.#write(runId);
    const gone = await this.#findGone(range);
    if (removeMissing) await this.#remove(gone.map(({ voucherId }) => voucherId));
    const kept = removeMissing ? [] : gone.filter(({ voucherId, date }) => !isKnown({ invoiceId: voucherId, date }));
    return { ...counts, removed: removeMissing ? gone.length : 0, missing: kept.length };
  }

  /**
   * Returns the counts that a merge of the range would have, and writes nothing. A warehouse without fact_voucher counts as
   * empty.
   */
  async compare(range: DateRange, { removeMissing = false, goneIn }: CompareOptions): Promise<LedgerCounts> {
    if (!(await hasTable(this.connection, 'fact_voucher'))) return this.#countAll(range);
    return this.connection.transaction(async () => {
      await this.#findChanged(range, removeMissing);
      const counts = await this.#count(range);
      const gone = goneIn === undefined ? [] : await this.#findGone(goneIn);
      return { ...counts, removed: removeMissing ? gone.length : 0, missing: removeMissing ? 0 : gone.length };
    });
  }

  /**
   * Removes from the stage the vouchers that the warehouse has in the same state or a later one. They count as unchanged. Used
   * for files: an old file must not overwrite newer rows, and a file without masters maps the same voucher less exactly.
   */
  async leaveOutWorse(): Promise<void> {
    if (!(await hasTable(this.connection, 'fact_voucher'))) return;
    await this.connection.execute(
      `WITH known AS MATERIALIZED (
         SELECT voucher_id, alter_id, date, voucher_type, voucher_number, missing_since, mapping_version
         FROM public.fact_voucher WHERE company_id = $1 AND voucher_id = ANY (ARRAY(SELECT voucher_id FROM pg_temp.stage_voucher)))
       INSERT INTO pg_temp.stage_left_voucher (seq, voucher_id, date)
       SELECT s.seq, s.voucher_id, s.date FROM pg_temp.stage_voucher s JOIN known f USING (voucher_id)
       WHERE f.alter_id > s.alter_id
         -- Renumbering keeps the ALTERID. After a restore another voucher may have the same GUID and ALTERID (docs/tally.md §4).
         OR f.alter_id = s.alter_id AND f.missing_since IS NULL AND f.mapping_version = $2::int
           AND (f.date, f.voucher_type, f.voucher_number) IS NOT DISTINCT FROM (s.date, s.voucher_type, s.voucher_number)`,
      [this.companyId, ledgerVersion],
    );
    // The files may hold a newer copy of the voucher too. That copy stays staged, so the voucher does not count as left out.
    await this.connection.query(
      `DELETE FROM pg_temp.stage_voucher s USING pg_temp.stage_left_voucher l WHERE l.seq = s.seq;
       DELETE FROM pg_temp.stage_left_voucher l USING pg_temp.stage_voucher s WHERE s.voucher_id = l.voucher_id`,
    );
  }

  /** The counts of a warehouse that has none of the vouchers. */
  async #countAll(range: DateRange): Promise<LedgerCounts> {
    const [row] = await this.connection.query<{ staged: number }>(
      'SELECT count(*)::int AS staged FROM pg_temp.stage_voucher WHERE NOT superseded AND date BETWEEN $1 AND $2',
      [range.from, range.to],
    );
    const { staged } = row!;
    return { vouchers: staged, inserted: staged, updated: 0, unchanged: 0, removed: 0, missing: 0 };
  }

  async #findChanged(range: DateRange, replaces: boolean): Promise<void> {
    const other = replaces ? otherParts() : { ctes: '', joins: '', differs: '' };
    await this.connection.execute(
      `WITH ${knownVouchers}${other.ctes}
       INSERT INTO pg_temp.stage_changed_voucher (seq, voucher_id, date, known)
       SELECT s.seq, s.voucher_id, s.date, f.voucher_id IS NOT NULL
       FROM pg_temp.stage_voucher s LEFT JOIN known f ON f.voucher_id = s.voucher_id${other.joins}
       WHERE NOT s.superseded AND s.date BETWEEN $2 AND $3 AND (f.voucher_id IS NULL
         OR f.content_hash IS DISTINCT FROM s.content_hash OR f.mapping_version <> $4::int OR f.missing_since IS NOT NULL${other.differs})`,
      [this.companyId, range.from, range.to, ledgerVersion],
    );
    await this.connection.execute('ANALYZE pg_temp.stage_changed_voucher');
  }

  /**
   * Counts the vouchers of the range. Vouchers that were not read because their list row has not changed count as
   * unchanged, and so do vouchers that leaveOutWorse removed.
   */
  async #count(range: DateRange): Promise<Pick<LedgerCounts, 'vouchers' | 'inserted' | 'updated' | 'unchanged'>> {
    const [row] = await this.connection.query<{ staged: number; unread: number; inserted: number; updated: number }>(
      `WITH known AS MATERIALIZED (
         SELECT voucher_id FROM public.fact_voucher WHERE company_id = $1 AND voucher_id = ANY (ARRAY(
           SELECT invoice_id FROM pg_temp.stage_listed WHERE unchanged AND date BETWEEN $2 AND $3
           UNION SELECT voucher_id FROM pg_temp.stage_left_voucher WHERE date BETWEEN $2 AND $3)))
       SELECT (SELECT count(*)::int FROM pg_temp.stage_voucher WHERE NOT superseded AND date BETWEEN $2 AND $3) AS staged,
         (SELECT count(*)::int FROM known) AS unread,
         (SELECT count(*)::int FROM pg_temp.stage_changed_voucher WHERE NOT known) AS inserted,
         (SELECT count(*)::int FROM pg_temp.stage_changed_voucher WHERE known) AS updated`,
      [this.companyId, range.from, range.to],
    );
    const { staged, unread, inserted, updated } = row!;
    return { vouchers: staged + unread, inserted, updated, unchanged: staged + unread - inserted - updated };
  }

  async #write(runId: string): Promise<void> {
    const days = await this.connection.query<{ date: CalendarDate }>(
      'SELECT DISTINCT date FROM pg_temp.stage_changed_voucher',
    );
    await takeProof(this.connection, this.companyId, days);
    for (const { table } of partTables)
      await this.connection.execute(
        `DELETE FROM public.${table} WHERE company_id = $1
           AND voucher_id = ANY (ARRAY(SELECT voucher_id FROM pg_temp.stage_changed_voucher WHERE known))`,
        [this.companyId],
      );
    await this.connection.execute(
      `INSERT INTO public.fact_voucher (company_id, ${namesOf(written)})
       SELECT $1, ${namesOf(voucherColumns, 's.')}, $2::int, $3::uuid, now(), NULL
       FROM pg_temp.stage_voucher s JOIN pg_temp.stage_changed_voucher USING (seq)
       ON CONFLICT (company_id, voucher_id) DO UPDATE SET ${overwrite}`,
      [this.companyId, ledgerVersion, runId],
    );
    for (const { table, stage, columns } of partTables)
      await this.connection.execute(
        `INSERT INTO public.${table} (company_id, voucher_id, ${namesOf(columns)})
         SELECT $1, c.voucher_id, ${namesOf(columns, 'p.')}
         FROM pg_temp.${stage} p JOIN pg_temp.stage_changed_voucher c USING (seq)`,
        [this.companyId],
      );
  }

  #findGone(range: DateRange): Promise<{ voucherId: string; date: CalendarDate }[]> {
    return this.connection.query(
      `WITH ${vouchersOfRange}
       SELECT f.voucher_id AS "voucherId", f.date FROM of_range f WHERE ${isMissing} ORDER BY f.date, f.voucher_id`,
      [this.companyId, range.from, range.to],
    );
  }

  async #remove(voucherIds: string[]): Promise<void> {
    if (voucherIds.length === 0) return;
    await this.connection.execute('DELETE FROM public.fact_voucher WHERE company_id = $1 AND voucher_id = ANY ($2)', [
      this.companyId,
      voucherIds,
    ]);
  }
}

/**
 * Additions to the statement of #findChanged. They find the vouchers that have a column or a part that was changed by
 * hand in the warehouse. The stored content hash does not show such a change, so all columns but alter_id are compared.
 */
function otherParts(): { ctes: string; joins: string; differs: string } {
  const own = voucherColumns.filter(({ name }) => name !== 'alter_id');
  return {
    ctes: partTables
      .map(
        ({ table }) => `, known_${table} AS MATERIALIZED (
         SELECT * FROM public.${table} WHERE company_id = $1 AND voucher_id = ANY (ARRAY(
           SELECT voucher_id FROM pg_temp.stage_voucher WHERE NOT superseded AND date BETWEEN $2 AND $3)))`,
      )
      .join(''),
    joins: partTables
      .map(({ table, stage, columns }) => {
        const key = columns.some(({ name }) => name === 'part_no') ? 'seq, line_no, part_no' : 'seq, line_no';
        const ofRange = 'WHERE NOT v.superseded AND v.date BETWEEN $2 AND $3';
        return `
       LEFT JOIN (
         SELECT DISTINCT seq FROM (
           SELECT v.seq, ${namesOf(columns, 'p.')} FROM pg_temp.stage_voucher v JOIN pg_temp.${stage} p USING (seq) ${ofRange}) a
         FULL JOIN (
           SELECT v.seq, ${namesOf(columns, 'p.')} FROM pg_temp.stage_voucher v
           JOIN known_${table} p ON p.voucher_id = v.voucher_id ${ofRange}) b USING (${key})
         WHERE (${namesOf(columns, 'a.')}) IS DISTINCT FROM (${namesOf(columns, 'b.')})) o_${table} ON o_${table}.seq = s.seq`;
      })
      .join(''),
    differs: `${partTables.map(({ table }) => ` OR o_${table}.seq IS NOT NULL`).join('')}
         OR (${namesOf(own, 'f.')}) IS DISTINCT FROM (${namesOf(own, 's.')})`,
  };
}
