import type { DateRange } from '../../src/core/base/calendar.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { writeVoucher } from '../../src/demo/answers/xml/voucherXml.js';
import { fixed, type Fixed, type Sink } from '../../src/demo/answers/xml/xmlText.js';
import { collectionFields, ledgerFields } from './asked.js';
import type { BookSpec } from './prepared.js';

/** Three years, all past: a range that ends in the future would be cut. */
export const benchRange: DateRange = { from: '2022-04-01', to: '2025-03-31' };

/** The range that is loaded for each company, when many companies are loaded at once. */
export const companyRange: DateRange = { from: '2025-01-01', to: '2025-03-31' };

/**
 * Which 1 % of the vouchers were edited: every hundredth (`spread`), or those of some days in a row in the middle
 * (`run`).
 */
export type Changes = 'spread' | 'run';

const changedEvery = 100;

/** The number of the edit that changed an invoice, from 1; undefined for an invoice that was not edited. */
function editOf(seen: number, invoices: number, changes: Changes): number | undefined {
  if (changes === 'spread') return seen % changedEvery === 1 ? Math.ceil(seen / changedEvery) : undefined;
  const edit = seen - Math.floor(invoices / 2);
  return edit > 0 && edit <= invoices / changedEvery ? edit : undefined;
}

/**
 * The demo's book with invoices only, so that every voucher has to be parsed. `changes`: 1 % of the invoices were
 * edited. `withOthers`: the other vouchers stay.
 */
export function benchBook({
  invoices,
  changes,
  company,
  withOthers = false,
}: Pick<BookSpec, 'invoices' | 'changes' | 'company' | 'withOthers'>): Book {
  // The demo makes only about as many invoices as it is asked for. So it is asked for more, and the surplus is left
  // out.
  const all = createBook({
    ...{ invoices: invoices + 2, ...benchRange },
    ...(company !== undefined && {
      ...companyRange,
      ...{ companyName: `Company ${company}`, seed: company },
      companyGuid: `c0de0000-0000-4000-8000-${String(company).padStart(12, '0')}`,
    }),
  });
  return {
    ...all,
    lastAlterId: all.lastAlterId + (changes === undefined ? 0 : Math.ceil(invoices / changedEvery)),
    *vouchers(range = all.range) {
      let seen = 0;
      for (const voucher of all.vouchers({ from: all.range.from, to: range.to })) {
        const isIn = voucher.date >= range.from;
        if (voucher.base === 'none') {
          if (withOthers && isIn) yield voucher;
          continue;
        }
        if (++seen > invoices) return;
        if (!isIn) continue;
        const edit = changes && editOf(seen, invoices, changes);
        yield edit === undefined
          ? voucher
          : { ...voucher, narration: `${voucher.narration} (edited)`, alterId: all.lastAlterId + edit };
      }
    },
  };
}

/**
 * One in so many fillers is written. A filler is an element that has the same value in every voucher. This halves the
 * demo's 30 KB for a voucher.
 */
const keptFillers = 4;

/**
 * Writes vouchers as the demo does, but with fewer fillers. With all of them the figures would be about the fillers and
 * not about the loader. Fields that the loader reads stay, because a voucher must say the same in a report as in a
 * collection of chosen fields.
 */
export function thinWriter({ withOthers = false }: BookSpec): (sink: Sink, voucher: DemoVoucher) => void {
  const fields = withOthers ? ledgerFields : collectionFields;
  const chosen = new Set(fields.flatMap((path) => path.split('.')));
  const thin = new Map<Fixed, Fixed>();
  return (sink, voucher) => {
    writeVoucher(
      {
        fixed: (part) => {
          sink.fixed(thinned(part, chosen, thin));
        },
        text: (xml) => {
          sink.text(xml);
        },
      },
      voucher,
    );
  };
}

function thinned(part: Fixed, chosen: ReadonlySet<string>, thin: Map<Fixed, Fixed>): Fixed {
  let kept = thin.get(part);
  if (kept === undefined) {
    const lines = part.narrow.toString('latin1').split(/(?<=\r\n)/);
    // Only lists of plain elements are thinned. Anything with a structure stays as it is.
    const tags = lines.map((line) => /^ *<([^ >]+)>[^<]*<\/\1>\r\n$/.exec(line)?.[1]);
    const isFiller = lines.length > 2 && tags.every((tag) => tag !== undefined);
    kept = isFiller ? fixed(lines.filter((_, i) => i % keptFillers === 0 || chosen.has(tags[i]!)).join('')) : part;
    thin.set(part, kept);
  }
  return kept;
}
