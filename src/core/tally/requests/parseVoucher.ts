import type { LedgerLine, StockLine, TaxRate, Voucher, VoucherLine } from '../../invoice/voucher.js';
import { decodeBytes, type Encoding } from '../xml/encoding.js';
import { childrenNamed, parseXmlElement, type XmlElement } from '../xml/xmlElement.js';
import { projectVoucher } from './projectVoucher.js';
import { batchesOf, billsOf, lineDetails, voucherDetails } from './voucherDetails.js';

/** Reads the bytes of one voucher. Throws a plain Error when it is not well-formed. */
export function parseVoucher(bytes: Buffer, encoding: Encoding): Voucher {
  return toVoucher(projectVoucher(bytes, encoding) ?? parseXmlElement(decodeBytes(bytes, encoding)));
}

/** The slow way to the same Voucher, without the projection: the reference in tests. */
export const parseWholeVoucher = (xml: string): Voucher => toVoucher(parseXmlElement(xml));

function toVoucher(element: XmlElement): Voucher {
  const values = firstValues(element);
  const value = (name: string): string => values.get(name) ?? '';
  return {
    guid: value('GUID'),
    date: value('DATE'),
    voucherType: value('VOUCHERTYPENAME') || (element.attributes.VCHTYPE ?? ''),
    alterId: value('ALTERID'),
    masterId: value('MASTERID'),
    action: element.attributes.ACTION ?? '',
    voucherNumber: value('VOUCHERNUMBER'),
    reference: value('REFERENCE'),
    referenceDate: value('REFERENCEDATE'),
    partyLedgerName: value('PARTYLEDGERNAME'),
    partyName: value('PARTYNAME'),
    partyGstin: value('PARTYGSTIN'),
    placeOfSupply: value('PLACEOFSUPPLY'),
    narration: value('NARRATION'),
    irn: value('IRN'),
    irnAckNo: value('IRNACKNO'),
    irnAckDate: value('IRNACKDATE'),
    ...voucherDetails(element, value),
    isCancelled: value('ISCANCELLED'),
    isOptional: value('ISOPTIONAL'),
    isDeleted: value('ISDELETED'),
    isDeletedRetained: value('ISDELETEDVCHRETAINED'),
    movesStock: element.children.some(isStockMove),
    lines: element.children.flatMap(toLine),
  };
}

/** The values of an element's children by name; of two with one name the first counts. */
function firstValues(element: XmlElement): Map<string, string> {
  const values = new Map<string, string>();
  for (const child of element.children) if (!values.has(child.name)) values.set(child.name, child.text);
  return values;
}

const isStockMove = (element: XmlElement): boolean =>
  (element.name === 'INVENTORYENTRIESIN.LIST' || element.name === 'INVENTORYENTRIESOUT.LIST') &&
  (firstValues(element).get('STOCKITEMNAME') ?? '') !== '';

function toLine(element: XmlElement): VoucherLine[] {
  switch (element.name) {
    case 'LEDGERENTRIES.LIST':
      return toLedgerLine(element, 'invoice');
    case 'ALLLEDGERENTRIES.LIST':
      return toLedgerLine(element, 'accounting');
    case 'ALLINVENTORYENTRIES.LIST':
    case 'INVENTORYENTRIES.LIST':
      return toStockLine(element);
    default:
      return [];
  }
}

function toLedgerLine(element: XmlElement, view: LedgerLine['view']): LedgerLine[] {
  const values = firstValues(element);
  const value = (name: string): string => values.get(name) ?? '';
  if (value('LEDGERNAME') === '') return [];
  return [
    {
      kind: 'ledger',
      view,
      ledgerName: value('LEDGERNAME'),
      amount: value('AMOUNT'),
      isPartyLedger: value('ISPARTYLEDGER'),
      roundType: value('ROUNDTYPE'),
      roundLimit: value('ROUNDLIMIT'),
      methodType: value('METHODTYPE'),
      appropriateFor: value('APPROPRIATEFOR'),
      hsn: value('GSTHSNNAME'),
      stockLines: childrenNamed(element, 'INVENTORYALLOCATIONS.LIST').flatMap(toStockLine),
      taxRates: taxRates(element),
      ...lineDetails(element, value),
      bills: billsOf(element),
    },
  ];
}

function toStockLine(element: XmlElement): StockLine[] {
  const values = firstValues(element);
  const value = (name: string): string => values.get(name) ?? '';
  if (value('STOCKITEMNAME') === '') return [];
  return [
    {
      kind: 'item',
      itemName: value('STOCKITEMNAME'),
      hsn: value('GSTHSNNAME'),
      rate: value('RATE'),
      amount: value('AMOUNT'),
      quantity: value('BILLEDQTY') || value('ACTUALQTY'),
      discount: value('DISCOUNT'),
      allocations: childrenNamed(element, 'ACCOUNTINGALLOCATIONS.LIST').flatMap(toAllocation),
      taxRates: taxRates(element),
      ...lineDetails(element, value),
      batches: batchesOf(element),
    },
  ];
}

function toAllocation(element: XmlElement): StockLine['allocations'] {
  const values = firstValues(element);
  const ledgerName = values.get('LEDGERNAME') ?? '';
  if (ledgerName === '') return [];
  return [{ ledgerName, amount: values.get('AMOUNT') ?? '', taxRates: taxRates(element) }];
}

const taxRates = (element: XmlElement): TaxRate[] =>
  childrenNamed(element, 'RATEDETAILS.LIST')
    .map(firstValues)
    .map((list) => ({ dutyHead: list.get('GSTRATEDUTYHEAD') ?? '', rate: list.get('GSTRATE') ?? '' }))
    .filter((rate) => rate.dutyHead !== '');
