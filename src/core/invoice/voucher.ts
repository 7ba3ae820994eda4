/**
 * A voucher as Tally wrote it: every value is text after entity decoding, without the characters that XML 1.0 forbids
 * and trimmed; '' where the element is absent or empty. Nothing is interpreted here: dates, amounts and flags are read
 * by the mapping, so that a value it cannot read is rejected with its raw text and never defaulted.
 */
export interface Voucher extends VoucherDetails {
  guid: string;
  /** `YYYYMMDD` */
  date: string;
  /** VOUCHERTYPENAME, else the attribute VCHTYPE: the type's name in this company, not its base type. */
  voucherType: string;
  alterId: string;
  masterId: string;
  /** The attribute ACTION: `Create`, `Cancel`. */
  action: string;
  voucherNumber: string;
  reference: string;
  referenceDate: string;
  /** The ledger; PARTYNAME is the name printed on this one invoice. */
  partyLedgerName: string;
  partyName: string;
  partyGstin: string;
  placeOfSupply: string;
  narration: string;
  irn: string;
  irnAckNo: string;
  irnAckDate: string;
  /** EWAYBILLDETAILS.LIST/BILLNUMBER, the first one. */
  ewayBillNo: string;
  isCancelled: string;
  isOptional: string;
  /** Either flag with `Yes` is of a voucher that is not in the books any more. */
  isDeleted: string;
  isDeletedRetained: string;
  /** Whether there is an INVENTORYENTRIESIN.LIST or INVENTORYENTRIESOUT.LIST with an item: goods moved, nothing sold. */
  movesStock: boolean;
  /** In Tally's order. Lists without a ledger or item name (Tally's empty lists) are left out. */
  lines: VoucherLine[];
}

export type VoucherLine = LedgerLine | StockLine;

/** LEDGERENTRIES.LIST (invoice view) or ALLLEDGERENTRIES.LIST (accounting view). */
export interface LedgerLine extends LineDetails {
  kind: 'ledger';
  /** Which list it came from: `invoice` = LEDGERENTRIES.LIST, `accounting` = ALLLEDGERENTRIES.LIST. */
  view: 'invoice' | 'accounting';
  ledgerName: string;
  /** Signed as Tally signs it: debit negative, credit positive. */
  amount: string;
  isPartyLedger: string;
  roundType: string;
  /** ROUNDLIMIT in rupees: what is rounded off is less. */
  roundLimit: string;
  /** METHODTYPE: ERP 9 class lines say `As Total Amount Rounding`, or `GST` for a part of the assessable value. */
  methodType: string;
  /** APPROPRIATEFOR: `GST` for a part of the assessable value. */
  appropriateFor: string;
  /** GSTHSNNAME: services carry their SAC on the ledger line. */
  hsn: string;
  /** INVENTORYALLOCATIONS.LIST: accounting view keeps the items of an invoice below the ledger they are booked on. */
  stockLines: StockLine[];
  taxRates: TaxRate[];
  bills: Bill[];
}

/** ALLINVENTORYENTRIES.LIST, INVENTORYENTRIES.LIST, or INVENTORYALLOCATIONS.LIST below a ledger line. */
export interface StockLine extends LineDetails {
  kind: 'item';
  itemName: string;
  hsn: string;
  /** `-57.00/Pair`, forex forms included. */
  rate: string;
  amount: string;
  /** BILLEDQTY, else ACTUALQTY: ` 670 Pair`, ` 10 Box 0 Nos`. */
  quantity: string;
  /** Percent. */
  discount: string;
  /** ACCOUNTINGALLOCATIONS.LIST: the ledgers the line's value is booked on. ERP 9 keeps the GST rates there. */
  allocations: { ledgerName: string; amount: string; taxRates: TaxRate[] }[];
  taxRates: TaxRate[];
  batches: Batch[];
}

/** RATEDETAILS.LIST: `CGST`, `SGST/UTGST`, `IGST`, `Cess`, `State Cess` with its rate in percent. */
export interface TaxRate {
  dutyHead: string;
  rate: string;
}

/** What the head of a real voucher tells beside what is booked (docs/tally.md §1.6); all of it optional. */
export interface VoucherDetails {
  /** STATENAME: of the party. */
  partyState: string;
  /** PARTYMAILINGNAME: the party's name as this invoice prints it. */
  partyMailingName: string;
  /** GSTREGISTRATIONTYPE: of the party. */
  partyRegistrationType: string;
  consigneeGstin: string;
  consigneeState: string;
  /** CMPGSTIN: the company's own. */
  companyGstin: string;
  /** GSTNATUREOFRETURN: `01-Sales Return`. */
  natureOfReturn: string;
  isReverseCharge: string;
  irnQrCode: string;
  /** Of the e-way bill whose number is `ewayBillNo`. */
  ewayBillDate: string;
  vehicleNumber: string;
  /** INVOICEORDERLIST.LIST. */
  orders: { number: string; date: string }[];
}

/** The same of a ledger or stock line. */
export interface LineDetails {
  /** The lines of BASICUSERDESCRIPTION.LIST, else DESCRIPTION. */
  description: string;
  /** GSTOVRDNTAXABILITY: `Taxable`, `Exempt`, `Nil Rated`. */
  taxability: string;
  /** GSTOVRDNTYPEOFSUPPLY: `Goods`, `Services`. */
  typeOfSupply: string;
  /** GSTOVRDNISREVCHARGEAPPL: `Yes`, or ` Applicable` beside ` Not Applicable`. */
  isReverseCharge: string;
}

/** BILLALLOCATIONS.LIST of a ledger line. */
export interface Bill {
  /** `New Ref`, `Agst Ref`, `Advance`. */
  type: string;
  /** `30 Days`, `2 Months`, `31-May-24`. */
  creditPeriod: string;
  /** The attribute JD of BILLCREDITPERIOD: the day from which it counts, in days since 1899-12-31. */
  from: string;
}

/** BATCHALLOCATIONS.LIST of a stock line. */
export interface Batch {
  godown: string;
  batch: string;
}
