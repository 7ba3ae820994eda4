import { t } from '@vscode/l10n';
import { addDays, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { dayCount, invoiceCount, rangeText } from '../../../base/countWords.js';
import { cancelled, EtlError } from '../../../base/errors.js';
import { formatCount } from '../../../base/format.js';
import type { MappingRules } from '../../../invoice/mapInvoice.js';
import type { Warehouse } from '../../../warehouse/warehouse.js';
import { mayHide, readRules } from '../../books/books.js';
import { readAndRememberRules } from '../../books/knownBooks.js';
import { daysIn, joinIdle, monthsOf, partsOf } from '../chunks.js';
import { inFileWords, provenUntil, type Coverage } from '../coverage.js';
import type { JobResult } from '../../job.js';
import type { Run } from '../run.js';
import type { Sink } from './readAnswer.js';
import { readIndex } from './readIndex.js';
import { RangeReader, type Portion } from './readRange.js';
import type { Hole, VoucherIndex } from './voucherIndex.js';

/** What a run can say of its completeness when all is read. */
export interface Verdict {
  notProven: string | null;
  holes: Hole[];
  warnings: string[];
}

/** A range about to be read, with all that is known before the first voucher. */
export interface PreparedReading {
  reader: RangeReader;
  index: VoucherIndex;
  /** Tally gave its voucher index. */
  offersIndex: boolean;
  rules: MappingRules;
  rulesHash: string | undefined;
  /** Throws `range-not-covered` where an answer has nothing of the range and nothing shows that there is nothing. */
  judge: (portion: Portion) => void;
  /** The date that a checkpoint may move to with a portion; undefined when its beginning is not proven. */
  checkpointAfter: (portion: Portion) => CalendarDate | undefined;
  /** Throws `range-not-covered` where Tally lists invoices and not one of them came. */
  verdict: () => Verdict;
  /** The days for which an invoice that we did not receive can be taken not to exist in Tally; undefined: none. */
  reached: () => DateRange | undefined;
  /** Keeps for the next run what the company's Tally answers to. */
  remember: (warehouse: Warehouse) => Promise<void>;
}

/**
 * Asks Tally for the rules and the voucher index of a range, finds out what of it the warehouse has already, and decides
 * what is to be asked for. Dry runs and replacements read everything.
 */
export async function prepareReading(run: Run, sink: Sink, warehouse?: Warehouse): Promise<PreparedReading> {
  const { books, context, range, dayByDay, replace, readsAll, verifies = false } = run;
  const thorough = replace !== undefined || verifies;
  const { company } = books;
  const writes = warehouse !== undefined && readsAll !== true;
  const { rules, rulesHash, warnings } =
    run.rules ??
    (writes ? await readAndRememberRules(books, context, warehouse) : await readRules(books, context, warehouse));
  const {
    index,
    offered,
    warnings: indexWarnings,
    unproven,
    listDays,
  } = run.indexed ?? (await readIndex(books, range, rules, context));
  // Rows would leave the warehouse for not having come. Said before a slow Tally is asked for a single report.
  if (replace && !replace.force && unproven !== undefined)
    throw new EtlError('range-not-covered', `${unproven} ${nothingChanged}`, otherWays(books.reports));
  if (warehouse && offered && rulesHash !== undefined && !replace && !readsAll)
    await warehouse.eachLoaded(company.id, partsOf(range, index), rulesHash, (invoice) => {
      if (context.signal.aborted) throw cancelled();
      index.markLoaded(invoice);
    });
  const known = books.isFile ? undefined : (await warehouse?.listSources(company.id))?.find(isOf(company.name));
  const reports = [...books.reports].sort((a, b) => Number(b === known?.report) - Number(a === known?.report));
  const whole = books.isFile || (known?.servesAll === true && known.report === reports[0]);
  // Only where something is to be read: a Tally that does not say whether it has a licence is asked for a day.
  const isIdle = offered && !thorough && index.awaited(range) === 0;
  const everyDay = books.lists === undefined || isIdle || (await books.lists.keepsEveryDay());
  const parts = whole ? [range] : dayByDay ? daysIn(range) : monthsOf(range, index, everyDay);
  const chunks = [...(thorough || !offered ? parts : joinIdle(parts, index))];
  const reading = {
    ...books,
    reports,
    rules,
    range,
    chunks,
    index,
    offersIndex: offered,
    listDays,
    everyDay,
    sink,
    thorough,
  };
  const reader = new RangeReader(reading, context);
  let coverage: Coverage | undefined;

  const refuseNothing = (holes: Hole[]): void => {
    if (holes.length > 0 && index.read + index.unchanged === 0)
      throw new EtlError(
        'range-not-covered',
        `${nothingCame(range, reader)} ${nothingChanged}`,
        otherWays(books.reports),
      );
  };
  const holesUntil = (to: CalendarDate): Hole[] => index.holes({ from: range.from, to });
  return {
    reader,
    index,
    offersIndex: offered,
    rules,
    rulesHash,
    judge: (portion) => {
      coverage = portion.coverage;
      if (coverage && books.isFile) coverage = inFileWords(coverage, range, reader.answered, books.spans);
      // Before anything is replaced: rows that Tally has no more would go, and the run says that nothing was changed.
      if (replace && reader.proof === 'index' && portion.range.to === range.to) refuseNothing(index.holes());
      // Else replacing has a guard of its own, which knows what there is to lose.
      if (coverage?.state === 'nothing' && !replace)
        throw new EtlError('range-not-covered', `${coverage.reason} ${nothingChanged}`, coverage.hint);
    },
    checkpointAfter: (portion) => {
      if (unproven !== undefined) return undefined;
      if (reader.proof === 'dates') return provenUntil(range, portion.answered ?? reader.answered, company.booksFrom);
      const [hole] = holesUntil(portion.range.to);
      if (hole === undefined) return portion.range.to;
      return hole.date > range.from && index.read + index.unchanged > 0 ? addDays(hole.date, -1) : undefined;
    },
    verdict: () => {
      const holes = reader.proof === 'index' ? index.holes() : [];
      const reason =
        reader.proof === 'index'
          ? reasonOf(holes, readsAll === true ? cameCompared : cameLoaded)
          : unproven === undefined
            ? coverageReason(coverage)
            : [unproven, readsAll === true ? cameCompared : cameLoaded, nothingMissing(), setPeriod()].join(' ');
      refuseNothing(holes);
      const accepted = replace?.force === true && reader.proof === 'dates' && reason !== null;
      const found = [
        ...(company.edition === 'education' ? [educationWarning()] : []),
        ...warnings,
        ...indexWarnings,
        ...unlistedWarning(index),
        // How a doubtful voucher is loaded is the business of the loads.
        ...(verifies ? [] : reader.totals.warnings(books.isFile)),
      ];
      if (accepted) found.push(t('Accepted by force: {reason}', { reason }));
      return { notProven: accepted ? null : reason, holes, warnings: found };
    },
    reached: () => {
      const { from, to } = reader.answered;
      if (mayHide(books)) return undefined;
      if (reader.proof === 'index') return range;
      if (unproven !== undefined) return undefined;
      // Where the dates of the answers are all that is known, nothing is known of days beyond them.
      if (from === undefined || to === undefined || from > range.to || to < range.from) return undefined;
      return { from: from > range.from ? from : range.from, to: to < range.to ? to : range.to };
    },
    remember: async (to) => {
      if (books.isFile) return;
      const { report, servesAll } = reader.habit;
      const learned = books.reports.length > 1 && reader.proof === 'index' && reader.answered.vouchers > 0;
      await to.writeSource(company.id, {
        companyName: company.name,
        booksFrom: company.booksFrom ?? null,
        report: learned ? report : null,
        servesAll: learned ? (servesAll ?? null) : null,
      });
    },
  };
}

const isOf =
  (name: string) =>
  (source: { companyName: string }): boolean =>
    source.companyName === name;

const nothingMissing = (): string => t('No invoice was marked as missing.');
const setPeriod = (): string => t('Set the period in Tally (Alt+F2) to these dates, and run again.');

const coverageReason = (coverage: Coverage | undefined): string | null =>
  coverage === undefined || coverage.state === 'covered' ? null : coverage.reason;

const nothingChanged = t('Nothing was changed.');

/** Days named in a sentence; the result has them all. */
const namedDays = 5;

const cameLoaded = t('What came was loaded.');
const cameCompared = t('What came was compared.');
const lookThere = t(
  'Look at these days in Tally: a report can be set to hide vouchers there (F12), or show one period only (Alt+F2). Then run again.',
);

function reasonOf(holes: Hole[], what: string): string | null {
  if (holes.length === 0) return null;
  return [leftOut(holes), what, lookThere].join(' ');
}

function leftOut(holes: Hole[]): string {
  const more = holes.length - namedDays;
  const args = {
    invoices: invoiceCount(holes.reduce((sum, hole) => sum + hole.invoices, 0)),
    days: dayCount(holes.length),
    named: holes
      .slice(0, namedDays)
      .map((hole) => `${hole.date} (${formatCount(hole.invoices)})`)
      .join(', '),
    count: formatCount(more),
  };
  if (more <= 0) return t('Tally lists {invoices} that its reports left out, on {days}: {named}.', args);
  return more === 1
    ? t('Tally lists {invoices} that its reports left out, on {days}: {named}, and 1 more day.', args)
    : t('Tally lists {invoices} that its reports left out, on {days}: {named}, and {count} more days.', args);
}

function nothingCame(range: DateRange, { answered: { from, to }, report }: RangeReader): string {
  const asked = rangeText(range);
  if (from === undefined || to === undefined)
    return t('Tally lists invoices of {asked}, but its {report} held no voucher at all.', { asked, report });
  return t('Tally lists invoices of {asked}, but its {report} answered for {served} and held none of them.', {
    ...{ asked, report },
    served: rangeText({ from, to }),
  });
}

const otherWays = (reports: readonly JobResult['report'][]): string =>
  reports.length > 1
    ? t('Set the period in Tally (Alt+F2) to these dates, close what is open on its screen, and run again.')
    : t('Let the report be chosen by itself (TALLY_REPORT=auto), or set the period in Tally (Alt+F2) to these dates.');

/** Tally without a licence leaves vouchers out, and says that only where it is asked for its mode (docs/tally.md §1.3). */
const educationWarning = (): string =>
  t(
    'Tally runs without a licence (Education mode): it may leave out vouchers of other days than the 1st, 2nd and 31st of a month, and does not say so. Activate the licence and run again before you rely on these figures.',
  );

function unlistedWarning({ unlisted }: VoucherIndex): string[] {
  if (unlisted === 0) return [];
  return [
    t(
      "{invoices} came that Tally's own list of vouchers leaves out; so that list does not prove that nothing else is missing.",
      { invoices: invoiceCount(unlisted) },
    ),
  ];
}
