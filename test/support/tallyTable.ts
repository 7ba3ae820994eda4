import { dateText } from '../../src/core/base/countWords.js';
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { Client } from 'pg';
import { addDays, type CalendarDate, type DateRange } from '../../src/core/base/calendar.js';
import { EtlError, exitCodes, type ErrorCode } from '../../src/core/base/errors.js';
import type { Hole, JobContext, JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { jobExitCode } from '../../src/cli/jobExitCode.js';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { withChanges } from './demo/changedBook.js';
import type { AnswerEncoding } from '../../src/demo/answers/encoding.js';
import { expectedInvoice, type ExpectedInvoice } from './demo/expected.js';
import type { DemoServer } from '../../src/demo/server.js';
import { usualSwitches } from '../../src/demo/behaviours/switches.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { contextOf } from './context.js';
import { storedInvoices, type StoredInvoice } from './storedInvoices.js';

/** "Today" in the table: the last day of its books. */
export const tableToday = '2024-05-31';
/** The range of backfill and clear-and-reload: three months, with days of the books before and after it. */
export const tableRange: DateRange = { from: '2024-03-11', to: '2024-05-20' };
/** The range of the backfill day by day. */
const tableDays: DateRange = { from: '2024-04-08', to: '2024-04-25' };
const checkpoint = '2024-04-25';

/** The same books with their vouchers made only once: each cell reads them some ten times. */
function madeOnce(book: Book): Book {
  const all = [...book.vouchers()];
  return { ...book, vouchers: (range) => all.filter(({ date }) => !range || (date >= range.from && date <= range.to)) };
}

/** The books at the time when the warehouse was filled. */
export const booksBefore = madeOnce(createBook({ invoices: 80, from: '2024-03-01', to: tableToday }));
const [inApril, alsoInApril, inMay, alsoInMay] = ['2024-04-10', '2024-04-16', '2024-05-07', '2024-05-14'].map((day) =>
  [...booksBefore.vouchers()].find(({ base, date, cancelled }) => base === 'sales' && date >= day && !cancelled)!,
) as [DemoVoucher, DemoVoucher, DemoVoucher, DemoVoucher];
/** The present books: since then invoices were deleted, edited and entered. */
export const booksNow = madeOnce(
  withChanges(booksBefore, [
    { delete: alsoInApril },
    { edit: inApril, fields: { narration: 'edited in April' } },
    { delete: inMay },
    { edit: alsoInMay, fields: { narration: 'edited in May' } },
    { create: { ...alsoInMay, number: 'NEW/1', narration: 'entered late' } },
  ]),
);

/** Every switch at its usual value, with the present books. */
export const usual: Partial<Behaviour> = {
  ...usualSwitches,
  ...{ book: booksNow, otherBooks: [], screenPeriod: undefined, fault: { kind: 'none' }, onRequest: undefined },
};

export interface Job {
  name: string;
  /** The range that the job must load. */
  range: DateRange;
  /** Whether the warehouse has the earlier books; otherwise it is empty. */
  held: boolean;
  removes: boolean;
  isSync: boolean;
  run: (env: Record<string, string>, more?: Partial<JobContext>) => Promise<JobResult>;
}

const rangeJob = { range: tableRange, held: true, removes: false, isSync: false };

/** The columns of the table are jobs. */
export const jobs = {
  backfill: {
    ...rangeJob,
    name: 'a backfill',
    held: false,
    run: (env, more = {}) => backfill(tableRange, contextOf(env, more)),
  },
  byDays: {
    ...rangeJob,
    ...{ name: 'a backfill by days over older rows', range: tableDays },
    run: (env, more = {}) => backfill({ ...tableDays, dayByDay: true }, contextOf(env, more)),
  },
  firstSync: {
    ...{
      name: 'a first sync',
      range: { from: '2024-04-01', to: tableToday },
      held: false,
      removes: false,
      isSync: true,
    },
    run: (env, more = {}) => sync(contextOf(env, more)),
  },
  secondSync: {
    ...{ name: 'a sync from a checkpoint', range: { from: addDays(checkpoint, -1), to: tableToday } },
    ...{ held: true, removes: false, isSync: true },
    run: (env, more = {}) => sync(contextOf(env, more)),
  },
  reload: {
    ...{ ...rangeJob, name: 'a clear-and-reload', removes: true },
    run: (env, more = {}) => clearAndReload(tableRange, contextOf(env, more)),
  },
} satisfies Record<string, Job>;
/** The same job once more; a sync begins where the first one ended. */
export function afterwards(job: Job, reached: CalendarDate | undefined): Job {
  return job.isSync && reached !== undefined ? { ...job, range: { from: addDays(reached, -1), to: tableToday } } : job;
}

export type JobName = keyof typeof jobs;
export const jobNames = Object.keys(jobs) as JobName[];

type Test = (voucher: DemoVoucher) => boolean;

/** The outcome that a run must report, and the vouchers that do not come. Everything else that comes must be right. */
export type Says =
  /**
   * Exit 0, and everything came. With a warning a sync cannot tell which older days changed, unless it `comparesOlder`, and
   * does not mark missing invoices. A Tally that may hide vouchers (`hides`) does not prove any missing.
   */
  | { kind: 'complete'; warning?: RegExp; comparesOlder?: boolean; hides?: boolean }
  /** Exit 6 with exactly these holes. With `list` the list itself lacks vouchers, so that their changes cannot be noticed. */
  | { kind: 'holes'; without: Test; list?: true }
  /**
   * Exit 6: judged by dates, without listed holes. With `list` Tally gave a list that proves nothing, though all may have come.
   */
  | { kind: 'partly'; without: Test; list?: true }
  /** Exit 6: Tally's list of older days is implausible, and these days were not touched. */
  | { kind: 'implausible'; without?: Test }
  /** Exit 0 although these vouchers are missing: Tally's answers do not show it. */
  | { kind: 'undetected'; without: Test; warning?: RegExp }
  /** A coded error. Everything committed before it is right, and is reported. */
  | { kind: 'error'; code: ErrorCode };

export const complete: Says = { kind: 'complete' };
/** A list that proves nothing: what came is loaded, nothing counts as missing, exit 6. */
export const unprovenList = (job: JobName): Says =>
  job === 'reload' ? error('range-not-covered') : { kind: 'partly', without: () => false, list: true };
/** Without a licence: everything came, and an invoice that did not come may only be hidden. */
export const inEducation: Says = { kind: 'complete', warning: /Education mode/, comparesOlder: true, hides: true };
export const error = (code: ErrorCode): Says => ({ kind: 'error', code });
export const unproven: Says = { kind: 'complete', warning: /not proven/ };
/** The outcome as text, for comparison: two jobs of a row may have the same outcome. */
export const textOfSays = (says: Says): string =>
  JSON.stringify(says, (_, value: unknown) =>
    value instanceof RegExp || typeof value === 'function' ? String(value) : value,
  );

/** The numbers of invoices and lines, and the transactions that wrote last. */
interface Writes {
  invoices: string;
  lastInvoice: string | null;
  lines: string;
  lastLine: string | null;
}

/** A warehouse that is filled once and restored before each cell. */
export class TableWarehouse {
  /** The invoices after the first fill. */
  #filled: Map<string, StoredInvoice> | undefined;
  /** The invoices after putBack or the last cell; without `rows`, as after the first fill. */
  #left: { rows?: Map<string, StoredInvoice>; writes: Writes } | undefined;

  private constructor(
    readonly url: string,
    private readonly client: Client,
  ) {}

  /** Opens a filled warehouse, with its own session. */
  static async open(url: string): Promise<TableWarehouse> {
    const client = new Client(url);
    await client.connect();
    return new TableWarehouse(url, client);
  }

  static async fill(url: string, tally: DemoServer): Promise<TableWarehouse> {
    const client = new Client(url);
    await client.connect();
    tally.behave({ book: booksBefore });
    await backfill(booksBefore.range, contextOf({ TALLY_URL: tally.url, DB_URL: url }));
    await client.query('CREATE SCHEMA saved');
    for (const table of savedTables) await client.query(`CREATE TABLE saved.${table} AS TABLE public.${table}`);
    return new TableWarehouse(url, client);
  }

  /**
   * Restores the first fill, or empties the warehouse. Then no day counts as loaded wholly, unless `also` names
   * etl_days among further saved tables to restore.
   */
  async putBack({ held, isSync }: Pick<Job, 'held' | 'isSync'>, also: string[] = []): Promise<void> {
    const tables = ['dim_company', 'fact_invoice', 'fact_invoice_line', 'etl_checkpoints', 'etl_logs', 'etl_rejects'];
    // For so few rows faster than TRUNCATE, which creates new files.
    const statements = [
      ...tables,
      'etl_days',
      'etl_sources',
      'etl_masters',
      'etl_file_masters',
      'etl_verified',
      'etl_vouchers',
      'fact_voucher',
    ]
      .reverse()
      .map((table) => `DELETE FROM ${table}`);
    if (held)
      for (const table of [...savedTables.slice(0, 4), ...also])
        statements.push(`INSERT INTO ${table} SELECT * FROM saved.${table}`);
    if (held && isSync)
      statements.push(`INSERT INTO etl_checkpoints VALUES ('${demoCompanyGuid}', 'invoices', '${checkpoint}')`);
    await this.client.query(statements.join('; '));
    this.#left = { ...(!held && { rows: new Map() }), writes: await this.#writes() };
  }

  /** Reading all invoices as text takes longer than a small job. It is repeated only if something was written since. */
  async #before(): Promise<Map<string, StoredInvoice>> {
    const left = this.#left;
    const writes = await this.#writes();
    if (left === undefined || !isDeepStrictEqual(left.writes, writes)) return this.stored();
    if (left.rows) return left.rows;
    this.#filled ??= await this.stored();
    // putBack writes all invoices in one transaction.
    return new Map([...this.#filled].map(([id, row]) => [id, { ...row, writtenBy: writes.lastInvoice! }]));
  }

  /** Every write or removal changes this value. */
  async #writes(): Promise<Writes> {
    const { rows } = await this.client.query<Writes>(
      `SELECT invoices, "lastInvoice", lines, "lastLine"
       FROM (SELECT count(*) AS invoices, max(xmin::text::bigint)::text AS "lastInvoice" FROM fact_invoice) i,
         (SELECT count(*) AS lines, max(xmin::text::bigint)::text AS "lastLine" FROM fact_invoice_line) l`,
    );
    return rows[0]!;
  }

  /** Runs `work`, and returns the invoices before and after it. */
  async around<T>(
    work: () => Promise<T>,
  ): Promise<{ done: T; before: Map<string, StoredInvoice>; after: Map<string, StoredInvoice> }> {
    const before = await this.#before();
    const done = await work();
    const writes = await this.#writes();
    const after = await this.stored();
    this.#left = { rows: after, writes };
    return { done, before, after };
  }

  stored(): Promise<Map<string, StoredInvoice>> {
    return storedInvoices(this.client);
  }

  async checkpoint(): Promise<CalendarDate | undefined> {
    const { rows } = await this.client.query<{ d: string }>('SELECT last_date::text AS d FROM etl_checkpoints');
    return rows[0]?.d;
  }

  /** The days that are recorded as loaded wholly. */
  async provenDays(): Promise<CalendarDate[]> {
    const { rows } = await this.client.query<{ d: string }>(
      "SELECT date::text AS d FROM etl_days WHERE rules_hash <> '' ORDER BY date",
    );
    return rows.map(({ d }) => d);
  }

  async lastLog(): Promise<{ status: string; error_code: string | null } | undefined> {
    const { rows } = await this.client.query('SELECT status, error_code FROM etl_logs ORDER BY id DESC LIMIT 1');
    return rows[0] as { status: string; error_code: string | null } | undefined;
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
const savedTables = ['dim_company', 'fact_invoice', 'fact_invoice_line', 'etl_masters', 'etl_days', 'etl_sources'];

export interface Cell {
  job: Job;
  /** The expected outcome. May be a function that decides by how the run ended. */
  says: Says | ((ended: Ended) => Says);
  /** The books with which the warehouse is compared. Default: the present books. */
  book?: Book;
  encoding?: AnswerEncoding;
  /** The release of Tally that answers, whatever the books contain. */
  release?: DemoVoucher['release'];
  env?: Record<string, string>;
  /**
   * Compares only fields that do not depend on the classes of ledgers. The total does: it depends on which line is TDS.
   */
  withoutClasses?: boolean;
}

export type Ended = { result: JobResult; error?: undefined } | { result?: undefined; error: EtlError };

type Judged = Cell & { says: Says };

/** Runs a job with a Tally whose behaviour is already set, and compares everything that came of it with the books. */
export async function runCell(given: Cell, warehouse: TableWarehouse, tally: DemoServer): Promise<Ended> {
  const { job, env, says } = given;
  const checkpointBefore = await warehouse.checkpoint();
  const run = (): Promise<Ended> =>
    job
      .run({ TALLY_URL: tally.url, DB_URL: warehouse.url, TALLY_TIMEOUT_SECONDS: '20', ...env })
      .then((result): Ended => ({ result }))
      .catch((thrown: unknown): Ended => {
        if (thrown instanceof EtlError && thrown.code !== 'unexpected') return { error: thrown };
        throw thrown;
      });
  const { done: ended, before, after } = await warehouse.around(run);
  const judged = { ...given, says: typeof says === 'function' ? says(ended) : says };
  const cell = { ...judged, says: saysOf(judged) };
  judgeWords(cell, ended);
  judgeRows(cell, ended, before, after);
  if (job.isSync) await judgeCheckpoint(cell, ended, after, checkpointBefore, warehouse);
  return ended;
}

/** The invoices that the books of the cell have in the job's range. */
const vouchersOf = ({ book = booksNow, job }: Judged): DemoVoucher[] =>
  [...book.vouchers(job.range)].filter(({ base }) => base !== 'none');

/**
 * How a sync must treat the days before its range: compare them, compare them without marking invoices as gone, or
 * leave them untouched. `either`, after an error: they may have been compared or not.
 */
function olderDays({ job, says }: Judged): 'compared' | 'unmarked' | 'either' | 'untouched' {
  if (!job.isSync) return 'untouched';
  if (says.kind === 'error') return 'either';
  if (says.kind === 'complete' && says.warning) return says.comparesOlder ? 'unmarked' : 'untouched';
  // The list may prove something for some years and nothing for others.
  if ((says.kind === 'partly' || says.kind === 'holes') && says.list) return 'unmarked';
  return says.kind === 'complete' || says.kind === 'holes' ? 'compared' : 'untouched';
}

/** The expected outcome. If the job's range has none of the vouchers that Tally leaves out, everything came. */
function saysOf(cell: Judged): Says {
  const { says } = cell;
  if ((says.kind === 'partly' && says.list) || (says.kind !== 'holes' && says.kind !== 'partly')) return says;
  if (vouchersOf(cell).some(says.without)) return says;
  return says.kind === 'holes' ? complete : unproven;
}

const leftOut = ({ says }: Judged): Test => ('without' in says ? says.without : undefined) ?? (() => false);

function holesOf(cell: Judged): Hole[] {
  const days = new Map<CalendarDate, number>();
  for (const voucher of vouchersOf(cell))
    if (leftOut(cell)(voucher)) days.set(voucher.date, (days.get(voucher.date) ?? 0) + 1);
  return [...days].map(([date, invoices]) => ({ date, invoices }));
}

function judgeWords(cell: Judged, { result, error }: Ended): void {
  const { says, job } = cell;
  if (says.kind === 'error') {
    assert.equal(error?.code ?? `exit ${jobExitCode(result!)}`, says.code, error?.message ?? result?.notProven ?? '');
    assert.ok(error!.hint.length > 10);
    return;
  }
  assert.equal(error, undefined, error && `${error.code}: ${error.message}`);
  const exit = ['holes', 'partly', 'implausible'].includes(says.kind) ? exitCodes['range-not-covered'] : 0;
  assert.equal(jobExitCode(result), exit, result.notProven ?? 'exit 0');
  assert.deepEqual(result.holes, says.kind === 'holes' ? holesOf(cell) : []);
  if (says.kind === 'holes') {
    const count = holesOf(cell).reduce((sum, { invoices }) => sum + invoices, 0);
    assert.match(result.notProven!, new RegExp(`lists ${count} voucher.*${dateText(holesOf(cell)[0]!.date)}`));
  }
  if (says.kind === 'implausible') assert.match(result.notProven!, /looks like a mistake.*None was marked/);
  const warning = 'warning' in says ? says.warning : undefined;
  const doubts = result.warnings.filter((text) => /proven|prove /.test(text));
  if (warning) assert.match(result.warnings.join('\n'), warning);
  else if (says.kind === 'complete') assert.deepEqual(doubts, []);
  assert.deepEqual([result.from, result.to], [job.range.from, job.range.to]);
  assert.equal(result.rejected, 0);
}

function judgeRows(
  cell: Judged,
  { result, error }: Ended,
  before: Map<string, StoredInvoice>,
  after: Map<string, StoredInvoice>,
): void {
  const { job, encoding } = cell;
  const older = olderDays(cell);
  const { says } = cell;
  // Sync and backfill have one rule: an invoice that a whole list lacks is marked.
  const marks = job.isSync
    ? older === 'compared'
    : says.kind === 'holes' || (says.kind === 'complete' && !says.warning);
  const now = new Map([...(cell.book ?? booksNow).vouchers()].map((voucher) => [voucher.guid, voucher]));
  const due = new Map(vouchersOf(cell).map((voucher) => [voucher.guid, voucher]));
  let changed = 0;
  let kept = 0;
  for (const id of new Set([...before.keys(), ...after.keys(), ...due.keys()])) {
    const [was, is] = [before.get(id), after.get(id)];
    if (JSON.stringify(is) !== JSON.stringify(was)) changed++;
    const isOlder = older !== 'untouched' && ((was ?? is)?.invoice.date ?? job.range.from) < job.range.from;
    const voucher = due.get(id) ?? (isOlder ? now.get(id) : undefined);
    // Changes of vouchers that the list lacks cannot be noticed.
    if (isOlder && older === 'unmarked' && isDeepStrictEqual(is, was)) continue;
    // An invoice that was not altered need not be read again, however Tally writes it today.
    if (isOlder && encoding && was?.invoice.alter_id === String(voucher?.alterId) && isDeepStrictEqual(is, was))
      continue;
    if (voucher === undefined) {
      const isStale = was && (isOlder || (was.invoice.date >= job.range.from && was.invoice.date <= job.range.to));
      if (isStale && job.removes && !error)
        assert.equal(is, undefined, `${id}, which is gone from Tally, is still there`);
      else if (isStale && marks)
        assert.deepEqual([is?.invoice, is?.isMissing], [was.invoice, true], `${id}, which is gone from Tally`);
      else assert.deepEqual(is, was, `${id} is none of Tally's of the range, and was touched`);
      if (isStale && (!isOlder || (older === 'compared' && !was.isMissing))) kept++;
      continue;
    }
    const expected = comparable(
      cell,
      expectedInvoice({ ...voucher, ...(cell.release && { release: cell.release }) }, encoding)!,
    );
    const found = is && comparable(cell, is.invoice);
    if (error || leftOut(cell)(voucher)) {
      if (error && !job.removes && JSON.stringify(is) !== JSON.stringify(was)) assert.deepEqual(found, expected);
      else assert.deepEqual(is, was, `${id} of ${voucher.date}, which did not come, was touched`);
      continue;
    }
    assert.deepEqual([found, is?.isMissing], [expected, false], `${id} of ${voucher.date}`);
    if (
      was?.isMissing === false &&
      was.classedBy === is!.classedBy &&
      JSON.stringify(was.invoice) === JSON.stringify(is!.invoice)
    )
      assert.equal(is!.writtenBy, was.writtenBy, `${id} was written again without a change`);
  }
  if (error && changed > 0) assert.match(error.message, /Kept: /);
  if (error?.message.includes('Nothing was changed')) assert.equal(changed, 0, error.message);
  if (result && !['partly', 'undetected', 'implausible'].includes(says.kind)) {
    const hides = says.kind === 'complete' && says.hides;
    assert.deepEqual(
      [result.removed, result.missing],
      job.removes ? [kept, 0] : [0, hides ? 0 : kept],
      'removed, missing',
    );
  }
}

function comparable(cell: Judged, invoice: ExpectedInvoice): unknown {
  if (!cell.withoutClasses) return invoice;
  const { invoice_id, alter_id, date, invoice_type, narration, lines } = invoice;
  const amounts = lines.map(({ amount, ledger_name }) => ({ amount, ledger_name }));
  return { invoice_id, alter_id, date, invoice_type, narration, amounts };
}

async function judgeCheckpoint(
  cell: Judged,
  { error }: Ended,
  after: Map<string, StoredInvoice>,
  before: CalendarDate | undefined,
  warehouse: TableWarehouse,
): Promise<void> {
  const reached = await warehouse.checkpoint();
  const { says, job, encoding } = cell;
  if (says.kind === 'complete') assert.equal(reached, tableToday, 'checkpoint');
  if (says.kind === 'holes') {
    const until = addDays(holesOf(cell)[0]!.date, -1);
    assert.equal(reached, until >= job.range.from && (!before || until > before) ? until : before, 'checkpoint');
  }
  if (says.kind !== 'undetected' && says.kind !== 'implausible' && reached !== before)
    for (const voucher of vouchersOf(cell).filter(({ date }) => date <= reached!))
      assert.deepEqual(
        after.get(voucher.guid) && comparable(cell, after.get(voucher.guid)!.invoice),
        comparable(cell, expectedInvoice({ ...voucher, ...(cell.release && { release: cell.release }) }, encoding)!),
        `checkpoint ${reached} is beyond ${voucher.date}`,
      );
  const log = await warehouse.lastLog();
  const isOk = says.kind === 'complete' || says.kind === 'undetected';
  assert.deepEqual(log, {
    status: isOk ? 'ok' : 'error',
    error_code: isOk ? null : (error?.code ?? 'range-not-covered'),
  });
}
