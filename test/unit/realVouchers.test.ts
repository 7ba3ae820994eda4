// Invented vouchers in shapes that were counted in true exports, loaded from files.
import assert from 'node:assert/strict';
import { formatDecimal } from '../../src/core/base/decimal.js';
import type { Invoice } from '../../src/core/invoice/invoice.js';
import { invoiceColumns } from '../../src/core/warehouse/load/columns.js';
import { loadCase, type LoadedFile } from '../support/caseFile.js';

const rupees = (value: bigint): string => formatDecimal(value, 2);

const amountsOf = (i: Invoice): Record<string, string> => ({
  taxable: rupees(i.taxableAmount),
  cgst: rupees(i.cgstAmount),
  sgst: rupees(i.sgstAmount),
  igst: rupees(i.igstAmount),
  round_off: rupees(i.roundOffAmount),
  other: rupees(i.otherAmount),
  total: rupees(i.totalAmount),
});
const none = { cgst: '0.00', sgst: '0.00', igst: '0.00', round_off: '0.00', other: '0.00' };

/** The invoice of a file that must hold exactly one, without rejects and warnings. */
function onlyInvoice({ invoices, rejects, warnings }: LoadedFile): Invoice {
  assert.deepEqual([invoices.length, rejects, warnings], [1, [], []]);
  return invoices[0]!;
}
const linesOf = (i: Invoice): [string | null, string, string][] =>
  i.lines.map((line) => [line.ledgerName, line.ledgerClass, rupees(line.amount)]);

describe('a tax ledger with a rounding method', () => {
  const name = '01-tax-ledger-with-rounding-method';
  const gst = { ...none, taxable: '1000.00', cgst: '90.00', sgst: '90.00', total: '1180.00' };

  it('is tax, by its master', async () => {
    const invoice = onlyInvoice(await loadCase(name));
    assert.deepEqual(amountsOf(invoice), gst);
    assert.deepEqual(linesOf(invoice), [
      ['Buyer One', 'party', '1180.00'],
      ['Sales GST 18%', 'taxable', '1000.00'],
      ['OUTPUT CGST', 'cgst', '90.00'],
      ['OUTPUT SGST', 'sgst', '90.00'],
    ]);
  });

  it('is tax by its name where the file holds no masters', async () => {
    const withoutLedgers = await loadCase(name, (xml) => xml.replace(/<LEDGER .*?<\/LEDGER>/gs, ''));
    assert.deepEqual(amountsOf(withoutLedgers.invoices[0]!), gst);
  });

  it('leaves the round-off to a ledger that nothing else claims', async () => {
    const paise = (xml: string): string =>
      xml
        .replaceAll('OUTPUT SGST', 'Paise')
        .replace(/<TAXTYPE>GST<\/TAXTYPE>\s*<GSTDUTYHEAD>SGST\/UTGST<\/GSTDUTYHEAD>/, '')
        .replace(/(NAME="Paise"[^>]*>\s*<PARENT>)[^<]*/, '$1Indirect Expenses')
        // 1000.00 and 9 % of it are 1090.00; 0.40 makes 1090.40.
        .replace('<AMOUNT>-1180.00', '<AMOUNT>-1090.40')
        .replace(/(Paise<\/LEDGERNAME>\s*<ISPARTYLEDGER>No<\/ISPARTYLEDGER>\s*<AMOUNT>)90.00/, '$10.40')
        .replaceAll(/<RATEDETAILS.LIST>.*<\/RATEDETAILS.LIST>/gs, '');
    const rounded = { ...none, taxable: '1000.00', cgst: '90.00', round_off: '0.40', total: '1090.40' };
    assert.deepEqual(amountsOf(onlyInvoice(await loadCase(name, paise))), rounded);
    const large = await loadCase(name, (xml) => paise(xml).replace('-1090.40', '-1590.00').replace('>0.40', '>500.00'));
    assert.deepEqual(amountsOf(large.invoices[0]!), {
      ...{ ...rounded, round_off: '0.00', other: '500.00', total: '1590.00' },
    });
    assert.deepEqual(large.warnings, [
      '1 invoice has a line that is marked as a round-off and is not smaller than its rounding limit; the line counts as what its ledger is: 1 of 1\u00a0Apr\u00a02024',
    ]);
  });

  it('is part of the taxable value where its line says so, whatever else marks it as a rounding', async () => {
    const charge = (mark: string) => (xml: string) =>
      xml
        .replaceAll('OUTPUT SGST', 'Packing')
        .replace(/<TAXTYPE>GST<\/TAXTYPE>\s*<GSTDUTYHEAD>SGST\/UTGST<\/GSTDUTYHEAD>/, '')
        .replace(/(NAME="Packing"[^>]*>\s*<PARENT>)[^<]*/, '$1Indirect Expenses')
        .replaceAll(/<RATEDETAILS.LIST>.*<\/RATEDETAILS.LIST>/gs, '')
        .replace(
          /<ROUNDTYPE>(?=[^<]*<\/ROUNDTYPE>\s*<ROUNDLIMIT> 1<\/ROUNDLIMIT>\s*<\/LEDGERENTRIES.LIST>\s*<\/VOUCHER>)/,
          `${mark}$&`,
        );
    for (const mark of ['<METHODTYPE>GST</METHODTYPE>', '<GSTOVRDNTAXABILITY>Taxable</GSTOVRDNTAXABILITY>'])
      assert.deepEqual(
        amountsOf(onlyInvoice(await loadCase(name, charge(mark)))),
        { ...none, taxable: '1090.00', cgst: '90.00', total: '1180.00' },
        mark,
      );
  });
});

describe('an invoice in accounting view with items below a ledger', () => {
  const name = '02-items-under-a-ledger-in-accounting-view';
  const itemsOf = (i: Invoice): unknown[] =>
    i.lines
      .filter(({ lineType }) => lineType === 'item')
      .map((l) => [
        l.itemName,
        l.ledgerName,
        l.ledgerClass,
        l.quantity,
        l.unit,
        l.rate,
        l.hsn,
        l.gstRate,
        rupees(l.amount),
      ]);
  const room = ['Room', 'Sale 5%', 'taxable', 20_000n, 'Nos', 5_000_000n, '996311', 50_000n, '1000.00'];
  const amounts = { ...none, taxable: '1000.00', cgst: '25.00', sgst: '25.00', total: '1050.00' };

  it('has them as item lines in place of the ledger line, and its amounts as before', async () => {
    const invoice = onlyInvoice(await loadCase(name));
    assert.deepEqual(itemsOf(invoice), [room]);
    assert.deepEqual(linesOf(invoice), [
      ['Guest One', 'party', '1050.00'],
      ['Sale 5%', 'taxable', '1000.00'],
      ['Output CGST 2.5%', 'cgst', '25.00'],
      ['Output SGST 2.5%', 'sgst', '25.00'],
    ]);
    assert.deepEqual(amountsOf(invoice), amounts);
  });

  it('has them as items without masters too, whatever the ledger is called', async () => {
    const { invoices } = await loadCase(name, (xml) => xml.replace(/<LEDGER .*?<\/LEDGER>/gs, ''));
    assert.deepEqual(itemsOf(invoices[0]!), [room]);
    assert.deepEqual(amountsOf(invoices[0]!), amounts);
  });

  /** Changes the amount of the item, not of the ledger line. */
  const withItem = (amount: string) => (xml: string) =>
    xml.replace(/(<RATE>500.00\/Nos<\/RATE>\s*<AMOUNT>)1000.00/, `$1${amount}`);

  it('keeps what they leave of the ledger line as a line of the ledger, and says so', async () => {
    const { invoices, warnings } = await loadCase(name, withItem('900.00'));
    assert.deepEqual(linesOf(invoices[0]!).slice(1, 3), [
      ['Sale 5%', 'taxable', '900.00'],
      ['Sale 5%', 'taxable', '100.00'],
    ]);
    assert.deepEqual(amountsOf(invoices[0]!), amounts);
    assert.match(warnings.join(), /^1 invoice has stock items below a ledger line .*: 1 of 1\u00a0Apr\u00a02024$/);
  });

  it('keeps the ledger line, as taxable, where the amount of an item cannot be read, and says so', async () => {
    for (const amount of ['thousand', '']) {
      const { invoices, rejects, warnings } = await loadCase(name, withItem(amount));
      assert.deepEqual(rejects, []);
      assert.deepEqual(itemsOf(invoices[0]!), []);
      assert.deepEqual(amountsOf(invoices[0]!), amounts);
      assert.deepEqual(invoices[0]!.lines.map(({ ledgerName, gstRate }) => [ledgerName, gstRate]).slice(0, 2), [
        ['Guest One', null],
        ['Sale 5%', null],
      ]);
      assert.match(warnings.join(), /^1 invoice has stock items below a ledger line .*: 1 of 1\u00a0Apr\u00a02024$/);
    }
    // Even on a ledger of Fixed Assets the line is taxable, because its items were sold.
    const asset = await loadCase(name, (xml) =>
      withItem('thousand')(xml).replace(/(<LEDGER NAME="Sale 5%".*?<PARENT>)[^<]*/s, '$1Fixed Assets'),
    );
    assert.deepEqual(amountsOf(asset.invoices[0]!), amounts);
    const { rejects } = await loadCase(name, (xml) => xml.replaceAll('1000.00', 'thousand'));
    assert.equal(rejects[0]?.reason, 'ledger "Sale 5%": not an amount in rupees: "thousand"');
  });

  it('counts free items as 0', async () => {
    const free =
      '<INVENTORYALLOCATIONS.LIST><STOCKITEMNAME>Tea</STOCKITEMNAME><AMOUNT></AMOUNT></INVENTORYALLOCATIONS.LIST>';
    const given = onlyInvoice(await loadCase(name, (xml) => xml.replace('<INVENTORYALLOCATIONS.LIST>', `${free}$&`)));
    assert.deepEqual(linesOf(given)[1], ['Sale 5%', 'taxable', '0.00']);
    assert.deepEqual(amountsOf(given), amounts);
  });

  it('books items on whatever the ledger is, but not on a tax or a party', async () => {
    const asset = await loadCase(name, (xml) =>
      xml.replace(/(<LEDGER NAME="Sale 5%".*?<PARENT>)[^<]*/s, '$1Fixed Assets'),
    );
    assert.deepEqual(amountsOf(onlyInvoice(asset)), amounts);
    const tax = await loadCase(name, (xml) =>
      xml.replace(/(<LEDGER NAME="Sale 5%".*?<PARENT>)[^<]*(.*?<TAXTYPE>)Others/s, '$1Duties &amp; Taxes$2GST'),
    );
    assert.deepEqual(linesOf(tax.invoices[0]!)[1], ['Sale 5%', 'other', '1000.00']);
    assert.match(tax.warnings.join(), /below a tax or party line/);
  });

  it('takes rate and HSN of the ledger line where the item has none', async () => {
    const { invoices } = await loadCase(name, (xml) => {
      const details = /<RATEDETAILS.LIST>.*<\/RATEDETAILS.LIST>/s.exec(xml)![0];
      return xml
        .replace(details, '')
        .replace('<GSTHSNNAME>996311</GSTHSNNAME>', '')
        .replace('<INVENTORYALLOCATIONS.LIST>', `${details}<GSTHSNNAME>996311</GSTHSNNAME>$&`);
    });
    assert.deepEqual(itemsOf(invoices[0]!), [room]);
  });
});

describe('a stock line of ERP 9', () => {
  const name = '03-gst-rate-in-accounting-allocations';
  const rateOf = (i: Invoice): bigint | null => i.lines.find(({ lineType }) => lineType === 'item')!.gstRate;

  it('has the GST rate of the ledger that it is booked on', async () => {
    assert.equal(rateOf(onlyInvoice(await loadCase(name))), 120_000n);
  });

  it('has its own rate where it has one, 0 too', async () => {
    const own = (rate: string) => (xml: string) =>
      xml.replace(
        '<ACCOUNTINGALLOCATIONS.LIST>',
        `<RATEDETAILS.LIST><GSTRATEDUTYHEAD>IGST</GSTRATEDUTYHEAD><GSTRATE>${rate}</GSTRATE></RATEDETAILS.LIST>$&`,
      );
    assert.equal(rateOf((await loadCase(name, own(' 5'))).invoices[0]!), 50_000n);
    assert.equal(rateOf((await loadCase(name, own(' 0'))).invoices[0]!), 0n);
    assert.equal(rateOf((await loadCase(name, own(''))).invoices[0]!), 120_000n);
  });

  it('has none where it is booked on ledgers of several rates', async () => {
    const { invoices } = await loadCase(name, (xml) => {
      const list = /<ACCOUNTINGALLOCATIONS.LIST>.*<\/ACCOUNTINGALLOCATIONS.LIST>/s
        .exec(xml)![0]
        .replace('1000.00', '500.00');
      return xml.replace(
        /<ACCOUNTINGALLOCATIONS.LIST>.*<\/ACCOUNTINGALLOCATIONS.LIST>/s,
        list + list.replace(' 12', ' 5'),
      );
    });
    assert.equal(rateOf(invoices[0]!), null);
  });
});

describe('a trade discount on a ledger of its own', () => {
  const name = '10-trade-discount-inside-the-taxable-value';
  // 1000.00 - 100.00 = 900.00, of which 12 % are 108.00
  const inside = { ...none, taxable: '900.00', igst: '108.00', total: '1008.00' };
  const outside = { ...inside, taxable: '1000.00', other: '-100.00' };
  const methodType = '<METHODTYPE>GST</METHODTYPE>';
  const amountsWith = async (change: (xml: string) => string): Promise<Record<string, string>> =>
    amountsOf((await loadCase(name, change)).invoices[0]!);
  const marked = (mark: string): Promise<Record<string, string>> => amountsWith((xml) => xml.replace(methodType, mark));
  const mastered = (fields: string, mark = ''): Promise<Record<string, string>> =>
    amountsWith((xml) =>
      xml
        .replace(methodType, mark)
        .replace(/(<LEDGER NAME="Discount On Sales".*?<PARENT>)[^<]*(<\/PARENT>)/s, `$1${fields}$2`),
    );

  it('lowers the taxable value, as METHODTYPE of its line says', async () => {
    assert.deepEqual(amountsOf(onlyInvoice(await loadCase(name))), inside);
  });

  it('stands outside of it where nothing marks it', async () => {
    for (const mark of [
      '',
      '<METHODTYPE>As User Defined Value</METHODTYPE>',
      '<APPROPRIATEFOR>&#4; Not Applicable</APPROPRIATEFOR>',
      '<GSTOVRDNTAXABILITY>Exempt</GSTOVRDNTAXABILITY>',
      rates('IGST', ''),
      rates('IGST', ' 0'),
      `<GSTOVRDNTAXABILITY>Nil Rated</GSTOVRDNTAXABILITY>${rates('IGST', ' 12')}`,
    ])
      assert.deepEqual(await marked(mark), outside, mark);
  });

  it('lowers it where the line says so otherwise, or the master of the ledger', async () => {
    for (const mark of [
      '<APPROPRIATEFOR>GST</APPROPRIATEFOR>',
      '<GSTOVRDNTAXABILITY>Taxable</GSTOVRDNTAXABILITY>',
      rates('IGST', ' 12'),
      rates('State Tax', ' 6'),
    ])
      assert.deepEqual(await marked(mark), inside, mark);
    assert.deepEqual(await mastered('Indirect Expenses</PARENT><APPROPRIATEFOR>GST</APPROPRIATEFOR><PARENT>'), inside);
    assert.deepEqual(
      await mastered('Indirect Expenses</PARENT><APPROPRIATEFOR>Excise</APPROPRIATEFOR><PARENT>'),
      outside,
    );
  });

  it('lowers it without any masters too', async () => {
    assert.deepEqual(
      await amountsWith((xml) => xml.replace(/<LEDGER NAME="(Discount|Buyer).*?<\/LEDGER>/gs, '')),
      inside,
    );
  });

  it('is no part of it on the ledger of a party, a bank or a duty, whatever marks it', async () => {
    for (const group of ['Sundry Debtors', 'Bank Accounts', 'Duties &amp; Taxes'])
      assert.deepEqual(await mastered(group, methodType), outside, group);
  });

  it('is a doubt where the rates are known and the tax fits only with it', async () => {
    const stock = rates('IGST', ' 12');
    const withRates = (xml: string): string => xml.replace('<ACCOUNTINGALLOCATIONS.LIST>', `${stock}$&`);
    const invoice = onlyInvoice(await loadCase(name, withRates));
    assert.deepEqual(
      invoice.lines.map(({ gstRate }) => gstRate),
      [null, 120_000n, 120_000n, null],
      'it is spread over the goods, and has their rate',
    );
    const { warnings } = await loadCase(name, (xml) => withRates(xml).replace(methodType, ''));
    assert.match(
      warnings.join(),
      /^The GST of 1 invoice differs by more than rounding from its taxable value .*: 1 of 1\u00a0Apr\u00a02024$/,
    );
  });
});

const rates = (head: string, rate: string): string =>
  `<RATEDETAILS.LIST><GSTRATEDUTYHEAD>${head}</GSTRATEDUTYHEAD><GSTRATE>${rate}</GSTRATE></RATEDETAILS.LIST>`;

describe('a file with ledgers and without their groups', () => {
  const name = '04-sales-ledger-without-masters';
  const master = (ledger: string, parent: string, more = ''): string =>
    `<LEDGER NAME="${ledger}" RESERVEDNAME=""><PARENT>${parent}</PARENT><TAXTYPE>Others</TAXTYPE>${more}</LEDGER>`;
  const withLedgers = (xml: string): string => {
    const ledgers = new Set([...xml.matchAll(/<LEDGERNAME>([^<]*)</g)].map(([, ledger]) => ledger!));
    const masters = [...ledgers].map((ledger) => master(ledger, 'Counter 7')).join('');
    return xml.replace(/<TALLYMESSAGE[^>]*>\s*<VOUCHER /, `<TALLYMESSAGE>${masters}</TALLYMESSAGE>$&`);
  };

  it('has their names decide, and says so with the remedy', async () => {
    const { invoices, warnings, mastersWarnings } = await loadCase(name, withLedgers);
    assert.deepEqual(
      invoices.map((invoice) => [amountsOf(invoice).taxable, amountsOf(invoice).other, invoice.classedBy]),
      [
        ['1000.00', '0.00', 'names'],
        ['500.00', '0.00', 'names'],
      ],
    );
    assert.match(warnings.join(), /^2 invoices have a line on a ledger that no master explains; /);
    assert.match(
      mastersWarnings.join(),
      /The file does not hold the groups of its ledgers: in a group of your own, the name of a ledger decides .* Load it again together with the file of the masters/,
    );
  });
});

/** A sale without lines, in a file whose masters are complete, so that Tally is not needed. */
const withoutLines = (change: (xml: string) => string): Promise<LoadedFile> =>
  loadCase('01-tax-ledger-with-rounding-method', (xml) =>
    change(xml.replace(/<LEDGERENTRIES.LIST>.*<\/LEDGERENTRIES.LIST>/s, '')),
  );

describe('vouchers without any line', () => {
  const name = '12-vouchers-without-any-line';

  it('are rejected, not loaded as invoices of 0', async () => {
    const { invoices, rejects, warnings } = await loadCase(name);
    assert.deepEqual([invoices, warnings], [[], []]);
    assert.deepEqual(
      rejects.map(({ invoiceNumber, date, field, reason }) => [invoiceNumber, date, field, reason]),
      [
        ['1', '2024-04-01', 'LEDGERENTRIES.LIST', 'the voucher has no lines'],
        ['2', '2024-04-02', 'LEDGERENTRIES.LIST', 'the voucher has no lines'],
      ],
    );
  });

  it('are one reject each, however often they come', async () => {
    const { totals } = await withoutLines((xml) => xml.replace(/<VOUCHER .*<\/VOUCHER>/s, '$&$&$&'));
    assert.equal(totals.rejected, 1);
    const nameless = await loadCase(name, (xml) =>
      xml.replace(/<GUID>[^<]*1<\/GUID>/, '').replace(/<VOUCHER .*<\/VOUCHER>/s, '$&$&'),
    );
    assert.equal(nameless.totals.rejected, 2);
  });

  it('are left out if they are marked as deleted, and named once', async () => {
    for (const flag of ['ISDELETED', 'ISDELETEDVCHRETAINED']) {
      const loaded = await withoutLines((xml) => xml.replaceAll('<ISOPTIONAL>', `<${flag}>Yes</${flag}><ISOPTIONAL>`));
      assert.deepEqual([loaded.invoices, loaded.rejects, loaded.totals.deleted], [[], [], 1]);
      assert.deepEqual(loaded.warnings, [
        '1 invoice is marked as deleted in Tally; it was left out: 1 of 1\u00a0Apr\u00a02024',
      ]);
    }
  });

  it('are awaited no more once they came as deleted', async () => {
    const guid = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee-00000001';
    const asDeleted = (xml: string): string => xml.replace('<ISOPTIONAL>', '<ISDELETED>Yes</ISDELETED><ISOPTIONAL>');
    const { arrivals } = await loadCase('01-tax-ledger-with-rounding-method', asDeleted, [[guid, '2024-04-01']]);
    assert.deepEqual([arrivals.has(guid), arrivals.holes()], [true, []]);
    const unlisted = await loadCase('01-tax-ledger-with-rounding-method', asDeleted);
    assert.deepEqual([unlisted.arrivals.read, unlisted.arrivals.unlisted], [0, 0]);
  });

  it('of a type that nothing explains are skipped if they only move goods, as a stock journal does', async () => {
    const ofUnknownType = (lines: string) => (xml: string) =>
      xml
        .replaceAll('<VOUCHERTYPENAME>Sales', '<VOUCHERTYPENAME>Godown')
        .replaceAll('</VOUCHER>', `${lines}</VOUCHER>`);
    const stock = (list: string, more = ''): string =>
      `<${list}.LIST><STOCKITEMNAME>Widget</STOCKITEMNAME><AMOUNT>5.00</AMOUNT>${more}</${list}.LIST>`;
    const moved = await withoutLines(ofUnknownType(stock('INVENTORYENTRIESIN') + stock('INVENTORYENTRIESOUT')));
    assert.deepEqual([moved.invoices, moved.rejects], [[], []]);
    const counted = await withoutLines(ofUnknownType(stock('INVENTORYENTRIES')));
    assert.deepEqual([counted.invoices, counted.rejects], [[], []]);
    const booked =
      '<ACCOUNTINGALLOCATIONS.LIST><LEDGERNAME>Sales</LEDGERNAME><AMOUNT>5.00</AMOUNT></ACCOUNTINGALLOCATIONS.LIST>';
    for (const lines of [
      '',
      '<INVENTORYENTRIESIN.LIST> </INVENTORYENTRIESIN.LIST>',
      stock('INVENTORYENTRIES', booked),
    ]) {
      const { rejects } = await withoutLines(ofUnknownType(lines));
      assert.deepEqual(
        rejects.map(({ field }) => field),
        ['VOUCHERTYPENAME'],
        lines,
      );
    }
  });
});

describe("a date that is not in Tally's form YYYYMMDD", () => {
  const reasonOf = async (date: string): Promise<string | undefined> =>
    (await withoutLines((xml) => xml.replace('20240401', date))).rejects[0]?.reason;

  it('gets its own reject reason', async () => {
    for (const date of ['1-4-2024', '2024-04-01', '01/04/24', '1-Apr-2024', '1 April 2024', '2024-04-01 10:30'])
      assert.equal(await reasonOf(date), `there is a date, but not in Tally's form YYYYMMDD: "${date}"`);
    for (const date of ['20240231', 'soon', '1234-5'])
      assert.equal(await reasonOf(date), `not a calendar date: "${date}"`);
  });
});

describe('a Day Book with the signs of many currencies', () => {
  it('loads each invoice with its value in rupees, its sign, its foreign amount and its rate', async () => {
    const { invoices, rejects, warnings } = await loadCase('19-foreign-currency-signs');
    assert.deepEqual(rejects, []);
    assert.doesNotMatch(warnings.join(), /could not be read/);
    const shown = ['total_amount', 'currency', 'foreign_amount', 'exchange_rate'].map((name) =>
      invoiceColumns.find((column) => column.name === name)!,
    );
    const rows = invoices.map((invoice) => [
      invoice.invoiceNumber,
      shown.map(({ value }) => value({ seq: 0, invoice })),
    ]);
    assert.deepEqual(Object.fromEntries(rows), {
      'Dhs.': ['2250.00', 'Dhs.', '100.0000', '22.500000'],
      'US $': ['8300.00', 'US $', '100.0000', '83.000000'],
      USD: ['8300.00', 'USD', '100.0000', '83.000000'],
      '€': ['9000.00', '€', '100.0000', '90.000000'],
      'lost €': ['9000.00', '?', '100.0000', '90.000000'],
      suffix: ['8300.00', '$', '100.0000', '83.000000'],
      'Rs. base': ['8300.00', '$', '100.0000', '83.000000'],
      'S/': ['2200.00', 'S/', '100.0000', '22.000000'],
      'rate 1': ['61600.00', '$', '61600.0000', '1.000000'],
      lakhs: ['8300000.00', '$', '100000.0000', '83.000000'],
      'base in expression': ['37216.04', 'INR', null, null],
    });
  });
});
