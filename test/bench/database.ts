import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client, type ClientConfig, type QueryResultRow } from 'pg';
import type { CalendarDate } from '../../src/core/base/calendar.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { openEmbedded } from '../../src/core/warehouse/embedded/embedded.js';
import { namesOf } from '../../src/core/warehouse/load/column.js';
import { invoiceColumns, lineColumns } from '../../src/core/warehouse/load/columns.js';
import { silent } from './context.js';

/** The PostgreSQL of a benchmark: the product's own, with its default settings. */
export interface Server {
  /** The address of its first database. */
  url: string;
  stop(): Promise<void>;
}

export async function startServer(): Promise<Server> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-bench-postgres-'));
  fs.chmodSync(dataDir, 0o755); // as root PostgreSQL runs under another account, which must get in
  // Many companies at once take more sessions than the usual 100. A server takes the number when it starts.
  const first = await openEmbedded({ dataDir, logger: silent });
  await ask(urlOf(await first.connection()), 'ALTER SYSTEM SET max_connections = 300');
  await first.release();
  const embedded = await openEmbedded({ dataDir, logger: silent });
  return {
    url: urlOf(await embedded.connection()),
    stop: async () => {
      await embedded.release();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A busy computer may be slow to begin many sessions at once, so the timeout is long. */
const urlOf = ({ user, password, host, port, database }: ClientConfig): string =>
  `postgres://${user ?? ''}:${String(password)}@${host ?? ''}:${String(port)}/${database ?? ''}?sslmode=disable&connect_timeout=120`;

/** A database with the product's tables and nothing in them, divided into partitions where a number is given. */
export async function createWarehouse(server: string, partitions?: number): Promise<string> {
  const dbUrl = await createDatabase(server);
  const warehouse = await openWarehouse({ dbUrl, dataDir: '', logger: silent, applicationName: 'bench' });
  await warehouse.migrate(partitions === undefined ? {} : { partitions });
  await warehouse.close();
  return dbUrl;
}

/** A copy of a database that has no sessions. A checkpoint then writes what earlier work left in memory. */
export async function copyWarehouse(server: string, other: string): Promise<string> {
  const dbUrl = await createDatabase(server, ` TEMPLATE ${nameOf(other)}`);
  await ask(server, 'CHECKPOINT');
  return dbUrl;
}

async function createDatabase(server: string, like = ''): Promise<string> {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  await ask(server, `CREATE DATABASE ${name}${like}`);
  return Object.assign(new URL(server), { pathname: `/${name}` }).href;
}

export const nameOf = (dbUrl: string): string => new URL(dbUrl).pathname.slice(1);

export async function dropDatabase(server: string, dbUrl: string): Promise<void> {
  await ask(server, `DROP DATABASE ${nameOf(dbUrl)} WITH (FORCE)`);
}

export const serverVersion = async (server: string): Promise<string> =>
  (await ask<{ server_version: string }>(server, 'SHOW server_version'))[0]!.server_version;

/** Sets the checkpoint to this day, so that the next sync goes on from it. */
export async function setCheckpoint(dbUrl: string, date: CalendarDate): Promise<void> {
  await ask(
    dbUrl,
    `INSERT INTO etl_checkpoints (company_id, stream_name, last_date) SELECT company_id, 'invoices', '${date}' FROM dim_company`,
  );
}

/**
 * Counts, sums and checksums of the contents of a warehouse. They do not depend on the order of rows. Warehouses with
 * equal digests hold the same invoices, lines and vouchers.
 */
export interface Digest extends QueryResultRow {
  invoices: number;
  lines: number;
  /** Rupees. */
  total: string;
  invoiceSum: string;
  lineSum: string;
  /** How many vouchers the stream `ledger` has, and the sum of their hashes, which cover all that they book. */
  vouchers: number;
  voucherSum: string;
}

const sumOf = (columns: string): string =>
  `coalesce(sum(('x' || substr(md5(ROW(${columns})::text), 1, 15))::bit(60)::bigint), 0)::text`;

// The number of a line and an invoice's content hash depend on the order of lines, which the naive way loses.
const invoiceContent = namesOf(invoiceColumns.filter(({ name }) => name !== 'content_hash'));
const lineContent = namesOf(lineColumns.filter(({ name }) => name !== 'line_no'));

export async function digestOf(dbUrl: string): Promise<Digest> {
  const [digest] = await ask<Digest>(
    dbUrl,
    `SELECT (SELECT count(*)::int FROM fact_invoice) AS invoices,
       (SELECT count(*)::int FROM fact_invoice_line) AS lines,
       (SELECT coalesce(sum(total_amount), 0)::text FROM fact_invoice) AS total,
       (SELECT ${sumOf(invoiceContent)} FROM fact_invoice) AS "invoiceSum",
       (SELECT ${sumOf(`invoice_id, ${lineContent}`)} FROM fact_invoice_line) AS "lineSum",
       (SELECT count(*)::int FROM fact_voucher) AS vouchers,
       (SELECT ${sumOf('voucher_id, content_hash')} FROM fact_voucher) AS "voucherSum"`,
  );
  return digest!;
}

/**
 * How many fact rows were inserted, updated or deleted since the database was made. First waits until its other
 * sessions have ended, because PostgreSQL may count the rows of a session only at the end of the session.
 */
export async function rowsWritten(dbUrl: string): Promise<number> {
  const others = `SELECT count(*)::int AS others FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;
  while ((await ask<{ others: number }>(dbUrl, others))[0]!.others > 0) await setTimeout(20);
  const [row] = await ask<{ rows: number }>(
    dbUrl,
    `SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int AS rows FROM pg_stat_user_tables
     WHERE schemaname = 'public' AND relname LIKE 'fact\\_%'`,
  );
  return row!.rows;
}

export async function ask<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
