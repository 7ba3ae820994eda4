import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';
import { rememberDigests } from '../records/sources.js';
import type { Column } from './column.js';
import type { CopyQueue } from './copyQueue.js';

/**
 * A voucher of any kind as Tally lists it. Its ALTERID is the value of Tally's counter at its last change, its MASTERID
 * is its number in the company.
 */
export interface SeenVoucher {
  guid: string;
  date: CalendarDate;
  alterId: number | undefined;
  masterId: number | undefined;
  voucherType: string;
  voucherNumber: string;
  /** Tally still lists the voucher, but marks it as deleted. */
  isDeleted: boolean;
  /** False if the voucher's type keeps its numbers: Tally says `Auto Retain`. */
  mayRenumber: boolean;
}

/** The digest of a day: the number of vouchers, the sums of their ALTERIDs and MASTERIDs, and the highest ALTERID. */
interface AddedUp {
  vouchers: number;
  alterIds: number;
  highestAlterId: number;
  masterIds: number;
}

const numberOrNull = (value: number | undefined): string | null => (value === undefined ? null : String(value));
const flag = (value: boolean): string => (value ? 't' : 'f');

/** The columns of the temporary table stage_seen. etl_vouchers has the same columns and the company's id. */
export const seenColumns: Column<SeenVoucher>[] = [
  { name: 'voucher_id', type: 'text', value: ({ guid }) => guid },
  { name: 'date', type: 'date', value: ({ date }) => date },
  { name: 'alter_id', type: 'bigint', value: ({ alterId }) => numberOrNull(alterId) },
  { name: 'master_id', type: 'bigint', value: ({ masterId }) => numberOrNull(masterId) },
  { name: 'voucher_type', type: 'text', value: ({ voucherType }) => voucherType },
  { name: 'voucher_number', type: 'text', value: ({ voucherNumber }) => voucherNumber },
  { name: 'is_deleted', type: 'boolean', value: ({ isDeleted }) => flag(isDeleted) },
  { name: 'may_renumber', type: 'boolean', value: ({ mayRenumber }) => flag(mayRenumber) },
];
const names = 'voucher_id, date, alter_id, master_id, voucher_type, voucher_number, is_deleted, may_renumber';

/** The remembered rows of company $1 in the range $2 … $3, except the days in $4. A CTE, for the reason in otherRows.ts. */
export const remembered = `remembered AS MATERIALIZED (
  SELECT ${names} FROM public.etl_vouchers WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND date <> ALL ($4::date[]))`;

/** Tally's present list: for the days in $4 the rows that this run has listed, for all other days the rows of `remembered`. */
export const seenNow = `(
  SELECT ${names} FROM pg_temp.stage_seen WHERE date BETWEEN $2 AND $3 AND date = ANY ($4::date[])
  UNION ALL SELECT ${names} FROM remembered)`;

const ofDays = 'date BETWEEN $2 AND $3 AND ($4::date[] IS NULL OR date = ANY ($4::date[]))';

/** The CTE `before`: the remembered vouchers on the days that `ofDays` selects. */
const before = `before AS MATERIALIZED (
  SELECT ${names} FROM public.etl_vouchers WHERE company_id = $1 AND ${ofDays})`;

/**
 * With `before`: the voucher types that do not keep numbers and of which a voucher was added or removed on the days of
 * `ofDays`, each with the first such day. Tally may have renumbered the type's vouchers from that day on (docs/tally.md §4).
 */
const moved = `(
  SELECT voucher_type, min(date) AS since FROM (
    SELECT voucher_type, date FROM pg_temp.stage_seen s WHERE ${ofDays} AND may_renumber
      AND NOT EXISTS (SELECT FROM before o
        WHERE (o.voucher_id, o.date, o.voucher_type) = (s.voucher_id, s.date, s.voucher_type))
    UNION ALL
    SELECT voucher_type, date FROM before o WHERE may_renumber
      AND NOT EXISTS (SELECT FROM pg_temp.stage_seen s
        WHERE (s.voucher_id, s.date, s.voucher_type) = (o.voucher_id, o.date, o.voucher_type))) changed
  GROUP BY voucher_type)`;

/** Tally's digest of each day, as a table. columnsOf makes the parameters. */
const told = `unnest($1::date[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
  AS t (date, vouchers, alter_ids, highest_alter_id, master_ids)`;
const sums = `date, count(*) AS vouchers, CASE WHEN count(alter_id) = count(*) THEN sum(alter_id) END AS alter_ids,
  max(alter_id) AS highest_alter_id, CASE WHEN count(master_id) = count(*) THEN sum(master_id) END AS master_ids`;
const differs = `(t.vouchers, t.alter_ids, t.highest_alter_id, t.master_ids)
  IS DISTINCT FROM (s.vouchers, s.alter_ids, s.highest_alter_id, s.master_ids)`;

const columnsOf = (days: readonly (readonly [CalendarDate, AddedUp])[]): unknown[] => [
  days.map(([date]) => date),
  days.map(([, { vouchers }]) => vouchers),
  days.map(([, { alterIds }]) => alterIds),
  days.map(([, { highestAlterId }]) => highestAlterId),
  days.map(([, { masterIds }]) => masterIds),
];

/**
 * Tally's list of vouchers of every kind: the rows of earlier runs, remembered in etl_vouchers, and the rows of this run, in a
 * temporary table. Call one method at a time.
 */
export class SeenVouchers {
  /**
   * Whether this run has deleted remembered rows that Tally may have renumbered. The next run lists their days again.
   */
  hasForgotten = false;
  /** Whether Tally's digests equalled every list of this run that they were compared with. Undefined if none was compared. */
  digestsAreRight: boolean | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly queue: CopyQueue,
    private readonly companyId: string,
    private readonly assertLocked: () => void,
  ) {}

  /** Resets digestsAreRight, so that only later comparisons count. */
  forgetVerdict(): void {
    this.digestsAreRight = undefined;
  }

  /** Adds vouchers that Tally has listed in this run. */
  async add(vouchers: SeenVoucher[]): Promise<void> {
    this.queue.put('stage_seen', seenColumns, vouchers);
    await this.queue.flow();
  }

  async clear(): Promise<void> {
    await this.queue.drain();
    await this.connection.execute('TRUNCATE pg_temp.stage_seen');
  }

  /** Removes the added vouchers of some days, because these days are listed anew. */
  async drop(days: CalendarDate[]): Promise<void> {
    await this.queue.drain();
    await this.connection.execute('DELETE FROM pg_temp.stage_seen WHERE date = ANY ($1::date[])', [days]);
  }

  /** The number of remembered vouchers of each day in a range; days without vouchers are absent. */
  async days(range: DateRange): Promise<{ date: CalendarDate; vouchers: number }[]> {
    return this.connection.query(
      `SELECT date, count(*)::int AS vouchers FROM public.etl_vouchers
       WHERE company_id = $1 AND date BETWEEN $2 AND $3 GROUP BY date`,
      [this.companyId, range.from, range.to],
    );
  }

  /** The highest remembered ALTERID of a range, by default of all days; undefined if there is none. */
  async highestAlterId({ from, to }: Partial<DateRange> = {}): Promise<number | undefined> {
    const [row] = await this.connection.query<{ highest: string | null }>(
      `SELECT max(alter_id) AS highest FROM public.etl_vouchers
       WHERE company_id = $1 AND date BETWEEN coalesce($2::date, '-infinity') AND coalesce($3::date, 'infinity')`,
      [this.companyId, from ?? null, to ?? null],
    );
    return row?.highest == null ? undefined : Number(row.highest);
  }

  /**
   * Adds the remembered vouchers of some days, except vouchers that this run has already added: the added rows are
   * newer.
   */
  async addRemembered(days: CalendarDate[]): Promise<void> {
    await this.queue.drain();
    await this.connection.execute(
      `WITH of_days AS MATERIALIZED (
         SELECT ${names} FROM public.etl_vouchers WHERE company_id = $1 AND date = ANY ($2::date[]))
       INSERT INTO pg_temp.stage_seen (${names}) SELECT ${names} FROM of_days v
       WHERE NOT EXISTS (SELECT FROM pg_temp.stage_seen s WHERE s.voucher_id = v.voucher_id)`,
      [this.companyId, days],
    );
  }

  /** The days among `days` whose added vouchers do not add up to Tally's digest, oldest first. */
  async addedThatDiffer(days: CalendarDate[], digests: ReadonlyMap<CalendarDate, AddedUp>): Promise<CalendarDate[]> {
    await this.queue.drain();
    const rows = await this.connection.query<{ date: CalendarDate }>(
      `SELECT coalesce(t.date, s.date) AS date FROM ${told}
       FULL JOIN (SELECT ${sums} FROM pg_temp.stage_seen WHERE date = ANY ($6::date[]) GROUP BY date) s ON s.date = t.date
       WHERE ${differs} ORDER BY 1`,
      [...columnsOf([...digests].filter(([date]) => days.includes(date))), days],
    );
    return rows.map(({ date }) => date);
  }

  /** The days of a range whose remembered vouchers do not add up to Tally's digest, oldest first. */
  async daysThatDiffer(range: DateRange, digests: ReadonlyMap<CalendarDate, AddedUp>): Promise<CalendarDate[]> {
    const days = [...digests].filter(([date]) => date >= range.from && date <= range.to);
    const rows = await this.connection.query<{ date: CalendarDate }>(
      `SELECT coalesce(t.date, s.date) AS date FROM ${told}
       FULL JOIN (SELECT ${sums} FROM public.etl_vouchers WHERE company_id = $6 AND date BETWEEN $7 AND $8 GROUP BY date) s
         ON s.date = t.date
       WHERE ${differs} ORDER BY 1`,
      [...columnsOf(days), this.companyId, range.from, range.to],
    );
    return rows.map(({ date }) => date);
  }

  /**
   * Days of the range on which Tally may have renumbered vouchers without a new ALTERID, oldest first. If a type does
   * not keep numbers, Tally may do so from the first `changed` day on which a voucher of the type was added or removed
   * (docs/tally.md §4). Days in `listed` are left out: their lists show the numbers.
   */
  async daysRenumbered(range: DateRange, changed: CalendarDate[], listed: CalendarDate[]): Promise<CalendarDate[]> {
    await this.queue.drain();
    const rows = await this.connection.query<{ date: CalendarDate }>(
      `WITH ${before},
       of_range AS MATERIALIZED (
         SELECT DISTINCT date, voucher_type FROM public.etl_vouchers
         WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND date <> ALL ($5::date[]))
       SELECT DISTINCT v.date FROM of_range v JOIN ${moved} m ON m.voucher_type = v.voucher_type
       WHERE v.date >= m.since ORDER BY v.date`,
      [this.companyId, range.from, range.to, changed, listed],
    );
    return rows.map(({ date }) => date);
  }

  /** The types of the vouchers of a range. `listed`: the days that this run has listed. */
  async types(range: DateRange, listed: CalendarDate[]): Promise<string[]> {
    await this.queue.drain();
    const rows = await this.connection.query<{ type: string }>(
      `WITH ${remembered} SELECT DISTINCT voucher_type AS type FROM ${seenNow} v`,
      this.#values(range, listed),
    );
    return rows.map(({ type }) => type);
  }

  /**
   * The vouchers of a range without deleted ones, by day. `listed` as in `types`. All are in memory at once, so the
   * range should be a month at most.
   */
  async read(range: DateRange, listed: CalendarDate[]): Promise<SeenVoucher[]> {
    await this.queue.drain();
    const rows = await this.connection.query<
      Omit<SeenVoucher, 'alterId' | 'masterId'> & { alterId: string | null; masterId: string | null }
    >(
      `WITH ${remembered}
       SELECT voucher_id AS guid, date, alter_id AS "alterId", master_id AS "masterId", voucher_type AS "voucherType",
         voucher_number AS "voucherNumber", is_deleted AS "isDeleted", may_renumber AS "mayRenumber"
       FROM ${seenNow} v WHERE NOT is_deleted ORDER BY date, voucher_id`,
      this.#values(range, listed),
    );
    const number = (text: string | null): number | undefined => (text === null ? undefined : Number(text));
    return rows.map((row) => ({ ...row, alterId: number(row.alterId), masterId: number(row.masterId) }));
  }

  /**
   * The GUIDs of a range that are not made of the company's GUID and a number. They belong to imported vouchers
   * (docs/tally.md §4).
   */
  async foreign(range: DateRange, listed: CalendarDate[]): Promise<string[]> {
    await this.queue.drain();
    const rows = await this.connection.query<{ guid: string }>(
      `WITH ${remembered} SELECT voucher_id AS guid FROM ${seenNow} v
       WHERE left(voucher_id, length($1) + 1) <> $1 || '-' OR substr(voucher_id, length($1) + 2) !~ '^[0-9a-f]{8}$'`,
      this.#values(range, listed),
    );
    return rows.map(({ guid }) => guid);
  }

  /**
   * Remembers the listed vouchers of a range, or of some of its days, in one transaction. Forgets vouchers that are no
   * longer listed on these days. Unchanged rows are not written.
   *
   * If a voucher was added or removed, Tally may renumber later vouchers of its type, unless the type keeps numbers.
   * Tally's digests do not show new numbers (docs/tally.md §4), so later vouchers of the type that this run did not
   * list are forgotten too. If nothing of the range was remembered before, they are kept: the vouchers of the range are
   * new to the warehouse, not to Tally.
   */
  remember(range: DateRange, days?: CalendarDate[]): Promise<void> {
    return this.#remember(range, days, true);
  }

  /**
   * As remember, for a range that was never loaded before. Its vouchers are new to the warehouse, not to Tally, so Tally
   * has not renumbered others, and no later vouchers are forgotten.
   */
  rememberNew(range: DateRange): Promise<void> {
    return this.#remember(range, undefined, false);
  }

  async #remember(range: DateRange, days: CalendarDate[] | undefined, forgets: boolean): Promise<void> {
    await this.queue.drain();
    // Without index and statistics PostgreSQL scanned the whole stage for each row.
    await this.connection.query(
      `CREATE INDEX IF NOT EXISTS stage_seen_id ON pg_temp.stage_seen (voucher_id);
       ANALYZE pg_temp.stage_seen`,
    );
    const values = [this.companyId, range.from, range.to, days ?? null];
    await this.connection.transaction(async () => {
      if (forgets) await this.#forgetMoved(values);
      const gone = await this.connection.execute(
        `WITH ${before} INSERT INTO pg_temp.stage_gone (id) SELECT voucher_id FROM before v
         WHERE NOT EXISTS (SELECT FROM pg_temp.stage_seen s WHERE s.voucher_id = v.voucher_id)`,
        values,
      );
      if (gone > 0) await this.#forgetGone();
      await this.connection.execute(
        `WITH ${before}
         INSERT INTO public.etl_vouchers (company_id, ${names})
         SELECT DISTINCT ON (voucher_id) $1, ${names} FROM pg_temp.stage_seen s WHERE ${ofDays} AND NOT EXISTS (
           SELECT FROM before v WHERE v.voucher_id = s.voucher_id
             AND (v.date, v.alter_id, v.master_id, v.voucher_type, v.voucher_number, v.is_deleted, v.may_renumber)
               IS NOT DISTINCT FROM
                 (s.date, s.alter_id, s.master_id, s.voucher_type, s.voucher_number, s.is_deleted, s.may_renumber))
         ORDER BY voucher_id
         ON CONFLICT (company_id, voucher_id) DO UPDATE SET
           date = excluded.date, alter_id = excluded.alter_id, master_id = excluded.master_id,
           voucher_type = excluded.voucher_type, voucher_number = excluded.voucher_number,
           is_deleted = excluded.is_deleted, may_renumber = excluded.may_renumber`,
        values,
      );
      this.assertLocked();
    });
  }

  /** Forgets the vouchers that Tally may have renumbered, unless this run has listed them. */
  async #forgetMoved(values: unknown[]): Promise<void> {
    const types = await this.connection.query<{ type: string; since: CalendarDate }>(
      `WITH ${before},
       ever AS MATERIALIZED (
         SELECT FROM public.etl_vouchers WHERE company_id = $1 AND date BETWEEN $2 AND $3 LIMIT 1)
       SELECT voucher_type AS type, since FROM ${moved} m WHERE EXISTS (SELECT FROM ever)`,
      values,
    );
    if (types.length === 0) return;
    const later = await this.connection.execute(
      `WITH later AS MATERIALIZED (
         SELECT v.voucher_id FROM public.etl_vouchers v
         JOIN unnest($2::text[], $3::date[]) AS m (voucher_type, since) ON m.voucher_type = v.voucher_type
         WHERE v.company_id = $1 AND v.date > m.since)
       INSERT INTO pg_temp.stage_gone (id) SELECT voucher_id FROM later v
       WHERE NOT EXISTS (SELECT FROM pg_temp.stage_seen s WHERE s.voucher_id = v.voucher_id)`,
      [this.companyId, types.map(({ type }) => type), types.map(({ since }) => since)],
    );
    if (later === 0) return;
    await this.#forgetGone();
    this.hasForgotten = true;
  }

  /** Deletes the vouchers of stage_gone. The ids never leave the server: a company may have hundreds of thousands. */
  async #forgetGone(): Promise<void> {
    await this.connection.execute(
      `DELETE FROM public.etl_vouchers WHERE company_id = $1
         AND voucher_id = ANY (ARRAY(SELECT id FROM pg_temp.stage_gone))`,
      [this.companyId],
    );
    await this.connection.execute('TRUNCATE pg_temp.stage_gone');
  }

  /** See rememberDigests in records/sources. */
  rememberDigests(companyName: string, digests: string | null, on: CalendarDate): Promise<void> {
    return rememberDigests(this.connection, this.companyId, companyName, digests, on);
  }

  #values({ from, to }: DateRange, listed: CalendarDate[]): unknown[] {
    return [this.companyId, from, to, listed];
  }
}
