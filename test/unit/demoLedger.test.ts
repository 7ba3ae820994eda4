import assert from 'node:assert/strict';
import { monthEnd, monthStart, addMonths } from '../../src/core/base/calendar.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoRange } from '../../src/demo/demoNames.js';
import { ledger, ledgers } from '../../src/demo/book/masters/ledgers.js';
import { foreignCustomers } from '../../src/demo/book/masters/parties.js';
import { billsOf, costsOf, demoVoucher, tallyAmount, type DemoVoucher } from '../../src/demo/book/voucher.js';
import { balancesOf, profitAndLoss, profitOf } from '../../src/demo/ledger/balances.js';
import { countingOf, movementsOf, postingsOf } from '../../src/demo/ledger/inTheBooks.js';
import { billsAtOpening, pendingBills } from '../../src/demo/ledger/pendingBills.js';
import { itemsOf, stockOf } from '../../src/demo/ledger/stock.js';
import { bookOf } from '../support/demo/bookOf.js';

const book = createBook({ invoices: 1_500 });
const { onLedgers, inStock } = countingOf(book);
const vouchers = [...book.vouchers()];
const booked = vouchers.filter(onLedgers);
const from = book.range.from;
const monthEnds = Array.from({ length: 36 }, (_, n) => monthEnd(addMonths(monthStart(from), n)));
const sum = (values: readonly bigint[]): bigint => values.reduce((all, value) => all + value, 0n);
const openingStock = sum(itemsOf(book).map(({ opening }) => opening.value));
const sample = (n: number, fields: Partial<DemoVoucher>): DemoVoucher =>
  demoVoucher({ guid: `g-${n}`, masterId: n, alterId: n, date: '2024-06-10', ...fields });

describe("the demo's ledger", () => {
  it('begins with balances that add up to zero, together with the opening stock', () => {
    assert.equal(sum(ledgers.map(({ opening = 0n }) => opening)), openingStock);
    assert.ok(openingStock > 0n && ledgers.filter(({ opening }) => opening !== undefined).length > 60);
  });

  it('has vouchers whose lines add up to zero', () => {
    for (const v of booked) assert.equal(sum(postingsOf(v).map(({ value }) => value)), 0n, `${v.typeName} ${v.number}`);
    assert.ok(booked.length > 1_500);
  });

  it('adds up to zero at the end of every month, over all ledgers and the opening stock', () => {
    for (const to of monthEnds) {
      const balances = balancesOf(book, { from, to });
      assert.equal(sum(balances.map(({ closing }) => closing)), openingStock, to);
      assert.equal(sum(balances.map(({ debits, credits }) => debits + credits)), 0n, to);
    }
  });

  it('goes on from one period to the next, and begins income and expenses at zero', () => {
    const [first, second] = [
      { from, to: '2024-08-17' },
      { from: '2024-08-18', to: '2025-01-05' },
    ];
    const [earlier, later, both] = [
      balancesOf(book, first),
      balancesOf(book, second),
      balancesOf(book, { from, to: second.to }),
    ];
    for (const [n, { row, isRevenue, opening, debits, credits }] of later.entries()) {
      if (row.name !== profitAndLoss) assert.equal(opening, isRevenue ? 0n : earlier[n]!.closing, row.name);
      assert.deepEqual(
        [debits, credits],
        [both[n]!.debits - earlier[n]!.debits, both[n]!.credits - earlier[n]!.credits],
        row.name,
      );
    }
    const profit = later.find(({ row }) => row.name === profitAndLoss)!;
    const stock = stockOf(book, second);
    const gain = sum(stock.map(({ row, opening }) => opening.value - row.opening.value));
    assert.equal(profit.opening, profitOf(earlier) + gain);
    assert.equal(sum(later.map(({ closing }) => closing)), sum(stock.map(({ opening }) => opening.value)));
  });

  it('is what a plain sum over all vouchers says, on any day', () => {
    for (const to of ['2023-04-01', '2024-02-29', '2025-07-16', '2030-01-01']) {
      const plain = new Map(ledgers.map(({ name, opening = 0n }) => [name, opening]));
      for (const v of booked.filter(({ date }) => date <= to)) {
        for (const entry of v.entries) plain.set(entry.ledger, plain.get(entry.ledger)! + tallyAmount(v, entry));
      }
      for (const { row, closing } of balancesOf(book, { from, to }))
        assert.equal(closing, plain.get(row.name), row.name);
    }
  });

  it('leaves out what is cancelled, optional or deleted, orders, notes and memoranda, and counts what is post-dated from its date on', () => {
    const entries: DemoVoucher['entries'] = [
      { kind: 'ledger', role: 'other', ledger: ledger.cash, value: -100n },
      { kind: 'ledger', role: 'other', ledger: ledger.bank, value: 100n },
    ];
    const cashAfter = (fields: Partial<DemoVoucher>, to = '2024-06-30'): bigint => {
      const made = bookOf([sample(1, { base: 'none', typeName: 'Contra', view: 'accounting', entries, ...fields })]);
      return balancesOf(made, { from, to }).find(({ row }) => row.name === ledger.cash)!.debits;
    };
    assert.deepEqual([cashAfter({}), cashAfter({ typeName: 'Cash Payment' })], [-100n, -100n]);
    for (const fields of [{ cancelled: true }, { optional: true }, { deleted: 'retained' }] as const)
      assert.equal(cashAfter(fields), 0n);
    for (const typeName of [
      'Sales Order',
      'Sales Quotation',
      'Delivery Note',
      'Memorandum',
      'Reversing Journal',
      'Stock Journal',
    ])
      assert.equal(cashAfter({ typeName }), 0n, typeName);
    assert.deepEqual(
      [cashAfter({ postDated: true }, '2024-06-09'), cashAfter({ postDated: true }, '2024-06-10')],
      [0n, -100n],
    );
  });
});

describe("the bills of the demo's parties", () => {
  const billNames = new Set(
    booked.flatMap((v) => v.entries.flatMap((e) => (e.kind === 'ledger' ? billsOf(e) : []))).map(({ kind }) => kind),
  );

  it('are made, settled whole and in part, paid in advance and on account', () => {
    assert.deepEqual([...billNames].toSorted(), ['advance', 'against', 'new', 'on-account']);
  });

  it('add up to the line that they belong to, and stand on lines of bill-wise ledgers alone', () => {
    const billWise = new Set(ledgers.flatMap(({ name, isBillWise }) => (isBillWise ? [name] : [])));
    for (const v of booked)
      for (const e of v.entries) {
        if (e.kind !== 'ledger') continue;
        const bills = billsOf(e);
        assert.equal(bills.length > 0, billWise.has(e.ledger), `${v.typeName} ${v.number} ${e.ledger}`);
        if (bills.length > 0) assert.equal(sum(bills.map(({ value }) => value)), e.value, v.guid);
      }
  });

  it('are settled only after they were made, and never beyond their amount, but for gains by the rate of a currency', () => {
    const made = new Map(
      book.ledgers
        .flatMap((l) => billsAtOpening(book, l))
        .map(({ ledger: party, name, value }) => [`${party}|${name}`, value]),
    );
    for (const v of booked)
      for (const e of v.entries)
        for (const { kind, name, value } of e.kind === 'ledger' ? billsOf(e) : [])
          if (kind === 'new' || kind === 'advance') made.set(`${e.ledger}|${name}`, tallyAmount(v, e, value));
    const foreign = new Set(foreignCustomers.map((party) => party.ledger));
    for (const to of monthEnds)
      for (const { ledger: party, name, value, date } of pendingBills(book, to)) {
        if (foreign.has(party)) continue;
        const whole = made.get(`${party}|${name}`);
        assert.ok(whole !== undefined && value / whole <= 1n && whole * value > 0n, `${party} ${name} ${to}`);
        assert.ok(date <= to);
      }
  });

  it('add up to the closing of their ledger at each month end, but for what is on account', () => {
    for (const to of monthEnds) {
      const pending = new Map<string, bigint>();
      for (const { ledger: party, value } of pendingBills(book, to))
        pending.set(party, (pending.get(party) ?? 0n) + value);
      const onAccount = new Map<string, bigint>();
      for (const { name, opening = 0n, openingBills = [] } of ledgers)
        onAccount.set(name, opening - sum(openingBills.map(({ value }) => value)));
      for (const v of booked.filter(({ date }) => date <= to))
        for (const e of v.entries)
          if (e.kind === 'ledger')
            for (const { kind, value } of billsOf(e))
              if (kind === 'on-account') onAccount.set(e.ledger, onAccount.get(e.ledger)! + tallyAmount(v, e, value));
      for (const { row, closing } of balancesOf(book, { from, to })) {
        if (!row.isBillWise) continue;
        assert.equal((pending.get(row.name) ?? 0n) + onAccount.get(row.name)!, closing, `${row.name} ${to}`);
      }
    }
  });

  it('of the demo range are a few hundred, some of them from before the books, with due dates of their own', () => {
    const pending = pendingBills(createBook({ invoices: 1_500, ...demoRange }), demoRange.to);
    assert.ok(pending.length > 300, String(pending.length));
    assert.ok(pending.some(({ date }) => date < demoRange.from) && pending.some(({ date, dueDate }) => dueDate > date));
  });
});

describe("the demo's stock", () => {
  it('is at each month end what it began with, and came in, without what went out', () => {
    for (const to of monthEnds.filter((_, n) => n % 6 === 5)) {
      const counts = new Map(itemsOf(book).map(({ name, opening }) => [name, opening.count]));
      for (const v of vouchers.filter((one) => one.date <= to && inStock(one)))
        for (const { item, isInward, count } of movementsOf(v))
          counts.set(item, counts.get(item)! + (isInward ? count : -count));
      for (const { row, opening, inwards, outwards, closing } of stockOf(book, { from, to })) {
        assert.equal(closing.count, counts.get(row.name), row.name);
        assert.equal(opening.count + inwards - outwards, closing.count, row.name);
      }
    }
  });

  it('does not change by a move between godowns, and by a stock journal that uses up some items and makes another', () => {
    const journals = vouchers.filter(({ typeName }) => typeName === 'Stock Journal');
    const kinds = new Set(journals.map((v) => new Set(movementsOf(v).map(({ item }) => item)).size === 1));
    assert.deepEqual([...kinds].toSorted(), [false, true]);
    for (const v of journals) assert.equal(sum(v.entries.map((e) => e.value)), 0n);
    const [move] = journals.filter((v) => new Set(movementsOf(v).map(({ item }) => item)).size === 1);
    assert.deepEqual(new Set(move!.entries.map((e) => (e.kind === 'item' ? e.godown : ''))).size, 2);
  });
});

describe("the demo's other vouchers", () => {
  const some = (test: (v: DemoVoucher) => boolean): DemoVoucher => {
    const found = booked.find(test);
    assert.ok(found);
    return found;
  };

  it('share salaries between cost centres, to the paisa', () => {
    const { entries } = some((v) => v.entries.some((e) => e.kind === 'ledger' && (e.costs?.length ?? 0) > 2));
    const [salary] = entries.flatMap((e) => (e.kind === 'ledger' && e.costs ? [e] : []));
    assert.equal(sum(costsOf(salary!).map(({ value }) => value)), salary!.value);
  });

  it('book the difference of the rate at which a bill in dollars was paid, which settles the bill in rupees', () => {
    const paid = some((v) => v.typeName === 'Receipt' && v.forex !== undefined);
    const [line] = paid.entries.flatMap((e) => (e.kind === 'ledger' && e.bills ? [e] : []));
    const { name } = line!.bills![0]!;
    const difference = some(
      (v) =>
        v.typeName === 'Journal' &&
        v.entries.some(
          (e) => e.ledger === ledger.exchangeDifference && e.value !== 0n && v.partyLedger === line!.ledger,
        ) &&
        v.entries.some((e) => e.kind === 'ledger' && e.bills?.some((bill) => bill.name === name) === true),
    );
    assert.ok(pendingBills(book, paid.date).some((bill) => bill.name === name));
    assert.ok(!pendingBills(book, difference.date).some((bill) => bill.name === name));
  });

  it('include a receipt that is expected, and so optional', () => {
    assert.ok(vouchers.some((v) => v.typeName === 'Receipt' && v.optional));
  });
});
