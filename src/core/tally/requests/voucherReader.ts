import type {
  BankAllocation,
  Batch,
  Bill,
  CostAllocation,
  LedgerLine,
  LineDetails,
  StockAllocation,
  StockLine,
  TaxRate,
  Voucher,
  VoucherLine,
} from '../../invoice/voucher.js';
import type { ElementBytes } from '../xml/readElements.js';
import { fieldsOf, parseRecord, RecordReader, type Wanted, type XmlRecord } from '../xml/recordReader.js';

const texts = (names: string): Wanted => Object.fromEntries(names.split(' ').map((name) => [name, 'first']));

const taxRates: Wanted = { 'RATEDETAILS.LIST': texts('GSTRATEDUTYHEAD GSTRATE') };
const line: Wanted = {
  ...texts('AMOUNT GSTHSNNAME DESCRIPTION GSTOVRDNTAXABILITY GSTOVRDNTYPEOFSUPPLY GSTOVRDNISREVCHARGEAPPL'),
  'BASICUSERDESCRIPTION.LIST': { BASICUSERDESCRIPTION: 'every' },
  ...taxRates,
};
/** The lists that ledger lines and the accounting allocations of stock lines have in common. */
const allocated: Wanted = {
  'BILLALLOCATIONS.LIST': { ...texts('NAME BILLTYPE BILLDATE AMOUNT'), BILLCREDITPERIOD: 'every' },
  'CATEGORYALLOCATIONS.LIST': { ...texts('CATEGORY'), 'COSTCENTREALLOCATIONS.LIST': texts('NAME AMOUNT') },
};
const stockEntry: Wanted = {
  ...texts('STOCKITEMNAME ISDEEMEDPOSITIVE RATE BILLEDQTY ACTUALQTY DISCOUNT'),
  'ACCOUNTINGALLOCATIONS.LIST': { ...texts('LEDGERNAME AMOUNT'), ...taxRates, ...allocated },
  'BATCHALLOCATIONS.LIST': texts('GODOWNNAME BATCHNAME TRACKINGNUMBER ACTUALQTY BILLEDQTY AMOUNT'),
  ...line,
};
const ledgerEntry: Wanted = {
  ...texts('LEDGERNAME ISPARTYLEDGER ROUNDTYPE ROUNDLIMIT METHODTYPE APPROPRIATEFOR'),
  ...allocated,
  'BANKALLOCATIONS.LIST': texts('TRANSACTIONTYPE INSTRUMENTNUMBER INSTRUMENTDATE BANKERSDATE AMOUNT'),
  'INVENTORYALLOCATIONS.LIST': stockEntry,
  ...line,
};
/** All fields from which a Voucher is made. */
const voucherFields = fieldsOf({
  ...texts('DATE GUID VOUCHERTYPENAME ALTERID MASTERID VOUCHERNUMBER NUMBERINGSTYLE REFERENCE REFERENCEDATE NARRATION'),
  ...texts('ISCANCELLED ISOPTIONAL ISPOSTDATED ISDELETED ISDELETEDVCHRETAINED'),
  ...texts('PARTYLEDGERNAME PARTYNAME PARTYMAILINGNAME PARTYGSTIN STATENAME GSTREGISTRATIONTYPE'),
  ...texts('CONSIGNEEGSTIN CONSIGNEESTATENAME CMPGSTIN PLACEOFSUPPLY GSTNATUREOFRETURN ISREVERSECHARGEAPPLICABLE'),
  ...texts('IRN IRNACKNO IRNACKDATE IRNQRCODE BASICPURCHASEORDERNO BASICORDERDATE PARTYORDERDATE'),
  'INVOICEORDERLIST.LIST': texts('BASICPURCHASEORDERNO BASICORDERDATE'),
  'EWAYBILLDETAILS.LIST': { ...texts('BILLNUMBER BILLDATE'), 'TRANSPORTDETAILS.LIST': texts('VEHICLENUMBER') },
  'LEDGERENTRIES.LIST': ledgerEntry,
  'ALLLEDGERENTRIES.LIST': ledgerEntry,
  'ALLINVENTORYENTRIES.LIST': stockEntry,
  'INVENTORYENTRIES.LIST': stockEntry,
  'INVENTORYENTRIESIN.LIST': stockEntry,
  'INVENTORYENTRIESOUT.LIST': stockEntry,
});

/**
 * Reads one voucher only as far as needed: first its head, which decides whether the voucher is kept, then the rest. A field of
 * the head is undefined if only `read` can tell it, and '' if the voucher has none. ALTERID and MASTERID do not belong to the
 * head: they come about 190 elements later, so reading them would cost five times as much.
 */
export class VoucherReader {
  readonly #reader: RecordReader;

  constructor(element: ElementBytes) {
    this.#reader = new RecordReader(element, voucherFields);
  }

  get date(): string | undefined {
    return this.#reader.first('DATE');
  }

  /** VOUCHERTYPENAME, else the attribute VCHTYPE. */
  get voucherType(): string | undefined {
    const name = this.#reader.first('VOUCHERTYPENAME');
    return name === '' ? (this.#reader.attributes.VCHTYPE ?? '') : name;
  }

  get guid(): string | undefined {
    return this.#reader.first('GUID');
  }

  /** The text of a field that is not a list. */
  field(name: string): string | undefined {
    return this.#reader.first(name);
  }

  /** Whether `read` needed the full parse. */
  get isUnusual(): boolean {
    return this.#reader.isUnusual;
  }

  /** Throws a plain Error when the voucher is not well-formed. */
  read(): Voucher {
    return toVoucher(this.#reader.read());
  }

  /** A voucher whose XML is broken: its GUID and type, if they could be read. A voucher without a date is always rejected. */
  get blank(): Voucher {
    const { guid = '', voucherType = '' } = this;
    return { ...toVoucher({ name: '', attributes: {}, text: '', values: {}, lists: [] }), guid, voucherType };
  }
}

/** The same Voucher from the full parse; tests compare the reader with it. */
export const parseWholeVoucher = (xml: string): Voucher => toVoucher(parseRecord(xml, voucherFields));

// The objects are written out: a loop over a table of names took more than twice the time.
function toVoucher(record: XmlRecord): Voucher {
  const { values, attributes } = record;
  return {
    guid: values.GUID ?? '',
    date: values.DATE ?? '',
    voucherType: values.VOUCHERTYPENAME || (attributes.VCHTYPE ?? ''),
    alterId: values.ALTERID ?? '',
    masterId: values.MASTERID ?? '',
    action: attributes.ACTION ?? '',
    voucherNumber: values.VOUCHERNUMBER ?? '',
    reference: values.REFERENCE ?? '',
    referenceDate: values.REFERENCEDATE ?? '',
    partyLedgerName: values.PARTYLEDGERNAME ?? '',
    partyName: values.PARTYNAME ?? '',
    partyGstin: values.PARTYGSTIN ?? '',
    placeOfSupply: values.PLACEOFSUPPLY ?? '',
    narration: values.NARRATION ?? '',
    irn: values.IRN ?? '',
    irnAckNo: values.IRNACKNO ?? '',
    irnAckDate: values.IRNACKDATE ?? '',
    partyState: values.STATENAME ?? '',
    partyMailingName: values.PARTYMAILINGNAME ?? '',
    partyRegistrationType: values.GSTREGISTRATIONTYPE ?? '',
    consigneeGstin: values.CONSIGNEEGSTIN ?? '',
    consigneeState: values.CONSIGNEESTATENAME ?? '',
    companyGstin: values.CMPGSTIN ?? '',
    natureOfReturn: values.GSTNATUREOFRETURN ?? '',
    isReverseCharge: values.ISREVERSECHARGEAPPLICABLE ?? '',
    irnQrCode: values.IRNQRCODE ?? '',
    ...ewayBill(record),
    orders: ordersOf(record),
    isCancelled: values.ISCANCELLED ?? '',
    isOptional: values.ISOPTIONAL ?? '',
    isDeleted: values.ISDELETED ?? '',
    isDeletedRetained: values.ISDELETEDVCHRETAINED ?? '',
    isPostDated: values.ISPOSTDATED ?? '',
    stockIn: listsNamed(record, 'INVENTORYENTRIESIN.LIST').flatMap(toStockLine),
    stockOut: listsNamed(record, 'INVENTORYENTRIESOUT.LIST').flatMap(toStockLine),
    lines: record.lists.flatMap(toLine),
  };
}

function toLine(record: XmlRecord): VoucherLine[] {
  switch (record.name) {
    case 'LEDGERENTRIES.LIST':
      return toLedgerLine(record, 'invoice');
    case 'ALLLEDGERENTRIES.LIST':
      return toLedgerLine(record, 'accounting');
    case 'ALLINVENTORYENTRIES.LIST':
    case 'INVENTORYENTRIES.LIST':
      return toStockLine(record);
    default:
      return [];
  }
}

function toLedgerLine(record: XmlRecord, view: LedgerLine['view']): LedgerLine[] {
  const { values } = record;
  if (!values.LEDGERNAME) return [];
  return [
    {
      kind: 'ledger',
      view,
      ledgerName: values.LEDGERNAME,
      amount: values.AMOUNT ?? '',
      isPartyLedger: values.ISPARTYLEDGER ?? '',
      roundType: values.ROUNDTYPE ?? '',
      roundLimit: values.ROUNDLIMIT ?? '',
      methodType: values.METHODTYPE ?? '',
      appropriateFor: values.APPROPRIATEFOR ?? '',
      hsn: values.GSTHSNNAME ?? '',
      stockLines: listsNamed(record, 'INVENTORYALLOCATIONS.LIST').flatMap(toStockLine),
      taxRates: taxRatesOf(record),
      ...detailsOf(record),
      bills: billsOf(record),
      costs: costsOf(record),
      banks: banksOf(record),
    },
  ];
}

function toStockLine(record: XmlRecord): StockLine[] {
  const { values } = record;
  if (!values.STOCKITEMNAME) return [];
  return [
    {
      kind: 'item',
      itemName: values.STOCKITEMNAME,
      hsn: values.GSTHSNNAME ?? '',
      rate: values.RATE ?? '',
      amount: values.AMOUNT ?? '',
      isInward: values.ISDEEMEDPOSITIVE ?? '',
      quantity: values.BILLEDQTY || (values.ACTUALQTY ?? ''),
      movedQuantity: values.ACTUALQTY || (values.BILLEDQTY ?? ''),
      discount: values.DISCOUNT ?? '',
      allocations: listsNamed(record, 'ACCOUNTINGALLOCATIONS.LIST').flatMap(toAllocation),
      taxRates: taxRatesOf(record),
      ...detailsOf(record),
      batches: batchesOf(record),
    },
  ];
}

function toAllocation(record: XmlRecord): StockAllocation[] {
  const { LEDGERNAME: ledgerName = '', AMOUNT: amount = '' } = record.values;
  if (ledgerName === '') return [];
  return [{ ledgerName, amount, taxRates: taxRatesOf(record), bills: billsOf(record), costs: costsOf(record) }];
}

const listsNamed = ({ lists }: XmlRecord, name: string): XmlRecord[] => lists.filter((list) => list.name === name);

const taxRatesOf = (record: XmlRecord): TaxRate[] =>
  listsNamed(record, 'RATEDETAILS.LIST')
    .map(({ values }) => ({ dutyHead: values.GSTRATEDUTYHEAD ?? '', rate: values.GSTRATE ?? '' }))
    .filter((rate) => rate.dutyHead !== '');

/** The first e-way bill that has a number: a voucher without a bill has an empty list. */
function ewayBill(voucher: XmlRecord): Pick<Voucher, 'ewayBillNo' | 'ewayBillDate' | 'vehicleNumber'> {
  const bill = listsNamed(voucher, 'EWAYBILLDETAILS.LIST').find(({ values }) => values.BILLNUMBER);
  const vehicles = bill === undefined ? [] : listsNamed(bill, 'TRANSPORTDETAILS.LIST');
  return {
    ewayBillNo: bill?.values.BILLNUMBER ?? '',
    ewayBillDate: bill?.values.BILLDATE ?? '',
    vehicleNumber: vehicles.map(({ values }) => values.VEHICLENUMBER).find(Boolean) ?? '',
  };
}

/** The listed orders. If a voucher lists none, its own fields name the order. */
function ordersOf(voucher: XmlRecord): Voucher['orders'] {
  const { BASICPURCHASEORDERNO: number = '', BASICORDERDATE, PARTYORDERDATE = '' } = voucher.values;
  const own = { number, date: BASICORDERDATE || PARTYORDERDATE };
  const listed = listsNamed(voucher, 'INVOICEORDERLIST.LIST').map(({ values }) => ({
    number: values.BASICPURCHASEORDERNO ?? '',
    date: values.BASICORDERDATE ?? '',
  }));
  const isNamed = (order: { number: string; date: string }): boolean => order.number !== '' || order.date !== '';
  const named = listed.filter(isNamed);
  return named.length > 0 ? named : [own].filter(isNamed);
}

function detailsOf({ values, lists }: XmlRecord): LineDetails {
  let description = '';
  for (const list of lists) {
    if (list.name !== 'BASICUSERDESCRIPTION.LIST') continue;
    for (const { text } of list.lists) if (text !== '') description += description === '' ? text : `\n${text}`;
  }
  return {
    description: description || (values.DESCRIPTION ?? ''),
    taxability: values.GSTOVRDNTAXABILITY ?? '',
    typeOfSupply: values.GSTOVRDNTYPEOFSUPPLY ?? '',
    isReverseCharge: values.GSTOVRDNISREVCHARGEAPPL ?? '',
  };
}

// Written as loops, which are faster: they run for every line.

/** Tally's empty lists are left out. */
function billsOf(line: XmlRecord): Bill[] {
  const bills: Bill[] = [];
  for (const list of line.lists) {
    if (list.name !== 'BILLALLOCATIONS.LIST') continue;
    const { NAME: name = '', BILLTYPE: type = '', AMOUNT: amount = '' } = list.values;
    const period = list.lists[0];
    if (name === '' && type === '' && amount === '' && !period?.text) continue;
    const { BILLDATE: date = '' } = list.values;
    bills.push({ name, type, date, amount, creditPeriod: period?.text ?? '', from: period?.attributes.JD ?? '' });
  }
  return bills;
}

function costsOf(line: XmlRecord): CostAllocation[] {
  const costs: CostAllocation[] = [];
  for (const list of line.lists) {
    if (list.name !== 'CATEGORYALLOCATIONS.LIST') continue;
    for (const { values } of list.lists) {
      const { NAME: costCentre = '', AMOUNT: amount = '' } = values;
      if (costCentre !== '') costs.push({ category: list.values.CATEGORY ?? '', costCentre, amount });
    }
  }
  return costs;
}

function banksOf(line: XmlRecord): BankAllocation[] {
  const banks: BankAllocation[] = [];
  for (const { name, values } of line.lists) {
    if (name !== 'BANKALLOCATIONS.LIST') continue;
    const { TRANSACTIONTYPE: transactionType = '', AMOUNT: amount = '' } = values;
    if (transactionType === '' && amount === '') continue;
    const { INSTRUMENTNUMBER: instrumentNumber = '', INSTRUMENTDATE: instrumentDate = '' } = values;
    banks.push({ transactionType, instrumentNumber, instrumentDate, bankDate: values.BANKERSDATE ?? '', amount });
  }
  return banks;
}

function batchesOf(line: XmlRecord): Batch[] {
  const batches: Batch[] = [];
  for (const { name, values } of line.lists) {
    if (name !== 'BATCHALLOCATIONS.LIST') continue;
    const { GODOWNNAME: godown = '', BATCHNAME: batch = '', AMOUNT: amount = '' } = values;
    const quantity = values.ACTUALQTY || (values.BILLEDQTY ?? '');
    if (godown !== '' || batch !== '')
      batches.push({ godown, batch, quantity, amount, trackingNumber: values.TRACKINGNUMBER ?? '' });
  }
  return batches;
}
