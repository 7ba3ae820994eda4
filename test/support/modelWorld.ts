import { CollectionProof } from '../../src/core/jobs/load/read/collectionProof.js';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { addDays, type CalendarDate } from '../../src/core/base/calendar.js';
import { EtlError } from '../../src/core/base/errors.js';
import type { JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { usualSwitches } from '../../src/demo/behaviours/switches.js';
import { contextOf } from './context.js';
import { exportBytes, freshFolder, type Folder } from './exportFiles.js';
import type { Order } from './jobChild.js';
import { JobProcess } from './jobProcess.js';
import type { ModelBooks } from './modelBooks.js';
import { assertLedger } from './modelLedger.js';
import { askedRange, spanOf, type Attempt, type Job, type Manner, type Weather } from './modelJobs.js';
import type { Rows } from './modelOracle.js';
import { startPostgresProxy, type PostgresProxy } from './postgresProxy.js';
import { setToday } from './shiftedClock.js';
import { storedInvoices } from './storedInvoices.js';

/** The outcome of a job: its result, its error, or that it was killed. */
export type Ended = { result: JobResult } | { error: EtlError } | 'killed';

export interface Log {
  status: string;
  code: string | null;
}

/** The content of the warehouse about one company, as far as the tests compare it. */
export interface Kept {
  rows: Rows;
  /** The ids of the rows that have `missing_since`: marked as gone from Tally. */
  missing: ReadonlySet<string>;
  /** The days that are recorded as loaded. */
  days: ReadonlySet<CalendarDate>;
  /** The ALTERID of each voucher that the stream `ledger` loaded and that is not an invoice, by its id. */
  others: ReadonlyMap<string, bigint>;
  checkpoint: CalendarDate | undefined;
  /** The log rows of the last job only. */
  logs: Log[];
}

type Run = Exclude<Job, { job: 'statements' }>;

/** A Tally, a warehouse and the connections to them. All histories share them; each history has a company of its own. */
export class ModelWorld {
  #lastLog = 0;
  #restarting: Promise<void> | undefined;

  private constructor(
    private tally: DemoServer,
    private readonly proxy: PostgresProxy,
    private readonly client: Client,
    private readonly folder: Folder,
  ) {}

  static async open(database: string): Promise<ModelWorld> {
    const client = new Client(database);
    await client.connect();
    return new ModelWorld(await startDemoServer(), await startPostgresProxy(database), client, freshFolder());
  }

  async close(): Promise<void> {
    await Promise.all([...JobProcess.all].map((child) => child.end()));
    await this.client.end();
    await this.proxy.close();
    await this.tally.close();
    this.folder.remove();
  }

  async run(
    job: Run,
    { weather, manner, isTried }: Attempt,
    books: ModelBooks,
    checkpoint: CalendarDate | undefined,
    streams: string,
  ): Promise<Ended> {
    this.tally.requests.length = 0;
    if (isTried === true && (await this.#hasTables()))
      await this.client.query('UPDATE etl_sources SET collection = $2 WHERE company_id = $1', [
        books.now.companyGuid,
        new CollectionProof(undefined, streams !== 'invoices').right,
      ]);
    this.#behave(books, manner, weather);
    if (weather.weather === 'postgres') this.proxy.breakAt(weather.how);
    const order = this.#order(job, books, spanOf(job, checkpoint).today);
    order.env.TALLY_STREAMS = streams;
    try {
      return await (weather.weather === 'kill'
        ? this.#killed(order, weather.afterMs)
        : this.#inProcess(order, weather));
    } finally {
      this.proxy.breakAt(undefined);
      await this.#restarting;
      this.#restarting = undefined;
      await this.proxy.settled();
    }
  }

  async kept(companyId: string): Promise<Kept> {
    const stored = await storedInvoices(this.client, companyId);
    const { rows: points } = await this.client.query<{ d: string }>(
      "SELECT last_date::text AS d FROM etl_checkpoints WHERE company_id = $1 AND stream_name = 'invoices'",
      [companyId],
    );
    const { rows: logs } = await this.client.query<Log & { id: number }>(
      "SELECT id::int, status, error_code AS code FROM etl_logs WHERE id > $1 AND stream_name = 'invoices' ORDER BY id",
      [this.#lastLog],
    );
    this.#lastLog = logs.at(-1)?.id ?? this.#lastLog;
    const { rows: days } = await this.client.query<{ d: string }>(
      'SELECT date::text AS d FROM etl_days WHERE company_id = $1',
      [companyId],
    );
    const { rows: others } = await this.client.query<{ id: string; alterId: string }>(
      `SELECT voucher_id AS id, alter_id AS "alterId" FROM fact_voucher WHERE company_id = $1 AND missing_since IS NULL
         AND alter_id IS NOT NULL AND base_type NOT IN ('sales', 'purchase', 'credit_note', 'debit_note')`,
      [companyId],
    );
    return {
      others: new Map(others.map(({ id, alterId }) => [id, BigInt(alterId)])),
      rows: new Map([...stored].map(([id, { invoice }]) => [id, invoice])),
      missing: new Set([...stored].filter(([, { isMissing }]) => isMissing).map(([id]) => id)),
      days: new Set(days.map(({ d }) => d)),
      checkpoint: points[0]?.d,
      logs,
    };
  }

  /** Fails unless the warehouse's ledger of a company at the end of a day equals the demo's own. */
  assertLedger({ now }: ModelBooks, day: CalendarDate): Promise<void> {
    return assertLedger(this.client, now, day);
  }

  /** The two statements that make sync load days again (docs/warehouse.md), for one company. */
  async haveLoadedAgain(companyId: string, from: CalendarDate): Promise<void> {
    await this.client.query('DELETE FROM fact_invoice WHERE company_id = $1 AND date >= $2', [companyId, from]);
    await this.client.query('UPDATE etl_checkpoints SET last_date = $2 WHERE company_id = $1', [
      companyId,
      addDays(from, -1),
    ]);
  }

  /** For each company: the number of its invoices and their sum. */
  async totals(): Promise<Map<string, string>> {
    const { rows } = await this.client.query<{ id: string; total: string }>(
      `SELECT company_id AS id, count(*) || ' ' || sum(total_amount) AS total FROM fact_invoice GROUP BY 1`,
    );
    return new Map(rows.map(({ id, total }) => [id, total]));
  }

  async #hasTables(): Promise<boolean> {
    const { rows } = await this.client.query<{ has: boolean }>("SELECT to_regclass('etl_sources') IS NOT NULL AS has");
    return rows[0]!.has;
  }

  #behave(books: ModelBooks, manner: Manner, weather: Weather): void {
    const hides = weather.weather === 'hidden' ? 'every-tenth' : 'nothing';
    this.tally.behave({
      ...usualSwitches,
      ...manner,
      book: books.now,
      companyOpen: weather.weather !== 'company closed',
      voucherIndex: weather.weather === 'no list' ? 'refused' : manner.voucherIndex,
      ...{ dayBookHides: hides, voucherRegisterHides: hides },
      fault: weather.weather === 'fault' ? weather.fault : { kind: 'none' },
      onRequest: weather.weather === 'restart' ? this.#restartAt(weather.atRequest, books, manner) : undefined,
    });
  }

  #restartAt(request: number, { now }: ModelBooks, manner: Manner): () => void {
    return () => {
      if (this.tally.requests.length !== request + 1) return;
      const { port } = this.tally;
      this.#restarting = this.tally.close().then(async () => {
        this.tally = await startDemoServer({ port, book: now, ...manner });
      });
    };
  }

  #order(job: Run, books: ModelBooks, today: CalendarDate): Order {
    const env = { TALLY_URL: this.tally.url, DB_URL: this.proxy.url };
    if (job.job === 'sync')
      return { job: 'sync', from: '', to: '', today, env: { ...env, TALLY_OVERLAP_DAYS: String(job.overlap) } };
    const { dayByDay } = job;
    const order = { ...askedRange(job), today, env, dayByDay };
    if (job.job !== 'file') return { ...order, job: job.job, dryRun: job.dryRun, force: job.force };
    const bytes = exportBytes(job.of === 'now' ? books.now : books.backup, { withMasters: true });
    return { ...order, job: 'backfill', file: this.folder.write('export.xml', bytes) };
  }

  async #inProcess(order: Order, weather: Weather): Promise<Ended> {
    const context = contextOf({ ...order.env, TALLY_TIMEOUT_SECONDS: '20' });
    if (weather.weather === 'fault' && weather.fault.kind === 'stall') context.config.timeoutSeconds = 0.15;
    const clock = setToday(order.today!);
    try {
      if (order.job === 'sync') return { result: await sync(context) };
      return { result: await (order.job === 'backfill' ? backfill : clearAndReload)(order, context) };
    } catch (error) {
      if (error instanceof EtlError && error.code !== 'unexpected') return { error };
      throw error;
    } finally {
      clock.giveBack();
    }
  }

  async #killed(order: Order, afterMs: number): Promise<Ended> {
    const child = new JobProcess();
    await child.told('ready');
    child.start(order);
    await sleep(afterMs);
    await child.end();
    assert.doesNotMatch(child.failure ?? '', /unexpected/);
    return 'killed';
  }
}
