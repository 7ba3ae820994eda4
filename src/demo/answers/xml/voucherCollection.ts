import type { Book } from '../../book/book.js';
import { closing, opening, typedElement, type FieldType } from './collectionXml.js';
import type { DemoVoucher } from '../../book/voucher.js';
import { saysInvoice, viewName, voucherAttributes } from './voucherXml.js';
import { compactDate, element, fixed, yesNo, type Fixed, type Sink } from './xmlText.js';

/** What can be fetched of a voucher beside what each row carries. */
const fetchable: Readonly<Record<string, (v: DemoVoucher) => readonly [FieldType, string]>> = {
  REFERENCE: (v) => ['String', v.reference ?? ''],
  REFERENCEDATE: (v) => ['Date', compactDate(v.referenceDate)],
  PARTYLEDGERNAME: (v) => ['String', v.partyLedger],
  PARTYNAME: (v) => ['String', v.partyName],
  PARTYGSTIN: (v) => ['String', v.partyGstin],
  PLACEOFSUPPLY: (v) => ['String', v.placeOfSupply],
  NARRATION: (v) => ['String', v.narration],
  ISCANCELLED: (v) => ['Logical', yesNo(v.cancelled)],
  ISOPTIONAL: (v) => ['Logical', yesNo(v.optional)],
  ISPOSTDATED: (v) => ['Logical', yesNo(v.postDated)],
};

/** Each row has these, whatever is fetched; TYPE stands on some of them only (docs/tally.md §1.2, §4). */
function writeDefaults(voucher: DemoVoucher): string {
  return (
    typedElement(5, 'DATE', 'Date', compactDate(voucher.date)) +
    element(5, 'GUID', voucher.guid) +
    element(5, 'VOUCHERTYPENAME', voucher.typeName) +
    element(5, 'VOUCHERNUMBER', voucher.number) +
    element(5, 'PERSISTEDVIEW', viewName(voucher)) +
    element(5, 'ISDELETED', yesNo(voucher.deleted === 'deleted')) +
    element(5, 'ISINVOICE', yesNo(saysInvoice(voucher))) +
    element(5, 'ISDELETEDVCHRETAINED', yesNo(voucher.deleted === 'retained')) +
    typedElement(5, 'ALTERID', 'Number', ` ${voucher.alterId}`) +
    typedElement(5, 'MASTERID', 'Number', ` ${voucher.masterId}`) +
    element(5, 'NUMBERINGSTYLE', voucher.renumbers ? 'Auto Renumber' : 'Auto Retain')
  );
}

/** Of those the ones that are the same in every row; the UDF prefix is declared nowhere in a collection. */
const rowExtras: Fixed = fixed(
  '     <OLDAUDITENTRYIDS.LIST TYPE="Number">\r\n      <OLDAUDITENTRYIDS>-1</OLDAUDITENTRYIDS>\r\n     </OLDAUDITENTRYIDS.LIST>\r\n' +
    '     <REQUESTORRULE/>\r\n     <ASORIGINAL>No</ASORIGINAL>\r\n     <ASPAYSLIP>No</ASPAYSLIP>\r\n' +
    ['ISDEEMEDPOSITIVE', 'ISNEGISPOSSET'].map((t) => typedElement(5, t, 'Logical', 'Yes')).join('') +
    ['SERIALMASTER', 'ARESERIALMASTER', 'VCHSTATUSTAXUNIT', 'SERIALNUMINPLA']
      .map((t) => typedElement(5, t, 'String', ''))
      .join('') +
    ['VOUCHERRETAINKEY', 'REUSEHOLEID'].map((t) => typedElement(5, t, 'Number', ' 0')).join('') +
    typedElement(5, 'VOUCHERNUMBERSERIES', 'String', 'Default') +
    ['INVOICEDELNOTES', 'INVOICEORDERLIST', 'ATTENDANCEENTRIES', 'ORIGINVOICEDETAILS']
      .map((t) => `     <${t}.LIST/>\r\n`)
      .join('') +
    '     <UDF:VEHICLENOTE.LIST DESC="`VehicleNote`" ISLIST="YES" TYPE="String" INDEX="1042">\r\n' +
    '      <UDF:VEHICLENOTE DESC="`VehicleNote`">MH-00</UDF:VEHICLENOTE>\r\n     </UDF:VEHICLENOTE.LIST>\r\n',
);

/** A collection of vouchers: the fields of every row and those that were fetched; lines cannot be fetched here. */
export function voucherCollection(counters: Book | undefined, fields: readonly string[]) {
  const fetched = Object.keys(fetchable).filter((f) => fields.includes('*') || fields.includes(f));
  return {
    opening: opening(counters),
    closing,
    write: (sink: Sink, voucher: DemoVoucher) => {
      const cells = fetched.map((field) => typedElement(5, field, ...fetchable[field]!(voucher)));
      sink.text(`    <VOUCHER ${voucherAttributes(voucher)}>\r\n${writeDefaults(voucher)}${cells.join('')}`);
      sink.fixed(rowExtras);
      sink.text('    </VOUCHER>\r\n');
    },
  };
}
