import { createHash } from 'node:crypto';
import type { Invoice, InvoiceLine, Reject } from '../../src/core/invoice/invoice.js';
import type { InvoiceDetails, InvoiceLineDetails } from '../../src/core/invoice/invoice.js';

/** An invented sale of 1,180.00 rupees with three lines; each test gives the fields that it is about. */
export function sale(id: number | string, given: Partial<Invoice> = {}): Invoice {
  const invoice: Invoice = {
    invoiceId: typeof id === 'string' ? id : `guid-${String(id).padStart(8, '0')}`,
    alterId: 7n,
    masterId: 4n,
    invoiceType: 'sales',
    voucherType: 'GST Sales',
    invoiceNumber: `S/${id}`,
    date: '2024-04-01',
    reference: null,
    referenceDate: null,
    partyName: 'Sundar Stores',
    partyGstin: '29AAAAA0000A1Z5',
    placeOfSupply: 'Karnataka',
    taxableAmount: 100000n,
    cgstAmount: 9000n,
    sgstAmount: 9000n,
    igstAmount: 0n,
    cessAmount: 0n,
    roundOffAmount: 0n,
    otherAmount: 0n,
    totalAmount: 118000n,
    tdsAmount: 0n,
    currency: 'INR',
    foreignAmount: null,
    exchangeRate: null,
    irn: null,
    irnAckNo: null,
    irnAckDate: null,
    ewayBillNo: null,
    isCancelled: false,
    isOptional: false,
    narration: null,
    ...noDetails,
    contentHash: '',
    lines: [
      ledgerLine('Sundar Stores', 118000n, { ledgerClass: 'party' }),
      ledgerLine('Sales GST 18%', 100000n, { ledgerClass: 'taxable' }),
      ledgerLine('Output Tax', 18000n, { ledgerClass: 'cgst' }),
    ],
    ...given,
  };
  const text = JSON.stringify(invoice, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
  return { ...invoice, contentHash: given.contentHash ?? createHash('sha256').update(text).digest('hex') };
}

const noDetails: InvoiceDetails = {
  ...{ partyState: null, buyerName: null, partyRegistrationType: null, consigneeGstin: null, consigneeState: null },
  ...{ companyGstin: null, creditDays: null, dueDate: null, orderNumber: null, orderDate: null, natureOfReturn: null },
  ...{ isReverseCharge: null, ewayBillDate: null, vehicleNumber: null, irnQrCode: null },
};
export const noLineDetails: InvoiceLineDetails = {
  ...{ description: null, godown: null, batch: null, taxability: null, typeOfSupply: null },
};

export function ledgerLine(ledgerName: string, amount: bigint, given: Partial<InvoiceLine> = {}): InvoiceLine {
  return {
    lineType: 'ledger',
    ledgerName,
    ledgerClass: 'other',
    itemName: null,
    hsn: null,
    quantity: null,
    unit: null,
    rate: null,
    discountPercent: null,
    gstRate: null,
    ...noLineDetails,
    amount,
    ...given,
  };
}

export const unreadable = (given: Partial<Reject> = {}): Reject => ({
  invoiceId: null,
  alterId: null,
  invoiceNumber: null,
  date: null,
  field: 'AMOUNT',
  reasonCode: 'amount-unreadable',
  reason: 'not a number',
  raw: '<VOUCHER/>',
  ...given,
});
