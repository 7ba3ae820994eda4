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

/** Which rows of the warehouse count as different from what is staged, and how much of it is listed. */
export interface DifferenceOptions {
  /**
   * `content`: those of which a column or a line is another one, or that are marked as missing; what only the program
   * keeps (ALTERID, hash, mapping version, who loaded it) is no difference. `load` and `reload`: those that a load, and
   * a clear-and-reload, would write.
   */
  by: 'content' | 'load' | 'reload';
  /** The days for which an invoice that did not come counts as gone in Tally; undefined: none. */
  goneIn: DateRange | undefined;
  /** Rows that were marked as missing before count as gone too. */
  withMarked: boolean;
  /** The most that are listed: in all, or of each kind. */
  limit: number;
  perKind?: boolean;
}

const shown = 'invoice_type, invoice_number, party_name, total_amount';

/**
 * Puts into stage_difference how the staged invoices of the range and the rows of the warehouse differ, exactly: text by
 * its bytes, numbers by their value, lines by their number. An invoice is one by its id, whatever date either side has it
 * under. Ask in a transaction: the table is empty again after it. Without fact_invoice everything is missing here.
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
  // What is listed under a date outside of the range was looked up there: nothing but its date is known.
  await connection.execute(
    `WITH ${rowsOfRange}
     INSERT INTO pg_temp.stage_difference
     SELECT 'different', NULL, invoice_id, l.date, ${shown}, f.date, f.invoice_type
     FROM of_range f JOIN pg_temp.stage_listed l USING (invoice_id)
     WHERE f.missing_since IS NULL AND l.date NOT BETWEEN $2 AND $3`,
    [companyId, range.from, range.to],
  );
}

/** How many of each kind were found, and the first of them with what differs. */
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

/** The rows of so many invoices, of both sides, are in memory at once: the list may be as long as the books. */
const portion = 500;

/** `seq` is its place in the stage, null where it did not come; `wasDate` is the date that the warehouse has. */
interface Listed extends Omit<Difference, 'fields'> {
  seq: number | null;
  wasDate: CalendarDate | null;
}

/** Numbers of one series as people count them: `S/2` before `S/10`. */
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
    // Nothing but its date is known of one that was only listed.
    if (seq === null) return { ...one, fields: [{ field: 'date', warehouse: wasDate, tally: one.date }] };
    return { ...one, fields: compareFields(sides!.warehouse.get(one.invoiceId)!, sides!.tally.get(seq)!) };
  });
}

/** It differs, and both sides have its rows. */
const hasRows = ({ kind, seq }: Listed): boolean => kind === 'different' && seq !== null;

/** The warehouse's rows by the id of the invoice, the staged ones by `seq`. */
async function readBothSides(connection: Connection, companyId: string, different: Listed[]) {
  const ids = different.map(({ invoiceId }) => invoiceId);
  const places = different.map(({ seq }) => seq);
  // All columns: a dry run may meet an older schema, which lacks some.
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

/** Invoices with their lines, found by the value of their column `key`. */
function withLines(invoices: Row[], lines: Row[], key: string): Map<unknown, InvoiceRows> {
  const found = new Map(invoices.map((invoice) => [invoice[key], { invoice, lines: [] as Row[] }]));
  for (const line of lines) found.get(line[key])?.lines.push(line);
  return found;
}

/** Invoices of the range in the warehouse that did not come and are not marked as missing, and the date it has them under. */
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
