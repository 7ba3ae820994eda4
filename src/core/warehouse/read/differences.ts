import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { mappingVersion } from '../../invoice/invoice.js';
import { headColumns, lineColumns } from '../load/columns.js';
import type { Difference, DifferenceCounts, Differences } from './comparison.js';
import type { Connection } from '../postgres/connection.js';
import { contentColumns, differs, isMissing, otherContent, otherLines, otherRow } from '../load/otherRows.js';

/** Which rows of the warehouse count as different from what is staged, and how much of it is listed. */
export interface DifferenceOptions {
  /**
   * `content`: those of which a column or a line is another one, or that are marked as missing; what only the program
   * keeps (ALTERID, hash, mapping version, who loaded it) is no difference. `load` and `reload`: those that a load, and
   * a clear-and-reload, would write.
   */
  by: 'content' | 'load' | 'reload';
  /** The part of the range in which what did not come is gone in Tally; undefined: nowhere. */
  goneIn: DateRange | undefined;
  /** Counts what is marked as missing, and was so before, as gone. */
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
  await connection.execute(
    `INSERT INTO pg_temp.stage_difference
     SELECT CASE WHEN f.invoice_id IS NULL THEN 'missing-here' ELSE 'different' END, s.seq, s.invoice_id, s.date,
       s.invoice_type, s.invoice_number, s.party_name, s.total_amount, f.date, f.invoice_type
     FROM pg_temp.stage_invoice s
     LEFT JOIN public.fact_invoice f ON f.company_id = $1 AND f.invoice_id = s.invoice_id
     ${by === 'load' ? '' : otherLines(table)}
     WHERE NOT s.superseded AND s.date BETWEEN $2 AND $3
       AND (f.invoice_id IS NULL OR ${by === 'content' ? otherContent : by === 'load' ? differs : otherRow})`,
    [companyId, range.from, range.to, ...(by === 'content' ? [] : [mappingVersion])],
  );
  if (goneIn === undefined || goneIn.from > goneIn.to) return;
  await connection.execute(
    `INSERT INTO pg_temp.stage_difference SELECT 'gone-in-tally', NULL, invoice_id, date, ${shown}
     FROM public.fact_invoice f WHERE ${isMissing} AND ($4 OR missing_since IS NULL)`,
    [companyId, goneIn.from, goneIn.to, withMarked],
  );
  // What is listed under a date outside of the range was looked up there: nothing but its date is known.
  await connection.execute(
    `INSERT INTO pg_temp.stage_difference
     SELECT 'different', NULL, invoice_id, l.date, ${shown}, f.date, f.invoice_type
     FROM public.fact_invoice f JOIN pg_temp.stage_listed l USING (invoice_id)
     WHERE f.company_id = $1 AND f.date BETWEEN $2 AND $3 AND f.missing_since IS NULL AND l.date NOT BETWEEN $2 AND $3`,
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
  const bare = await listFirst(connection, limit, perKind);
  const changed = bare.filter(({ kind }) => kind === 'different').map(({ invoiceId }) => invoiceId);
  const fields = changed.length > 0 ? await readFields(connection, companyId, changed) : new Map<string, never>();
  return { counts, listed: bare.map((one) => ({ ...one, fields: fields.get(one.invoiceId) ?? [] })) };
}

/** Numbers of one series as people count them: `S/2` before `S/10`. */
function listFirst(connection: Connection, limit: number, perKind: boolean): Promise<Omit<Difference, 'fields'>[]> {
  return connection.query<Omit<Difference, 'fields'>>(
    `SELECT kind, invoice_id AS "invoiceId", date, invoice_type AS "invoiceType", invoice_number AS "invoiceNumber",
       party_name AS "partyName", total_amount::text AS "totalAmount"
     FROM (
       SELECT *, row_number() OVER (PARTITION BY CASE WHEN $2 THEN kind END ORDER BY date, type, length(invoice_number), invoice_number, invoice_id) AS place
       FROM (SELECT *, array_position(ARRAY['sales', 'credit_note', 'purchase', 'debit_note'], invoice_type) AS type FROM pg_temp.stage_difference) d
     ) d
     WHERE place <= $1 ORDER BY date, type, length(invoice_number), invoice_number, invoice_id`,
    [limit, perKind],
  );
}

/** The columns and lines that differ, both values as text; as JSON a number is equal by its value and a date always ISO. */
async function readFields(
  connection: Connection,
  companyId: string,
  invoiceIds: string[],
): Promise<Map<string, Difference['fields']>> {
  await connection.execute('CREATE INDEX IF NOT EXISTS stage_line_seq ON pg_temp.stage_line (seq)');
  const rows = await connection.query<{ id: string; field: string; warehouse: string | null; tally: string | null }>(
    `SELECT d.invoice_id AS id, x.field, x.warehouse, x.tally
     FROM pg_temp.stage_difference d
     JOIN public.fact_invoice f ON f.company_id = $1 AND f.invoice_id = d.invoice_id
     LEFT JOIN pg_temp.stage_invoice s ON s.seq = d.seq
     CROSS JOIN LATERAL (
       SELECT 0 AS line_no, place, field, was.invoice ->> field AS warehouse, now.invoice ->> field AS tally
       FROM unnest($3::text[]) WITH ORDINALITY AS k (field, place),
         (SELECT to_jsonb(f) || jsonb_build_object('missing_since', to_char(f.missing_since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) AS invoice) was,
         (SELECT to_jsonb(s) || jsonb_build_object('missing_since', NULL) AS invoice) now
       WHERE d.seq IS NOT NULL AND was.invoice -> field IS DISTINCT FROM now.invoice -> field
       UNION ALL
       SELECT 0, 0, 'date', d.was_date::text, d.date::text WHERE d.seq IS NULL
       UNION ALL
       SELECT line_no, place, 'line ' || line_no || CASE WHEN place = 0 THEN '' ELSE ' ' || field END,
         CASE WHEN place > 0 THEN was.line ->> field WHEN was.line IS NOT NULL THEN concat_ws(', ', was.line ->> 'item_name', was.line ->> 'ledger_name', was.line ->> 'amount') END,
         CASE WHEN place > 0 THEN now.line ->> field WHEN now.line IS NOT NULL THEN concat_ws(', ', now.line ->> 'item_name', now.line ->> 'ledger_name', now.line ->> 'amount') END
       FROM (SELECT l.line_no, to_jsonb(l) AS line FROM public.fact_invoice_line l WHERE l.company_id = $1 AND l.invoice_id = d.invoice_id) was
       FULL JOIN (SELECT l.line_no, to_jsonb(l) || jsonb_build_object('date', s.date, 'invoice_type', s.invoice_type) AS line
         FROM pg_temp.stage_line l WHERE l.seq = d.seq) now USING (line_no)
       CROSS JOIN LATERAL (
         SELECT 0 AS place, '' AS field WHERE was.line IS NULL OR now.line IS NULL
         UNION ALL
         SELECT place, field FROM unnest($4::text[]) WITH ORDINALITY AS k (field, place)
         WHERE was.line IS NOT NULL AND now.line IS NOT NULL AND was.line -> field IS DISTINCT FROM now.line -> field
           -- What a line repeats of its invoice is told with the invoice where both are the same.
           AND NOT (field = ANY ($5) AND coalesce(was.line -> field = to_jsonb(f) -> field, true))
       ) k
       WHERE d.seq IS NOT NULL
     ) x
     WHERE d.kind = 'different' AND d.invoice_id = ANY ($2) ORDER BY d.invoice_id, x.line_no, x.place`,
    [
      companyId,
      invoiceIds,
      [...contentColumns.map(({ name }) => name), 'missing_since'],
      [...lineColumns, ...headColumns].map(({ name }) => name).filter((name) => name !== 'line_no'),
      headColumns.map(({ name }) => name),
    ],
  );
  const fields = new Map<string, Difference['fields']>();
  for (const { id, field, warehouse, tally } of rows) {
    const known = fields.get(id) ?? [];
    known.push({ field, warehouse, tally });
    fields.set(id, known);
  }
  return fields;
}

/** Invoices of the range in the warehouse that did not come and are not marked as missing, and the date it has them under. */
export async function findGone(
  connection: Connection,
  companyId: string,
  range: DateRange,
): Promise<Map<string, CalendarDate>> {
  const rows = await connection.query<{ invoice_id: string; date: CalendarDate }>(
    `SELECT f.invoice_id, f.date FROM public.fact_invoice f WHERE ${isMissing} AND f.missing_since IS NULL`,
    [companyId, range.from, range.to],
  );
  return new Map(rows.map((row) => [row.invoice_id, row.date]));
}
