import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Connection } from '../../src/core/warehouse/postgres/connection.js';
import { migrate } from '../../src/core/warehouse/postgres/migrate.js';
import { ask, partitions, silent } from './postgres.js';

/** The shipped migrations in order. After each of them the schema is that of some release. */
export const migrationNames = fs
  .readdirSync('migrations')
  .map((file) => path.basename(file, '.sql'))
  .sort();

export const openPlain = (url: string): Promise<Connection> =>
  Connection.open({ config: { connectionString: url }, tls: [false] }, 'test', 'test', silent);

const invoiceColumns = `company_id, invoice_id, alter_id, master_id, invoice_type, voucher_type, invoice_number, date, party_name,
  taxable_amount, cgst_amount, sgst_amount, igst_amount, cess_amount, round_off_amount, other_amount, total_amount, tds_amount,
  currency, is_cancelled, is_optional, narration, content_hash, mapping_version, run_id, loaded_at`;
const runId = 'c0ffee00-0000-4000-8000-000000000000';

/**
 * Rows for every table, by the migration that created the table or its columns. They are not of the demo company, so that
 * loading that company does not touch them.
 */
const rowsOf: Record<string, string> = {
  '0001_tables': `
    INSERT INTO dim_company (company_id, name) VALUES ('old', 'Old Traders & Sons');
    INSERT INTO fact_invoice (${invoiceColumns}) VALUES
      ('old', 'old-1', 7, 4, 'sales', 'GST Sales', 'S/1', '2024-04-01', 'Asha', 1000, 90, 90, 0, 0, 0, 0, 1180, 0, 'INR',
       false, false, 'as ₹ agreed', 'hash', 1, '${runId}', '2024-04-02T03:04:05.678Z'),
      ('old', 'old-2', NULL, NULL, 'credit_note', 'Credit Note', NULL, '2024-04-30', NULL, -10.01, 0, 0, 0, 0, 0.01, 0, -10, 0,
       'INR', true, true, NULL, 'hash', 1, '${runId}', '2024-05-02T03:04:05.678Z');
    INSERT INTO fact_invoice_line (company_id, invoice_id, line_no, line_type, ledger_name, ledger_class, quantity, gst_rate, amount)
      VALUES ('old', 'old-1', 1, 'ledger', 'Asha', 'party', NULL, NULL, 1180), ('old', 'old-1', 2, 'item', 'Sales', 'taxable', 0.0001, 18, 1000);
    INSERT INTO etl_checkpoints (company_id, stream_name, last_date, last_alter_id) VALUES ('old', 'invoices', '2024-04-30', 7);
    INSERT INTO etl_logs (run_id, company_id, stream_name, command, from_date, to_date, rows, status, error_code, error) VALUES
      ('${runId}', 'old', 'invoices', 'sync', '2024-04-01', '2024-04-30', 2, 'ok', NULL, NULL),
      ('${runId}', NULL, 'invoices', 'sync', NULL, NULL, 0, 'error', 'tally-unreachable', 'Tally was off.');
    INSERT INTO etl_rejects (run_id, company_id, field, reason, raw) VALUES ('${runId}', 'old', 'AMOUNT', 'not a number', '<VOUCHER/>')`,
  '0002_proof': `
    INSERT INTO etl_days (company_id, date, rules_hash, run_id) VALUES ('old', '2024-04-01', 'rules', '${runId}');
    INSERT INTO etl_sources (company_id, company_name, books_from, report, serves_all)
      VALUES ('old', 'Old Traders & Sons', '2023-04-01', 'Day Book', true)`,
  '0003_views': '',
  '0004_late_edits': `
    INSERT INTO etl_masters (company_id, company_name, kind, name, digest)
      VALUES ('old', 'Old Traders & Sons', 'ledger', 'Asha', 'digest');
    INSERT INTO etl_verified (company_id, date, differences, run_id) VALUES ('old', '2024-04-01', 1, '${runId}')`,
  '0005_details': `
    UPDATE fact_invoice SET currency = '$', foreign_amount = 14.2169, exchange_rate = 82.99, party_state = 'केरल', credit_days = 30,
      due_date = '2024-05-01', is_reverse_charge = false, irn_qr_code = 'eyJ' WHERE invoice_id = 'old-1';
    UPDATE fact_invoice_line SET description = E'two\\nlines', godown = 'Main Location', taxability = 'Taxable'
      WHERE invoice_id = 'old-1' AND line_no = 2`,
  '0006_remembered_masters': `
    INSERT INTO etl_file_masters (company_id, kind, name, details) VALUES ('old', 'ledger', 'Asha', '{"parent": "Sundry Debtors"}')`,
  '0007_replicas': `
    INSERT INTO etl_rejects (run_id, company_id, invoice_id, alter_id, date, field, reason_code, reason, raw)
      VALUES ('${runId}', 'old', 'old-3', 9, '2024-04-02', 'DATE', 'date-unreadable', 'no date', '<VOUCHER/>')`,
  '0008_register': '',
  '0009_seen_vouchers': `
    INSERT INTO etl_vouchers (company_id, voucher_id, date, alter_id, master_id, voucher_type, voucher_number, is_deleted, may_renumber)
      VALUES ('old', 'old-1', '2024-04-01', 7, 4, 'GST Sales', 'S/1', false, true);
    UPDATE etl_sources SET digests = 'right 1', digests_on = '2024-04-02', settled_on = '2024-04-02', settled_voucher_counter = 9,
      settled_master_counter = 3, settled_rules = 'rules', settled_invoices = 2 WHERE company_id = 'old'`,
  '0010_collection': `
    UPDATE etl_sources SET collection = 'right 1', collection_on = '2024-04-03' WHERE company_id = 'old'`,
  '0011_totals': `
    UPDATE etl_sources SET totals = 'right 1', totals_on = '2024-04-04' WHERE company_id = 'old'`,
  '0012_asked_of': `
    UPDATE etl_logs SET tally_address = 'http://old-pc:9000', asked_company = 'Old' WHERE company_id = 'old'`,
  '0013_ledger': `
    INSERT INTO fact_voucher (company_id, voucher_id, alter_id, voucher_type, base_type, date, amount, is_cancelled, is_optional,
        is_post_dated, content_hash, mapping_version, run_id, loaded_at)
      VALUES ('old', 'old-9', 8, 'Receipt', 'receipt', '2024-04-02', 50, false, false, false, 'hash', 1, '${runId}', '2024-04-03T03:04:05Z');
    INSERT INTO fact_ledger_entry (company_id, voucher_id, line_no, date, ledger_name, amount, currency) VALUES
      ('old', 'old-9', 1, '2024-04-02', 'Cash', 50, 'INR'), ('old', 'old-9', 2, '2024-04-02', 'Asha', -50, 'INR');
    INSERT INTO fact_bill (company_id, voucher_id, line_no, part_no, date, ledger_name, kind, reference, amount)
      VALUES ('old', 'old-9', 2, 1, '2024-04-02', 'Asha', 'against', 'S/1', -50);
    INSERT INTO fact_cost_allocation (company_id, voucher_id, line_no, part_no, date, ledger_name, cost_centre, amount)
      VALUES ('old', 'old-9', 2, 1, '2024-04-02', 'Asha', 'North', -50);
    INSERT INTO fact_bank_allocation (company_id, voucher_id, line_no, part_no, date, ledger_name, amount)
      VALUES ('old', 'old-9', 1, 1, '2024-04-02', 'Cash', 50);
    INSERT INTO fact_stock_entry (company_id, voucher_id, line_no, date, item_name, direction, quantity)
      VALUES ('old', 'old-9', 1, '2024-04-02', 'Tea', 'in', 1)`,
  '0014_ledger_masters': `
    INSERT INTO dim_group (company_id, group_id, name, parent_name, path, primary_name, nature)
      VALUES ('old', 'old-g1', 'Debtors', 'Current Assets', 'Current Assets > Debtors', 'Current Assets', 'asset');
    INSERT INTO dim_ledger (company_id, ledger_id, name, group_name, is_billwise, opening_date, opening_balance)
      VALUES ('old', 'old-l1', 'Asha', 'Debtors', true, '2023-04-01', 70.5);
    INSERT INTO fact_opening_bill (company_id, ledger_id, bill_no, ledger_name, reference, bill_date, amount)
      VALUES ('old', 'old-l1', 1, 'Asha', 'S/0', '2023-03-31', 70.5);
    INSERT INTO dim_stock_item (company_id, item_id, name, base_unit, opening_quantity) VALUES ('old', 'old-i1', 'Tea', 'kg', 2.5);
    INSERT INTO dim_unit (company_id, unit_id, name, is_simple) VALUES ('old', 'old-u1', 'kg', true);
    INSERT INTO dim_voucher_type (company_id, voucher_type_id, name, base_type) VALUES ('old', 'old-t1', 'Receipt', 'receipt');
    INSERT INTO dim_cost_centre (company_id, cost_centre_id, name) VALUES ('old', 'old-c1', 'North');
    UPDATE etl_sources SET ledger_master_counter = 3, ledger_books_from = '2023-04-01' WHERE company_id = 'old'`,
  '0015_ledger_views': '',
};

/**
 * Creates the warehouse of the first `count` migrations, with rows in each table. `parts` 0: the tables are not
 * divided.
 */
export async function fillReleased(url: string, count: number, parts = partitions ?? 0): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-test-migrations-'));
  const connection = await openPlain(url);
  try {
    for (const [i, name] of migrationNames.slice(0, count).entries()) {
      fs.copyFileSync(path.join('migrations', `${name}.sql`), path.join(folder, `${name}.sql`));
      const rows = rowsOf[name];
      if (rows === undefined) throw new Error(`${name} is new: give its tables rows here, so that upgrades keep them.`);
      // Only an empty database can be divided.
      await migrate(connection, 'test', silent, folder, {
        ...(i === 0 && parts > 0 && { partitions: parts }),
      });
      if (rows !== '') await connection.query(rows);
    }
  } finally {
    await connection.close();
    fs.rmSync(folder, { recursive: true });
  }
}

const listTables = `SELECT c.relname AS name, (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND c.relname <> 'etl_migrations' ORDER BY 1`;

/** The rows of a table, each as JSON of the columns that the table had then. */
export interface KeptTable {
  name: string;
  columns: string;
  rows: string[];
}

/** Every table of the database except that of the migrations, with all rows. With `before`: only the columns that it names. */
export async function rowsOfTables(url: string, before?: KeptTable[]): Promise<KeptTable[]> {
  const tables = before ?? ((await ask(url, listTables)) as unknown as KeptTable[]);
  const kept: KeptTable[] = [];
  for (const { name, columns } of tables) {
    const rows = await ask(url, `SELECT to_jsonb(t)::text AS row FROM (SELECT ${columns} FROM ${name}) t ORDER BY 1`);
    kept.push({ name, columns, rows: rows.map(({ row }) => String(row)) });
  }
  return kept;
}

/** The schema: columns, constraints, indexes, views, sequences, comments and rights, as the server describes them. */
export async function schemaOf(url: string): Promise<string> {
  const parts = [
    `SELECT c.relname, c.relkind, c.relacl::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum), obj_description(c.oid)
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind <> 'S' ORDER BY 1, a.attnum`,
    `SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
    "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
  ];
  return JSON.stringify(await Promise.all(parts.map((sql) => ask(url, sql))), undefined, 1);
}

/** Everything in a database: its schema, every row with the transaction that wrote it, and the values of the sequences. */
export async function wholeDump(url: string): Promise<string> {
  const tables = await ask(url, "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  const rows: unknown[] = [];
  // One after the other: with divided tables there are more of them than a server allows sessions.
  for (const { name } of tables)
    rows.push(await ask(url, `SELECT t.xmin::text, t.ctid::text, t::text FROM ${String(name)} t ORDER BY 2`));
  const sequences = await ask(
    url,
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  );
  return JSON.stringify([await schemaOf(url), tables, rows, sequences]);
}
