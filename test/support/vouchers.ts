import type { StockLine, Voucher } from '../../src/core/invoice/voucher.js';

/** What the head of a voucher that only books something leaves out. */
export const noVoucherDetails = {
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
} satisfies Partial<Voucher>;

/** The same of a line. */
export const noLineDetails = {
  description: '',
  taxability: '',
  typeOfSupply: '',
  isReverseCharge: '',
} satisfies Partial<StockLine>;
