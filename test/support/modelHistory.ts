import assert from 'node:assert/strict';
import fc from 'fast-check';
import { addDays, financialYearStart, type CalendarDate } from '../../src/core/base/calendar.js';
import type { ErrorCode, EtlError } from '../../src/core/base/errors.js';
import type { JobResult } from '../../src/core/jobs/job.js';
import { dayOf, deeds, firstBook, firstDay, ModelBooks, lastDay, type Deed } from './modelBooks.js';
import { codesOf, isListed, keepsDates, tallyCodes } from './modelCodes.js';
import { attempts, inWords, plainManner, spanOf, type Attempt, type Job } from './modelJobs.js';
import {
  countsOf,
  differences,
  goneFrom,
  invoicesOf,
  isGuarded,
  isReadAgain,
  isSame,
  looksLikeMistake,
  mayHide,
  rowsAfter,
  stops,
  type Load,
  type Rows,
} from './modelOracle.js';
import type { Ended, Kept, ModelWorld } from './modelWorld.js';

/** Somebody works in Tally, then a job runs; this is repeated a few times. */
export interface History {
  bookSeed: number;
  rounds: { deeds: Deed[]; attempt: Attempt }[];
}

export const histories: fc.Arbitrary<History> = fc.record({
  bookSeed: fc.nat(9_999),
  rounds: fc.array(fc.record({ deeds: fc.array(deeds, { maxLength: 5 }), attempt: attempts }), {
    minLength: 1,
    maxLength: 4,
  }),
});

/** Follows the rounds of each history: loads everything from a Tally without faults. */
const everything: Attempt = {
  job: { job: 'backfill', from: 0, days: lastDay, later: 0, dayByDay: false, dryRun: false, force: false },
  weather: { weather: 'calm' },
  manner: plainManner,
};

const anew: Attempt = {
  ...everything,
  job: { job: 'clear-and-reload', from: 0, days: lastDay, later: 0, dayByDay: false, dryRun: false, force: true },
};

const later = (a: CalendarDate | undefined, b: CalendarDate | undefined): CalendarDate | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;

/** The history of one company from its first voucher on. `story` tells in words what happened. */
export class CompanyHistory {
  readonly story: string[] = [];
  readonly #books: ModelBooks;
  #rows: Rows = new Map();
  #missing: ReadonlySet<string> = new Set();
  #others: ReadonlyMap<string, bigint> = new Map();
  #days: ReadonlySet<CalendarDate> = new Set();
  #checkpoint: CalendarDate | undefined;

  constructor(
    private readonly world: ModelWorld,
    private readonly companyId: string,
    private readonly bookSeed: number,
  ) {
    this.#books = new ModelBooks(firstBook(bookSeed, companyId));
  }

  async play({ rounds }: Pick<History, 'rounds'>): Promise<void> {
    for (const { deeds: done, attempt } of [...rounds, { deeds: [], attempt: everything }]) {
      for (const deed of done) this.story.push(this.#books.do(deed));
      this.story.push(inWords(attempt));
      await this.#attempt(attempt);
    }
    if (this.#streams === 'invoices') return;
    // After a restored backup the warehouse may have other versions of vouchers, which Tally's list shows alike. A
    // guard may have left rows that Tally no longer has. A reload corrects both before the ledgers are compared.
    this.story.push(inWords(anew));
    await this.#attempt(anew);
    for (const day of [10, 35, lastDay]) await this.world.assertLedger(this.#books, dayOf(day));
  }

  /** Half of the companies load the ledger too, which changes nothing for their invoices. */
  get #streams(): string {
    return this.bookSeed % 2 === 0 ? 'invoices' : 'invoices,ledger';
  }

  get total(): string | undefined {
    const paise = [...this.#rows.values()].reduce((sum, row) => sum + BigInt(row.total_amount.replace('.', '')), 0n);
    const digits = String(paise < 0n ? -paise : paise).padStart(3, '0');
    if (this.#rows.size === 0) return undefined;
    return `${this.#rows.size} ${paise < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  }

  async #attempt(attempt: Attempt): Promise<void> {
    const { job } = attempt;
    if (job.job === 'statements') return this.#statements(job);
    const load = this.#load(job, attempt);
    const ended = await this.world.run(job, attempt, this.#books, this.#checkpoint, this.#streams);
    const kept = await this.world.kept(this.companyId);
    this.story.push(
      `  → ${ended === 'killed' ? 'killed' : 'error' in ended ? `${ended.error.code}: ${ended.error.message}` : (ended.result.notProven ?? 'done')}`,
    );
    const isExact = this.#allowAmbiguous(load, kept.rows, job);
    if (ended === 'killed') this.#judgeStopped(load, attempt, kept);
    else if ('error' in ended) this.#judgeFailed(load, attempt, ended.error, kept);
    else this.#judgeDone(load, attempt, ended.result, kept, isExact);
    this.#judgeLog(attempt, ended, kept);
    this.#rows = kept.rows;
    this.#missing = kept.missing;
    this.#others = kept.others;
    this.#days = kept.days;
    this.#checkpoint = kept.checkpoint;
  }

  async #statements({ from }: Job & { job: 'statements' }): Promise<void> {
    const date = addDays(firstDay, from);
    await this.world.haveLoadedAgain(this.companyId, date);
    this.#rows = new Map([...this.#rows].filter(([, row]) => row.date < date));
    if (this.#checkpoint !== undefined) this.#checkpoint = addDays(date, -1);
  }

  #load(job: Exclude<Job, { job: 'statements' }>, { weather }: Attempt): Load {
    const { range } = spanOf(job, this.#checkpoint);
    const isFile = job.job === 'file';
    const book = isFile && job.of === 'backup' ? this.#books.backup : this.#books.now;
    const invoices = invoicesOf(book, range);
    // If the warehouse has a later version of a voucher, which is not an invoice, an old file does not change that.
    if (isFile)
      for (const [id, row] of invoices) if ((this.#others.get(id) ?? 0n) > BigInt(row.alter_id)) invoices.delete(id);
    const loaded = new Set([...this.#days, ...[...this.#rows.values()].map(({ date }) => date)]);
    const before =
      job.job === 'sync' ? invoicesOf(book, { from: firstDay, to: addDays(range.from, -1) }) : new Map<string, never>();
    const isBackfill = job.job === 'backfill' && !job.dryRun;
    const around = isBackfill ? invoicesOf(book, { from: firstDay, to: dayOf(lastDay) }) : new Map<string, never>();
    const isHidden = !isFile && weather.weather === 'hidden';
    return {
      range,
      invoices,
      older: new Map([...before].filter(([, { date }]) => loaded.has(date))),
      elsewhere: new Map([...around].filter(([id, { date }]) => loaded.has(date) && !invoices.has(id))),
      hidden: new Set(
        [...invoices.values()]
          .filter((row) => isHidden && Number(row.master_id) % 10 === 0)
          .map((row) => row.invoice_id),
      ),
      removes: job.job === 'clear-and-reload',
      dayByDay: job.job !== 'sync' && job.dayByDay,
      isFile,
    };
  }

  /**
   * EXCLUDED: after a restored backup Tally may give one ALTERID to another version of a voucher than the loaded one. Its list
   * shows both versions alike, so backfill and sync treat the row as unchanged. Only clear-and-reload, which reads everything,
   * corrects it. Returns false if that happened: the counts then differ from the expected ones.
   */
  #allowAmbiguous(load: Load, rows: Rows, job: Job): boolean {
    let isExact = true;
    if (job.job === 'clear-and-reload' || ('dryRun' in job && job.dryRun)) return isExact;
    const allowed = (listed: Rows): Rows => {
      const invoices = new Map(listed);
      for (const [id, row] of listed) {
        const was = this.#rows.get(id);
        if (was?.alter_id !== row.alter_id || !this.#books.isAmbiguous(row) || isSame(was, row)) continue;
        isExact = false;
        if (isSame(rows.get(id), was)) invoices.set(id, was);
      }
      return invoices;
    };
    load.invoices = allowed(load.invoices);
    load.older = allowed(load.older);
    return isExact;
  }

  /** The run stopped somewhere: whole parts are committed with their checkpoint, and nothing else. */
  #judgeStopped(load: Load, attempt: Attempt, kept: Kept): void {
    const writes = !('dryRun' in attempt.job && attempt.job.dryRun);
    const isOther = (id: string): boolean => !isReadAgain(load, kept.rows.get(id));
    const reached = stops(load).filter(
      (stop) => !differences(rowsAfter(this.#rows, load, stop), kept.rows).some(isOther),
    );
    const possible = writes ? reached : reached.filter((stop) => stop === undefined);
    if (possible.length === 0)
      this.#fail('is neither as before nor changed by whole parts', rowsAfter(this.#rows, load, undefined), kept.rows);
    if (attempt.job.job !== 'sync') assert.equal(kept.checkpoint, this.#checkpoint, 'checkpoint');
    else {
      const most = later(this.#checkpoint, possible.at(-1));
      const least =
        isListed(attempt) && attempt.weather.weather !== 'hidden'
          ? later(this.#checkpoint, possible[0])
          : this.#checkpoint;
      const is = kept.checkpoint ?? '';
      assert.ok(is >= (least ?? '') && is <= (most ?? ''), `checkpoint ${is}, the rows reach from ${least} to ${most}`);
    }
  }

  #judgeFailed(load: Load, attempt: Attempt, error: EtlError, kept: Kept): void {
    const { job, weather } = attempt;
    const isReal = !('dryRun' in job && job.dryRun);
    const expected = [...codesOf(attempt), ...this.#codesOfForeign()];
    if (isGuarded(this.#rows, load) && isReal && !('force' in job && job.force)) expected.push('guard');
    if (load.isFile) expected.push(...this.#codesOfFile(load, job));
    const isGone = countsOf(this.#rows, this.#missing, load).removed > 0;
    if (isGone && isReal && this.#mayHide(load, attempt) !== false && !('force' in job && job.force))
      expected.push('guard');
    assert.ok(expected.includes(error.code), `${error.code}: ${error.message}`);
    this.#judgeStopped(load, attempt, kept);
    const isChanged = differences(this.#rows, kept.rows).length > 0;
    if (error.message.includes('Nothing was changed')) assert.ok(!isChanged, error.message);
    if (isChanged && weather.weather !== 'postgres') assert.match(error.message, /Kept: /);
    if (error.code === 'guard') assert.ok(!isChanged, 'the guard changed something');
  }

  /** The error codes that a file may cause: a file without vouchers of the range cannot be loaded. */
  #codesOfFile({ range }: Load, job: Job): ErrorCode[] {
    const book = job.job === 'file' && job.of === 'backup' ? this.#books.backup : this.#books.now;
    const dates = [...book.vouchers()].map(({ date }) => date).sort();
    if (dates.length === 0) return tallyCodes;
    return dates[0]! > range.to || dates.at(-1)! < range.from ? ['range-not-covered'] : [];
  }

  #judgeDone(load: Load, attempt: Attempt, result: JobResult, kept: Kept, isExact: boolean): void {
    const { job, weather, manner } = attempt;
    const isHealthy = (weather.weather === 'calm' && keepsDates(manner)) || job.job === 'file';
    assert.deepEqual([result.from, result.to], [load.range.from, load.range.to]);
    assert.equal(result.rejected, 0);
    const isMistake = !load.removes && result.notProven?.includes('looks like a mistake') === true;
    if (isHealthy && !load.isFile && !isMistake) assert.equal(result.notProven, null);
    const hides = weather.weather === 'hidden';
    if (!isHealthy && !hides) load.hidden = this.#leftOut(load, weather, result, kept.rows);
    if (hides) load.hidden = new Set([...load.hidden].filter((id) => !this.#hasCome(id, load, kept.rows)));
    const isAll = load.hidden.size === 0 && result.holes.length === 0;
    const counts = countsOf(this.#rows, this.#missing, isMistake ? { ...load, elsewhere: new Map() } : load);
    const hidesDays = this.#mayHide(load, attempt);
    if (hidesDays === true) counts.missing = 0;
    if (isAll && isExact && result.warehouse.state === 'compared') {
      const { invoices, inserted, updated, unchanged, removed, missing } = result;
      const said = { invoices, inserted, updated, unchanged, removed, missing };
      // The counts of a sync include older days that it read again. #judgeMarks checks which invoices it marked.
      if (job.job === 'sync') {
        if (isHealthy) assert.deepEqual({ inserted, updated }, { inserted: counts.inserted, updated: counts.updated });
      }
      // With faults, without a list that keeps to dates, or with a Tally that may hide days, a run need not find which
      // invoices are missing.
      else {
        const isCounted = load.isFile || (isHealthy && hidesDays !== undefined);
        assert.deepEqual(isCounted ? said : { ...said, missing: counts.missing }, counts);
        if (isListed(attempt)) assert.ok(missing === 0 || missing >= counts.missing, `${missing} missing`);
      }
    }
    if (result.dryRun) {
      assert.deepEqual(differences(this.#rows, kept.rows), [], 'a dry run wrote');
      assert.equal(kept.checkpoint, this.#checkpoint);
      return;
    }
    const isForced = 'force' in job && job.force;
    if (isGuarded(this.#rows, load) && !isForced) assert.fail('the guard let it pass');
    if (hidesDays === true && result.removed > 0 && !isForced) assert.fail('removed what Tally may only hide');
    const due = rowsAfter(this.#rows, load, load.range.to);
    for (const [id, row] of load.older) if (isHealthy || isReadAgain(load, kept.rows.get(id))) due.set(id, row);
    if (differences(due, kept.rows).length > 0) this.#fail('is not what Tally has', due, kept.rows);
    this.#judgeUntrue(load, kept);
    if (isHealthy && isExact && !load.isFile) this.#judgeMarks(load, kept, result, hidesDays, job.job === 'sync');
    this.#judgeHoles(load, result, hides, hides && load.removes);
    if (job.job !== 'sync') assert.equal(kept.checkpoint, this.#checkpoint, 'checkpoint');
    else this.#judgeCheckpoint(load, attempt, result, kept);
  }

  /**
   * Whether this load brought an invoice that the reports hide. The voucher collection or TYPE Object may have had it.
   */
  #hasCome(id: string, { invoices }: Load, rows: Rows): boolean {
    const row = invoices.get(id);
    return isSame(rows.get(id), row) && !isSame(this.#rows.get(id), row);
  }

  /** As mayHide of modelOracle, with the vouchers that Tally lists for this load's range. A file hides nothing. */
  #mayHide({ range, isFile }: Load, { manner }: Attempt): boolean | undefined {
    if (isFile) return false;
    return mayHide(
      manner,
      [...this.#books.now.vouchers(range)].map(({ date }) => date),
    );
  }

  /**
   * Invoices that are no longer in Tally must be marked. There are two exceptions: the result looks like a mistake, or Tally
   * may have no licence and hide them. The run must then say so, and only invoices that came back lose their mark.
   */
  #judgeMarks(
    load: Load,
    { rows, missing, others }: Kept,
    { notProven, warnings }: JobResult,
    hidesDays: boolean | undefined,
    isSync: boolean,
  ): void {
    const isMistake = !load.removes && notProven?.includes('looks like a mistake') === true;
    const due = goneFrom(rows, load, this.#missing, isSync);
    // These stay or get marked even if Tally may hide vouchers: invoices that were marked before, and those that Tally
    // shows under a type that is not an invoice's.
    const isKnown = (id: string): boolean => this.#missing.has(id) || others.has(id);
    const isNew = [...due].some((id) => !isKnown(id));
    const isLeft = hidesDays ?? warnings.some((warning) => warning.includes('licen'));
    if (isLeft && isNew) {
      assert.match(warnings.join('\n'), /licen/);
      const known = [...due].filter(isKnown);
      assert.deepEqual([...missing].sort(), known.sort(), 'marked as gone, by a Tally that may hide it');
      return;
    }
    // The comparison with the list begins on the first day that was ever loaded.
    const first = [...[...rows.values()].map(({ date }) => date), ...this.#days, load.range.from].sort()[0]!;
    const shown = [...this.#books.now.vouchers()].filter(({ deleted }) => deleted === undefined);
    const listed = new Set(shown.map(({ date }) => date).filter((date) => date >= first && date <= load.range.to));
    // A backfill compares only its range. If Tally lists nothing in the part of a financial year where the warehouse
    // has rows, that looks like a mistake too.
    const yearsOf = (dates: Iterable<CalendarDate>): Set<CalendarDate> =>
      new Set([...dates].filter((date) => date >= load.range.from && date <= load.range.to).map(financialYearStart));
    const years = yearsOf(listed);
    const isEmptied = !isSync && [...yearsOf([...rows.values()].map(({ date }) => date))].some((y) => !years.has(y));
    if (isMistake)
      assert.ok(isEmptied || looksLikeMistake(rows, missing, listed, load), 'the guard saw a mistake where none is');
    else assert.deepEqual([...missing].sort(), [...due].sort(), 'marked as gone');
  }

  /** However Tally answers, a run must not newly mark as gone an invoice that Tally has on a loaded day. */
  #judgeUntrue({ range }: Load, { missing }: Kept): void {
    const has = invoicesOf(this.#books.now, { from: firstDay, to: range.to });
    const untrue = [...missing].filter(
      (id) => !this.#missing.has(id) && has.has(id) && this.#days.has(has.get(id)!.date),
    );
    assert.deepEqual(untrue, [], 'marked as gone, and in Tally');
  }

  /** If all listed vouchers of some days have the GUID of another company, the run may treat them as that company's. */
  #codesOfForeign(): ErrorCode[] {
    const isForeign = ({ guid }: { guid: string }): boolean => !guid.startsWith(this.companyId);
    const vouchers = [...this.#books.now.vouchers()];
    const own = new Set(vouchers.filter((voucher) => !isForeign(voucher)).map(({ date }) => date));
    return vouchers.some((voucher) => isForeign(voucher) && !own.has(voucher.date)) ? ['company-not-open'] : [];
  }

  #judgeCheckpoint({ range }: Load, attempt: Attempt, result: JobResult, { checkpoint }: Kept): void {
    assert.equal(result.checkpoint, checkpoint ?? null);
    const [before, all] = [this.#checkpoint, later(this.#checkpoint, range.to)];
    // A hole on an older day does not stop the checkpoint: each sync compares that day anew.
    const hole = result.holes.find(({ date }) => date >= range.from);
    if (hole !== undefined)
      assert.ok(
        checkpoint === before || (checkpoint! < hole.date && checkpoint! > (before ?? '')),
        `checkpoint ${checkpoint}, hole ${hole.date}`,
      );
    else if (isListed(attempt)) assert.equal(checkpoint, all, 'checkpoint');
    else assert.ok((checkpoint ?? '') >= (before ?? '') && (checkpoint ?? '') <= all!, `checkpoint ${checkpoint}`);
  }

  /**
   * The invoices that did not come because of a fault. The run must name their days, and their rows may be as before. Without a
   * list the dates of the answer prove the range, and up to a week at either end may pass as holidays. If a fault empties an answer
   * too, the run must say that the range is not proven.
   */
  #leftOut(
    { range, invoices }: Load,
    { weather }: Attempt['weather'],
    { holes, index, answered, notProven }: JobResult,
    rows: Rows,
  ): Set<string> {
    const days = new Set(holes.map(({ date }) => date));
    const isHoliday = (date: CalendarDate): boolean =>
      (date < (answered.from ?? '') && date < addDays(range.from, 7)) ||
      (date > (answered.to ?? '') && date > addDays(range.to, -7));
    const isOpen = (date: CalendarDate): boolean =>
      days.has(date) || (index === null && (notProven === null ? isHoliday(date) : weather === 'fault'));
    const left = [...invoices].filter(([id, row]) => isOpen(row.date) && isSame(rows.get(id), this.#rows.get(id)));
    return new Set(left.map(([id]) => id));
  }

  /**
   * An invoice that Tally lists and no report brought must be named by its day, unless it was loaded before and is unchanged.
   * Without a list that proves anything, days cannot be named: the run must then say that it is not proven.
   */
  #judgeHoles(
    { invoices, hidden }: Load,
    { holes, index, notProven, warnings }: JobResult,
    hides: boolean,
    readsAll: boolean,
  ): void {
    if (index === null) {
      assert.deepEqual(holes, []);
      if (!hides) return;
      const isOpen = [...hidden].some((id) => readsAll || !isSame(this.#rows.get(id), invoices.get(id)));
      const isAccepted = warnings.some((warning) => warning.startsWith('Accepted by force'));
      if (isOpen)
        assert.ok(notProven !== null || isAccepted, 'something did not come, and the run says that it is proven');
      return;
    }
    for (const date of new Set([...invoices.values()].map((row) => row.date))) {
      const ofDay = [...hidden].map((id) => invoices.get(id)!).filter((row) => row.date === date);
      const changed = ofDay.filter((row) => !isSame(this.#rows.get(row.invoice_id), row));
      const told = holes.find((hole) => hole.date === date)?.invoices ?? 0;
      // With the stream `ledger` the run names vouchers of all types.
      const vouchers = this.#streams === 'invoices' ? [] : [...this.#books.now.vouchers({ from: date, to: date })];
      const others = vouchers.filter(({ base }) => base === 'none').length;
      assert.ok(
        told <= ofDay.length + others && told >= (readsAll ? ofDay : changed).length,
        `${told} holes on ${date}`,
      );
    }
  }

  #judgeLog({ job, weather }: Attempt, ended: Ended, { logs }: Kept): void {
    if (job.job !== 'sync') assert.deepEqual(logs, []);
    else if (ended === 'killed') assert.ok(logs.length <= 1);
    else if (weather.weather === 'postgres' && 'error' in ended) assert.ok(logs.length <= 1, JSON.stringify(logs));
    else {
      const code = 'error' in ended ? ended.error.code : ended.result.notProven === null ? null : 'range-not-covered';
      assert.deepEqual(
        logs.map(({ status, code: logged }) => [status, logged]),
        [[code === null ? 'ok' : 'error', code]],
      );
    }
  }

  #fail(what: string, due: Rows, is: Rows): never {
    const [id] = differences(due, is);
    assert.deepEqual(is.get(id!), due.get(id!), `the warehouse ${what}: ${id}`);
    throw new Error('unreachable');
  }
}
