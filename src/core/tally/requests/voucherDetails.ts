import type { Batch, Bill, LineDetails, VoucherDetails } from '../../invoice/voucherDetails.js';
import { childrenNamed, type XmlElement } from '../xml/xmlElement.js';

type Value = (name: string) => string;

/** Of two values of one name the first counts. */
function valueIn(element: XmlElement | undefined, name: string): string {
  if (element !== undefined) for (const child of element.children) if (child.name === name) return child.text;
  return '';
}

/** `value` gives the values of the voucher's own children. */
export function voucherDetails(voucher: XmlElement, value: Value): VoucherDetails & { ewayBillNo: string } {
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
function ewayBill(voucher: XmlElement): { ewayBillNo: string; ewayBillDate: string; vehicleNumber: string } {
  const bill = childrenNamed(voucher, 'EWAYBILLDETAILS.LIST').find((list) => valueIn(list, 'BILLNUMBER') !== '');
  return {
    ewayBillNo: valueIn(bill, 'BILLNUMBER'),
    ewayBillDate: valueIn(bill, 'BILLDATE'),
    vehicleNumber: bill === undefined ? '' : vehicleNumber(bill),
  };
}

const vehicleNumber = (bill: XmlElement): string =>
  childrenNamed(bill, 'TRANSPORTDETAILS.LIST')
    .map((list) => valueIn(list, 'VEHICLENUMBER'))
    .find(Boolean) ?? '';

/** Its own fields name an order where the list of orders is empty. */
function orders(voucher: XmlElement, value: Value): VoucherDetails['orders'] {
  const listed = childrenNamed(voucher, 'INVOICEORDERLIST.LIST').map((list) => ({
    number: valueIn(list, 'BASICPURCHASEORDERNO'),
    date: valueIn(list, 'BASICORDERDATE'),
  }));
  const own = {
    number: value('BASICPURCHASEORDERNO'),
    date: value('BASICORDERDATE') || value('PARTYORDERDATE'),
  };
  const named = listed.filter(({ number, date }) => number !== '' || date !== '');
  return named.length > 0 ? named : own.number === '' && own.date === '' ? [] : [own];
}

export function lineDetails(line: XmlElement, value: Value): LineDetails {
  let description = '';
  for (const list of line.children) {
    if (list.name !== 'BASICUSERDESCRIPTION.LIST') continue;
    for (const { name, text } of list.children)
      if (name === 'BASICUSERDESCRIPTION' && text !== '') description += description === '' ? text : `\n${text}`;
  }
  return {
    description: description || value('DESCRIPTION'),
    taxability: value('GSTOVRDNTAXABILITY'),
    typeOfSupply: value('GSTOVRDNTYPEOFSUPPLY'),
    isReverseCharge: value('GSTOVRDNISREVCHARGEAPPL'),
  };
}

/** The bills that have a credit period. Loops, as it is asked of every line. */
export function billsOf(line: XmlElement): Bill[] {
  const bills: Bill[] = [];
  for (const list of line.children) {
    if (list.name !== 'BILLALLOCATIONS.LIST') continue;
    const period = list.children.find(({ name }) => name === 'BILLCREDITPERIOD');
    if (period === undefined || period.text === '') continue;
    bills.push({ type: valueIn(list, 'BILLTYPE'), creditPeriod: period.text, from: period.attributes.JD ?? '' });
  }
  return bills;
}

export function batchesOf(line: XmlElement): Batch[] {
  const batches: Batch[] = [];
  for (const list of line.children) {
    if (list.name !== 'BATCHALLOCATIONS.LIST') continue;
    const [godown, batch] = [valueIn(list, 'GODOWNNAME'), valueIn(list, 'BATCHNAME')];
    if (godown !== '' || batch !== '') batches.push({ godown, batch });
  }
  return batches;
}
