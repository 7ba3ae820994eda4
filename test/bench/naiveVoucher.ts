import type { StockLine, TaxRate, Voucher, VoucherLine } from '../../src/core/invoice/voucher.js';

type Value = string | Node | (string | Node)[] | undefined;
interface Node {
  [name: string]: Value;
}

/** A voucher as fast-xml-parser gives it by default: one of a name is a value, several are an array. */
export type NaiveVoucher = Node;

const list = (value: Value): (string | Node)[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);
const nodes = (value: Value): Node[] => list(value).filter((item) => typeof item !== 'string');

// eslint-disable-next-line no-control-regex -- Tally's marks are what this is about
const controlCharacters = /[\u0001-\u0008]/g;

function text(value: Value): string {
  const [first] = list(value);
  const found = typeof first === 'object' ? first['#text'] : first;
  return typeof found === 'string' ? found.replaceAll(controlCharacters, '').trim() : '';
}

/** The same fields as the product reads. Ledger lines and stock lines come apart: their order among each other is lost. */
export function toVoucher(node: NaiveVoucher): Voucher {
  return {
    guid: text(node.GUID),
    date: text(node.DATE),
    voucherType: text(node.VOUCHERTYPENAME),
    alterId: text(node.ALTERID),
    masterId: text(node.MASTERID),
    action: text(node['@ACTION']),
    voucherNumber: text(node.VOUCHERNUMBER),
    reference: text(node.REFERENCE),
    referenceDate: text(node.REFERENCEDATE),
    partyLedgerName: text(node.PARTYLEDGERNAME),
    partyName: text(node.PARTYNAME),
    partyGstin: text(node.PARTYGSTIN),
    placeOfSupply: text(node.PLACEOFSUPPLY),
    narration: text(node.NARRATION),
    irn: text(node.IRN),
    irnAckNo: text(node.IRNACKNO),
    irnAckDate: text(node.IRNACKDATE),
    ewayBillNo:
      nodes(node['EWAYBILLDETAILS.LIST'])
        .map((bill) => text(bill.BILLNUMBER))
        .find(Boolean) ?? '',
    isCancelled: text(node.ISCANCELLED),
    isOptional: text(node.ISOPTIONAL),
    isDeleted: text(node.ISDELETED),
    isDeletedRetained: text(node.ISDELETEDVCHRETAINED),
    movesStock: 'INVENTORYENTRIESIN.LIST' in node || 'INVENTORYENTRIESOUT.LIST' in node,
    lines: [
      ...nodes(node['LEDGERENTRIES.LIST']).map((entry) => ledgerLine(entry, 'invoice')),
      ...nodes(node['ALLLEDGERENTRIES.LIST']).map((entry) => ledgerLine(entry, 'accounting')),
      ...nodes(node['ALLINVENTORYENTRIES.LIST']).map(stockLine),
      ...nodes(node['INVENTORYENTRIES.LIST']).map(stockLine),
    ],
  };
}

const ledgerLine = (entry: Node, view: 'invoice' | 'accounting'): VoucherLine => ({
  kind: 'ledger',
  view,
  ledgerName: text(entry.LEDGERNAME),
  amount: text(entry.AMOUNT),
  isPartyLedger: text(entry.ISPARTYLEDGER),
  roundType: text(entry.ROUNDTYPE),
  methodType: text(entry.METHODTYPE),
  appropriateFor: text(entry.APPROPRIATEFOR),
  taxability: text(entry.GSTOVRDNTAXABILITY),
  hsn: text(entry.GSTHSNNAME),
  stockLines: nodes(entry['INVENTORYALLOCATIONS.LIST'])
    .map(stockLine)
    .filter(({ itemName }) => itemName !== ''),
  taxRates: taxRates(entry),
});

const stockLine = (entry: Node): StockLine => ({
  kind: 'item',
  itemName: text(entry.STOCKITEMNAME),
  hsn: text(entry.GSTHSNNAME),
  rate: text(entry.RATE),
  amount: text(entry.AMOUNT),
  quantity: text(entry.BILLEDQTY) || text(entry.ACTUALQTY),
  discount: text(entry.DISCOUNT),
  taxability: text(entry.GSTOVRDNTAXABILITY),
  allocations: nodes(entry['ACCOUNTINGALLOCATIONS.LIST'])
    .map((allocation) => ({
      ledgerName: text(allocation.LEDGERNAME),
      amount: text(allocation.AMOUNT),
      taxRates: taxRates(allocation),
    }))
    .filter(({ ledgerName }) => ledgerName !== ''),
  taxRates: taxRates(entry),
});

const taxRates = (entry: Node): TaxRate[] =>
  nodes(entry['RATEDETAILS.LIST'])
    .map((rate) => ({ dutyHead: text(rate.GSTRATEDUTYHEAD), rate: text(rate.GSTRATE) }))
    .filter(({ dutyHead }) => dutyHead !== '');
