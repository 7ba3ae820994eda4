import type {
  LineDetails,
  StockLine,
  TaxRate,
  Voucher,
  VoucherDetails,
  VoucherLine,
} from '../../src/core/invoice/voucher.js';
import { headerTags } from '../support/voucherTags.js';

type Value = string | Node | (string | Node)[] | undefined;
interface Node {
  [name: string]: Value;
}

/** A voucher as fast-xml-parser gives it by default: one element of a name is a value, several are an array. */
export type NaiveVoucher = Node;

const list = (value: Value): (string | Node)[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const nodes = (value: Value): Node[] => list(value).filter((item) => typeof item !== 'string');

// oxlint-disable-next-line no-control-regex -- Tally's marks are what this is about
const controlCharacters = /[\u0001-\u0008]/g;

function text(value: Value): string {
  const [first] = list(value);
  const found = typeof first === 'object' ? first['#text'] : first;
  return typeof found === 'string' ? found.replaceAll(controlCharacters, '').trim() : '';
}

/**
 * The same fields as the product reads. Ledger lines and stock lines are in lists of their own, so their common order
 * is lost.
 */
export function toVoucher(node: NaiveVoucher): Voucher {
  return {
    ...headerTexts(node),
    action: text(node['@ACTION']),
    ...details(node),
    // An invoice needs none of these.
    isPostDated: '',
    ...{ stockIn: [], stockOut: [] },
    lines: [
      ...nodes(node['LEDGERENTRIES.LIST']).map((entry) => ledgerLine(entry, 'invoice')),
      ...nodes(node['ALLLEDGERENTRIES.LIST']).map((entry) => ledgerLine(entry, 'accounting')),
      ...nodes(node['ALLINVENTORYENTRIES.LIST']).map(stockLine),
      ...nodes(node['INVENTORYENTRIES.LIST']).map(stockLine),
    ],
  };
}

type Header = typeof headerTags;
const headerTexts = (node: Node): Record<keyof Header, string> =>
  Object.fromEntries(Object.entries(headerTags).map(([field, tag]) => [field, text(node[tag])])) as Record<
    keyof Header,
    string
  >;

function details(node: Node): Omit<VoucherDetails, keyof Header> & { ewayBillNo: string } {
  const bill = nodes(node['EWAYBILLDETAILS.LIST']).find((list) => text(list.BILLNUMBER) !== '');
  const transports = nodes(bill?.['TRANSPORTDETAILS.LIST']).map((transport) => text(transport.VEHICLENUMBER));
  return {
    ewayBillNo: text(bill?.BILLNUMBER),
    ewayBillDate: text(bill?.BILLDATE),
    vehicleNumber: transports.find(Boolean) ?? '',
    orders: nodes(node['INVOICEORDERLIST.LIST'])
      .map((order) => ({ number: text(order.BASICPURCHASEORDERNO), date: text(order.BASICORDERDATE) }))
      .filter(({ number, date }) => number !== '' || date !== ''),
  };
}

const lineDetails = (entry: Node): LineDetails => ({
  description:
    nodes(entry['BASICUSERDESCRIPTION.LIST'])
      .flatMap((described) => list(described.BASICUSERDESCRIPTION).map(text))
      .filter(Boolean)
      .join('\n') || text(entry.DESCRIPTION),
  taxability: text(entry.GSTOVRDNTAXABILITY),
  typeOfSupply: text(entry.GSTOVRDNTYPEOFSUPPLY),
  isReverseCharge: text(entry.GSTOVRDNISREVCHARGEAPPL),
});

const ledgerLine = (entry: Node, view: 'invoice' | 'accounting'): VoucherLine => ({
  kind: 'ledger',
  view,
  ledgerName: text(entry.LEDGERNAME),
  amount: text(entry.AMOUNT),
  isPartyLedger: text(entry.ISPARTYLEDGER),
  roundType: text(entry.ROUNDTYPE),
  roundLimit: text(entry.ROUNDLIMIT),
  methodType: text(entry.METHODTYPE),
  appropriateFor: text(entry.APPROPRIATEFOR),
  hsn: text(entry.GSTHSNNAME),
  stockLines: nodes(entry['INVENTORYALLOCATIONS.LIST'])
    .map(stockLine)
    .filter(({ itemName }) => itemName !== ''),
  taxRates: taxRates(entry),
  ...lineDetails(entry),
  bills: nodes(entry['BILLALLOCATIONS.LIST'])
    .map((bill) => ({
      ...{ name: '', type: text(bill.BILLTYPE), date: '', amount: '' },
      creditPeriod: text(bill.BILLCREDITPERIOD),
      from: text(nodes(bill.BILLCREDITPERIOD)[0]?.['@JD']),
    }))
    .filter(({ creditPeriod }) => creditPeriod !== ''),
  ...{ costs: [], banks: [] },
});

const stockLine = (entry: Node): StockLine => ({
  kind: 'item',
  itemName: text(entry.STOCKITEMNAME),
  hsn: text(entry.GSTHSNNAME),
  rate: text(entry.RATE),
  amount: text(entry.AMOUNT),
  quantity: text(entry.BILLEDQTY) || text(entry.ACTUALQTY),
  ...{ isInward: '', movedQuantity: '' },
  discount: text(entry.DISCOUNT),
  allocations: nodes(entry['ACCOUNTINGALLOCATIONS.LIST'])
    .map((allocation) => ({
      ledgerName: text(allocation.LEDGERNAME),
      amount: text(allocation.AMOUNT),
      taxRates: taxRates(allocation),
      ...{ bills: [], costs: [] },
    }))
    .filter(({ ledgerName }) => ledgerName !== ''),
  taxRates: taxRates(entry),
  ...lineDetails(entry),
  batches: nodes(entry['BATCHALLOCATIONS.LIST'])
    .map((allocation) => ({
      ...{ godown: text(allocation.GODOWNNAME), batch: text(allocation.BATCHNAME) },
      ...{ quantity: '', amount: '', trackingNumber: '' },
    }))
    .filter(({ godown, batch }) => godown !== '' || batch !== ''),
});

const taxRates = (entry: Node): TaxRate[] =>
  nodes(entry['RATEDETAILS.LIST'])
    .map((rate) => ({ dutyHead: text(rate.GSTRATEDUTYHEAD), rate: text(rate.GSTRATE) }))
    .filter(({ dutyHead }) => dutyHead !== '');
