import assert from 'node:assert/strict';
import { decodeBytes, type Encoding } from '../../src/core/tally/xml/encoding.js';
import { readRow, childOrAttribute } from '../../src/core/tally/xml/masterElements.js';
import { fieldsOf, filled, parseRecord, RecordReader } from '../../src/core/tally/xml/recordReader.js';
import { readVoucherIndex, type IndexedVoucher } from '../../src/core/tally/requests/readVoucherIndex.js';
import { byteSource } from '../support/byteSource.js';
import { collectionXml, company, companyId, encode } from './tallySupport.js';

const names = ['GUID', 'DATE', 'ALTERID', 'VOUCHERTYPENAME', 'VCHTYPE', 'MASTERID'];
const fields = fieldsOf(filled(...names));

const values = (read: () => (field: string) => string): string[] | string => {
  try {
    return names.map(read());
  } catch (error) {
    return (error as Error).message;
  }
};

/** Asserts that RecordReader gives what the full parse gives, or fails as it does. True if it needed no full parse. */
function compare(xml: string, encoding: Encoding): boolean {
  const bytes = encode(xml, encoding);
  const element = { bytes, encoding };
  const reader = new RecordReader(element, fields);
  const parsed = values(() => {
    const record = parseRecord(decodeBytes(bytes, encoding), fields);
    return (field) => childOrAttribute(record, field);
  });
  const walked = values(() => {
    const record = reader.read();
    return (field) => childOrAttribute(record, field);
  });
  assert.deepEqual(walked, parsed, decodeBytes(bytes, encoding));
  return !reader.isUnusual;
}

const rowXml = (n: number, type = 'Sales', more = ''): string =>
  `<VOUCHER REMOTEID="r-${n}" VCHKEY="k:${n}" VCHTYPE="${type}" ACTION="Create">\r\n <DATE TYPE="Date">20240401</DATE>\r\n` +
  ` <GUID TYPE="String">${companyId}-${n.toString(16).padStart(8, '0')}</GUID><ALTERID TYPE="Number"> ${n}</ALTERID>` +
  `<VOUCHERTYPENAME TYPE="String">${type}</VOUCHERTYPENAME>${more}<ISDELETED TYPE="Logical">No</ISDELETED><X.LIST/>` +
  '<UDF:A.LIST DESC="`A`" INDEX="7"><UDF:A DESC="`A`">1</UDF:A></UDF:A.LIST></VOUCHER>';

const encodings = ['utf-8', 'utf-16le', 'windows-1252'] as const;

describe("a row of Tally's list of vouchers", () => {
  it('is read without the full parse when there is nothing unusual in it', () => {
    for (const encoding of encodings) {
      assert.ok(compare(rowXml(7), encoding));
      assert.ok(compare(rowXml(7, 'GST &amp; Verkäufe'), encoding));
      assert.ok(compare(rowXml(7, '&#4; Primary', '<GUID>second</GUID><Y><GUID>nested</GUID></Y>'), encoding));
    }
  });

  it('is read the same wherever a character of it is lost or changed', () => {
    const row = rowXml(9, 'Verkauf');
    for (let at = 0; at < row.length; at++)
      for (const put of ['', '<', '>', '/', '"', ' ', '!', 'é'])
        compare(row.slice(0, at) + put + row.slice(at + 1), encodings[at % 3]!);
  });

  it('is refused where its bytes are damaged, though it can be parsed', () => {
    const damaged = { bytes: Buffer.from(rowXml(2)), encoding: 'utf-8' as const, damage: 'It is damaged.' };
    assert.throws(() => readRow(damaged, fields), { code: 'answer-unreadable', message: /It is damaged/ });
  });

  it('says which voucher of which date, type and state it is, and whether its number may move', async () => {
    const numbered = '<VOUCHERNUMBER>S/10</VOUCHERNUMBER><NUMBERINGSTYLE>Auto Retain</NUMBERINGSTYLE>';
    const rows =
      rowXml(10, 'GST &amp; Sale', `${numbered}<MASTERID TYPE="Number"> 10</MASTERID>`) +
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
        ...{ alterId: 10, masterId: 10, mayRenumber: false, isDeleted: false },
      },
      {
        ...{ guid: `${companyId}-0000000b`, date: '2024-04-01', voucherType: 'Receipt', voucherNumber: '' },
        ...{ alterId: 11, masterId: undefined, mayRenumber: true, isDeleted: true },
      },
    ]);
  });
});
