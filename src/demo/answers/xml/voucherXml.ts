import { companyGstin, companyPrintedName } from '../../book/recipes/details.js';
import { homeState } from '../../book/masters/parties.js';
import { asBooked, headSaysReverseCharge, ledgerList, writeLedgerLine, writeStockLine } from './lineXml.js';
import type { DemoVoucher } from '../../book/voucher.js';
import * as tags from './voucherTags.js';
import { compactDate, element, emptyLists, escaped, notApplicable, yesNo, type Sink } from './xmlText.js';

export const viewName = (voucher: DemoVoucher): string =>
  voucher.view === 'invoice' ? 'Invoice Voucher View' : 'Accounting Voucher View';

/** `Auto Renumber` was not seen, it is inferred (docs/tally.md §4). */
export const numberingStyle = ({ renumbers }: DemoVoucher): string => (renumbers ? 'Auto Renumber' : 'Auto Retain');

/** The attributes of VOUCHER. The number is not among them, the GUID is only in REMOTEID. A collection has no ACTION. */
export const voucherAttributes = (voucher: DemoVoucher, action = ''): string =>
  `REMOTEID="${voucher.guid}" VCHKEY="${voucher.guid.slice(0, -8)}0000b1a2:${voucher.guid.slice(-8)}" ` +
  `VCHTYPE="${escaped(voucher.typeName)}"${action} OBJVIEW="${viewName(voucher)}"`;

/** One voucher of a report, in its TALLYMESSAGE: every field, including empty ones. */
export function writeVoucher(sink: Sink, given: DemoVoucher): void {
  const voucher = asBooked(given);
  if (voucher.raw !== undefined) {
    sink.text(`    <TALLYMESSAGE xmlns:UDF="TallyUDF">\r\n${voucher.raw}    </TALLYMESSAGE>\r\n`);
    return;
  }
  const action = ` ACTION="${voucher.cancelled ? 'Cancel' : 'Create'}"`;
  sink.text(`    <TALLYMESSAGE xmlns:UDF="TallyUDF">\r\n     <VOUCHER ${voucherAttributes(voucher, action)}>\r\n`);
  sink.fixed(tags.voucherOpening);
  sink.text(headerTexts(voucher));
  sink.fixed(tags.voucherEmpties);
  sink.text(headerFlags(voucher));
  sink.fixed(tags.voucherFlags);
  sink.text(headerNumbers(voucher));
  sink.fixed(tags.voucherListsBefore);
  sink.text(orders(voucher) + ewayBills(voucher) + emptyLineLists(voucher));
  for (const entry of voucher.entries) {
    if (entry.kind === 'ledger') writeLedgerLine(sink, voucher, entry);
    else writeStockLine(sink, voucher, entry);
  }
  sink.fixed(tags.voucherListsAfter);
  sink.text(
    '      <UDF:VEHICLENOTE.LIST DESC="`VehicleNote`" ISLIST="YES" TYPE="String" INDEX="1042">\r\n' +
      `       <UDF:VEHICLENOTE DESC="\`VehicleNote\`">MH-00 ${String(voucher.masterId % 10_000)}</UDF:VEHICLENOTE>\r\n` +
      '      </UDF:VEHICLENOTE.LIST>\r\n     </VOUCHER>\r\n    </TALLYMESSAGE>\r\n',
  );
}

function headerTexts(voucher: DemoVoucher): string {
  const prime = voucher.release === 'prime';
  const optional = (tag: string, value: string | undefined): string =>
    value === undefined ? '' : element(6, tag, value);
  const optionalDate = (tag: string, date: string | undefined): string =>
    date === undefined ? '' : element(6, tag, compactDate(date));
  const named = voucher.partyLedger !== '';
  const { details = {} } = voucher;
  const unchosen = details.saysNotApplicable ? notApplicable : '';
  return (
    element(6, 'DATE', compactDate(voucher.date)) +
    optionalDate('REFERENCEDATE', voucher.referenceDate) +
    optionalDate('IRNACKDATE', voucher.irn?.ackDate) +
    optionalDate('VCHSTATUSDATE', prime ? voucher.date : undefined) +
    element(6, 'GUID', voucher.guid) +
    element(6, 'GSTREGISTRATIONTYPE', voucher.partyGstin === '' ? 'Unregistered/Consumer' : 'Regular') +
    element(6, 'VATDEALERTYPE', '') +
    element(6, 'STATENAME', named ? voucher.placeOfSupply : '') +
    element(6, 'NARRATION', voucher.narration) +
    element(6, 'COUNTRYOFRESIDENCE', named ? 'India' : '') +
    element(6, 'PARTYGSTIN', voucher.partyGstin) +
    element(6, 'PLACEOFSUPPLY', voucher.placeOfSupply) +
    element(6, 'VOUCHERTYPENAME', voucher.typeName) +
    element(6, 'PARTYNAME', partyName(voucher)) +
    optional('IRN', voucher.irn?.irn) +
    optional('IRNACKNO', voucher.irn?.ackNo) +
    optional('IRNQRCODE', voucher.irn?.qrCode) +
    (prime
      ? '      <GSTREGISTRATION TAXTYPE="GST" TAXREGISTRATION="' +
        companyGstin +
        `">${homeState} Registration</GSTREGISTRATION>\r\n` +
        element(6, 'CMPGSTIN', companyGstin)
      : '') +
    optional('REFERENCE', voucher.reference) +
    element(6, 'PARTYLEDGERNAME', voucher.partyLedger) +
    element(6, 'VOUCHERNUMBER', voucher.number) +
    element(6, 'BASICBUYERNAME', receiver(voucher)) +
    (prime ? element(6, 'CMPGSTREGISTRATIONTYPE', 'Regular') + element(6, 'CMPGSTSTATE', homeState) : '') +
    optional('PARTYMAILINGNAME', prime ? voucher.partyName : undefined) +
    element(6, 'CONSIGNEEGSTIN', details.consignee?.gstin ?? voucher.partyGstin) +
    element(6, 'CONSIGNEESTATENAME', details.consignee?.state ?? unchosen) +
    element(6, 'GSTNATUREOFRETURN', details.natureOfReturn ?? unchosen) +
    (prime
      ? element(6, 'NUMBERINGSTYLE', numberingStyle(voucher)) + element(6, 'VOUCHERNUMBERSERIES', 'Default')
      : '') +
    element(6, 'PERSISTEDVIEW', viewName(voucher)) +
    element(6, 'VCHGSTCLASS', notApplicable) +
    element(6, 'ENTEREDBY', 'asha & co') +
    (prime ? element(6, 'VCHENTRYMODE', entryMode(voucher)) : '')
  );
}

/**
 * PARTYNAME. In TallyPrime it is the name of the ledger, even if the invoice prints another name; in ERP 9, or without
 * a party's ledger, the printed name.
 */
export const partyName = ({ release, partyLedger, partyName: printed }: DemoVoucher): string =>
  release === 'prime' && partyLedger !== '' ? partyLedger : printed;

/** The receiver of the goods; on purchases and debit notes this field names the company itself. */
const receiver = ({ base, partyName }: DemoVoucher): string =>
  base === 'purchase' || base === 'debit_note' ? companyPrintedName : partyName;

function entryMode(voucher: DemoVoucher): string {
  if (voucher.view === 'accounting') return 'As Voucher';
  return voucher.entries.some((e) => e.kind === 'item') ? 'Item Invoice' : 'Accounting Invoice';
}

/**
 * ISINVOICE. Sales Orders have the invoice view and yet No, so neither the view nor this flag alone tells an invoice.
 */
export const saysInvoice = ({ view, base }: DemoVoucher): boolean => view === 'invoice' && base !== 'none';

function headerFlags(voucher: DemoVoucher): string {
  const isInvoice = saysInvoice(voucher);
  return (
    element(6, 'ISDELETED', yesNo(voucher.deleted === 'deleted')) +
    element(6, 'ISDELETEDVCHRETAINED', yesNo(voucher.deleted === 'retained')) +
    element(6, 'EFFECTIVEDATE', compactDate(voucher.date)) +
    element(6, 'ISOPTIONAL', yesNo(voucher.optional)) +
    element(6, 'ISCANCELLED', yesNo(voucher.cancelled)) +
    element(6, 'ISPOSTDATED', yesNo(voucher.postDated)) +
    element(6, 'ISINVOICE', yesNo(isInvoice)) +
    element(6, 'ISREVERSECHARGEAPPLICABLE', yesNo(headSaysReverseCharge(voucher)))
  );
}

const headerNumbers = (voucher: DemoVoucher): string =>
  element(6, 'ALTERID', ` ${voucher.alterId}`) +
  element(6, 'MASTERID', ` ${voucher.masterId}`) +
  element(6, 'VOUCHERKEY', `19${String(voucher.masterId).padStart(13, '0')}`) +
  (voucher.release === 'prime' ? element(6, 'UPDATEDDATETIME', `${compactDate(voucher.date)}101500000`) : '');

/** A list for each order; one empty list if there are none. */
function orders({ details }: DemoVoucher): string {
  const list = (content: string): string => `      <INVOICEORDERLIST.LIST>${content}      </INVOICEORDERLIST.LIST>\r\n`;
  if (details?.orders === undefined) return list('');
  return details.orders
    .map(({ number, date }) =>
      list('\r\n' + element(7, 'BASICORDERDATE', compactDate(date)) + element(7, 'BASICPURCHASEORDERNO', number)),
    )
    .join('');
}

function ewayBills(voucher: DemoVoucher): string {
  if (voucher.ewayBills.length === 0) return emptyLists(6, 'EWAYBILLDETAILS');
  return voucher.ewayBills
    .map(
      (number) =>
        '      <EWAYBILLDETAILS.LIST>\r\n' +
        element(7, 'BILLDATE', compactDate(voucher.details?.ewayBillDate ?? voucher.date)) +
        element(7, 'CONSIGNORPLACE', 'Pune') +
        element(7, 'BILLNUMBER', number) +
        element(7, 'SUBTYPE', 'Supply') +
        '       <TRANSPORTDETAILS.LIST>\r\n' +
        element(8, 'DOCUMENTDATE', compactDate(voucher.date)) +
        element(8, 'TRANSPORTMODE', '1 - Road') +
        element(8, 'VEHICLENUMBER', voucher.details?.vehicle ?? '') +
        '       </TRANSPORTDETAILS.LIST>\r\n      </EWAYBILLDETAILS.LIST>\r\n',
    )
    .join('');
}

/** The lists of lines that this voucher does not fill. Tally writes them as empty lists. */
function emptyLineLists({ view, entries }: DemoVoucher): string {
  const filled = [
    ...(entries.some(({ kind }) => kind === 'item') ? ['ALLINVENTORYENTRIES'] : []),
    ...(entries.some(({ kind }) => kind === 'ledger') ? [ledgerList(view)] : []),
  ];
  const all = ['ALLINVENTORYENTRIES', 'LEDGERENTRIES', 'ALLLEDGERENTRIES'];
  return all.map((name) => (filled.includes(name) ? '' : emptyLists(6, name))).join('');
}
