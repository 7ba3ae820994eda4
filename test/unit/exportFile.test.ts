import assert from 'node:assert/strict';
import fs from 'node:fs';
import { EtlError } from '../../src/core/base/errors.js';
import { reservedVoucherTypes } from '../../src/core/invoice/classes/reservedVoucherTypes.js';
import { invoiceTypesOf } from '../../src/core/invoice/classes/invoiceTypeOf.js';
import { describeExportFile, type ExportDescription } from '../../src/core/tally/file/describeExportFile.js';
import { describeExportFiles, type ExportedBooks } from '../../src/core/tally/file/describeExportFiles.js';
import { openExportFile } from '../../src/core/tally/file/exportFile.js';
import { inFileWords } from '../../src/core/tally/file/exportFileErrors.js';
import { readFileMasters } from '../../src/core/tally/file/fileMasters.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import { exportBytes, freshFolder, mastersXml, type Folder } from '../support/exportFiles.js';
import { company, companyId, invoiceXml, logger, reportXml } from './tallySupport.js';

const book = createBook({ invoices: 60, from: '2024-04-01', to: '2024-05-31' });
const vouchers = [...book.vouchers()];

describe('a file that was exported on the screen of Tally', () => {
  let folder: Folder;
  before(() => {
    folder = freshFolder();
  });
  after(() => {
    folder.remove();
  });

  const describeFile = async (content: Buffer | string, name = 'DayBook.xml'): Promise<ExportDescription> =>
    describeExportFile(await openExportFile(folder.write(name, content), logger));
  const refused = async (content: Buffer | string, code: string, message: RegExp, hint: RegExp): Promise<void> => {
    await assert.rejects(describeFile(content), (error: EtlError) => {
      assert.equal(error.code, code, error.stack);
      assert.match(error.message, message);
      assert.match(error.hint, hint);
      return true;
    });
  };
  const howToExport = /Alt\+E \(Export\) > Current > Configure > File Format: XML \(Data Interchange\)/;

  describe('is described', () => {
    const expected = {
      company: { name: demoCompanyName, id: demoCompanyGuid },
      vouchers: vouchers.length,
      from: vouchers[0]!.date,
      to: vouchers.at(-1)!.date,
    };

    for (const encoding of ['utf-16', 'utf-8', 'ascii'] as const)
      for (const withMasters of [false, true])
        it(`by company, count and span in ${encoding} ${withMasters ? 'with' : 'without'} masters in it`, async () => {
          assert.deepEqual(await describeFile(exportBytes(book, { encoding, withMasters })), expected);
        });

    it('also where its head names no company: the GUID says whose it is', async () => {
      const xml = reportXml([invoiceXml(1)]).replace(/<SVCURRENTCOMPANY>.*<\/SVCURRENTCOMPANY>/, '');
      const described = await describeFile(xml);
      assert.deepEqual(described.company, { name: '', id: companyId });
    });

    it('by most of its vouchers where some have the id of another company, also where the first has', async () => {
      const stray = invoiceXml(9).replaceAll(companyId, otherId);
      const described = await describeFile(reportXml([stray, invoiceXml(1), invoiceXml(2)]));
      assert.deepEqual(described.company, company);
      assert.deepEqual(described.foreign, { vouchers: 1, guid: `${otherId}-00000009` });
    });

    it('by what the file itself says of its company, whatever most vouchers carry', async () => {
      const strays = [7, 8, 9].map((n) => invoiceXml(n).replaceAll(companyId, otherId));
      const xml = reportXml([...strays, invoiceXml(1)]);
      const described = await describeFile(
        xml.replace('  </REQUESTDATA>', `${companyMessage(companyId)}</REQUESTDATA>`),
      );
      assert.deepEqual([described.company, described.foreign?.vouchers], [company, 3]);
    });

    it('also where vouchers are out of order, lack a GUID or a date, or are broken XML', async () => {
      const noGuid = invoiceXml(2, '20240302').replace(/<GUID>.*<\/GUID>/, '');
      const noDate = invoiceXml(3).replace(/<DATE>.*?<\/DATE>/, '');
      const broken = invoiceXml(4, '20240707').replace('</NARRATION>', '</NARATION>');
      const odd = invoiceXml(5, '20240808').replace('<DATE>', '<!-- odd --><DATE>');
      const described = await describeFile(reportXml([odd, invoiceXml(1, '20240610'), noGuid, noDate, broken]));
      assert.deepEqual(described, { company, vouchers: 5, from: '2024-03-02', to: '2024-08-08' });
    });

    it('without a span where no voucher has a date', async () => {
      const described = await describeFile(reportXml([invoiceXml(1, '20240230')]));
      assert.deepEqual(described, { company, vouchers: 1 });
    });
  });

  describe('is refused', () => {
    it('when it holds the vouchers of two companies', async () => {
      const other = invoiceXml(2).replaceAll(companyId, '99999999-2222-3333-4444-555555555555');
      await refused(
        reportXml([invoiceXml(1), other]),
        'company-not-open',
        /holds vouchers of two companies: the voucher 99999999-.* is not one of Sharma & Sons "Traders" \(11111111-/,
        /file of its own/,
      );
    });

    it('when half of its vouchers belong to another company, whichever half comes first', async () => {
      const strays = [3, 4].map((n) => invoiceXml(n).replaceAll(companyId, otherId));
      for (const half of [
        [invoiceXml(1), invoiceXml(2), ...strays],
        [...strays, invoiceXml(1), invoiceXml(2)],
      ])
        await refused(reportXml(half), 'company-not-open', /holds vouchers of two companies/, /file of its own/);
    });

    it('when none of its vouchers belongs to the company that the file names', async () => {
      const ofOther = reportXml([invoiceXml(1)]).replace(
        '  </REQUESTDATA>',
        `${companyMessage(otherId)}</REQUESTDATA>`,
      );
      await refused(ofOther, 'company-not-open', /is not one of .*\(99999999-/, /file of its own/);
    });

    it('when it holds no voucher, and the hint says how to export', async () => {
      await refused(reportXml([]), 'answer-unreadable', /^DayBook\.xml holds no voucher\.$/, howToExport);
      await refused('<ENVELOPE></ENVELOPE>', 'answer-unreadable', /holds no voucher/, howToExport);
      const masters = exportBytes(bookOf([]), { withMasters: true });
      await refused(masters, 'answer-unreadable', /holds no voucher/, howToExport);
    });

    it('when none of its vouchers has a GUID of Tally', async () => {
      const xml = reportXml([invoiceXml(1)]).replaceAll(/<GUID>.*<\/GUID>/g, '<GUID>1234</GUID>');
      await refused(xml, 'answer-unreadable', /does not say whose vouchers/, howToExport);
    });

    for (const [kind, content, words] of [
      ['empty', '', /is empty/],
      ['blank', ' \r\n ', /is empty/],
      ['an Excel workbook', Buffer.from('504b03041400060008000000', 'hex'), /is an Excel workbook/],
      ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae100000000', 'hex'), /is an Excel workbook/],
      ['a PDF', '%PDF-1.7\n', /is a PDF/],
      ['JSON', Buffer.from('\ufeff{"tallymessage": []}', 'utf16le'), /is JSON/],
      ['a web page', '\r\n<!DOCTYPE html><html><body></body></html>', /is a web page \(HTML\)/],
      ['HTML of Tally', Buffer.from('\ufeff<HTML><TABLE></TABLE></HTML>', 'utf16le'), /is a web page \(HTML\)/],
      [
        'a spreadsheet in XML',
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook/>',
        /spread/,
      ],
      ['SDF', '1-Apr-24   Sales   1   1180.00\r\n', /is plain text/],
      ['another XML', '<?xml version="1.0"?>\n<project><VOUCHER A="1"/></project>', /another kind \(project\)/],
      ['an error of Tally', '<RESPONSE>Unknown Request, cannot be processed</RESPONSE>', /Unknown Request/],
    ] as const)
      it(`when it is ${kind}`, () => refused(content, 'answer-unreadable', words, howToExport));

    it('in words about the file, which are said once', () => {
      const error = inFileWords(new EtlError('answer-unreadable', 'No.', 'Try.'), '/a/DayBook.xml') as EtlError;
      assert.equal(error.message, 'DayBook.xml cannot be read: No.');
      assert.equal(inFileWords(error, '/a/DayBook.xml'), error);
      const unreachable = new EtlError('warehouse-unreachable', 'No.', 'Try.');
      assert.equal(inFileWords(unreachable, '/a/DayBook.xml'), unreachable);
    });
  });

  describe('cannot be opened', () => {
    const usage = async (file: string, message: RegExp): Promise<void> => {
      await assert.rejects(openExportFile(file, logger), (error: EtlError) => {
        assert.equal(error.code, 'usage');
        assert.match(error.message, message);
        assert.ok(error.hint.length > 10);
        return true;
      });
    };

    it('when it is not there', () => usage(`${folder.path}/none.xml`, /^There is no file .*none\.xml\.$/));
    it('when it is a folder', () => usage(folder.path, /is a folder, not a file/));
    it('when it is a device', () => usage('/dev/null', /is not a plain file/));

    it('when it goes away after it was found', async () => {
      const path = folder.write('gone.xml', reportXml([invoiceXml(1)]));
      const file = await openExportFile(path, logger);
      fs.rmSync(path);
      await assert.rejects(describeExportFile(file), { code: 'usage', message: `There is no file ${path}.` });
    });
  });

  describe('is read like an answer of Tally', () => {
    it('until it is cancelled', async () => {
      const file = await openExportFile(folder.write('DayBook.xml', exportBytes(book)), logger);
      await assert.rejects(describeExportFile(file, AbortSignal.abort()), { code: 'cancelled' });
      const abort = new AbortController();
      const answer = await file.post('', abort.signal);
      const chunks: number[] = [];
      await assert.rejects(
        async () => {
          for await (const chunk of answer.body) {
            chunks.push(chunk.length);
            abort.abort();
          }
        },
        { code: 'cancelled' },
      );
      await answer.close();
      assert.equal(chunks.length, 1);
    });

    it('and leaves no file open, also when it is left early', async () => {
      const path = folder.write('DayBook.xml', exportBytes(book));
      const file = await openExportFile(path, logger);
      await describeExportFile(file);
      await assert.rejects(describeExportFile(file, AbortSignal.abort()));
      const answer = await file.post('');
      for await (const chunk of answer.body) if (chunk.length > 0) break;
      await answer.close();
      await answer.close();
      if (process.platform !== 'linux') return;
      const open = fs.readdirSync('/proc/self/fd').filter((fd) => linkOf(`/proc/self/fd/${fd}`) === path);
      assert.deepEqual(open, []);
    });
  });

  describe('gives the masters that it holds', () => {
    const masters = async (content: Buffer | string) =>
      readFileMasters(await openExportFile(folder.write('DayBook.xml', content), logger));

    it('in one reading of the file, comments, CDATA and all', async () => {
      const xml = mastersXml({ ...book, ledgers: book.ledgers.slice(0, 1) });
      const odd = xml.replace(/<PARENT>[^<]*/g, '<PARENT><!-- <PARENT> -->Sales<![CDATA[ & more]]>');
      const lines: string[] = [];
      const path = folder.write('Odd.xml', reportXml([odd.replaceAll(/NAME="([^"]*)"/g, "NAME='$1'")]));
      const file = await openExportFile(path, { ...logger, debug: (line) => void lines.push(line) });
      const read = await readFileMasters(file);
      assert.equal(lines.length, 2); // one reading opens the file, one gets all masters
      assert.deepEqual(
        [read.voucherTypes.length, read.ledgers.length, read.groups.length],
        [book.voucherTypes.length, 1, book.groups.length],
      );
      for (const { parent } of [...read.voucherTypes, ...read.ledgers, ...read.groups])
        assert.equal(parent, 'Sales & more');
    });

    it('none where it holds vouchers only', async () => {
      assert.deepEqual(await masters(exportBytes(book)), { voucherTypes: [], ledgers: [], groups: [] });
    });

    it('from LANGUAGENAME.LIST where the attribute is empty', async () => {
      const xml = mastersXml({ ...book, ledgers: [], groups: [], voucherTypes: book.voucherTypes.slice(0, 1) });
      const read = await masters(reportXml([xml.replace(/ NAME="[^"]*"/, '')]));
      assert.deepEqual(read.voucherTypes, book.voucherTypes.slice(0, 1));
    });

    it('but neither elements inside a voucher nor counters', async () => {
      const inside =
        '<VOUCHERTYPE TYPE="String">Sales</VOUCHERTYPE><VOUCHERTYPE TYPE="String"></VOUCHERTYPE>' +
        '<LEDGER TYPE="String"/><LEDGER><PARENT>Sales</PARENT></LEDGER><GROUP DESC="`Group`"><NAME>x</NAME></GROUP>' +
        '<VOUCHERTYPEORIGNAME>Sales</VOUCHERTYPEORIGNAME><LEDGERFOREIGN.LIST><LEDGER>  </LEDGER></LEDGERFOREIGN.LIST>';
      const voucher = invoiceXml(1).replace('<REFERENCE/>', inside);
      const xml = reportXml([voucher]).replace('<REQUESTDESC>', '<CMPINFO><LEDGER>12</LEDGER></CMPINFO><REQUESTDESC>');
      assert.deepEqual(await masters(xml), { voucherTypes: [], ledgers: [], groups: [] });
    });

    it('but none when the file was cut, or when a master cannot be read', async () => {
      const whole = exportBytes(book, { withMasters: true });
      await assert.rejects(masters(whole.subarray(0, whole.length - 100)), { code: 'answer-cut' });
      await assert.rejects(masters(reportXml(['<GROUP NAME="a"><PARENT>b</PARNT></GROUP>'])), {
        code: 'answer-unreadable',
        message: /^DayBook\.xml cannot be read: .*PARNT/,
      });
    });
  });
});

const otherId = '99999999-2222-3333-4444-555555555555';

/** The element by which a report may name its company at its end. */
const companyMessage = (id: string): string =>
  `<TALLYMESSAGE><COMPANY><REMOTECMPINFO.LIST MERGE="Yes"><NAME>${id}</NAME><REMOTECMPNAME>x</REMOTECMPNAME></REMOTECMPINFO.LIST></COMPANY></TALLYMESSAGE>`;

describe('files that were exported on the screen of Tally, together', () => {
  let folder: Folder;
  before(() => {
    folder = freshFolder();
  });
  after(() => {
    folder.remove();
  });

  const together = async (wanted: string | undefined, ...contents: (string | Buffer)[]): Promise<ExportedBooks> => {
    const files = [];
    for (const [i, content] of contents.entries())
      files.push(await openExportFile(folder.write(`${i + 1}.xml`, content), logger));
    return describeExportFiles(files, wanted);
  };
  const dayBook = (...days: string[]): string => reportXml(days.map((day, n) => invoiceXml(n + 1, day)));
  const nameless = (xml: string): string => xml.replace(/<SVCURRENTCOMPANY>.*<\/SVCURRENTCOMPANY>/, '');
  const masters = (id: string, served?: string): string =>
    reportXml([`<GROUP NAME="Mine"><GUID>${id}-00000007</GUID><PARENT>Sales Accounts</PARENT></GROUP>`], served);
  const refused = (message: RegExp, ...contents: string[]): Promise<void> =>
    assert.rejects(together(undefined, ...contents), { code: 'company-not-open', message });

  it('are refused where their vouchers are of two companies', async () => {
    const other = dayBook('20240401').replaceAll(companyId, otherId);
    await refused(
      /^The files are of two companies: 1\.xml is of Sharma.* \(1{8}-.*\), 2\.xml of .* \(9{8}-/,
      dayBook('20240402'),
      other,
    );
  });

  it('are refused where the masters are evidently those of another company', async () => {
    const named = reportXml(['<GROUP NAME="Mine"><PARENT>Sales Accounts</PARENT></GROUP>'], 'Mehta & Co');
    await refused(/2\.xml of Mehta & Co\.$/, dayBook('20240401'), named);
    await refused(/2\.xml of 9{8}-/, dayBook('20240401'), nameless(masters(otherId)));
    const own = masters(companyId).replace('  </REQUESTDATA>', `${companyMessage(otherId)}</REQUESTDATA>`);
    await refused(/\(9{8}-/, dayBook('20240401'), own);
  });

  it('are taken together where nothing says that the masters are of another company', async () => {
    for (const file of [
      nameless(reportXml(['<GROUP NAME="Mine"><PARENT>Sales Accounts</PARENT></GROUP>'])),
      masters(companyId, 'Sharma & Sons 2023-24'), // renamed, or a part of a split company
      masters(otherId), // the company's name is the same; masters copied from another company keep their GUIDs
    ])
      assert.equal((await together(undefined, dayBook('20240401'), file)).masterFiles.length, 1);
  });

  it('are refused where none holds a voucher, or one is of another company than wanted', async () => {
    await assert.rejects(together(undefined, masters(companyId), masters(companyId)), {
      code: 'answer-unreadable',
      message: 'None of the files holds a voucher: 1.xml, 2.xml.',
    });
    await assert.rejects(together('Mehta & Co', dayBook('20240401'), masters(companyId)), {
      message: /^1\.xml holds the vouchers of Sharma.*, not of Mehta & Co\.$/,
    });
  });
});

const linkOf = (path: string): string | undefined => {
  try {
    return fs.readlinkSync(path);
  } catch {
    return undefined; // the descriptor of the folder listing is closed by now
  }
};

describe('the voucher types that Tally brings along', () => {
  it('are 24, four of them invoices', () => {
    const types = reservedVoucherTypes();
    const typeOf = invoiceTypesOf(types);
    assert.equal(new Set(types.map(({ name }) => name)).size, 24);
    const invoices = types.filter(({ name }) => typeOf(name) !== 'none').map(({ name }) => [name, typeOf(name)]);
    assert.deepEqual(invoices, [
      ['Credit Note', 'credit_note'],
      ['Debit Note', 'debit_note'],
      ['Purchase', 'purchase'],
      ['Sales', 'sales'],
    ]);
    assert.equal(typeOf('E-Sales'), 'unknown');
  });
});
