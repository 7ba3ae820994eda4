import { addDays, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { cancelled } from '../../../base/errors.js';
import type { MappingRules } from '../../../invoice/mapInvoice.js';
import type { Warehouse } from '../../../warehouse/warehouse.js';
import { mayHide, readRules } from '../../books/books.js';
import { readAndRememberRules } from '../../books/knownBooks.js';
import { daysIn, joinIdle, monthsOf, partsOf } from '../chunks.js';
import { coverageOfFiles, provenUntil, type Coverage } from '../coverage.js';
import { listUnproven, nothingCame, nothingCovered } from '../notCovered.js';
import type { Remark } from '../../remark.js';
import type { Run } from '../run.js';
import type { Sink } from './readAnswer.js';
import { readIndex } from './readIndex.js';
import { RangeReader, type Portion } from './readRange.js';
import type { Hole, VoucherIndex } from './voucherIndex.js';

/** What a run can say of its completeness when all is read. */
export interface Verdict {
  notProven: Remark | null;
  holes: Hole[];
  remarks: Remark[];
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
  const { rules, rulesHash, remarks } =
    run.rules ??
    (writes ? await readAndRememberRules(books, context, warehouse) : await readRules(books, context, warehouse));
  const {
    index,
    offered,
    remarks: listRemarks,
    unproven,
    listDays,
  } = run.indexed ?? (await readIndex(books, range, rules, context));
  // Rows would leave the warehouse for not having come. Said before a slow Tally is asked for a single report.
  if (replace && !replace.force && unproven !== undefined) throw listUnproven(unproven, books.reports);
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
      throw nothingCame(range, reader.answered, reader.report, books.reports);
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
      if (coverage && books.isFile) coverage = coverageOfFiles(coverage, range, reader.answered, books.spans);
      // Before anything is replaced: rows that Tally has no more would go, and the run says that nothing was changed.
      if (replace && reader.proof === 'index' && portion.range.to === range.to) refuseNothing(index.holes());
      // Else replacing has a guard of its own, which knows what there is to lose.
      if (coverage?.state === 'nothing' && !replace) throw nothingCovered(coverage.remark);
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
      const isCompared = readsAll === true;
      const reason =
        unproven === undefined
          ? (leftOut(holes, isCompared) ?? coverageRemark(coverage))
          : ({ code: 'list-unproven', range: unproven, isCompared } as const);
      refuseNothing(holes);
      const accepted = replace?.force === true && reader.proof === 'dates' ? reason : null;
      const found: Remark[] = [
        ...(company.edition === 'education' ? [{ code: 'education' } as const] : []),
        ...remarks,
        ...listRemarks,
        ...(index.unlisted > 0 ? [{ code: 'unlisted', invoices: index.unlisted } as const] : []),
        // How a doubtful voucher is loaded is the business of the loads.
        ...(verifies ? [] : reader.totals.remarks(books.isFile)),
      ];
      if (accepted !== null) found.push({ code: 'accepted-by-force', reason: accepted });
      return { notProven: accepted === null ? reason : null, holes, remarks: found };
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

const leftOut = (holes: Hole[], isCompared: boolean): Remark | null =>
  holes.length === 0 ? null : { code: 'left-out', holes, isCompared };

const coverageRemark = (coverage: Coverage | undefined): Remark | null =>
  coverage === undefined || coverage.state === 'covered' ? null : coverage.remark;
