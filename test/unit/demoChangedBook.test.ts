import assert from 'node:assert/strict';
import { createBook, type Book } from '../../src/demo/book.js';
import { splitAt, withChanges } from '../../src/demo/changedBook.js';
import { ledger } from '../../src/demo/ledgers.js';
import { screenExport } from '../../src/demo/screenExport.js';
import { startDemoServer } from '../../src/demo/server.js';
import type { DemoVoucher } from '../../src/demo/voucher.js';
import { askTally, collectionRequest, guidsIn, typedRange, variables } from '../support/askTally.js';

const book = createBook({ invoices: 100, from: '2024-04-01', to: '2024-05-31' });
const may = { from: '2024-05-01', to: '2024-05-31' };
const all = [...book.vouchers()];
const sale = all.find((v) => v.base === 'sales' && v.date === '2024-04-10')!;
const find = (changed: Book, guid: string): DemoVoucher | undefined =>
  [...changed.vouchers()].find((v) => v.guid === guid);
const dated = (changed: Book): string[] => [...changed.vouchers()].map((v) => v.date);

describe('changed books', () => {
  it('show an edited voucher under its GUID with a new ALTERID, the highest of the company', () => {
    const changed = withChanges(book, [{ edit: sale, fields: { narration: 'corrected' } }]);
    const { narration, alterId } = find(changed, sale.guid)!;
    assert.deepEqual([narration, alterId], ['corrected', book.lastAlterId + 1]);
    assert.deepEqual([changed.lastAlterId, changed.size], [book.lastAlterId + 1, book.size]);
    assert.deepEqual(
      [...changed.vouchers()].filter((v) => v.guid !== sale.guid),
      all.filter((v) => v.guid !== sale.guid),
    );
    assert.equal(find(book, sale.guid)!.narration, sale.narration, 'the earlier books are as they were');
  });

  it('show a re-dated voucher on its new day and on no other', () => {
    const changed = withChanges(book, [{ redate: sale, to: '2024-05-20' }]);
    assert.equal(
      [...changed.vouchers({ from: '2024-04-10', to: '2024-04-10' })].some((v) => v.guid === sale.guid),
      false,
    );
    assert.deepEqual(
      [...changed.vouchers(may)].filter((v) => v.guid === sale.guid).map((v) => [v.date, v.alterId]),
      [['2024-05-20', book.lastAlterId + 1]],
    );
    assert.deepEqual(dated(changed), dated(changed).sort());
    const later = withChanges(book, [{ redate: sale, to: '2024-07-01' }]);
    assert.deepEqual([later.range.to, dated(later).at(-1)], ['2024-07-01', '2024-07-01']);
  });

  it('keep of a cancelled voucher number, GUID and date, and nothing of party and lines', () => {
    const gone = find(withChanges(book, [{ cancel: sale }]), sale.guid)!;
    assert.deepEqual([gone.cancelled, gone.entries, gone.partyLedger], [true, [], '']);
    assert.deepEqual([gone.number, gone.date], [sale.number, sale.date]);
  });

  it('have no trace of a deleted voucher but the counter', () => {
    const changed = withChanges(book, [{ delete: sale }]);
    assert.equal(find(changed, sale.guid), undefined);
    assert.deepEqual([changed.size, changed.lastAlterId], [book.size - 1, book.lastAlterId + 1]);
    assert.throws(() => withChanges(book, [{ delete: sale }, { cancel: sale }]), /Deleted before/);
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

  it('take several changes of one voucher in their order', () => {
    const changed = withChanges(book, [
      { edit: sale, fields: { narration: 'first' } },
      { redate: sale, to: '2024-05-05' },
      { edit: sale, fields: { reference: 'second' } },
    ]);
    const { narration, date, reference, alterId } = find(changed, sale.guid)!;
    assert.deepEqual([narration, date, reference], ['first', '2024-05-05', 'second']);
    assert.deepEqual([alterId, changed.lastAlterId], [book.lastAlterId + 3, book.lastAlterId + 3]);
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

  it('are streamed: a change in a book of a million vouchers costs what the change costs', () => {
    const large = createBook({ invoices: 800_000, from: '2024-04-01', to: '2025-03-31' });
    const [first] = large.vouchers();
    const changed = withChanges(large, [{ redate: first!, to: '2025-01-01' }]);
    for (const v of changed.vouchers({ from: '2025-01-01', to: '2025-01-02' }))
      if (v.date > '2025-01-01') break;
      else if (v.guid === first!.guid) return;
    assert.fail('not on its new day');
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
