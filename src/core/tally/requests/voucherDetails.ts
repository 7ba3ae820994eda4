import type { Batch, Bill, LineDetails, VoucherDetails } from '../../invoice/voucherDetails.js';
import type { XmlRecord } from '../xml/recordReader.js';

type Value = (name: string) => string;

export const valueOf =
  ({ values }: XmlRecord): Value =>
  (name) =>
    values[name] ?? '';

export const listsNamed = ({ lists }: XmlRecord, name: string): XmlRecord[] =>
  lists.filter((list) => list.name === name);

/** `value` gives the values of the voucher's own children. */
export function voucherDetails(voucher: XmlRecord, value: Value): VoucherDetails & { ewayBillNo: string } {
  return {
    partyState: value('STATENAME'),
    partyMailingName: value('PARTYMAILINGNAME'),
    partyRegistrationType: value('GSTREGISTRATIONTYPE'),
    consigneeGstin: value('CONSIGNEEGSTIN'),
    consigneeState: value('CONSIGNEESTATENAME'),
    companyGstin: value('CMPGSTIN'),
    natureOfReturn: value('GSTNATUREOFRETURN'),
    isReverseCharge: value('ISREVERSECHARGEAPPLICABLE'),
    irnQrCode: value('IRNQRCODE'),
    ...ewayBill(voucher),
    orders: orders(voucher, value),
  };
}

/** The first e-way bill that has a number: Tally keeps an empty list where there is none. */
function ewayBill(voucher: XmlRecord): { ewayBillNo: string; ewayBillDate: string; vehicleNumber: string } {
  const bill = listsNamed(voucher, 'EWAYBILLDETAILS.LIST').find(({ values }) => Boolean(values.BILLNUMBER));
  return {
    ewayBillNo: bill?.values.BILLNUMBER ?? '',
    ewayBillDate: bill?.values.BILLDATE ?? '',
    vehicleNumber: bill === undefined ? '' : vehicleNumber(bill),
  };
}

const vehicleNumber = (bill: XmlRecord): string =>
  listsNamed(bill, 'TRANSPORTDETAILS.LIST')
    .map(({ values }) => values.VEHICLENUMBER)
    .find(Boolean) ?? '';

/** Its own fields name an order where the list of orders is empty. */
function orders(voucher: XmlRecord, value: Value): VoucherDetails['orders'] {
  const listed = listsNamed(voucher, 'INVOICEORDERLIST.LIST').map((list) => ({
    number: list.values.BASICPURCHASEORDERNO ?? '',
    date: list.values.BASICORDERDATE ?? '',
  }));
  const own = {
    number: value('BASICPURCHASEORDERNO'),
    date: value('BASICORDERDATE') || value('PARTYORDERDATE'),
  };
  const named = listed.filter(({ number, date }) => number !== '' || date !== '');
  return named.length > 0 ? named : own.number === '' && own.date === '' ? [] : [own];
}

export function lineDetails(line: XmlRecord, value: Value): LineDetails {
  let description = '';
  for (const list of line.lists) {
    if (list.name !== 'BASICUSERDESCRIPTION.LIST') continue;
    for (const { text } of list.lists) if (text !== '') description += description === '' ? text : `\n${text}`;
  }
  return {
    description: description || value('DESCRIPTION'),
    taxability: value('GSTOVRDNTAXABILITY'),
    typeOfSupply: value('GSTOVRDNTYPEOFSUPPLY'),
    isReverseCharge: value('GSTOVRDNISREVCHARGEAPPL'),
  };
}

/** The bills that have a credit period. Loops, as it is asked of every line. */
export function billsOf(line: XmlRecord): Bill[] {
  const bills: Bill[] = [];
  for (const list of line.lists) {
    if (list.name !== 'BILLALLOCATIONS.LIST') continue;
    const period = list.lists[0];
    if (period === undefined || period.text === '') continue;
    bills.push({ type: list.values.BILLTYPE ?? '', creditPeriod: period.text, from: period.attributes.JD ?? '' });
  }
  return bills;
}

export function batchesOf(line: XmlRecord): Batch[] {
  const batches: Batch[] = [];
  for (const list of line.lists) {
    if (list.name !== 'BATCHALLOCATIONS.LIST') continue;
    const { GODOWNNAME: godown = '', BATCHNAME: batch = '' } = list.values;
    if (godown !== '' || batch !== '') batches.push({ godown, batch });
  }
  return batches;
}
