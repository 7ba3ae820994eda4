import assert from 'node:assert/strict';
import { addDays } from '../../src/core/base/calendar.js';
import { createBook, demoRange } from '../../src/demo/book/book.js';
import { bookOf } from '../support/demo/bookOf.js';
import { ledger, ledgers } from '../../src/demo/book/masters/ledgers.js';
import { groups } from '../../src/demo/book/masters/groups.js';
import { tallyAmount, type DemoVoucher, type LedgerEntry, type Role } from '../../src/demo/book/voucher.js';
import { voucherTypes } from '../../src/demo/book/masters/voucherTypes.js';

const some = [...createBook({ invoices: 2_000 }).vouchers()];
const count = (test: (v: DemoVoucher) => boolean): number => some.filter(test).length;
const ledgerLines = (v: DemoVoucher): LedgerEntry[] => v.entries.filter((e) => e.kind === 'ledger');

/** The class of a ledger by its masters alone, climbed here once more so that the book is checked against itself. */
function classByMasters(entry: LedgerEntry): Role | undefined {
  const master = ledgers.find((l) => l.name === entry.ledger);
  if (!master) return undefined;
  // Part of the value that GST is charged on, by the master or by the line's own mark.
  if (master.appropriateFor === 'GST' || entry.assessable) return 'taxable';
  const heads: Record<string, Role> = {
    CGST: 'cgst',
    'State Tax': 'sgst',
    'SGST/UTGST': 'sgst',
    'UT Tax': 'sgst',
    IGST: 'igst',
    Cess: 'cess',
  };
  if (master.taxType === 'GST') return heads[master.gstDutyHead];
  if (master.taxType === 'TDS') return 'tds';
  let group = groups.find((g) => g.name === master.parent);
  while (group?.reservedName === '') group = groups.find((g) => g.name === group!.parent);
  if (group && ['Sales Accounts', 'Purchase Accounts'].includes(group.reservedName)) return 'taxable';
  if (/round/i.test(entry.ledger) || entry.rounding) return 'round_off';
  return entry.gst !== undefined && entry.gst.percent > 0n ? 'taxable' : 'other'; // an expense that GST is charged on
}

/** A charge or discount that stands beside goods and is part of the value that GST is charged on. */
const inValue = (e: LedgerEntry): boolean =>
  e.assessable === 'method' ||
  [ledger.schemeDiscount, ledger.packing, ledger.carriageIn].some((name) => name === e.ledger);

describe('the demo books', () => {
  it('balance in every voucher', () => {
    for (const v of some)
      assert.equal(
        v.entries.reduce((sum, e) => sum + tallyAmount(v, e), 0n),
        0n,
        v.guid,
      );
  });

  it('are the same every time, and others with another seed', () => {
    assert.deepEqual([...createBook({ invoices: 100 }).vouchers()], [...createBook({ invoices: 100 }).vouchers()]);
    assert.notDeepEqual(
      [...createBook({ invoices: 100, seed: 2 }).vouchers()],
      [...createBook({ invoices: 100 }).vouchers()],
    );
  });

  it('hold about as many invoices as asked for, several thousand of them in the range of the demo', () => {
    const asked = count((v) => v.base !== 'none');
    assert.ok(Math.abs(asked - 2_000) < 100, String(asked));
    let inRange = 0;
    for (const v of createBook().vouchers(demoRange)) inRange += v.base === 'none' ? 0 : 1;
    assert.ok(inRange > 3_000 && inRange < 3_500, String(inRange));
  });

  it('go on to a later day without changing what was there before', () => {
    const short = createBook({ invoices: 500 });
    const long = createBook({ invoices: 500, until: '2026-11-23' });
    assert.equal(long.range.to, '2026-11-23');
    assert.deepEqual([...long.vouchers(short.range)], [...short.vouchers()]);
    const after = [...long.vouchers({ from: '2026-04-01', to: '2026-12-31' })];
    assert.equal(after.length, long.size - short.size);
    assert.ok(after.length > 0 && after.every((v) => v.date > short.range.to && v.date <= '2026-11-23'));
    assert.equal(createBook({ until: '2020-01-01' }).range.to, '2026-03-31');
  });

  it('give no two vouchers the same GUID or ALTERID', () => {
    assert.equal(new Set(some.map((v) => v.guid)).size, some.length);
    assert.equal(new Set(some.map((v) => v.alterId)).size, some.length);
  });

  it('number each type without gaps, from 1 in every financial year', () => {
    const last = new Map<string, number>();
    for (const v of some.filter((x) => x.typeName === 'Sales')) {
      const [, year, serial] = v.number.split('/');
      assert.equal(Number(serial), (last.get(year!) ?? 0) + 1, v.number);
      last.set(year!, Number(serial));
    }
    assert.deepEqual([...last.keys()], ['23-24', '24-25', '25-26']);
  });

  it('are in order of date and reach from the first day to the last', () => {
    assert.deepEqual(
      some.map((v) => v.date),
      some.map((v) => v.date).sort(),
    );
    assert.equal(some[0]!.date, '2023-04-01');
    assert.equal(some.at(-1)!.date, '2026-03-31');
    assert.equal(new Set(some.map((v) => v.date)).size, 1_096);
  });

  it('give for a range exactly the vouchers that a filter of the whole gives', () => {
    for (const range of [
      { from: '2024-02-28', to: '2024-03-02' },
      { from: '2020-01-01', to: '2023-04-01' },
      { from: '2026-03-31', to: '2030-01-01' },
      { from: '2022-01-01', to: '2022-12-31' },
      { from: '2024-05-05', to: '2024-05-05' },
    ]) {
      assert.deepEqual(
        [...createBook({ invoices: 2_000 }).vouchers(range)],
        some.filter((v) => v.date >= range.from && v.date <= range.to),
      );
    }
  });

  it('of a million vouchers open at any day at once', () => {
    const book = createBook({ invoices: 1_000_000 });
    const [first] = book.vouchers();
    const [late] = book.vouchers({ from: '2026-03-30', to: '2026-03-31' });
    assert.equal(first!.date, '2023-04-01');
    assert.equal(late!.date, '2026-03-30');
    assert.ok(late!.masterId - first!.masterId > 1_200_000);
  });

  it('hold every kind of voucher', () => {
    const types = new Set(some.map((v) => v.typeName));
    for (const name of [
      'Sales',
      'GST Sale Invoice',
      'E-Sales',
      'E-Sales Export',
      'Purchase',
      'Expense',
      'Credit Note',
      'वापसी (Returns)',
      'Debit Note',
      'Sales Order',
      'Sales Quotation',
      'Purchase Order',
      'Delivery Note',
      'Receipt Note',
      'Rejections In',
      'Receipt',
      'Payment',
      'Cash Payment',
      'Contra',
      'Journal',
      'Stock Journal',
    ]) {
      assert.ok(types.has(name), name);
      assert.ok(
        voucherTypes.some((t) => t.name === name),
        name,
      );
    }
    const has = (what: string, test: (v: DemoVoucher) => boolean): void => {
      assert.ok(count(test) > 0, what);
    };
    const isInvoice = (v: DemoVoucher): boolean => v.base !== 'none';
    for (const base of ['sales', 'purchase', 'credit_note', 'debit_note'])
      has(`accounting view ${base}`, (v) => v.base === base && v.view === 'accounting');
    for (const role of ['cgst', 'sgst', 'igst', 'cess', 'round_off', 'tds', 'other'])
      has(role, (v) => isInvoice(v) && ledgerLines(v).some((e) => e.role === role));
    has('round-off up', (v) => isInvoice(v) && ledgerLines(v).some((e) => e.role === 'round_off' && e.value > 0n));
    has('round-off down', (v) => isInvoice(v) && ledgerLines(v).some((e) => e.role === 'round_off' && e.value < 0n));
    has('cancelled sale', (v) => v.base === 'sales' && v.cancelled && v.entries.length === 0 && v.partyLedger === '');
    has('cancelled purchase', (v) => v.base === 'purchase' && v.cancelled);
    has('optional', (v) => v.optional);
    has('post-dated', (v) => v.postDated);
    has('foreign currency', (v) => v.forex !== undefined);
    has(
      'service',
      (v) => v.base === 'sales' && v.view === 'invoice' && !v.cancelled && v.entries.every((e) => e.kind === 'ledger'),
    );
    has('stock line without quantity', (v) => isInvoice(v) && v.entries.some((e) => e.kind === 'item' && !e.quantity));
    has('discount on a line', (v) => v.entries.some((e) => e.kind === 'item' && e.discount !== undefined));
    const twice = (names: string[]): boolean => new Set(names).size < names.length;
    const marked = (by: (e: LedgerEntry) => boolean, role: Role) => (v: DemoVoucher) =>
      isInvoice(v) && ledgerLines(v).some((e) => e.role === role && by(e));
    has(
      'a tax that is rounded',
      marked((e) => e.rounding === 'tax', 'cgst'),
    );
    has(
      'another one',
      marked((e) => e.rounding === 'tax', 'igst'),
    );
    has(
      'a discount in the taxable value, by METHODTYPE',
      marked((e) => e.assessable === 'method', 'taxable'),
    );
    has(
      'an expense in it, by GSTOVRDNTAXABILITY alone',
      marked((e) => e.assessable === 'taxability', 'taxable'),
    );
    has(
      'an expense in it, by its rates',
      marked((e) => e.ledger === ledger.fees && !!e.gst, 'taxable'),
    );
    for (const name of [ledger.schemeDiscount, ledger.packing, ledger.carriageIn])
      has(
        `${name}, by its master`,
        marked((e) => e.ledger === name, 'taxable'),
      );
    for (const base of ['sales', 'credit_note'])
      has(
        `items in accounting view ${base}`,
        (v) => v.base === base && v.view === 'accounting' && v.entries[0]?.kind === 'item',
      );
    has('item twice', (v) => isInvoice(v) && twice(v.entries.flatMap((e) => (e.kind === 'item' ? [e.item] : []))));
    has('ledger twice', (v) => isInvoice(v) && twice(ledgerLines(v).map((e) => e.ledger)));
    has('no number', (v) => isInvoice(v) && v.number === '');
    has('no reference', (v) => isInvoice(v) && v.reference === undefined);
    has('no GSTIN', (v) => isInvoice(v) && v.partyGstin === '' && v.partyLedger !== '');
    has('IRN', (v) => v.irn !== undefined && /^[0-9a-f]{64}$/.test(v.irn.irn) && /^\d{15}$/.test(v.irn.ackNo));
    has('two e-way bills', (v) => v.ewayBills.length === 2 && v.ewayBills.every((n) => /^\d{12}$/.test(n)));
    has('narration of several lines', (v) => v.narration.includes('\r\n'));
    for (const name of ['&', '"', "'", 'ñ', '₹', 'र', '\r\n'])
      has(`party with ${name}`, (v) => isInvoice(v) && v.partyLedger.includes(name));
    has('party with blanks around', (v) => isInvoice(v) && v.partyLedger !== v.partyLedger.trim());
  });

  it('have on an invoice exactly one line of the party, before the other ledger lines in invoice view', () => {
    for (const v of some.filter((x) => x.base !== 'none' && !x.cancelled)) {
      const lines = ledgerLines(v);
      assert.equal(lines.filter((e) => e.ledger === v.partyLedger).length, 1, v.guid);
      if (v.view === 'invoice') assert.equal(lines[0]!.ledger, v.partyLedger, v.guid);
    }
  });

  it('mean by each line what the masters of its ledger and its GST rate say', () => {
    for (const v of some.filter((x) => x.base !== 'none')) {
      for (const e of ledgerLines(v)) {
        if (e.role !== 'party') assert.equal(classByMasters(e), e.role, `${v.guid} ${e.ledger}`);
      }
      for (const e of v.entries)
        assert.ok(
          ledgers.some((l) => l.name === e.ledger),
          e.ledger,
        );
    }
    assert.equal(new Set(ledgers.map((l) => l.name)).size, ledgers.length);
  });

  it('tax what is taxable at the rate of its goods, to the paisa, where all of it has one rate', () => {
    let seen = 0;
    for (const v of some.filter((x) => x.base !== 'none' && ledgerLines(x).some(inValue))) {
      const [gst, ...others] = new Set(v.entries.flatMap((e) => (e.kind === 'item' ? [e.gst!.percent] : [])));
      assert.ok(gst !== undefined && others.length === 0, v.guid);
      const taxable = v.entries.filter((e) => e.kind === 'item' || e.role === 'taxable');
      const value = taxable.reduce((sum, e) => sum + e.value, 0n);
      const tax = ledgerLines(v).filter((e) => ['cgst', 'sgst', 'igst'].includes(e.role));
      const off = tax.reduce((sum, e) => sum + e.value, 0n) * 1_000_000n - value * gst;
      assert.ok(off <= 1_000_000n && off >= -1_000_000n, v.guid);
      seen++;
    }
    assert.ok(seen > 100, String(seen));
  });

  it('with reversed signs are the same documents, debit for credit', () => {
    const [plain] = createBook({ invoices: 100 }).vouchers();
    const [reversed] = createBook({ invoices: 100, reversedSigns: true }).vouchers();
    assert.deepEqual({ ...reversed, reversed: false }, plain);
    for (const [n, e] of plain!.entries.entries())
      assert.equal(tallyAmount(plain!, e), -tallyAmount(reversed!, reversed!.entries[n]!));
  });

  it('made by hand serve what they were given', () => {
    const vouchers = some.slice(0, 50);
    const book = bookOf(vouchers, { companyName: 'Mine' });
    assert.deepEqual([...book.vouchers()], vouchers);
    const day = vouchers[20]!.date;
    assert.deepEqual(
      [...book.vouchers({ from: day, to: addDays(day, 1) })],
      vouchers.filter((v) => v.date === day || v.date === addDays(day, 1)),
    );
    assert.equal(book.companyName, 'Mine');
  });
});
