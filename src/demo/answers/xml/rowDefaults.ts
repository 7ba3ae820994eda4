import type { DemoVoucher } from '../../book/voucher.js';
import { typedElement, type FieldType } from './collectionXml.js';
import { numberingStyle, saysInvoice, viewName } from './voucherXml.js';
import { compactDate, element, fixed, yesNo, type Fixed } from './xmlText.js';

/** The fields of each row of a collection of vouchers, whatever is fetched. */
export const defaults: ReadonlySet<string> = new Set(
  'DATE GUID VOUCHERTYPENAME VOUCHERNUMBER PERSISTEDVIEW ISDELETED ISINVOICE ISDELETEDVCHRETAINED ALTERID MASTERID NUMBERINGSTYLE'.split(
    ' ',
  ),
);

/** Writes these fields (docs/tally.md §1.2, §4). Only some of them have a TYPE. */
export function writeDefaults(voucher: DemoVoucher): string {
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
    element(5, 'NUMBERINGSTYLE', numberingStyle(voucher))
  );
}

/** Further fields, equal in every row, by name. The UDF prefix is not declared anywhere in a collection. */
const extras: readonly (readonly [name: string, xml: string])[] = [
  [
    'OLDAUDITENTRYIDS',
    '     <OLDAUDITENTRYIDS.LIST TYPE="Number">\r\n      <OLDAUDITENTRYIDS>-1</OLDAUDITENTRYIDS>\r\n     </OLDAUDITENTRYIDS.LIST>\r\n',
  ],
  ['REQUESTORRULE', '     <REQUESTORRULE/>\r\n'],
  ['ASORIGINAL', element(5, 'ASORIGINAL', 'No')],
  ['ASPAYSLIP', element(5, 'ASPAYSLIP', 'No')],
  ...typedExtras('ISDEEMEDPOSITIVE ISNEGISPOSSET', 'Logical', 'Yes'),
  ...typedExtras('SERIALMASTER ARESERIALMASTER VCHSTATUSTAXUNIT SERIALNUMINPLA', 'String', ''),
  ...typedExtras('VOUCHERRETAINKEY REUSEHOLEID', 'Number', ' 0'),
  ...typedExtras('VOUCHERNUMBERSERIES', 'String', 'Default'),
  ...'INVOICEDELNOTES INVOICEORDERLIST ATTENDANCEENTRIES ORIGINVOICEDETAILS'
    .split(' ')
    .map((name) => [name, `     <${name}.LIST/>\r\n`] as const),
  [
    'UDF:VEHICLENOTE',
    '     <UDF:VEHICLENOTE.LIST DESC="`VehicleNote`" ISLIST="YES" TYPE="String" INDEX="1042">\r\n' +
      '      <UDF:VEHICLENOTE DESC="`VehicleNote`">MH-00</UDF:VEHICLENOTE>\r\n     </UDF:VEHICLENOTE.LIST>\r\n',
  ],
];

function typedExtras(names: string, type: FieldType, value: string): (readonly [string, string])[] {
  return names.split(' ').map((name) => [name, typedElement(5, name, type, value)]);
}

/** The extra fields without the fetched ones: a field comes only once in a row. */
export const sameInEachRow = (fetched: ReadonlySet<string>): Fixed =>
  fixed(extras.map(([name, xml]) => (fetched.has(name) ? '' : xml)).join(''));
