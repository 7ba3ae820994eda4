import assert from 'node:assert/strict';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { withChanges, type Change } from '../support/demo/changedBook.js';
import { splitAt } from '../../src/demo/book/splitAt.js';
import { ledger } from '../../src/demo/book/masters/ledgers.js';
import { screenExport } from '../support/demo/screenExport.js';
import { startDemoServer } from '../../src/demo/server.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { askTally, collectionRequest, guidsIn, typedRange, variables } from '../support/askTally.js';

const book = createBook({ invoices: 100, from: '2024-04-01', to: '2024-05-31' });
const may = { from: '2024-05-01', to: '2024-05-31' };
const all = [...book.vouchers()];
const sale = all.find((v) => v.base === 'sales' && v.date === '2024-04-10')!;
const find = (changed: Book, guid: string): DemoVoucher | undefined =>
  [...changed.vouchers()].find((v) => v.guid === guid);

describe('changed books', () => {
  const { lastAlterId } = book;
  const bare = { partyLedger: '', entries: [] };
  const changes: [what: string, change: Change, shown: Partial<DemoVoucher> | undefined, counted: number][] = [
    ['an edit', { edit: sale, fields: { narration: 'new' } }, { narration: 'new', alterId: lastAlterId + 1 }, 1],
    ['a re-dating', { redate: sale, to: '2024-05-20' }, { date: '2024-05-20', alterId: lastAlterId + 1 }, 1],
    ['a cancellation: no party, no lines', { cancel: sale }, { ...bare, cancelled: true, number: sale.number }, 1],
    ['a deletion', { delete: sale }, undefined, 1],
    ['another number, under its ALTERID', { renumber: sale, number: 'N/1' }, { ...sale, number: 'N/1' }, 0],
    [
      'another voucher in its place after a restore',
      { replace: sale, by: { date: '2024-05-31', number: 'R', base: 'purchase' } },
      { date: '2024-05-31', number: 'R', entries: [], alterId: sale.alterId, masterId: sale.masterId },
      0,
    ],
  ];
  for (const [what, change, shown, counted] of changes)
    it(`show ${what}, under the same GUID, and no other voucher changed`, () => {
      const changed = withChanges(book, [change]);
      const found = find(changed, sale.guid);
      assert.deepEqual(found && { ...found, ...shown }, found);
      assert.equal(found === undefined, shown === undefined);
      const others = [...changed.vouchers()].filter((v) => v.guid !== sale.guid);
      assert.deepEqual(
        others,
        all.filter((v) => v.guid !== sale.guid),
      );
      assert.deepEqual([changed.lastAlterId, changed.size], [lastAlterId + counted, others.length + (shown ? 1 : 0)]);
      const dates = [...changed.vouchers()].map((v) => v.date);
      assert.deepEqual(dates, dates.toSorted());
      assert.deepEqual(
        [...changed.vouchers(may)].filter((v) => v.guid === sale.guid),
        found && found.date >= may.from ? [found] : [],
      );
    });

  it('reach to the day that a voucher was moved to', () => {
    assert.equal(withChanges(book, [{ redate: sale, to: '2024-07-01' }]).range.to, '2024-07-01');
  });

  it('give a new voucher ids that no other has or had, also a copy, also after a deletion', () => {
    const first = withChanges(book, [{ create: { ...sale, date: '2024-05-02' } }]);
    const [copy] = [...first.vouchers()].filter((v) => !all.some((w) => w.guid === v.guid));
    const second = withChanges(first, [{ delete: copy! }, { create: { date: '2024-05-03' } }]);
    const guids = [...second.vouchers()].map((v) => v.guid);
    assert.equal(copy!.guid, `${book.companyGuid}-${copy!.masterId.toString(16).padStart(8, '0')}`);
    assert.deepEqual(
      [guids.includes(copy!.guid), new Set(guids).size, second.size],
      [false, book.size + 1, guids.length],
    );
    assert.equal(copy!.number, sale.number, 'numbers may repeat');
  });

  it('show a renamed ledger in every voucher without a new ALTERID; only the counter of the masters moves', () => {
    const changed = withChanges(book, [{ renameLedger: ledger.outputCgst, to: 'CGST Payable' }]);
    const before = all.filter((v) => v.entries.some((e) => e.ledger === ledger.outputCgst));
    const after = [...changed.vouchers()].filter((v) => v.entries.some((e) => e.ledger === 'CGST Payable'));
    assert.ok(before.length > 10);
    assert.deepEqual(
      after.map((v) => [v.guid, v.alterId]),
      before.map((v) => [v.guid, v.alterId]),
    );
    assert.equal(changed.lastAlterId, book.lastAlterId);
    assert.ok(changed.lastMasterAlterId! > 4_100);
    assert.ok(changed.ledgers.some((l) => l.name === 'CGST Payable' && l.gstDutyHead === 'CGST'));
    assert.ok(!changed.ledgers.some((l) => l.name === ledger.outputCgst));
  });

  it('move the counters that Tally tells, and a restored backup moves them back', async () => {
    const changed = withChanges(book, [{ delete: sale }, { renameLedger: 'Cash', to: 'Till' }]);
    const tally = await startDemoServer({ book });
    const told = async (): Promise<(string | undefined)[]> => {
      const fetch = (type: string, fields: string): Promise<string> =>
        askTally(
          tally.url,
          collectionRequest(type, fields, variables(book.companyName, typedRange('20240401', '20240430'))),
        ).then((r) => r.text);
      const company = await fetch('Company', 'ALTVCHID, ALTMSTID');
      const index = await fetch('Voucher', 'GUID');
      return [
        /<ALTVCHID TYPE="Number"> (\d+)</.exec(company)?.[1],
        /<ALTMSTID TYPE="Number"> (\d+)</.exec(company)?.[1],
        /<VOUCHER>(\d+)</.exec(index)?.[1],
        String(guidsIn(index).includes(sale.guid)),
      ];
    };
    try {
      const before = [String(book.lastAlterId), '4100', String(book.size), 'true'];
      assert.deepEqual(await told(), before);
      tally.behave({ book: changed });
      assert.deepEqual(await told(), [String(book.lastAlterId + 1), '4101', String(book.size - 1), 'false']);
      tally.behave({ book });
      assert.deepEqual(await told(), before);
    } finally {
      await tally.close();
    }
  });

  it('count on from another number behind a voucher of the type in its financial year, and change nothing else', () => {
    const years = createBook({ invoices: 150, from: '2024-01-01', to: '2024-06-30' });
    const before = [...years.vouchers()];
    const from = before.findLast((v) => v.typeName === 'Sales' && v.date < '2024-02-15')!;
    const changed = withChanges(years, [{ renumberAfter: from, by: 1 }]);
    const isLater = (v: DemoVoucher): boolean =>
      v.typeName === 'Sales' && v.date >= from.date && v.masterId > from.masterId && v.date <= '2024-03-31';
    const next = (number: string): string => {
      const [year, serial] = [number.slice(0, 9), Number(number.slice(9))];
      return year + String(serial + 1).padStart(4, '0');
    };
    assert.ok(/^BT\/23-24\/\d{4}$/.test(from.number) && before.filter(isLater).length > 5);
    assert.deepEqual(
      [...changed.vouchers()],
      before.map((v) => (isLater(v) ? { ...v, number: next(v.number) } : v)),
    );
    assert.equal(changed.lastAlterId, years.lastAlterId);
  });

  it('split by years are two companies of one GUID that together are the whole', () => {
    const [earlier, later] = splitAt(book, '2024-05-01', 'Later');
    assert.deepEqual([...earlier.vouchers(), ...later.vouchers()], all);
    assert.deepEqual([...earlier.vouchers(may)], []);
    assert.deepEqual([...later.vouchers(book.range)], [...book.vouchers(may)]);
    assert.deepEqual([earlier.companyGuid, later.companyGuid], [book.companyGuid, book.companyGuid]);
  });
});

describe("a Day Book exported on Tally's screen", () => {
  const text = (encoding?: 'utf-8-full'): string =>
    Buffer.concat([...screenExport(book, may, encoding)]).toString(encoding ? 'utf8' : 'utf16le');

  it('is UTF-16 with a byte-order mark and holds masters before the vouchers', () => {
    const file = text();
    assert.ok(file.startsWith('\ufeff<ENVELOPE>') && file.endsWith('</ENVELOPE>\r\n'));
    for (const master of [
      '<GROUP NAME="',
      '<LEDGER NAME="',
      '<VOUCHERTYPE NAME="GST Sale Invoice" RESERVEDNAME="Sales"',
    ])
      assert.ok(file.includes(master) && file.indexOf(master) < file.indexOf('<VOUCHER '), master);
    assert.equal(text('utf-8-full'), file.slice(1));
  });

  it('says of the vouchers what the report says, with far fewer empty fields', () => {
    const vouchers = [...book.vouchers(may)];
    assert.deepEqual(
      guidsIn(text()).filter((guid) => !guid.endsWith('-0000002a')),
      vouchers.map((v) => v.guid),
    );
    const empty = (xml: string): number => (xml.match(/><\//g) ?? []).length / vouchers.length;
    assert.ok(empty(text()) < 60, String(empty(text())));
    const amounts = (xml: string): number => (xml.match(/<AMOUNT>/g) ?? []).length;
    assert.ok(amounts(text()) > vouchers.length);
  });
});
