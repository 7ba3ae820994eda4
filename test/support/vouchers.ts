import type { StockLine, Voucher } from '../../src/core/invoice/voucher.js';

/** The empty details of a voucher. */
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

/** The empty details of a line. */
export const noLineDetails = {
  description: '',
  taxability: '',
  typeOfSupply: '',
  isReverseCharge: '',
} satisfies Partial<StockLine>;
