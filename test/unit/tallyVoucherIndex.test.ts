import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeBytes, effectiveEncoding, type Encoding } from '../../src/core/tally/xml/encoding.js';
import {
  fieldsNamed,
  parseRow,
  readPlainRow,
  readRow,
  type MasterRow,
} from '../../src/core/tally/xml/masterElements.js';
import { indexRows, readVoucherIndex, type IndexedVoucher } from '../../src/core/tally/requests/readVoucherIndex.js';
import { TallyClient } from '../../src/core/tally/http/client.js';
import type { Company } from '../../src/core/tally/requests/companies.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { byteSource } from '../support/byteSource.js';
import { collectionXml, company, companyId, encode, logger } from './tallySupport.js';

const quick = fieldsNamed('GUID', 'DATE', 'ALTERID', 'VOUCHERTYPENAME');
const fields = ['GUID', 'DATE', 'ALTERID', 'VOUCHERTYPENAME', 'VCHTYPE', 'MASTERID'];

const values = (read: () => MasterRow): Record<string, string> | string => {
  try {
    const row = read();
    return Object.fromEntries(fields.map((field) => [field, row.value(field)]));
  } catch (error) {
    return String(error);
  }
};

/** The quick way gives what the full parse gives, or its error. */
function compare(xml: string, encoding: Encoding): boolean {
  const bytes = encode(xml, encoding);
  const element = { bytes, encoding: effectiveEncoding(bytes, encoding) };
  assert.deepEqual(
    values(() => readRow(element, quick)),
    values(() => parseRow(element)),
    decodeBytes(bytes, encoding),
  );
  return readPlainRow(element, quick) !== undefined;
}

const wanted = ['GUID', 'DATE', 'ALTERID', 'VOUCHERTYPENAME', 'VCHTYPE'];

/** What the index reads of a row. A type in an attribute is asked for where there is no other. */
const indexed = (read: () => MasterRow): (string | undefined)[] | string => {
  try {
    const row = read();
    return wanted.map((field) => (field === 'VCHTYPE' && row.value('VOUCHERTYPENAME') !== '' ? '' : row.value(field)));
  } catch (error) {
    return String(error);
  }
};

/** Rows after one another are read as each by itself in full. */
function compareRows(rows: string[], encoding: Encoding): void {
  const reader = indexRows();
  for (const xml of rows) {
    const bytes = encode(xml, encoding);
    const element = { bytes, encoding: effectiveEncoding(bytes, encoding) };
    assert.deepEqual(
      indexed(() => reader.read(element)),
      indexed(() => parseRow(element)),
      rows.map((row) => decodeBytes(encode(row, encoding), encoding)).join('\n'),
    );
  }
}

const rowXml = (n: number, type = 'Sales', more = ''): string =>
  `<VOUCHER REMOTEID="r-${n}" VCHKEY="k:${n}" VCHTYPE="${type}" ACTION="Create">\r\n <DATE TYPE="Date">20240401</DATE>\r\n` +
  ` <GUID TYPE="String">${companyId}-${n.toString(16).padStart(8, '0')}</GUID><ALTERID TYPE="Number"> ${n}</ALTERID>` +
  `<VOUCHERTYPENAME TYPE="String">${type}</VOUCHERTYPENAME>${more}<ISDELETED TYPE="Logical">No</ISDELETED><X.LIST/>` +
  '<UDF:A.LIST DESC="`A`" INDEX="7"><UDF:A DESC="`A`">1</UDF:A></UDF:A.LIST></VOUCHER>';

const encodings = ['utf-8', 'utf-16le', 'windows-1252'] as const;

const text = fc
  .array(
    fc.constantFrom('a', ' ', '\r\n', '&amp;', '&', '&#4;', '&#13;', '₹', 'é', '"', '>', '20240401', ' 7', '\u0004'),
  )
  .map((parts) => parts.join(''));
const name = fc.constantFrom(...fields, 'X', 'UDF:Y', 'GUID.LIST', 'वस्तु');
const node = fc.oneof(
  fc.tuple(name, text).map(([tag, value]) => `<${tag}>${value}</${tag}>`),
  fc.tuple(name, text).map(([tag, value]) => `<${tag} TYPE="String">${value}</${tag}>`),
  fc.tuple(name, name, text).map(([list, tag, value]) => `<${list}><${tag}>${value}</${tag}></${list}>`),
  name.map((tag) => `<${tag}/>`),
  fc.constantFrom(
    '<!-- <GUID>1</GUID> -->',
    '<![CDATA[<GUID>]]>',
    "<X A='>'/>",
    '<?p ?>',
    '<X>',
    '</X>',
    '<GUID>',
    '<',
  ),
);
const attribute = fc.constantFrom(
  ' VCHTYPE="B &amp; C"',
  ' GUID="g"',
  " DATE='20240402'",
  ' A="x VCHTYPE="',
  ' DATE="1"',
);
const wildRow = fc
  .tuple(fc.array(attribute, { maxLength: 3 }), fc.array(node, { maxLength: 8 }))
  .map(([attributes, nodes]) => `<VOUCHER${attributes.join('')}>${nodes.join('\r\n ')}</VOUCHER>`);

describe("a row of Tally's list of vouchers", () => {
  it('is read without being parsed when it is plain', () => {
    for (const encoding of encodings) {
      assert.ok(compare(rowXml(7), encoding));
      assert.ok(compare(rowXml(7, 'GST &amp; Verkäufe'), encoding));
      assert.ok(compare(rowXml(7, '&#4; Primary', '<GUID>second</GUID><Y><GUID>nested</GUID></Y>'), encoding));
    }
  });

  it('is read the same by the quick way and by the full parse, whatever stands in it', () => {
    fc.assert(
      fc.property(wildRow, fc.constantFrom(...encodings), (xml, encoding) => {
        compare(xml, encoding);
      }),
      { numRuns: 1500 },
    );
  });

  it('is read the same wherever a character of it is lost or changed', () => {
    const row = rowXml(9, 'Verkauf');
    for (let at = 0; at < row.length; at++)
      for (const put of ['', '<', '>', '/', '"', ' ', '!', 'é'])
        compare(row.slice(0, at) + put + row.slice(at + 1), encodings[at % 3]!);
  });

  it('is read the same after rows like it, whatever stands in it, is lost or changed', () => {
    const row = rowXml(9, 'Verkauf', '<GUID>second</GUID>');
    for (let at = 0; at < row.length; at++)
      for (const put of ['', '<', '>', '"', '&', 'é'])
        compareRows([row, row.slice(0, at) + put + row.slice(at + 1)], encodings[at % 3]!);
    for (const other of [`x${row}`, `${row}<A>`, row.replace(/(<GUID.*?>).*?</, '$1 <')])
      for (const encoding of encodings) compareRows([row, other, row], encoding);
    fc.assert(
      fc.property(
        fc.array(wildRow, { maxLength: 3 }),
        wildRow,
        fc.constantFrom(...encodings),
        (others, xml, encoding) => {
          compareRows([xml, ...others, xml.replaceAll('a', 'Z'), xml.replaceAll('20240401', ''), xml], encoding);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is no row of damaged bytes that passes because the ones before it were whole', () => {
    const rows = indexRows();
    rows.read({ bytes: Buffer.from(rowXml(1)), encoding: 'utf-8' });
    const damaged = { bytes: Buffer.from(rowXml(2)), encoding: 'utf-8' as const, damage: 'It is damaged.' };
    assert.throws(() => rows.read(damaged), { code: 'answer-unreadable', message: /It is damaged/ });
  });

  it('says which voucher of which date, type and state it is', async () => {
    const rows =
      rowXml(10, 'GST &amp; Sale', '<VOUCHERNUMBER>S/10</VOUCHERNUMBER>') +
      rowXml(11, 'Receipt')
        .replace(/<VOUCHERTYPENAME.*?NAME>/, '')
        .replace('>No<', '>Yes<');
    const bytes = Buffer.from(collectionXml(rows), 'utf16le');
    const range = { from: '2024-04-01', to: '2024-04-30' };
    const found: IndexedVoucher[] = [];
    for await (const some of readVoucherIndex(byteSource(bytes), company, range)) found.push(...some);
    assert.deepEqual(found, [
      {
        ...{ guid: `${companyId}-0000000a`, date: '2024-04-01', voucherType: 'GST & Sale', voucherNumber: 'S/10' },
        ...{ alterId: 10, isDeleted: false },
      },
      {
        ...{ guid: `${companyId}-0000000b`, date: '2024-04-01', voucherType: 'Receipt', voucherNumber: '' },
        ...{ alterId: 11, isDeleted: true },
      },
    ]);
  });

  describe('asked of Tally', () => {
    let tally: DemoServer;
    let client: TallyClient;
    before(async () => {
      tally = await startDemoServer({ book: { invoices: 30, from: '2024-04-01', to: '2024-04-30' } });
      client = new TallyClient({ url: tally.url, timeoutSeconds: 20, logger });
    });
    after(async () => {
      await client.close();
      await tally.close();
    });

    const count = async (of: Company, from: string, to: string): Promise<number> => {
      let rows = 0;
      for await (const vouchers of readVoucherIndex(client, of, { from, to })) rows += vouchers.length;
      return rows;
    };
    const open = (): Company => ({ name: tally.book.companyName, id: tally.book.companyGuid });

    it('lists every voucher of the range, and nothing of a range that has none', async () => {
      assert.equal(await count(open(), '2024-04-01', '2024-04-30'), tally.book.size);
      assert.equal(await count(open(), '2023-04-01', '2023-04-30'), 0);
    });
  });
});
