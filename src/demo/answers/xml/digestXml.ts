import type { CalendarDate, DateRange } from '../../../core/base/calendar.js';
import type { Omission } from '../../behaviours/omissions.js';
import type { Switches } from '../../behaviours/switches.js';
import type { Book } from '../../book/book.js';
import type { DemoVoucher } from '../../book/voucher.js';
import type { AggregateSum } from '../request.js';
import { closing, opening, typedElement } from './collectionXml.js';

const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `1-Apr-25`, the form of dates in aggregates. */
export const shortDate = (date: CalendarDate): string =>
  `${Number(date.slice(8))}-${monthNames[Number(date.slice(5, 7)) - 1]}-${date.slice(2, 4)}`;

const valueOf = ({ alterId, masterId }: DemoVoucher, of: string): number =>
  of === 'ALTERID' ? alterId : of === 'MASTERID' ? masterId : of === '1' ? 1 : 0;

/** The sums of a period's vouchers by date: a row named OBJECT for each day that has vouchers (docs/tally.md §1.2). */
export function digestXml(
  book: Book,
  period: DateRange | undefined,
  sums: readonly AggregateSum[],
  {
    omission,
    counters,
    dayDigests,
  }: { omission: Omission | undefined; counters: Book | undefined; dayDigests: Switches['dayDigests'] },
): { xml: string; rows: number; walked: number } {
  const days = new Map<CalendarDate, number[]>();
  let walked = 0;
  for (const voucher of book.vouchers(period)) {
    walked++;
    if (omission && !omission.keeps(voucher)) continue;
    const day = days.get(voucher.date) ?? sums.map(() => 0);
    days.set(voucher.date, day);
    for (const [i, { kind, of }] of sums.entries()) {
      const value = valueOf(voucher, of);
      day[i] = kind === 'MAX' ? Math.max(day[i]!, value) : day[i]! + value;
    }
  }
  const rows = [...days].map(([date, values]) => {
    const told = sums.flatMap(({ name, of }, i) => {
      if (dayDigests === 'counts-only' && of !== '1') return [];
      const value = dayDigests === 'other-sums' ? values[i]! + 7 : values[i]!;
      return typedElement(5, name, 'Number', ` ${value}`);
    });
    return `    <OBJECT>\r\n${typedElement(5, 'DATE', 'Date', shortDate(date))}${told.join('')}    </OBJECT>\r\n`;
  });
  const left = dayDigests === 'cut' ? Math.floor(rows.length / 2) : dayDigests === 'last-cut' ? 1 : 0;
  const shown = rows.slice(0, rows.length - left);
  return { xml: opening(counters) + shown.join('') + closing, rows: shown.length, walked };
}
