import type { CalendarDate } from '../../src/core/base/calendar.js';
import { demoCompanyGuid, type Book } from '../../src/demo/book/book.js';
import { bookOf } from './demo/bookOf.js';
import { demoVoucher, type DemoVoucher } from '../../src/demo/book/voucher.js';

/** The invoice_id of the n-th voucher. */
export const voucherId = (n: number): string => `${demoCompanyGuid}-${n.toString(16).padStart(8, '0')}`;

/** Tally's counter has gone on by this when a voucher was altered. */
const alteration = 100_000;

/**
 * A sale of two lines in as little XML as a voucher can be, so that a test with thousands of them is about the
 * warehouse and not about Tally. One of another amount or with a narration has been altered.
 */
export function leanSale(n: number, date: CalendarDate, rupees = 1180, narration = ''): DemoVoucher {
  const line = (ledger: string, party: boolean): string =>
    `<LEDGERENTRIES.LIST><LEDGERNAME>${ledger}</LEDGERNAME><ISDEEMEDPOSITIVE>${party ? 'Yes' : 'No'}</ISDEEMEDPOSITIVE>` +
    `<ISPARTYLEDGER>${party ? 'Yes' : 'No'}</ISPARTYLEDGER><AMOUNT>${party ? '-' : ''}${rupees}.00</AMOUNT></LEDGERENTRIES.LIST>`;
  const alterId = rupees === 1180 && narration === '' ? n : n + alteration;
  const voucher = rawVoucher(
    n,
    date,
    `<DATE>${date.replaceAll('-', '')}</DATE><NARRATION>${narration}</NARRATION><PARTYLEDGERNAME>Asha</PARTYLEDGERNAME>` +
      `<VOUCHERNUMBER>S/${n}</VOUCHERNUMBER><ALTERID> ${alterId}</ALTERID><MASTERID> ${n}</MASTERID>${line('Asha', true)}${line('Advice', false)}`,
  );
  return { ...voucher, alterId };
}

/** A sale whose fields are the given XML; `date` is what the demo Tally files it under. */
export const rawVoucher = (n: number, date: CalendarDate, inner: string): DemoVoucher =>
  demoVoucher({
    guid: voucherId(n),
    masterId: n,
    alterId: n,
    date,
    number: /<VOUCHERNUMBER>(.*?)</.exec(inner)?.[1] ?? '', // as Tally's list has it too
    raw: `<VOUCHER VCHTYPE="Sales"><GUID>${voucherId(n)}</GUID><VOUCHERTYPENAME>Sales</VOUCHERTYPENAME>${inner}</VOUCHER>\r\n`,
  });

/** A sale that cannot be read since it was altered: its amount is a word. */
export const unreadableSale = (n: number, date: CalendarDate): DemoVoucher => ({
  ...rawVoucher(
    n,
    date,
    `<DATE>${date.replaceAll('-', '')}</DATE><LEDGERENTRIES.LIST><LEDGERNAME>Asha</LEDGERNAME><AMOUNT>ten</AMOUNT></LEDGERENTRIES.LIST>`,
  ),
  alterId: n + alteration,
});

/** The same books after somebody wrote `narration` into every voucher. */
export const edited = (book: Book, narration: string): Book => ({
  ...book,
  lastAlterId: 3 * book.lastAlterId,
  *vouchers(range) {
    for (const voucher of book.vouchers(range))
      yield { ...voucher, narration, alterId: voucher.alterId + 2 * book.lastAlterId };
  },
});

/** The same books without the vouchers that `gone` names. */
export const without = (book: Book, gone: (voucher: DemoVoucher) => boolean): Book =>
  bookOf(
    [...book.vouchers()].filter((voucher) => !gone(voucher)),
    book,
  );
