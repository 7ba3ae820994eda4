import { namesOf } from './column.js';
import { headColumns, invoiceColumns, lineColumns } from './columns.js';

// Parts of SQL that compare staged invoices `s` with their rows `f` in the warehouse, for company $1, the range $2 …
// $3, and the page $4 … $5 of stagedPages.ts. By pages, because PostgreSQL holds all compared rows in memory or in
// temporary files. The rows of the warehouse are read first, in a CTE: a join of a temporary table with a distributed
// one would send all rows of the company to the coordinator (docs/scale.md). The ids are passed as an array, so that
// PostgreSQL finds them by the primary key even if it has no statistics of the company yet.

const ofPage = 'NOT superseded AND date BETWEEN $2 AND $3 AND seq BETWEEN $4 AND $5';
const idsOfPage = `ARRAY(SELECT invoice_id FROM pg_temp.stage_invoice WHERE ${ofPage})`;

const rowColumns = invoiceColumns.filter(({ name }) => name !== 'alter_id');

/** The CTE `known`: the warehouse's rows of the page's staged invoices, whatever their date in the warehouse. */
export const knownRows = `known AS MATERIALIZED (
  SELECT ${namesOf(rowColumns)}, mapping_version, missing_since
  FROM public.fact_invoice WHERE company_id = $1 AND invoice_id = ANY (${idsOfPage}))`;

/** As knownRows, with only the columns that `differs` and a merge need. */
export const knownHashes = `known AS MATERIALIZED (
  SELECT invoice_id, content_hash, mapping_version, missing_since, date, invoice_type
  FROM public.fact_invoice WHERE company_id = $1 AND invoice_id = ANY (${idsOfPage}))`;

/** The row differs for a load: by hash, by mapping version ($6), or because it is marked as missing. */
export const differs =
  '(f.content_hash IS DISTINCT FROM s.content_hash OR f.mapping_version <> $6::int OR f.missing_since IS NOT NULL)';

const kept = ['invoice_id', 'alter_id', 'content_hash'];
/** The columns of an invoice that users see. */
export const contentColumns = invoiceColumns.filter(({ name }) => !kept.includes(name));

/** Whether the warehouse's lines repeat columns of their invoice. In the table of an older version they do not. */
export interface LineTable {
  repeats: boolean;
}
const headOf = ({ repeats }: LineTable) => (repeats ? headColumns : []);

/** The CTE `known_lines`, for otherLines: the warehouse's lines of the page's staged invoices. */
export const knownLines = (table: LineTable): string => `known_lines AS MATERIALIZED (
  SELECT invoice_id, ${namesOf([...lineColumns, ...headOf(table)])}
  FROM public.fact_invoice_line WHERE company_id = $1 AND invoice_id = ANY (${idsOfPage}))`;

const invoicesOfPage = `(SELECT seq, invoice_id, date, invoice_type FROM pg_temp.stage_invoice WHERE ${ofPage}) i`;

/**
 * With knownLines: joins, as `o`, the invoices that have a line that differs. The join reads all lines of the page
 * once. In a subquery of a condition PostgreSQL would read all lines for each invoice, if they do not fit into its
 * memory. If the lines of an older version repeat no columns, these columns are not compared.
 */
export function otherLines(table: LineTable): string {
  const head = headOf(table);
  const all = [...lineColumns, ...head];
  return `LEFT JOIN (
  SELECT DISTINCT seq FROM (
    SELECT i.seq, ${[namesOf(lineColumns, 'l.'), ...head.map(({ name }) => `i.${name}`)].join(', ')}
    FROM ${invoicesOfPage} JOIN pg_temp.stage_line l ON l.seq = i.seq AND l.seq BETWEEN $4 AND $5) a
  FULL JOIN (
    SELECT i.seq, ${namesOf(all, 'l.')} FROM ${invoicesOfPage}
    JOIN known_lines l ON l.invoice_id = i.invoice_id) b USING (seq, line_no)
  WHERE (${namesOf(all, 'a.')}) IS DISTINCT FROM (${namesOf(all, 'b.')})) o ON o.seq = s.seq`;
}

/** The staged invoices of the page, with the alias `s`. */
export const stagedPage = `(SELECT * FROM pg_temp.stage_invoice WHERE ${ofPage}) s`;

/** With otherLines: a column or line that users see differs, or the row is marked as missing. */
export const otherContent = `f.missing_since IS NOT NULL OR o.seq IS NOT NULL
  OR (${namesOf(contentColumns, 'f.')}) IS DISTINCT FROM (${namesOf(contentColumns, 's.')})`;
/** With otherLines: as `differs`, or somebody changed the row or its lines by hand, which the hash does not show. */
export const otherRow = `${differs} OR o.seq IS NOT NULL OR (${namesOf(rowColumns, 'f.')}) IS DISTINCT FROM (${namesOf(rowColumns, 's.')})`;

/** The CTE `of_range`: the warehouse's rows of the range. */
export const rowsOfRange = `of_range AS MATERIALIZED (
  SELECT invoice_id, date, invoice_type, invoice_number, party_name, total_amount, missing_since
  FROM public.fact_invoice WHERE company_id = $1 AND date BETWEEN $2 AND $3)`;

/** With rowsOfRange: Tally neither sent nor lists row `f`. A voucher that was sent but could not be read counts as sent. */
export const isMissing = `NOT EXISTS (SELECT FROM pg_temp.stage_invoice s WHERE s.invoice_id = f.invoice_id)
  AND NOT EXISTS (SELECT FROM pg_temp.stage_reject r WHERE r.invoice_id = f.invoice_id)
  AND NOT EXISTS (SELECT FROM pg_temp.stage_listed l WHERE l.invoice_id = f.invoice_id)`;
