// What real invoices carry beside what is booked (docs/tally.md §1.6): all of it optional, as Tally wrote it.

/** Of the voucher's header. */
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

export const noVoucherDetails: VoucherDetails = {
  partyState: '',
  partyMailingName: '',
  partyRegistrationType: '',
  consigneeGstin: '',
  consigneeState: '',
  companyGstin: '',
  natureOfReturn: '',
  isReverseCharge: '',
  irnQrCode: '',
  ewayBillDate: '',
  vehicleNumber: '',
  orders: [],
};

/** Of a ledger or stock line. */
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

export const noLineDetails: LineDetails = {
  description: '',
  taxability: '',
  typeOfSupply: '',
  isReverseCharge: '',
};

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
