import { dayNumber } from '../../../core/base/calendar.js';
import { costCategory } from '../../book/masters/costCentres.js';
import {
  billsOf,
  costsOf,
  type BillShare,
  type Credit,
  type DemoVoucher,
  type LedgerEntry,
} from '../../book/voucher.js';
import { amountText } from './amountText.js';
import * as tags from './voucherTags.js';
import { compactDate, element, escaped, type Sink } from './xmlText.js';

/**
 * Writes the lists of banks, bills and cost centres below a ledger line. Their entries have amounts, names and dates
 * too.
 */
export function writeAllocations(sink: Sink, voucher: DemoVoucher, entry: LedgerEntry): void {
  writeBank(sink, voucher, entry);
  const bills = billsOf(entry);
  if (bills.length === 0) sink.fixed(tags.noBillAllocations);
  for (const bill of bills) sink.text(billXml(voucher, entry, bill));
  const costs = costsOf(entry);
  if (costs.length === 0) return;
  sink.text(
    '       <CATEGORYALLOCATIONS.LIST>\r\n' +
      element(8, 'CATEGORY', costCategory) +
      element(8, 'ISDEEMEDPOSITIVE', 'No') +
      costs
        .map(
          ({ centre, value }) =>
            '        <COSTCENTREALLOCATIONS.LIST>\r\n' +
            element(9, 'NAME', centre) +
            `         <AMOUNT>${amountText(voucher, entry, partOf(entry, value))}</AMOUNT>\r\n` +
            '        </COSTCENTREALLOCATIONS.LIST>\r\n',
        )
        .join('') +
      '       </CATEGORYALLOCATIONS.LIST>\r\n',
  );
}

/** A cost centre that has the whole line gets the line's foreign amount too; a part of the line has only rupees. */
const partOf = (entry: LedgerEntry, value: bigint): { value: bigint; foreign?: bigint } =>
  value === entry.value ? entry : { value };

/** The list of the bank. The MASTERID of the voucher gives a cheque its number. */
function writeBank(sink: Sink, voucher: DemoVoucher, entry: LedgerEntry): void {
  if (entry.bankDate === undefined) {
    sink.fixed(tags.noBankAllocations);
    return;
  }
  const date = compactDate(entry.bankDate);
  const type = entry.transfer ?? 'Cheque';
  const number = type === 'Cheque' ? String(voucher.masterId % 1_000_000).padStart(6, '0') : '';
  sink.text(
    `       <BANKALLOCATIONS.LIST>\r\n        <DATE>${date}</DATE>\r\n        <INSTRUMENTDATE>${date}</INSTRUMENTDATE>\r\n` +
      // Every fifth amount is not reconciled with the bank's statement, so it has no BANKERSDATE.
      (voucher.masterId % 5 === 0 ? '' : `        <BANKERSDATE>${date}</BANKERSDATE>\r\n`) +
      element(8, 'NAME', 'c0ffee00-0000') +
      element(8, 'TRANSACTIONTYPE', type) +
      element(8, 'INSTRUMENTNUMBER', number),
  );
  sink.fixed(tags.bankEmpties);
  sink.text(`        <AMOUNT>${amountText(voucher, entry)}</AMOUNT>\r\n       </BANKALLOCATIONS.LIST>\r\n`);
}

const billTypes: Readonly<Record<BillShare['kind'], string>> = {
  new: 'New Ref',
  against: 'Agst Ref',
  advance: 'Advance',
  'on-account': 'On Account',
};

/** An amount on account has no NAME. */
const billXml = (voucher: DemoVoucher, entry: LedgerEntry, bill: BillShare): string =>
  `       <BILLALLOCATIONS.LIST>\r\n        <BILLDATE>${compactDate(bill.date ?? voucher.date)}</BILLDATE>\r\n` +
  (bill.kind === 'on-account' ? '' : element(8, 'NAME', bill.name)) +
  element(8, 'BILLTYPE', billTypes[bill.kind]) +
  creditXml(bill.credit) +
  element(8, 'TDSDEDUCTEEISSPECIALRATE', 'No') +
  `        <AMOUNT>${amountText(voucher, entry, bill)}</AMOUNT>\r\n` +
  '        <INTERESTCOLLECTION.LIST>        </INTERESTCOLLECTION.LIST>\r\n' +
  '       </BILLALLOCATIONS.LIST>\r\n';

/** The credit period. The attribute JD is the day from which the period counts, in days since 1899-12-31. */
function creditXml(credit: Credit | undefined): string {
  if (credit?.from === undefined) return element(8, 'BILLCREDITPERIOD', credit?.text ?? '');
  const jd = dayNumber(credit.from) - dayNumber('1899-12-31');
  return `        <BILLCREDITPERIOD JD="${jd}" P="${escaped(credit.text)}">${escaped(credit.text)}</BILLCREDITPERIOD>\r\n`;
}
