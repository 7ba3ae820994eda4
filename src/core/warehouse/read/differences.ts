import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { mappingVersion } from '../../invoice/invoice.js';
import { compareFields, type InvoiceRows, type Row } from './compareFields.js';
import type { Difference, DifferenceCounts, Differences } from './comparison.js';
import type { Connection } from '../postgres/connection.js';
import {
  differs,
  isMissing,
  knownHashes,
  knownLines,
  knownRows,
  otherContent,
  otherLines,
  otherRow,
  rowsOfRange,
  stagedPage,
} from '../load/otherRows.js';
import type { Page } from '../load/stagedPages.js';

/** Which invoices count as different, and how many of them are listed. */
export interface DifferenceOptions {
  /**
   * `content`: a column or a line that users see differs, or the row is marked as missing. Columns for this program
   * alone (ALTERID, hash, mapping version, run) do not count. `load`: a load would write the invoice. `reload`:
   * clear-and-reload would write it.
   */
  by: 'content' | 'load' | 'reload';
  /** The days for which an invoice counts as gone in Tally if Tally neither sent nor listed it; undefined: no day. */
  goneIn: DateRange | undefined;
  /** Whether rows that are already marked as missing count as gone too. */
  withMarked: boolean;
  /** How many invoices are listed at most: in all, or of each kind if `perKind` is true. */
  limit: number;
  perKind?: boolean;
}

const shown = 'invoice_type, invoice_number, party_name, total_amount';

/**
 * Fills stage_difference with the differences between the staged invoices of the range and the warehouse's rows.
 * Invoices are matched by id, whatever their date on either side. With `by: 'load'` a hash is compared. Otherwise the
 * comparison is exact: text by its bytes, numbers by their value, lines by their number. Call this in a transaction,
 * whose end empties the table. If there is no fact_invoice, all invoices are `missing-here`.
 */
export async function findDifferences(
  connection: Connection,
  companyId: string,
  range: DateRange,
  pages: Page[],
  { by, goneIn, withMarked }: DifferenceOptions,
): Promise<void> {
  await connection.execute(
    `CREATE TEMP TABLE IF NOT EXISTS stage_difference (kind text, seq int, invoice_id text, date date,
       invoice_type text, invoice_number text, party_name text, total_amount numeric, was_date date, was_type text) ON COMMIT DELETE ROWS`,
  );
  const [table] = await connection.query<{ oid: string | null; repeats: boolean }>(
    `SELECT to_regclass('public.fact_invoice') AS oid, EXISTS (SELECT FROM pg_attribute
       WHERE attrelid = to_regclass('public.fact_invoice_line') AND attname = 'invoice_type') AS repeats`,
  );
  if (table?.oid == null) {
    await connection.execute(
      `INSERT INTO pg_temp.stage_difference SELECT 'missing-here', seq, invoice_id, date, ${shown}
       FROM pg_temp.stage_invoice WHERE NOT superseded AND date BETWEEN $1 AND $2`,
      [range.from, range.to],
    );
    return;
  }
  for (const page of pages)
    await connection.execute(
      `WITH ${by === 'load' ? knownHashes : `${knownRows}, ${knownLines(table)}`}
       INSERT INTO pg_temp.stage_difference
       SELECT CASE WHEN f.invoice_id IS NULL THEN 'missing-here' ELSE 'different' END, s.seq, s.invoice_id, s.date,
         s.invoice_type, s.invoice_number, s.party_name, s.total_amount, f.date, f.invoice_type
       FROM ${stagedPage} LEFT JOIN known f ON f.invoice_id = s.invoice_id
       ${by === 'load' ? '' : otherLines(table)}
       WHERE f.invoice_id IS NULL OR ${by === 'content' ? otherContent : by === 'load' ? differs : otherRow}`,
      [companyId, range.from, range.to, ...page, ...(by === 'content' ? [] : [mappingVersion])],
    );
  if (goneIn === undefined || goneIn.from > goneIn.to) return;
  await connection.execute(
    `WITH ${rowsOfRange}
     INSERT INTO pg_temp.stage_difference SELECT 'gone-in-tally', NULL, invoice_id, date, ${shown}
     FROM of_range f WHERE ${isMissing} AND ($4 OR missing_since IS NULL)`,
    [companyId, goneIn.from, goneIn.to, withMarked],
  );
  // Invoices that Tally lists under a date outside of the range. They were looked up in the list and not read, so only
  // their date is known.
  await connection.execute(
    `WITH ${rowsOfRange}
     INSERT INTO pg_temp.stage_difference
     SELECT 'different', NULL, invoice_id, l.date, ${shown}, f.date, f.invoice_type
     FROM of_range f JOIN pg_temp.stage_listed l USING (invoice_id)
     WHERE f.missing_since IS NULL AND l.date NOT BETWEEN $2 AND $3`,
    [companyId, range.from, range.to],
  );
}

/** The number of differences of each kind, and the first differences with their fields. */
export async function readDifferences(
  connection: Connection,
  companyId: string,
  { limit, perKind = false }: DifferenceOptions,
): Promise<Differences> {
  const rows = await connection.query<{ kind: Difference['kind']; count: number }>(
    'SELECT kind, count(*)::int AS count FROM pg_temp.stage_difference GROUP BY kind',
  );
  const countOf = (kind: Difference['kind']): number => rows.find((row) => row.kind === kind)?.count ?? 0;
  const counts: DifferenceCounts = {
    missingHere: countOf('missing-here'),
    different: countOf('different'),
    goneInTally: countOf('gone-in-tally'),
  };
  const first = await listFirst(connection, limit, perKind);
  const listed: Difference[] = [];
  if (first.some(hasRows))
    await connection.execute('CREATE INDEX IF NOT EXISTS stage_line_seq ON pg_temp.stage_line (seq)');
  for (let i = 0; i < first.length; i += portion)
    listed.push(...(await withFields(connection, companyId, first.slice(i, i + portion))));
  return { counts, listed };
}

/** How many invoices are in memory at once, with the rows of both sides: the list may be as long as the books. */
const portion = 500;

/**
 * `seq` is the place of the invoice in the stage; null if Tally did not send it. `wasDate` is its date in the
 * warehouse.
 */
interface Listed extends Omit<Difference, 'fields'> {
  seq: number | null;
  wasDate: CalendarDate | null;
}

/** The differences to be listed. Shorter numbers come first, so `S/2` comes before `S/10`. */
function listFirst(connection: Connection, limit: number, perKind: boolean): Promise<Listed[]> {
  return connection.query<Listed>(
    `SELECT kind, invoice_id AS "invoiceId", date, invoice_type AS "invoiceType", invoice_number AS "invoiceNumber",
       party_name AS "partyName", total_amount::text AS "totalAmount", seq, was_date AS "wasDate"
     FROM (
       SELECT *, row_number() OVER (PARTITION BY CASE WHEN $2 THEN kind END ORDER BY date, type, length(invoice_number), invoice_number, invoice_id) AS place
       FROM (SELECT *, array_position(ARRAY['sales', 'credit_note', 'purchase', 'debit_note'], invoice_type) AS type FROM pg_temp.stage_difference) d
     ) d
     WHERE place <= $1 ORDER BY date, type, length(invoice_number), invoice_number, invoice_id`,
    [limit, perKind],
  );
}

async function withFields(connection: Connection, companyId: string, some: Listed[]): Promise<Difference[]> {
  const different = some.filter(hasRows);
  const sides = different.length > 0 ? await readBothSides(connection, companyId, different) : undefined;
  return some.map(({ seq, wasDate, ...one }) => {
    if (one.kind !== 'different') return { ...one, fields: [] };
    // If Tally only listed the invoice, nothing but its date is known.
    if (seq === null) return { ...one, fields: [{ field: 'date', warehouse: wasDate, tally: one.date }] };
    return { ...one, fields: compareFields(sides!.warehouse.get(one.invoiceId)!, sides!.tally.get(seq)!) };
  });
}

/** Whether the invoice is `different` and both sides have its rows. */
const hasRows = ({ kind, seq }: Listed): boolean => kind === 'different' && seq !== null;

/** The warehouse's invoices by their id, the staged invoices by their `seq`. */
async function readBothSides(connection: Connection, companyId: string, different: Listed[]) {
  const ids = different.map(({ invoiceId }) => invoiceId);
  const places = different.map(({ seq }) => seq);
  // `SELECT *`, because a dry run may find an older schema, which lacks some columns.
  const facts = await connection.query<Row>(
    `SELECT *, to_char(missing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS marked_since
     FROM public.fact_invoice WHERE company_id = $1 AND invoice_id = ANY ($2)`,
    [companyId, ids],
  );
  const factLines = await connection.query<Row>(
    'SELECT * FROM public.fact_invoice_line WHERE company_id = $1 AND invoice_id = ANY ($2)',
    [companyId, ids],
  );
  const staged = await connection.query<Row>(
    'SELECT * FROM pg_temp.stage_invoice WHERE NOT superseded AND invoice_id = ANY ($1)',
    [ids],
  );
  const stagedLines = await connection.query<Row>('SELECT * FROM pg_temp.stage_line WHERE seq = ANY ($1)', [places]);
  const marked = facts.map((row) => ({ ...row, missing_since: row.marked_since }));
  return { warehouse: withLines(marked, factLines, 'invoice_id'), tally: withLines(staged, stagedLines, 'seq') };
}

/** Invoices with their lines, by the value of the column `key`. */
function withLines(invoices: Row[], lines: Row[], key: string): Map<unknown, InvoiceRows> {
  const found = new Map(invoices.map((invoice) => [invoice[key], { invoice, lines: [] as Row[] }]));
  for (const line of lines) found.get(line[key])?.lines.push(line);
  return found;
}

/**
 * The warehouse's invoices of the range that Tally neither sent nor listed and that are not marked as missing, with
 * their dates.
 */
export async function findGone(
  connection: Connection,
  companyId: string,
  range: DateRange,
): Promise<Map<string, CalendarDate>> {
  const rows = await connection.query<{ id: string; date: CalendarDate }>(
    `WITH ${rowsOfRange} SELECT f.invoice_id AS id, f.date FROM of_range f WHERE ${isMissing} AND f.missing_since IS NULL`,
    [companyId, range.from, range.to],
  );
  return new Map(rows.map(({ id, date }) => [id, date]));
}
