import type { CalendarDate } from '../../src/core/base/calendar.js';
import type { Book } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { bookOf } from './demo/bookOf.js';
import { demoVoucher, type DemoVoucher } from '../../src/demo/book/voucher.js';

/** The invoice_id of the n-th voucher. */
export const voucherId = (n: number): string => `${demoCompanyGuid}-${n.toString(16).padStart(8, '0')}`;

/** How far an alteration moves the ALTERID of a voucher. */
const alteration = 100_000;

/**
 * A sale of two lines in the least XML that a voucher needs. So a test with thousands of sales is about the warehouse,
 * not about Tally. A sale with another amount or a narration counts as altered: its ALTERID is higher.
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

/** A sale whose parts do not add up to its total, which a load warns of. */
export function oddSale(n: number, date: CalendarDate): DemoVoucher {
  const sale = leanSale(n, date);
  return { ...sale, raw: sale.raw!.replace('<AMOUNT>1180.00<', '<AMOUNT>1179.00<') };
}

/** A sale whose fields are the given XML. `date` is the date under which the demo Tally serves it. */
export const rawVoucher = (n: number, date: CalendarDate, inner: string): DemoVoucher =>
  demoVoucher({
    guid: voucherId(n),
    masterId: n,
    alterId: n,
    date,
    number: /<VOUCHERNUMBER>(.*?)</.exec(inner)?.[1] ?? '', // so that Tally's list has the number too
    raw: `<VOUCHER VCHTYPE="Sales"><GUID>${voucherId(n)}</GUID><VOUCHERTYPENAME>Sales</VOUCHERTYPENAME>${inner}</VOUCHER>\r\n`,
  });

/** A sale that an alteration made unreadable: its amount is a word. */
export const unreadableSale = (n: number, date: CalendarDate): DemoVoucher => ({
  ...rawVoucher(
    n,
    date,
    `<DATE>${date.replaceAll('-', '')}</DATE><LEDGERENTRIES.LIST><LEDGERNAME>Asha</LEDGERNAME><AMOUNT>ten</AMOUNT></LEDGERENTRIES.LIST>`,
  ),
  alterId: n + alteration,
});

/** The same books after somebody has written `narration` into every voucher. */
export const edited = (book: Book, narration: string): Book => ({
  ...book,
  lastAlterId: 3 * book.lastAlterId,
  *vouchers(range) {
    for (const voucher of book.vouchers(range))
      yield { ...voucher, narration, alterId: voucher.alterId + 2 * book.lastAlterId };
  },
});

/** The same books without the vouchers for which `gone` is true. */
export const without = (book: Book, gone: (voucher: DemoVoucher) => boolean): Book =>
  bookOf(
    [...book.vouchers()].filter((voucher) => !gone(voucher)),
    book,
  );
