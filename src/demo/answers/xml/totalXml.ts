import type { DateRange } from '../../../core/base/calendar.js';
import { formatDecimal } from '../../../core/base/decimal.js';
import type { Omission } from '../../behaviours/omissions.js';
import type { Switches } from '../../behaviours/switches.js';
import type { Book } from '../../book/book.js';
import { tallyAmount, type DemoVoucher } from '../../book/voucher.js';
import type { AggregateSum } from '../request.js';
import { closing, opening, typedElement } from './collectionXml.js';
import { shortDate } from './digestXml.js';

type DayTotals = Switches['dayTotals'];

/** The amount of a voucher: its party's lines, or without a party its first line. A debit is negative. */
function amountOf(voucher: DemoVoucher): bigint {
  const party = voucher.entries.filter((entry) => entry.kind === 'ledger' && entry.role === 'party');
  const told = party.length > 0 ? party : voucher.entries.slice(0, 1);
  return told.reduce((sum, entry) => sum + tallyAmount(voucher, entry), 0n);
}

const written: Partial<Record<DayTotals, (paise: bigint) => string>> = {
  'other-sign': (paise) => formatDecimal(-paise, 2),
  'with-dr-cr': (paise) => `${formatDecimal(paise < 0n ? -paise : paise, 2)} ${paise < 0n ? 'Dr' : 'Cr'}`,
  'other-sums': (paise) => formatDecimal(paise + 700n, 2),
};

/**
 * The sums of a period's vouchers by date and type: a row named OBJECT for each pair that has vouchers (docs/tally.md §1.2).
 */
export function totalXml(
  book: Book,
  period: DateRange | undefined,
  sums: readonly AggregateSum[],
  {
    omission,
    counters,
    dayTotals,
  }: { omission: Omission | undefined; counters: Book | undefined; dayTotals: DayTotals },
): { xml: string; rows: number; walked: number } {
  const groups = new Map<string, { date: string; typeName: string; vouchers: number; paise: bigint }>();
  let walked = 0;
  for (const voucher of book.vouchers(period)) {
    walked++;
    if (omission && !omission.keeps(voucher)) continue;
    const { date, typeName } = voucher;
    const key = `${date} ${typeName}`;
    const { vouchers, paise } = groups.get(key) ?? { vouchers: 0, paise: 0n };
    groups.set(key, { date, typeName, vouchers: vouchers + 1, paise: paise + amountOf(voucher) });
  }
  const write = written[dayTotals] ?? ((paise) => formatDecimal(paise, 2));
  const rows = [...groups.values()].map(({ date, typeName, vouchers, paise }) => {
    const told = sums.flatMap(({ name, of }) => {
      if (of === '1') return typedElement(5, name, 'Number', ` ${vouchers}`);
      return of === 'AMOUNT' && dayTotals !== 'counts-only' ? typedElement(5, name, 'Amount', write(paise)) : [];
    });
    const type = dayTotals === 'without-types' ? '' : typedElement(5, 'VOUCHERTYPENAME', 'String', typeName);
    const day = typedElement(5, 'DATE', 'Date', shortDate(date));
    return `    <OBJECT>\r\n${day}${type}${told.join('')}    </OBJECT>\r\n`;
  });
  const shown = rows.slice(0, dayTotals === 'cut' ? Math.ceil(rows.length * 0.9) : rows.length);
  return { xml: opening(counters) + shown.join('') + closing, rows: shown.length, walked };
}
