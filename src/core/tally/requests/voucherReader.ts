import type { LedgerLine, StockLine, TaxRate, Voucher, VoucherLine } from '../../invoice/voucher.js';
import type { ElementBytes } from '../xml/readElements.js';
import { parseRecord, RecordReader, type XmlRecord } from '../xml/recordReader.js';
import { batchesOf, billsOf, lineDetails, listsNamed, valueOf, voucherDetails } from './voucherDetails.js';
import { voucherFields } from './voucherFields.js';

/**
 * Reads one voucher as far as it is asked for: first its head, which decides whether the voucher is kept, then the rest. A
 * field of the head is undefined if only `read` can tell it, and '' if the voucher has none. ALTERID and MASTERID do not
 * belong to the head: they come about 190 elements later, so reading them would cost five times as much.
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

  /** Whether `read` needed the full parse. */
  get isUnusual(): boolean {
    return this.#reader.isUnusual;
  }

  /** Throws a plain Error when the voucher is not well-formed. */
  read(): Voucher {
    return toVoucher(this.#reader.read());
  }
}

/** The same Voucher by the full parse: the reference in tests. */
export const parseWholeVoucher = (xml: string): Voucher => toVoucher(parseRecord(xml, voucherFields));

function toVoucher(record: XmlRecord): Voucher {
  const value = valueOf(record);
  return {
    guid: value('GUID'),
    date: value('DATE'),
    voucherType: value('VOUCHERTYPENAME') || (record.attributes.VCHTYPE ?? ''),
    alterId: value('ALTERID'),
    masterId: value('MASTERID'),
    action: record.attributes.ACTION ?? '',
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
    ...voucherDetails(record, value),
    isCancelled: value('ISCANCELLED'),
    isOptional: value('ISOPTIONAL'),
    isDeleted: value('ISDELETED'),
    isDeletedRetained: value('ISDELETEDVCHRETAINED'),
    movesStock: record.lists.some(isStockMove),
    lines: record.lists.flatMap(toLine),
  };
}

const isStockMove = ({ name, values }: XmlRecord): boolean =>
  (name === 'INVENTORYENTRIESIN.LIST' || name === 'INVENTORYENTRIESOUT.LIST') && Boolean(values.STOCKITEMNAME);

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
  const value = valueOf(record);
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
      stockLines: listsNamed(record, 'INVENTORYALLOCATIONS.LIST').flatMap(toStockLine),
      taxRates: taxRates(record),
      ...lineDetails(record, value),
      bills: billsOf(record),
    },
  ];
}

function toStockLine(record: XmlRecord): StockLine[] {
  const value = valueOf(record);
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
      allocations: listsNamed(record, 'ACCOUNTINGALLOCATIONS.LIST').flatMap(toAllocation),
      taxRates: taxRates(record),
      ...lineDetails(record, value),
      batches: batchesOf(record),
    },
  ];
}

function toAllocation(record: XmlRecord): StockLine['allocations'] {
  const { LEDGERNAME: ledgerName = '', AMOUNT: amount = '' } = record.values;
  return ledgerName === '' ? [] : [{ ledgerName, amount, taxRates: taxRates(record) }];
}

const taxRates = (record: XmlRecord): TaxRate[] =>
  listsNamed(record, 'RATEDETAILS.LIST')
    .map(({ values }) => ({ dutyHead: values.GSTRATEDUTYHEAD ?? '', rate: values.GSTRATE ?? '' }))
    .filter((rate) => rate.dutyHead !== '');
