import assert from 'node:assert/strict';
import { createBook } from '../../src/demo/book/book.js';
import { demoRange } from '../../src/demo/demoNames.js';
import { ledger } from '../../src/demo/book/masters/ledgers.js';
import { tallyAmount, type DemoVoucher, type LedgerEntry } from '../../src/demo/book/voucher.js';
import { voucherTypes } from '../../src/demo/book/masters/voucherTypes.js';

const some = [...createBook({ invoices: 2_000 }).vouchers()];
const count = (test: (v: DemoVoucher) => boolean): number => some.filter(test).length;
/** Ledgers of charges and discounts that, by their masters, are part of the taxable value. */
const besides: string[] = [ledger.schemeDiscount, ledger.packing, ledger.carriageIn];
const ledgerLines = (v: DemoVoucher): LedgerEntry[] => v.entries.filter((e) => e.kind === 'ledger');

describe('the demo books', () => {
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

  it('cannot end before they begin', () => {
    assert.throws(() => createBook({ from: '2024-04-01', to: '2024-03-31' }), /cannot end on 2024-03-31/);
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

  it('are in order of date, reach from the first day to the last, and have no GUID or ALTERID twice', () => {
    const dates = some.map((v) => v.date);
    assert.deepEqual(dates, dates.toSorted());
    assert.deepEqual([dates[0], dates.at(-1), new Set(dates).size], ['2023-04-01', '2026-03-31', 1_096]);
    for (const id of ['guid', 'alterId'] as const) assert.equal(new Set(some.map((v) => v[id])).size, some.length);
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

  it('hold every kind of voucher', () => {
    const types = new Set(some.map((v) => v.typeName));
    const expected = [
      'Sales, GST Sale Invoice, E-Sales, E-Sales Export, Purchase, Expense, Credit Note, वापसी (Returns), Debit Note',
      'Sales Order, Sales Quotation, Purchase Order, Delivery Note, Receipt Note, Rejections In, Stock Journal',
      'Receipt, Payment, Cash Payment, Contra, Journal',
    ];
    for (const name of expected.join(', ').split(', '))
      assert.ok(types.has(name) && voucherTypes.some((t) => t.name === name), name);
  });

  const invoices = some.filter((v) => v.base !== 'none');
  const twice = (names: string[]): boolean => new Set(names).size < names.length;
  const itemsOf = (v: DemoVoucher): string[] => v.entries.flatMap((e) => (e.kind === 'item' ? [e.item] : []));
  /** Whether a voucher has a ledger line with these fields for which `test` holds. */
  const line = (fields: Partial<LedgerEntry>, test: (e: LedgerEntry) => boolean = () => true) => {
    const isSo = (e: LedgerEntry): boolean =>
      Object.entries(fields).every(([key, value]) => e[key as 'role'] === value);
    return (v: DemoVoucher): boolean => ledgerLines(v).some((e) => isSo(e) && test(e));
  };
  const kinds: Record<string, (v: DemoVoucher) => boolean> = {
    ...Object.fromEntries(
      (['sales', 'purchase', 'credit_note', 'debit_note'] as const).map((base) => [
        `a ${base} in accounting view`,
        (v: DemoVoucher) => v.base === base && v.view === 'accounting',
      ]),
    ),
    ...Object.fromEntries(
      (['cgst', 'sgst', 'igst', 'cess', 'round_off', 'tds', 'other'] as const).map((role) => [role, line({ role })]),
    ),
    ...Object.fromEntries(
      ['&', '"', "'", 'ñ', '₹', 'र', '\r\n'].map((text) => [
        `a party with ${text}`,
        (v: DemoVoucher) => v.partyLedger.includes(text),
      ]),
    ),
    ...Object.fromEntries(
      besides.map((name) => [`${name}, which is taxable by its master`, line({ role: 'taxable', ledger: name })]),
    ),
    'round-off up': line({ role: 'round_off' }, (e) => e.value > 0n),
    'round-off down': line({ role: 'round_off' }, (e) => e.value < 0n),
    'a cancelled sale': (v) => v.base === 'sales' && v.cancelled && v.entries.length === 0 && v.partyLedger === '',
    'a cancelled purchase': (v) => v.base === 'purchase' && v.cancelled,
    'an optional one': (v) => v.optional,
    'a post-dated one': (v) => v.postDated,
    'one in foreign currency': (v) => v.forex !== undefined,
    'a service': (v) =>
      v.base === 'sales' && v.view === 'invoice' && !v.cancelled && v.entries.every((e) => e.kind === 'ledger'),
    'a stock line without quantity': (v) => v.entries.some((e) => e.kind === 'item' && !e.quantity),
    'a discount on a line': (v) => v.entries.some((e) => e.kind === 'item' && e.discount !== undefined),
    'a CGST that is rounded': line({ role: 'cgst', rounding: 'tax' }),
    'an IGST that is rounded': line({ role: 'igst', rounding: 'tax' }),
    'a discount in the taxable value, by METHODTYPE': line({ role: 'taxable', assessable: 'method' }),
    'an expense in it, by GSTOVRDNTAXABILITY alone': line({ role: 'taxable', assessable: 'taxability' }),
    'an expense in it, by its rates': line({ role: 'taxable', ledger: ledger.fees }, (e) => !!e.gst),
    'a sale of items in accounting view': (v) =>
      v.base === 'sales' && v.view === 'accounting' && v.entries[0]?.kind === 'item',
    'a return of items in accounting view': (v) =>
      v.base === 'credit_note' && v.view === 'accounting' && v.entries[0]?.kind === 'item',
    'an item twice': (v) => twice(itemsOf(v)),
    'a ledger twice': (v) => twice(ledgerLines(v).map((e) => e.ledger)),
    'no number': (v) => v.number === '',
    'no reference': (v) => v.reference === undefined,
    'no GSTIN': (v) => v.partyGstin === '' && v.partyLedger !== '',
    'an IRN': ({ irn }) => irn !== undefined && /^[0-9a-f]{64}$/.test(irn.irn) && /^\d{15}$/.test(irn.ackNo),
    'two e-way bills': (v) => v.ewayBills.length === 2 && v.ewayBills.every((n) => /^\d{12}$/.test(n)),
    'a narration of several lines': (v) => v.narration.includes('\r\n'),
    'a party with blanks around': (v) => v.partyLedger !== v.partyLedger.trim(),
  };
  for (const [what, test] of Object.entries(kinds))
    it(`hold among the invoices ${JSON.stringify(what)}`, () => {
      assert.ok(invoices.some(test));
    });

  it('have on an invoice exactly one line of the party, before the other ledger lines in invoice view', () => {
    for (const v of some.filter((x) => x.base !== 'none' && !x.cancelled)) {
      const lines = ledgerLines(v);
      assert.equal(lines.filter((e) => e.ledger === v.partyLedger).length, 1, v.guid);
      if (v.view === 'invoice') assert.equal(lines[0]!.ledger, v.partyLedger, v.guid);
    }
  });

  it('tax what is taxable at the rate of its goods, to the paisa, a charge or discount beside them too', () => {
    const isBeside = line({ role: 'taxable' }, (e) => e.assessable === 'method' || besides.includes(e.ledger));
    const mixed = invoices.filter(isBeside);
    for (const v of mixed) {
      const [gst, ...others] = new Set(v.entries.flatMap((e) => (e.kind === 'item' ? [e.gst!.percent] : [])));
      assert.ok(gst !== undefined && others.length === 0, v.guid);
      const sum = (isOf: (role: string) => boolean): bigint =>
        v.entries.filter((e) => isOf(e.kind === 'item' ? 'taxable' : e.role)).reduce((all, e) => all + e.value, 0n);
      const tax = sum((role) => ['cgst', 'sgst', 'igst'].includes(role));
      const off = tax * 1_000_000n - sum((role) => role === 'taxable') * gst;
      assert.ok(off <= 1_000_000n && off >= -1_000_000n, v.guid);
    }
    assert.ok(mixed.length > 100, String(mixed.length));
  });

  it('with reversed signs are the same documents, debit for credit', () => {
    const [plain] = createBook({ invoices: 100 }).vouchers();
    const [reversed] = createBook({ invoices: 100, reversedSigns: true }).vouchers();
    assert.deepEqual({ ...reversed, reversed: false }, plain);
    for (const [n, e] of plain!.entries.entries())
      assert.equal(tallyAmount(plain!, e), -tallyAmount(reversed!, reversed!.entries[n]!));
  });
});
