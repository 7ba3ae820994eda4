import { financialYearStart, type CalendarDate } from '../../../src/core/base/calendar.js';
import type { Book } from '../../../src/demo/book/book.js';
import { stockItems } from '../../../src/demo/book/masters/items.js';
import { demoVoucher, type DemoVoucher, type Entry } from '../../../src/demo/book/voucher.js';

/** One change that somebody makes in Tally. The voucher is given as the books showed it, before or after other changes. */
export type Change =
  /**
   * The book assigns the ids. Ids in `create` are ignored, so that a copy of a voucher is a new voucher. With `ofCompany` the
   * voucher was imported from that company, and its GUID begins with that company's GUID.
   */
  | { create: Partial<DemoVoucher> & Pick<DemoVoucher, 'date'>; ofCompany?: string }
  | { edit: DemoVoucher; fields: Partial<Omit<DemoVoucher, 'guid' | 'masterId' | 'alterId'>> }
  | { redate: DemoVoucher; to: CalendarDate }
  | { cancel: DemoVoucher }
  | { delete: DemoVoucher }
  /** Another number with the same ALTERID. */
  | { renumber: DemoVoucher; number: string }
  /**
   * "Auto Renumber": the later vouchers of the type in the same financial year get numbers that differ by `by`. Their ALTERIDs
   * stay.
   */
  | { renumberAfter: DemoVoucher; by: number }
  /**
   * A backup was restored, and other vouchers were entered until the counters reached their old values. Another voucher then
   * has the GUID and the ALTERID of this one.
   */
  | { replace: DemoVoucher; by: Partial<DemoVoucher> & Pick<DemoVoucher, 'date'> }
  /** Every voucher shows the new name with the same ALTERID; only the masters' counter moves. */
  | { renameLedger: string; to: string }
  | { renameItem: string; to: string };

/**
 * The books after the changes, applied in order. Ids and counters move as in Tally (docs/tally.md §4). Stores only the changes,
 * however large the book. To restore a backup, serve the earlier book again: vouchers entered then get ids that other vouchers
 * had. A voucher given as `raw` XML keeps its text: it can be deleted, but other changes show only in lists.
 */
export function withChanges(book: Book, changes: readonly Change[]): Book {
  const alive = new Map<string, DemoVoucher>();
  const touched = new Set<string>();
  const renamed: Names = { ledgers: new Map(), items: new Map() };
  let { lastAlterId, size, range, lastMasterAlterId = 4_100 } = book;
  const shifts: Shift[] = [];

  const put = (voucher: DemoVoucher, alterId = ++lastAlterId): void => {
    alive.set(voucher.guid, { ...voucher, alterId });
    touched.add(voucher.guid);
    if (voucher.date < range.from) range = { ...range, from: voucher.date };
    if (voucher.date > range.to) range = { ...range, to: voucher.date };
  };
  const latest = (voucher: DemoVoucher): DemoVoucher => {
    const known = alive.get(voucher.guid);
    if (known === undefined && touched.has(voucher.guid)) throw new Error(`Deleted before: ${voucher.guid}`);
    return known ?? (shifts.length === 0 ? voucher : shifted(asEntered(book, voucher), shifts));
  };
  for (const change of changes) {
    if ('create' in change) {
      // Above every ALTERID, and so above every id ever assigned: Tally assigns none twice.
      const masterId = lastAlterId + 1;
      const guid = `${change.ofCompany ?? book.companyGuid}-${masterId.toString(16).padStart(8, '0')}`;
      put({ ...demoVoucher({ ...change.create, guid }), masterId });
      size++;
    } else if ('edit' in change) put({ ...latest(change.edit), ...change.fields });
    else if ('redate' in change) put({ ...latest(change.redate), date: change.to });
    else if ('cancel' in change) put({ ...latest(change.cancel), ...emptied });
    else if ('renumber' in change) {
      const voucher = latest(change.renumber);
      put({ ...voucher, number: change.number }, voucher.alterId);
    } else if ('renumberAfter' in change) {
      const shift = { after: latest(change.renumberAfter), by: change.by };
      shifts.push(shift);
      for (const [guid, voucher] of alive) alive.set(guid, shifted(voucher, [shift]));
    } else if ('replace' in change) {
      const { guid, masterId, alterId } = latest(change.replace);
      put({ ...demoVoucher({ ...change.by, guid }), masterId }, alterId);
    } else if ('delete' in change) {
      alive.delete(latest(change.delete).guid);
      touched.add(change.delete.guid);
      lastAlterId++;
      size--;
    } else {
      const [names, old] =
        'renameItem' in change ? [renamed.items, change.renameItem] : [renamed.ledgers, change.renameLedger];
      for (const [from, to] of names) if (to === old) names.set(from, change.to);
      names.set(old, change.to);
      lastMasterAlterId++;
    }
  }

  const placed = [...alive.values()].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  return {
    ...book,
    range,
    size,
    lastAlterId,
    lastMasterAlterId,
    ledgers: book.ledgers.map((row) => ({ ...row, name: renamed.ledgers.get(row.name) ?? row.name })),
    stockItems: (book.stockItems ?? stockItems.map(({ name }) => name)).map((name) => renamed.items.get(name) ?? name),
    *vouchers(asked) {
      const waiting = placed.filter((v) => !asked || (v.date >= asked.from && v.date <= asked.to)).values();
      let next = waiting.next();
      for (const voucher of book.vouchers(asked)) {
        if (touched.has(voucher.guid)) continue;
        for (; !next.done && next.value.date < voucher.date; next = waiting.next())
          yield withNames(next.value, renamed);
        yield withNames(shifted(voucher, shifts), renamed);
      }
      for (; !next.done; next = waiting.next()) yield withNames(next.value, renamed);
    },
  };
}

/** The voucher as the books have it. The test may have given it with a number from after a renumbering. */
function asEntered(book: Book, voucher: DemoVoucher): DemoVoucher {
  for (const found of book.vouchers({ from: voucher.date, to: voucher.date }))
    if (found.guid === voucher.guid) return found;
  return voucher;
}

interface Shift {
  after: DemoVoucher;
  by: number;
}

/** The voucher with its number after all shifts that affect it. */
function shifted(voucher: DemoVoucher, shifts: readonly Shift[]): DemoVoucher {
  let { number } = voucher;
  for (const { after, by } of shifts) {
    const isLater = voucher.date === after.date ? voucher.masterId > after.masterId : voucher.date > after.date;
    const isOfSeries =
      voucher.typeName === after.typeName && financialYearStart(voucher.date) === financialYearStart(after.date);
    if (isLater && isOfSeries)
      number = number.replace(/\d+$/, (digits) => String(Number(digits) + by).padStart(digits.length, '0'));
  }
  return number === voucher.number ? voucher : { ...voucher, number };
}

/** The fields that a cancelled voucher loses; number, GUID and date stay. */
const emptied = {
  cancelled: true,
  entries: [],
  partyLedger: '',
  partyName: '',
  partyGstin: '',
  placeOfSupply: '',
  ewayBills: [],
} satisfies Partial<DemoVoucher>;

interface Names {
  ledgers: Map<string, string>;
  items: Map<string, string>;
}

function withNames(voucher: DemoVoucher, { ledgers, items: stock }: Names): DemoVoucher {
  if (ledgers.size + stock.size === 0) return voucher;
  const name = (ledger: string): string => ledgers.get(ledger) ?? ledger;
  return {
    ...voucher,
    partyLedger: name(voucher.partyLedger),
    entries: voucher.entries.map((entry): Entry => ({
      ...entry,
      ledger: name(entry.ledger),
      ...('item' in entry && { item: stock.get(entry.item) ?? entry.item }),
    })),
  };
}
