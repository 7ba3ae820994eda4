import { addDays, earlier, later, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { formatCount, formatCountOf, formatSpan } from '../../../base/format.js';
import { isNotOffered } from '../../../tally/answerErrors.js';
import { DigestSum, type DayDigests } from '../../../tally/requests/dayDigests.js';
import type { IndexedVoucher } from '../../../tally/requests/readVoucherIndex.js';
import type { VoucherLists } from '../../../tally/requests/voucherLists.js';
import type { SeenVouchers } from '../../../warehouse/load/seenVouchers.js';
import type { ListRow, StagedList } from '../../../warehouse/load/stagedList.js';
import type { ListRemark } from '../../remark.js';
import { monthsOf, monthsTogether, yearsOf } from '../chunks.js';
import { trustsLoaded, type Run } from '../run.js';
import { areRight, followsDates, listByDigests, tryDigests, type Digested } from './digests.js';
import { ignoreNotOpen, ListByParts } from './listByParts.js';
import { kindsOf } from './kindsOf.js';
import { VoucherList, type VoucherKind } from './voucherList.js';

/** Tally's list of the vouchers of a range, and what the list proves. */
export interface ReadList {
  list: VoucherList;
  /**
   * Tally gave its list, and the list proves that vouchers outside it are not in the books. Otherwise only dates can show
   * completeness.
   */
  isWhole: boolean;
  remarks: ListRemark[];
  /** Tally's message, if it refused the list. */
  refusal?: string;
  /**
   * Tally gave a list of this range, but nothing shows that it is whole. The run is then not proven, and nothing counts as
   * missing.
   */
  unproven?: DateRange;
  /** Lists the vouchers that are not in the list yet; absent if the list has the whole range. */
  parts?: ListByParts;
  /**
   * Adds to `list` the rows of the unchanged vouchers up to a day; before the call `list` has only their number. Absent
   * if `list` has the rows. The rows are needed only before an answer is read: it may bring unchanged vouchers, which
   * are then skipped.
   */
  addUnchanged?: (until: CalendarDate) => Promise<void>;
  /** The GUIDs that Tally lists now on each of these days; undefined if that list proves nothing. */
  listDays: (dates: CalendarDate[]) => Promise<ReadonlyMap<CalendarDate, ReadonlySet<string>> | undefined>;
}

/** The range of a list, and the receivers of its rows. */
interface Asking {
  range: DateRange;
  /** Gets the vouchers of its own range that the run loads, and counts the vouchers of any kind. */
  kept?: VoucherList | undefined;
  /** Only counts the vouchers. */
  counted?: VoucherList;
  /** Gets the vouchers of all of `range` that the run loads. */
  staged?: StagedList | undefined;
  /** Remembers the vouchers of any kind, for a run that uses digests. */
  seen?: SeenVouchers | undefined;
}

/**
 * Reads Tally's list of a range, and asks the warehouse which of the listed vouchers are unchanged. Files have no list,
 * and neither have some Tallys.
 */
export async function readList(run: Run, range: DateRange, staged?: StagedList): Promise<ReadList> {
  const { rulesHash } = run.rules;
  const trusts = trustsLoaded(run.mode);
  // A run that removes rows, or only compares, must not rely on the remembered list.
  const seen = trusts && areRight(run) ? staged?.seen : undefined;
  const list = emptyList(run, range);
  // Without a proven day, as in a first load, nothing can be unchanged, so nothing is compared.
  const compares = trusts && rulesHash !== undefined && (await staged?.hasProven(range, rulesHash)) === true;
  const said = await ask(run, { range, seen, ...(compares ? { staged, counted: list } : { kept: list }) });
  if (!said.isWhole) return { ...said, list: nothingListed(run, range) };
  return compares ? readStaged(run, { ...said, list }, range, staged!, rulesHash) : { ...said, list };
}

/**
 * Begins the list of a range that was never loaded; the list is built while the range is read. Undefined if the whole list must
 * be requested first.
 */
export async function beginList(run: Run, seen: SeenVouchers): Promise<ReadList | undefined> {
  const { lists } = run.books;
  try {
    const parts = await ListByParts.begin(run, seen);
    if (lists === undefined || parts === undefined) return undefined;
    return { list: parts.list, parts, isWhole: true, remarks: [], listDays: (dates) => listDays(lists, dates) };
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    return undefined;
  }
}

/**
 * As readList, but puts the listed vouchers of a year into the temporary table of `staged`. The list in `year` only
 * counts the vouchers by day. `recent` is the range that the run itself loads: if it is given, the list in the result's
 * `recent` has its vouchers.
 */
export async function stageList(
  run: Run,
  range: DateRange,
  staged: StagedList,
  recent?: DateRange,
): Promise<{ year: ReadList; recent: ReadList }> {
  const { rulesHash } = run.rules;
  const counted = emptyList(run, range);
  const kept = emptyList(run, recent ?? range);
  const compares = rulesHash !== undefined && recent !== undefined && (await staged.hasProven(recent, rulesHash));
  const said = await ask(run, {
    range,
    counted,
    staged,
    seen: staged.seen,
    kept: compares ? undefined : recent && kept,
  });
  if (!said.isWhole) {
    const list = nothingListed(run, kept.range);
    return { year: { ...said, list }, recent: { ...said, list } };
  }
  const year = { ...said, list: counted };
  if (compares) return { year, recent: await readStaged(run, year, recent, staged, rulesHash) };
  kept.inheritFrom(counted);
  return { year, recent: { ...said, list: kept } };
}

/**
 * The list of `range`, which is a part of the year in `staged`. The run's stage must be empty. The rows of unchanged
 * vouchers stay in PostgreSQL, which copies them from one temporary table to the other: there may be a hundred of them
 * for each changed voucher.
 */
export async function readStaged(
  run: Run,
  year: ReadList,
  range: DateRange,
  staged: StagedList,
  rulesHash: string,
): Promise<ReadList> {
  const list = year.list.emptyPart(range);
  const kindOf = kindsOf(run);
  for (const part of yearsOf(range)) {
    const { rows, unchanged } = await staged.readChanged(part, rulesHash);
    for (const row of rows) list.add(row, kindOf(row));
    for (const type of unchanged) list.countUnchanged(type.vouchers, kindOf(type));
  }
  let next = range.from;
  const addUnchanged = async (until: CalendarDate): Promise<void> => {
    if (list.unchanged === 0 || until < next) return;
    for (const month of monthsOf({ from: next, to: until }))
      list.addUnchanged((await staged.readUnchanged(month)).map((row) => ({ ...row, ...kindOf(row) })));
    next = addDays(until, 1);
  };
  return { ...year, list, addUnchanged };
}

const emptyList = ({ books: { company } }: Run, range: DateRange): VoucherList =>
  new VoucherList(company.id, range, company.voucherCounter);

/**
 * A list without rows and without Tally's counter of changes. A voucher that comes counts as unlisted if its ALTERID
 * (its counter value) is not above that counter. Here the counter is 0, so none does.
 */
const nothingListed = ({ books }: Run, range: DateRange): VoucherList => new VoucherList(books.company.id, range);

async function ask(run: Run, asking: Asking): Promise<Omit<ReadList, 'list'>> {
  const { books, context } = run;
  const { range, kept, counted, staged, seen } = asking;
  const { lists } = books;
  if (lists === undefined) return provesNothing({}, { code: 'file-without-list' });
  await staged?.clear();
  let invoices = 0;
  try {
    for (const year of yearsOf(range)) {
      const digested = seen && (await listByDigests(run, year, seen));
      if (digested !== undefined && 'listed' in digested) {
        invoices += await recall(run, year, asking, digested);
        continue;
      }
      const listed = await listWhole(run, year, asking, lists, digested?.digests);
      if (listed === undefined) return provesNothing({ unproven: year });
      invoices += listed;
    }
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    return provesNothing({ refusal: error.message }, { code: 'list-refused', refusal: error.message });
  }
  const vouchers = (counted ?? kept)?.vouchers ?? 0;
  context.logger.info(
    `Tally lists ${formatCountOf(vouchers, 'voucher')} of ${formatSpan(range.from, range.to)}, ${formatCount(invoices)} of them invoices`,
  );
  return { isWhole: true, remarks: [], listDays: (dates) => listDays(lists, dates) };
}

/**
 * Requests the list of a year, in parts if it is long. Returns the number of its invoices; undefined if the list proves
 * nothing. Parts are read at different times: a voucher that was re-dated in between may be in none of them. A part with
 * imported vouchers only looks like another company's list (docs/tally.md §4). So if the parts do not add up to Tally's digests, one whole list is requested.
 */
async function listWhole(
  run: Run,
  year: DateRange,
  asking: Asking,
  lists: VoucherLists,
  digests?: DayDigests,
): Promise<number | undefined> {
  const { seen } = asking;
  const parts = await partsToList(run, year, seen, digests);
  if (seen !== undefined && parts.length > 1) {
    const before = seen.digestsAreRight;
    seen.forgetVerdict();
    const invoices = await listParts(run, year, asking, lists, parts).catch(ignoreNotOpen);
    const addsUp = seen.digestsAreRight === true;
    if (!addsUp || before === false) seen.digestsAreRight = before;
    if (invoices !== undefined && addsUp) return invoices;
  }
  return listParts(run, year, asking, lists, [year]);
}

async function listParts(
  run: Run,
  year: DateRange,
  { kept, counted, staged, seen }: Asking,
  lists: VoucherLists,
  parts: DateRange[],
): Promise<number | undefined> {
  const kindOf = kindsOf(run);
  const sum = new DigestSum();
  const ofYear = emptyList(run, year);
  let invoices = 0;
  await seen?.clear();
  const take = async (ofPart: IndexedVoucher[]): Promise<void> => {
    await seen?.add(ofPart);
    const rows: ListRow[] = [];
    for (const voucher of ofPart) {
      if (seen) sum.add(voucher.date, voucher.alterId, voucher.masterId);
      // A deleted voucher is still in Tally's store, but no longer in its books.
      if (voucher.isDeleted) continue;
      const kind = kindOf(voucher);
      ofYear.count(voucher);
      if (kept && isWithin(voucher.date, kept.range)) kept.put(voucher, kind);
      if (kind.isInvoice) invoices++;
      if (!kind.isLoaded) continue;
      if (staged) rows.push(voucher);
    }
    await staged?.add(rows);
  };
  for (const part of parts) {
    const { isWhole } = await lists.list(part, (vouchers) => take(vouchers.filter(({ date }) => isWithin(date, part))));
    if (!isWhole) return undefined;
  }
  if (seen && !(await tryDigests(run, year, sum.days, seen))) return undefined;
  await seen?.remember(year);
  counted?.addCounts(ofYear);
  return invoices;
}

/**
 * Splits a year into parts that Tally lists in some seconds each, by its digests or by the remembered vouchers. The year stays
 * whole unless digests were found right: a Tally that ignores dates would list everything for each part.
 */
async function partsToList(
  run: Run,
  year: DateRange,
  seen: SeenVouchers | undefined,
  digests: DayDigests | undefined,
): Promise<DateRange[]> {
  if (seen === undefined || !followsDates(run)) return [year];
  const counted = emptyList(run, year);
  if (digests) for (const [date, { vouchers }] of digests) counted.countDay(date, vouchers, 0);
  else for (const { date, vouchers } of await seen.days(year)) counted.countDay(date, vouchers, 0);
  return [...monthsTogether(year, counted)];
}

/**
 * Builds the list of a year from the vouchers that this run or earlier runs have listed. Returns the number of its invoices.
 */
async function recall(
  run: Run,
  year: DateRange,
  { kept, counted, staged, seen }: Asking,
  { digests, listed }: Digested,
): Promise<number> {
  const kindOf = kindsOf(run);
  for (const [date, { vouchers, highestAlterId }] of digests)
    if (isWithin(date, year)) counted?.countDay(date, vouchers, highestAlterId);
  for (const guid of await seen!.foreign(year, listed)) counted?.addForeign(guid);
  let invoices = 0;
  for (const month of kept
    ? monthsOf({ from: later(year.from, kept.range.from), to: earlier(year.to, kept.range.to) })
    : [])
    for (const voucher of await seen!.read(month, listed)) {
      const kind = kindOf(voucher);
      kept!.put(voucher, kind);
      if (kind.isInvoice) invoices++;
    }
  if (staged) {
    const kinds = (await seen!.types(year, listed)).map((voucherType) => ({ voucherType, ...kindOf({ voucherType }) }));
    const typesThat = (is: keyof VoucherKind): string[] =>
      kinds.flatMap((kind) => (kind[is] ? [kind.voucherType] : []));
    invoices = await staged.addSeen(year, listed, typesThat('isLoaded'), typesThat('isInvoice'));
  }
  if (listed.length > 0) await seen!.remember(year, listed);
  return invoices;
}

const provesNothing = (
  about: Pick<ReadList, 'refusal' | 'unproven'>,
  ...remarks: ListRemark[]
): Omit<ReadList, 'list'> => ({
  isWhole: false,
  remarks,
  listDays: () => Promise.resolve(undefined),
  ...about,
});

const isWithin = (date: CalendarDate, { from, to }: DateRange): boolean => date >= from && date <= to;

/** Requests the days of one month together: VoucherLists widens a request to the 1st of the month anyway. */
async function listDays(
  lists: VoucherLists,
  dates: CalendarDate[],
): Promise<ReadonlyMap<CalendarDate, ReadonlySet<string>> | undefined> {
  const listed = new Map(dates.map((date) => [date, new Set<string>()]));
  const months = new Map<string, CalendarDate[]>();
  for (const date of [...dates].sort()) months.set(date.slice(0, 7), [...(months.get(date.slice(0, 7)) ?? []), date]);
  for (const days of months.values()) {
    const { isWhole } = await lists.list({ from: days[0]!, to: days.at(-1)! }, (vouchers) => {
      for (const { date, guid, isDeleted } of vouchers) if (!isDeleted) listed.get(date)?.add(guid);
    });
    if (!isWhole) return undefined;
  }
  return listed;
}
