/**
 * A voucher as Tally wrote it. Every value is text after entity decoding, trimmed, without the characters that XML 1.0 forbids;
 * '' if the element is absent or empty. Nothing is interpreted here: the mapping reads dates, amounts and flags. So the
 * mapping can tell an unreadable value from an absent one, and never replaces it by a default.
 */
export interface Voucher extends VoucherDetails {
  guid: string;
  /** `YYYYMMDD` */
  date: string;
  /** VOUCHERTYPENAME, else the attribute VCHTYPE: the type's name in this company, not its base type. */
  voucherType: string;
  /** Tally's counter value of the voucher's last change. */
  alterId: string;
  /** The voucher's number in the company, which never changes. */
  masterId: string;
  /** The attribute ACTION: `Create`, `Cancel`. */
  action: string;
  voucherNumber: string;
  reference: string;
  referenceDate: string;
  /** PARTYLEDGERNAME: the ledger of the party. PARTYNAME is the party's name (docs/tally.md §1.6). */
  partyLedgerName: string;
  partyName: string;
  partyGstin: string;
  placeOfSupply: string;
  narration: string;
  irn: string;
  irnAckNo: string;
  irnAckDate: string;
  /** The first EWAYBILLDETAILS.LIST/BILLNUMBER. */
  ewayBillNo: string;
  isCancelled: string;
  isOptional: string;
  /** `Yes` in either flag means that the voucher is no longer in the books. */
  isDeleted: string;
  isDeletedRetained: string;
  /** ISPOSTDATED: the voucher is in the books only from its date on. */
  isPostDated: string;
  /** INVENTORYENTRIESIN.LIST and INVENTORYENTRIESOUT.LIST: goods that were moved or made, but not sold. */
  stockIn: StockLine[];
  stockOut: StockLine[];
  /** The lines in Tally's order. Tally's empty lists, without a ledger or item name, are left out. */
  lines: VoucherLine[];
}

export type VoucherLine = LedgerLine | StockLine;

/** LEDGERENTRIES.LIST (invoice view) or ALLLEDGERENTRIES.LIST (accounting view). */
export interface LedgerLine extends LineDetails {
  kind: 'ledger';
  /** The list that the line came from: `invoice` is LEDGERENTRIES.LIST, `accounting` is ALLLEDGERENTRIES.LIST. */
  view: 'invoice' | 'accounting';
  ledgerName: string;
  /** Tally's sign: debit negative, credit positive. */
  amount: string;
  isPartyLedger: string;
  roundType: string;
  /** ROUNDLIMIT in rupees: the amount rounded off is less than this. */
  roundLimit: string;
  /** METHODTYPE: ERP 9 class lines say `As Total Amount Rounding`, or `GST` for a part of the assessable value. */
  methodType: string;
  /** APPROPRIATEFOR: `GST` for a part of the assessable value. */
  appropriateFor: string;
  /** GSTHSNNAME: services carry their SAC on the ledger line. */
  hsn: string;
  /** INVENTORYALLOCATIONS.LIST: accounting view keeps the items of an invoice below the ledger that they are booked on. */
  stockLines: StockLine[];
  taxRates: TaxRate[];
  bills: Bill[];
  costs: CostAllocation[];
  banks: BankAllocation[];
}

/** ALLINVENTORYENTRIES.LIST, INVENTORYENTRIES.LIST, or INVENTORYALLOCATIONS.LIST below a ledger line. */
export interface StockLine extends LineDetails {
  kind: 'item';
  itemName: string;
  hsn: string;
  /** `-57.00/Pair`, or a form with foreign currency. */
  rate: string;
  amount: string;
  /** ISDEEMEDPOSITIVE: `Yes` for goods that come in, `No` for goods that go out. */
  isInward: string;
  /** BILLEDQTY, else ACTUALQTY: ` 670 Pair`, ` 10 Box 0 Nos`. */
  quantity: string;
  /** ACTUALQTY, else BILLEDQTY: the goods that moved, with free ones. */
  movedQuantity: string;
  /** In percent. */
  discount: string;
  /** ACCOUNTINGALLOCATIONS.LIST: the ledgers that the line's value is booked on. ERP 9 keeps the GST rates there. */
  allocations: StockAllocation[];
  taxRates: TaxRate[];
  batches: Batch[];
}

/** ACCOUNTINGALLOCATIONS.LIST of a stock line. */
export interface StockAllocation {
  ledgerName: string;
  amount: string;
  taxRates: TaxRate[];
  bills: Bill[];
  costs: CostAllocation[];
}

/** RATEDETAILS.LIST: `CGST`, `SGST/UTGST`, `IGST`, `Cess`, `State Cess` with its rate in percent. */
export interface TaxRate {
  dutyHead: string;
  rate: string;
}

/** Further fields of a voucher's head that do not change any amount (docs/tally.md §1.6). Each can be ''. */
export interface VoucherDetails {
  /** STATENAME: the party's state. */
  partyState: string;
  /** PARTYMAILINGNAME: the party's name as this invoice prints it. */
  partyMailingName: string;
  /** GSTREGISTRATIONTYPE: the party's. */
  partyRegistrationType: string;
  consigneeGstin: string;
  consigneeState: string;
  /** CMPGSTIN: the company's own. */
  companyGstin: string;
  /** GSTNATUREOFRETURN: `01-Sales Return`. */
  natureOfReturn: string;
  isReverseCharge: string;
  irnQrCode: string;
  /** EWAYBILLDETAILS.LIST/BILLDATE of the e-way bill whose number is `ewayBillNo`. */
  ewayBillDate: string;
  vehicleNumber: string;
  /** INVOICEORDERLIST.LIST. */
  orders: { number: string; date: string }[];
}

/** The fields of a ledger or stock line that do not change any amount. */
export interface LineDetails {
  /** The lines of BASICUSERDESCRIPTION.LIST, else DESCRIPTION. */
  description: string;
  /** GSTOVRDNTAXABILITY: `Taxable`, `Exempt`, `Nil Rated`. */
  taxability: string;
  /** GSTOVRDNTYPEOFSUPPLY: `Goods`, `Services`. */
  typeOfSupply: string;
  /** GSTOVRDNISREVCHARGEAPPL: `Yes` or `Applicable`; `Not Applicable` if nothing was chosen. */
  isReverseCharge: string;
}

/** BILLALLOCATIONS.LIST of a ledger line. */
export interface Bill {
  /** NAME: the reference of the bill. On-account amounts have none. */
  name: string;
  /** `New Ref`, `Agst Ref`, `Advance`, `On Account`. */
  type: string;
  /** `30 Days`, `2 Months`, `31-May-24`. */
  creditPeriod: string;
  /** The attribute JD of BILLCREDITPERIOD: the day from which the credit counts, in days since 1899-12-31. */
  from: string;
  /** BILLDATE: the date of the bill. If the voucher settles the bill, this is not the voucher's date. */
  date: string;
  /** Tally's sign: debit negative. */
  amount: string;
}

/** COSTCENTREALLOCATIONS.LIST within CATEGORYALLOCATIONS.LIST of a line. */
export interface CostAllocation {
  category: string;
  costCentre: string;
  /** Tally's sign: debit negative. */
  amount: string;
}

/** BANKALLOCATIONS.LIST of a line of a bank ledger. */
export interface BankAllocation {
  /** `Cheque`, `Inter Bank Transfer`. */
  transactionType: string;
  instrumentNumber: string;
  instrumentDate: string;
  /** BANKERSDATE: the day on which the bank booked it; '' while it is open. */
  bankDate: string;
  amount: string;
}

/** BATCHALLOCATIONS.LIST of a stock line. */
export interface Batch {
  godown: string;
  batch: string;
  /** ACTUALQTY, else BILLEDQTY. */
  quantity: string;
  amount: string;
  /** TRACKINGNUMBER: the number that an invoice shares with the delivery or receipt note of its goods. */
  trackingNumber: string;
}
