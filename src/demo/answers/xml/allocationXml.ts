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

/** Banks, bills and cost centres: lists below a ledger line that have amounts, names and a date of their own. */
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

/** The whole line has its foreign amount too, a part of it only rupees. */
const partOf = (entry: LedgerEntry, value: bigint): { value: bigint; foreign?: bigint } =>
  value === entry.value ? entry : { value };

/** A cheque has the number that follows from its voucher, and the day on which the bank paid it. */
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
      // Every fifth amount has not been found on a statement of the bank.
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

/** The credit period; its JD is the day from which it counts, in days since 1899-12-31. */
function creditXml(credit: Credit | undefined): string {
  if (credit?.from === undefined) return element(8, 'BILLCREDITPERIOD', credit?.text ?? '');
  const jd = dayNumber(credit.from) - dayNumber('1899-12-31');
  return `        <BILLCREDITPERIOD JD="${jd}" P="${escaped(credit.text)}">${escaped(credit.text)}</BILLCREDITPERIOD>\r\n`;
}
