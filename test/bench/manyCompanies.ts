import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { companyRange } from './book.js';
import { ask, createWarehouse, dropDatabase, nameOf } from './database.js';
import type { Measured } from './measured.js';
import type { PreparedBook } from './prepared.js';
import { workerFile, type Processes } from './processes.js';
import { postmasterOf, serverSeconds } from './serverSeconds.js';

/** The costs of loading or syncing so many companies at once, each from a Tally of its own, into one warehouse. */
export interface ManyCompanies {
  companies: number;
  /** Null: the tables are not divided. */
  partitions: number | null;
  /** The first load, or a sync where nothing has changed. */
  job: 'load' | 'sync';
  invoices: number;
  lines: number;
  seconds: number;
  /** The sum over all processes that load. */
  cpuSeconds: number;
  /** The sum over all processes of PostgreSQL; null if the system does not tell it. */
  serverCpuSeconds: number | null;
  /** How many processes load side by side. */
  processes: number;
  /** The most memory that one of these processes has held. */
  peakMb: number;
  /** The most sessions of the warehouse at one moment. */
  sessions: number;
  /** Bytes after the load and VACUUM. */
  disk?: Disk;
}

export interface Disk {
  invoiceHeap: number;
  invoiceIndexes: number;
  lineHeap: number;
  lineIndexes: number;
  /** All other tables with their indexes. */
  others: number;
}

/** The most companies that `sync --all` syncs at the same time. */
const mostInOneProcess = 32;

interface Setting {
  processes: Processes;
  server: string;
  sender: string;
  /** A book of each company. */
  books: readonly PreparedBook[];
}

/** The first load of these companies, then a sync of each. */
export async function measureCompanies(setting: Setting, partitions: number | null): Promise<ManyCompanies[]> {
  const { server, books } = setting;
  const dbUrl = await createWarehouse(server, partitions ?? undefined);
  try {
    const load = await runAtOnce(setting, dbUrl, 'load');
    await ask(dbUrl, 'VACUUM');
    const disk = await diskOf(dbUrl);
    const [counted] = await ask<{ invoices: number; lines: number }>(
      dbUrl,
      'SELECT (SELECT count(*)::int FROM fact_invoice) AS invoices, (SELECT count(*)::int FROM fact_invoice_line) AS lines',
    );
    const expected = books.reduce((sum, { vouchers }) => sum + vouchers, 0);
    if (counted!.invoices !== expected) throw new Error(`${counted!.invoices} invoices instead of ${expected}`);
    await ask(
      dbUrl,
      `INSERT INTO etl_checkpoints (company_id, stream_name, last_date)
       SELECT company_id, 'invoices', '${companyRange.to}' FROM dim_company`,
    );
    const sync = await runAtOnce(setting, dbUrl, 'sync');
    const about = { companies: books.length, partitions, ...counted! };
    return [
      { ...about, job: 'load', ...load, disk },
      { ...about, job: 'sync', ...sync },
    ];
  } finally {
    await dropDatabase(server, dbUrl);
  }
}

/** All companies at once, in as many processes as `sync --all` would need for them. */
async function runAtOnce(
  { processes, server, sender, books }: Setting,
  dbUrl: string,
  job: ManyCompanies['job'],
): Promise<Pick<ManyCompanies, 'seconds' | 'cpuSeconds' | 'serverCpuSeconds' | 'processes' | 'peakMb' | 'sessions'>> {
  const urls = books.map(({ name }) => `${sender}/${name}?dates`);
  const parts: string[][] = [];
  for (let at = 0; at < urls.length; at += mostInOneProcess) parts.push(urls.slice(at, at + mostInOneProcess));
  const postmaster = await postmasterOf(server);
  const before = serverSeconds(postmaster);
  const ended = new AbortController();
  const sessions = mostSessions(server, dbUrl, ended.signal);
  const order = { range: companyRange, dbUrl, workerFile, asksForLittle: true, tallyUrl: '' };
  const started = performance.now();
  let runs: Measured[];
  try {
    runs = await Promise.all(
      parts.map((tallyUrls) =>
        processes.measure({ ...order, case: job === 'load' ? 'loadCompanies' : 'syncCompanies', tallyUrls }, job),
      ),
    );
  } finally {
    ended.abort();
  }
  const seconds = (performance.now() - started) / 1000;
  const most = await sessions;
  const after = serverSeconds(postmaster);
  return {
    seconds,
    cpuSeconds: runs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    serverCpuSeconds: before === null || after === null ? null : after - before,
    ...{ processes: parts.length, peakMb: Math.max(...runs.map(({ peakMb }) => peakMb)), sessions: most },
  };
}

/**
 * Counts the sessions several times a second until the signal comes, and returns the highest count. It uses one session
 * for all counts, because opening one for each would burden the server.
 */
async function mostSessions(server: string, dbUrl: string, ended: AbortSignal): Promise<number> {
  const client = new Client(server);
  await client.connect();
  let most = 0;
  while (!ended.aborted) {
    const { rows } = await client.query<{ sessions: number }>(
      `SELECT count(*)::int AS sessions FROM pg_stat_activity
       WHERE datname = $1 AND backend_type = 'client backend'`,
      [nameOf(dbUrl)],
    );
    most = Math.max(most, rows[0]!.sessions);
    await setTimeout(200);
  }
  await client.end();
  return most;
}

async function diskOf(dbUrl: string): Promise<Disk> {
  const rows = await ask<{ name: string; heap: number; indexes: number }>(
    dbUrl,
    `SELECT coalesce(i.inhparent, c.oid)::regclass::text AS name, sum(pg_table_size(c.oid))::float8 AS heap,
       sum(pg_indexes_size(c.oid))::float8 AS indexes
     FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY 1`,
  );
  const of = (table: string): { heap: number; indexes: number } => rows.find(({ name }) => name === table)!;
  const [invoice, line] = [of('fact_invoice'), of('fact_invoice_line')];
  const all = rows.reduce((sum, { heap, indexes }) => sum + heap + indexes, 0);
  return {
    ...{ invoiceHeap: invoice.heap, invoiceIndexes: invoice.indexes },
    ...{ lineHeap: line.heap, lineIndexes: line.indexes },
    others: all - invoice.heap - invoice.indexes - line.heap - line.indexes,
  };
}

export const manyCompaniesHead = [
  ...['companies at once', 'tables', 'job', 's', 'lines/s', 'CPU s', 'CPU s of PostgreSQL', 'processes'],
  ...['peak MB', 'sessions', 'bytes a line', 'bytes an invoice', 'other bytes an invoice'],
];

export const manyCompaniesRows = (results: readonly ManyCompanies[]): string[][] =>
  results.map(({ companies, partitions, job, lines, invoices, seconds, disk, ...of }) => [
    ...[String(companies), partitions === null ? 'plain' : `${partitions} partitions`, job, seconds.toFixed(1)],
    ...[(lines / seconds).toFixed(0), of.cpuSeconds.toFixed(1), of.serverCpuSeconds?.toFixed(1) ?? ''],
    ...[String(of.processes), of.peakMb.toFixed(0), String(of.sessions)],
    ...(disk === undefined
      ? ['', '', '']
      : [
          `${(disk.lineHeap / lines).toFixed(0)} + ${(disk.lineIndexes / lines).toFixed(0)}`,
          `${(disk.invoiceHeap / invoices).toFixed(0)} + ${(disk.invoiceIndexes / invoices).toFixed(0)}`,
          (disk.others / invoices).toFixed(0),
        ]),
  ]);
