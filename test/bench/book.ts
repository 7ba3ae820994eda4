import type { DateRange } from '../../src/core/base/calendar.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { writeVoucher } from '../../src/demo/answers/xml/voucherXml.js';
import { fixed, type Fixed, type Sink } from '../../src/demo/answers/xml/xmlText.js';
import { collectionFields } from './asked.js';

/** Three years, all past: a range that ends in the future would be cut. */
export const benchRange: DateRange = { from: '2022-04-01', to: '2025-03-31' };

/** Which 1 % of the vouchers have been edited since: every hundredth, or those in the middle, of some days after one another. */
export type Changes = 'spread' | 'run';

const changedEvery = 100;

const isChanged = (seen: number, invoices: number, changes: Changes): boolean =>
  changes === 'spread'
    ? seen % changedEvery === 1
    : Math.floor(((seen - 1) / invoices) * changedEvery) === Math.floor(changedEvery / 2);

/**
 * The demo's books without what is no invoice: every voucher of them has to be parsed. `changes`: 1 % of them have been
 * edited since.
 */
export function benchBook(invoices: number, changes?: Changes): Book {
  // The demo makes about as many as asked for: the last ones are left out.
  const all = createBook({ invoices: invoices + 2, ...benchRange });
  return {
    ...all,
    lastAlterId: changes === undefined ? all.lastAlterId : 2 * all.lastAlterId,
    *vouchers() {
      let seen = 0;
      for (const voucher of all.vouchers()) {
        if (voucher.base === 'none') continue;
        if (++seen > invoices) return;
        yield changes !== undefined && isChanged(seen, invoices, changes)
          ? { ...voucher, narration: `${voucher.narration} (edited)`, alterId: voucher.alterId + all.lastAlterId }
          : voucher;
      }
    },
  };
}

/** Of the elements that say nothing one in so many is written: brings the demo's 30 KB a voucher to some 15 KB. */
const keptFillers = 4;

/** As the demo writes a voucher, with fewer of the elements that say nothing: those say more of the filler than of the loader. */
export function writeThinVoucher(sink: Sink, voucher: DemoVoucher): void {
  writeVoucher(
    {
      fixed: (part) => {
        sink.fixed(thinned(part));
      },
      text: (xml) => {
        sink.text(xml);
      },
    },
    voucher,
  );
}

/** Fields that an invoice is made of stay: a voucher must say the same in a report as in a collection of chosen fields. */
const chosen = new Set(collectionFields.flatMap((path) => path.split('.')));

const thin = new Map<Fixed, Fixed>();

function thinned(part: Fixed): Fixed {
  let kept = thin.get(part);
  if (kept === undefined) {
    const lines = part.narrow.toString('latin1').split(/(?<=\r\n)/);
    // Lists of plain elements only; what has a structure is left as it is.
    const tags = lines.map((line) => /^ *<([^ >]+)>[^<]*<\/\1>\r\n$/.exec(line)?.[1]);
    const isFiller = lines.length > 2 && tags.every((tag) => tag !== undefined);
    kept = isFiller ? fixed(lines.filter((_, i) => i % keptFillers === 0 || chosen.has(tags[i]!)).join('')) : part;
    thin.set(part, kept);
  }
  return kept;
}
