import fc from 'fast-check';
import { addDays, type CalendarDate } from '../../src/core/base/calendar.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { ledger } from '../../src/demo/book/masters/ledgers.js';
import { bookOf } from './demo/bookOf.js';
import { withChanges, type Change } from './demo/changedBook.js';
import { expectedInvoice, type ExpectedInvoice } from './demo/expected.js';
import { Random } from '../../src/demo/book/random.js';
import type { DemoVoucher, Entry } from '../../src/demo/book/voucher.js';

/** A history has the days 0 to `lastDay`, counted from this day. They lie in two financial years and three months. */
export const firstDay = '2024-03-01';
export const lastDay = 75;
export const dayOf = (n: number): CalendarDate => addDays(firstDay, n);

/**
 * A change that somebody makes in Tally. `which` is the number of a voucher, modulo the number of vouchers, so that any history
 * can be shortened. `n` decides the new value.
 */
export type Deed =
  | { deed: 'create' | 'redate'; which: number; day: number }
  /** Copies a voucher twice: one copy was entered in another company and imported, the other is the company's own. */
  | { deed: 'import'; which: number; day: number }
  /**
   * Tally changes numbers without changing ALTERIDs, because an earlier voucher was added. `renumber`: of one voucher of that
   * day. `renumber after`: of all later ones. `replace`: another voucher gets the ids of this one.
   */
  | { deed: 'renumber' | 'renumber after'; which: number; n: number }
  | { deed: 'replace'; which: number; day: number }
  /** Tally keeps the voucher and marks it as deleted. */
  | { deed: 'flag'; which: number; n: number }
  | { deed: 'amount' | 'narration' | 'party' | 'line' | 'rename'; which: number; n: number }
  | { deed: 'cancel' | 'retype' | 'delete'; which: number }
  /** Changes the narration of every second or third voucher. */
  | { deed: 'narrations'; which: number; n: number }
  /** Deletes the vouchers of ten days. */
  | { deed: 'delete all'; which: number; day: number }
  | { deed: 'backup' }
  | { deed: 'restore' };

const which = fc.nat(99);
const day = fc.nat(lastDay);
export const deeds: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ deed: fc.constantFrom('create', 'redate', 'redate'), which, day }) },
  {
    weight: 4,
    arbitrary: fc.record({ deed: fc.constantFrom('amount', 'narration', 'party', 'line'), which, n: fc.nat(9) }),
  },
  { weight: 3, arbitrary: fc.record({ deed: fc.constant('rename'), which, n: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ deed: fc.constantFrom('cancel', 'retype', 'delete', 'delete'), which }) },
  {
    weight: 2,
    arbitrary: fc.record({ deed: fc.constantFrom('renumber', 'renumber after', 'flag'), which, n: fc.nat(9) }),
  },
  { weight: 2, arbitrary: fc.record({ deed: fc.constantFrom('replace', 'import'), which, day }) },
  { weight: 1, arbitrary: fc.record({ deed: fc.constant('delete all'), which, day }) },
  { weight: 2, arbitrary: fc.record({ deed: fc.constant('narrations'), which, n: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ deed: fc.constantFrom('backup', 'restore', 'restore') }) },
);

/** Some twenty vouchers of all kinds in seven weeks, in a company of their own. */
export function firstBook(seed: number, companyGuid: string): Book {
  const plan = { from: dayOf(12), to: dayOf(62), companyGuid, companyName: 'Model & Sons' };
  const whole = createBook({ ...plan, invoices: 125, seed });
  const random = new Random(seed, 7);
  const vouchers = [...whole.vouchers()].filter(() => random.chance(13));
  const used = new Set(vouchers.flatMap((v) => [v.partyLedger, ...v.entries.map(({ ledger }) => ledger)]));
  return bookOf(vouchers, {
    ...whole,
    range: { from: '2023-04-01', to: '2025-03-31' },
    size: vouchers.length,
    ledgers: whole.ledgers.filter(({ name }) => used.has(name)),
  });
}

/** One company's books, their backup, and the versions of vouchers to which Tally has given the same ALTERID. */
export class ModelBooks {
  #backup: Book;
  readonly #given = new Set<string>();
  readonly #twice = new Set<string>();

  constructor(public now: Book) {
    this.#backup = now;
  }

  get backup(): Book {
    return this.#backup;
  }

  /**
   * Whether the row's ALTERID belongs to two versions of a voucher, or to two vouchers of one GUID, with the same date. After a
   * restored backup Tally counts on from the backup's ALTERIDs, and may assign one again that the warehouse has seen. Tally's
   * digest of a day does not tell the two apart.
   */
  isAmbiguous(row: ExpectedInvoice): boolean {
    return this.#twice.has(listed(row));
  }

  /** Makes the change, and describes it in words. */
  do(deed: Deed): string {
    if (deed.deed === 'backup') {
      this.#backup = this.now;
      return 'backed up';
    }
    if (deed.deed === 'restore') {
      this.now = this.#backup;
      return 'restored the backup';
    }
    const vouchers = [...this.now.vouchers()];
    const voucher = vouchers[deed.which % vouchers.length];
    if (voucher === undefined) return 'found no voucher';
    const [changes, words] = changeOf(deed, voucher, vouchers, this.now);
    const before = new Set(vouchers.map(listedVoucher));
    const changed = withChanges(this.now, changes);
    this.now = bookOf([...changed.vouchers()], changed);
    for (const key of [...this.now.vouchers()].map(listedVoucher)) {
      if (key === undefined || before.has(key)) continue;
      if (this.#given.has(key)) this.#twice.add(key);
      this.#given.add(key);
    }
    return words;
  }
}

/** The fields of an invoice that Tally's digest of a day includes; undefined for a voucher that is not an invoice. */
const listedVoucher = (voucher: DemoVoucher): string | undefined => {
  const row = expectedInvoice(voucher);
  return row && listed(row);
};
const listed = ({ invoice_id, alter_id, date }: ExpectedInvoice): string => [invoice_id, alter_id, date].join('|');

/** The company from which vouchers were imported. */
export const foreignGuid = 'f0e1d2c3-0000-4000-8000-00000000f0e1';

const nameOf = ({ guid, typeName, date }: DemoVoucher): string => `${typeName} …${guid.slice(-4)} of ${date}`;

function changeOf(
  deed: Exclude<Deed, { deed: 'backup' } | { deed: 'restore' }>,
  voucher: DemoVoucher,
  vouchers: DemoVoucher[],
  book: Book,
): [Change[], string] {
  const name = nameOf(voucher);
  const edit = (fields: Partial<DemoVoucher>, what: string): [Change[], string] => [
    [{ edit: voucher, fields }],
    `changed ${what} of ${name}`,
  ];
  const isInvoice = voucher.base !== 'none';
  switch (deed.deed) {
    case 'create':
      return [
        [{ create: { ...voucher, date: dayOf(deed.day), number: `NEW/${book.lastAlterId % 1000}` } }],
        `created a copy of ${name} on ${dayOf(deed.day)}`,
      ];
    case 'import':
      return [
        [
          { create: { ...voucher, date: dayOf(deed.day), number: `OWN/${book.lastAlterId % 1000}` } },
          {
            create: { ...voucher, date: dayOf(deed.day), number: `IMP/${book.lastAlterId % 1000}` },
            ofCompany: foreignGuid,
          },
        ],
        `imported a copy of ${name} from another company on ${dayOf(deed.day)}, and created one`,
      ];
    case 'renumber':
      return [
        [{ create: { ...voucher, renumbers: true } }, { renumber: voucher, number: `RE/${deed.n}` }],
        `created a copy of ${name}, which was renumbered without a new ALTERID`,
      ];
    case 'renumber after':
      return [
        [{ create: { ...voucher, renumbers: true } }, { renumberAfter: voucher, by: deed.n % 2 === 0 ? 1 : -1 }],
        `created a copy of ${name}, and all of the type behind it were renumbered without new ALTERIDs`,
      ];
    case 'replace': {
      const entries = isInvoice ? voucher.entries.map((entry) => times(entry, 7n)) : voucher.entries;
      const by = { ...voucher, date: dayOf(deed.day), number: `OTHER/${deed.day}`, entries };
      return [[{ replace: voucher, by }], `has another voucher of ${by.date} under the ids of ${name}`];
    }
    case 'flag':
      return edit({ deleted: deed.n % 2 === 0 ? 'deleted' : 'retained' }, 'the flag, to deleted,');
    case 'redate': {
      // Every other time the voucher moves only by a few days.
      const to = deed.day % 2 === 0 ? dayOf(deed.day) : addDays(voucher.date, (deed.day % 13) - 6);
      return [[{ redate: voucher, to }], `re-dated ${name} to ${to}`];
    }
    case 'cancel':
      // A cancelled demo voucher would keep its currency, which in Tally belongs to the removed lines. So a
      // voucher in foreign currency is not cancelled.
      return voucher.forex ? [[], `left ${name} alone`] : [[{ cancel: voucher }], `cancelled ${name}`];
    case 'delete':
      return [[{ delete: voucher }], `deleted ${name}`];
    case 'delete all': {
      const [from, to] = [dayOf(deed.day), dayOf(deed.day + 9)];
      const gone = vouchers.filter(({ date }) => date >= from && date <= to);
      return [gone.map((one) => ({ delete: one })), `deleted all vouchers of ${from} to ${to}`];
    }
    case 'narrations': {
      const some = vouchers.filter((_, i) => (i + deed.which) % (2 + (deed.n % 2)) === 0);
      const changes = some.map((one): Change => ({ edit: one, fields: { narration: `said ${deed.n}` } }));
      return [changes, `changed the narrations of ${some.length} vouchers`];
    }
    case 'retype':
      if (voucher.typeName === 'Memorandum') return edit({ base: 'sales', typeName: 'Sales' }, 'the type, to Sales,');
      if (!isInvoice) return [[], `left ${name} alone`];
      return edit({ base: 'none', typeName: 'Memorandum' }, 'the type, to Memorandum,');
    case 'rename': {
      const from = voucher.entries[deed.n % voucher.entries.length]?.ledger ?? '';
      const to = `${from.replace(/ \(now .*/, '')} (now ${deed.n})`;
      if (
        !book.ledgers.some(({ name: known }) => known === from) ||
        book.ledgers.some(({ name: known }) => known === to)
      )
        return [[], `left ledger ${from} alone`];
      return [[{ renameLedger: from, to }], `renamed ledger ${from} to ${to}`];
    }
    case 'amount':
      if (isInvoice)
        return edit({ entries: voucher.entries.map((entry) => times(entry, BigInt(deed.n + 2))) }, 'the amounts');
      break;
    case 'party': {
      const { partyLedger } = vouchers[(deed.which + deed.n + 1) % vouchers.length]!;
      const toOther = (e: Entry): Entry =>
        e.kind === 'ledger' && e.role === 'party' ? { ...e, ledger: partyLedger } : e;
      // Cash beside a bank is an invoice that is paid in two ways (docs/contract.md, "Signs"), which the oracle does not know.
      const isPaidTwice = partyLedger === ledger.cash && hasLedger(voucher, ledger.bank);
      const canHave = partyLedger !== '' && !hasLedger(voucher, partyLedger) && !isPaidTwice;
      if (isInvoice && voucher.partyLedger !== '' && canHave)
        return edit({ partyLedger, entries: voucher.entries.map(toOther) }, 'the party');
      break;
    }
    case 'line':
      if (isInvoice && !voucher.forex) {
        const entries = withLine(voucher.entries, deed.n);
        if (entries) return edit({ entries }, 'the lines');
      }
      break;
    case 'narration':
  }
  return edit({ narration: `said ${deed.n}` }, 'the narration');
}

const hasLedger = ({ entries }: DemoVoucher, name: string): boolean => entries.some(({ ledger }) => ledger === name);

function times(entry: Entry, factor: bigint): Entry {
  const by = (n: bigint | undefined): bigint | undefined => (n === undefined ? undefined : n * factor);
  const all = {
    ...entry,
    value: entry.value * factor,
    ...(entry.foreign !== undefined && { foreign: by(entry.foreign)! }),
  };
  if (all.kind === 'ledger') return all;
  const { rate, foreignRate } = all;
  return {
    ...all,
    ...(rate !== undefined && { rate: by(rate)! }),
    ...(foreignRate !== undefined && { foreignRate: by(foreignRate)! }),
  };
}

/** Whether an entry is a line of goods, services or charges. */
const isValued = (entry: Entry): boolean => entry.kind === 'item' || entry.role === 'taxable';

/** Adds or removes one line, and adjusts what the party owes; undefined if there is no line to repeat. */
function withLine(entries: readonly Entry[], n: number): Entry[] | undefined {
  const isParty = (entry: Entry): boolean => entry.kind === 'ledger' && entry.role === 'party';
  const others = entries.filter((entry) => !isParty(entry) && !(entry.kind === 'ledger' && entry.role === 'tds'));
  const one = others[n % others.length];
  if (!one || !entries.some(isParty)) return undefined;
  const fewer = n % 2 === 0 && others.length > 1;
  const kept = fewer ? entries.filter((entry) => entry !== one) : [...entries, one];
  const owed = fewer ? -one.value : one.value;
  return withoutLoneRates(kept.map((entry) => (isParty(entry) ? { ...entry, value: entry.value + owed } : entry)));
}

/** A charge is taxed at the rate of its goods (docs/contract.md, "GST rates"). Without goods its rate is unknown. */
function withoutLoneRates(entries: Entry[]): Entry[] {
  const isCharge = (entry: Entry): boolean => entry.kind === 'ledger' && entry.taxedAt !== undefined;
  const isGoods = (entry: Entry): boolean => isValued(entry) && entry.value !== 0n && !isCharge(entry);
  if (entries.some(isGoods)) return entries;
  return entries.map((entry) => {
    if (entry.kind === 'item') return entry;
    const { taxedAt, ...rest } = entry;
    return taxedAt === undefined ? entry : rest;
  });
}
