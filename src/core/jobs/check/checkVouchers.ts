import { t } from '@vscode/l10n';
import { addDays, financialYearStart, today, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { dateText, invoiceCount, rangeText, voucherCount } from '../../base/countWords.js';
import type { InvoiceTypeOf } from '../../invoice/classes/invoiceTypeOf.js';
import { isNotOffered } from '../../tally/answerErrors.js';
import type { AnswerSource } from '../../tally/answerSource.js';
import type { Company } from '../../tally/requests/companies.js';
import { isAcceptedDay } from '../../tally/requests/requests.js';
import { caution, fine, wrong } from './checkItem.js';
import type { CheckItem, JobContext } from '../job.js';
import { VoucherLists, type Listed } from '../../tally/requests/voucherLists.js';

/** A day of the list, with the GUIDs of its vouchers and of its invoices. */
export interface ListedDay {
  date: CalendarDate;
  vouchers: Set<string>;
  invoices: Set<string>;
}

/** So many days up to the last voucher are listed: enough to choose a day with few vouchers. */
const fewDays = 7;

/**
 * Requests a list of a few days, and chooses the day for which the reports will be asked; undefined if no day has a
 * voucher. If Tally gives no list, the day is that of the last voucher.
 */
export async function checkVouchers(
  source: AnswerSource,
  company: Company,
  invoiceTypeOf: InvoiceTypeOf,
  context: JobContext,
): Promise<{ item: CheckItem; day?: ListedDay }> {
  const range = daysToList(company);
  const days = new Map<CalendarDate, ListedDay>();
  const lists = new VoucherLists(source, company, context);
  let listed: Listed;
  try {
    listed = await lists.list(range, (vouchers) => {
      for (const { guid, date, voucherType } of vouchers) {
        if (date < range.from || date > range.to) continue;
        const day = days.get(date) ?? { date, vouchers: new Set(), invoices: new Set() };
        days.set(date, day);
        day.vouchers.add(guid);
        if (invoiceTypeOf(voucherType) !== 'none') day.invoices.add(guid);
      }
    });
  } catch (error) {
    if (!isNotOffered(error)) throw error; // a load then works without the list
    const message = t(
      "Tally gives no list of its vouchers: a load works, but only the dates of Tally's answers can show whether something is missing. {reason}",
      { reason: error.message },
    );
    const date = company.lastVoucherDate;
    const unlisted = date && { date, vouchers: new Set<string>(), invoices: new Set<string>() };
    return { item: caution('vouchers', message), ...(unlisted && { day: unlisted }) };
  }
  const day = quietDay([...days.values()], company.edition);
  if (!listed.isWhole) return { item: unproven(company, range, listed.served), ...(day && { day }) };
  if (day === undefined && company.lastVoucherDate === undefined)
    return { item: fine('vouchers', t('The company has no vouchers yet: there is nothing to load.')) };
  const { lastVoucherDate: last, edition } = company;
  const lacksLast = last !== undefined && !days.has(last);
  // Without a licence Tally may leave out vouchers of other days than the 1st, 2nd and 31st (docs/tally.md §2).
  if (day === undefined || (lacksLast && edition === 'education'))
    return { item: unproven(company, range, undefined), ...(day && { day }) };
  const message = t('Tally lists {vouchers} of {range}, {invoices} among them.', {
    range: rangeText(range),
    vouchers: voucherCount([...days.values()].reduce((sum, { vouchers }) => sum + vouchers.size, 0)),
    invoices: invoiceCount([...days.values()].reduce((sum, { invoices }) => sum + invoices.size, 0)),
  });
  if (!lacksLast) return { item: fine('vouchers', message), day };
  const words = { list: message, date: dateText(last) };
  return {
    item: caution(
      'vouchers',
      t('{list} The list has no voucher of {date}, although Tally says that its last voucher is of that day.', words),
    ),
    day,
  };
}

/**
 * The days to list: a few days of one month, up to the last voucher. Unless Tally is known to have a licence, all days of
 * that month before them too: some of these are days that every edition accepts. If Tally does not give the date of the
 * last voucher, this financial year, as in a first sync.
 */
function daysToList({ lastVoucherDate: last, edition }: Company): DateRange {
  if (last === undefined) return { from: financialYearStart(today()), to: today() };
  const from = addDays(last, 1 - fewDays);
  const monthStart = `${last.slice(0, 8)}01`;
  return { from: from < monthStart || edition !== 'licensed' ? monthStart : from, to: last };
}

/**
 * Chooses a day with invoices, if there is one, and the fewest vouchers, because an answer is large and slow
 * (docs/tally.md §2). Preferably not the last day: a report that always shows the last day would pass. Unless Tally is
 * known to have a licence, preferably a day that it accepts as a date without one.
 */
function quietDay(days: ListedDay[], edition: Company['edition']): ListedDay | undefined {
  const preferred = (candidates: ListedDay[], test: (day: ListedDay) => boolean): ListedDay[] => {
    const found = candidates.filter(test);
    return found.length > 0 ? found : candidates;
  };
  const last = days.reduce((latest, { date }) => (date > latest ? date : latest), '');
  let candidates = preferred(days, ({ invoices }) => invoices.size > 0);
  candidates = preferred(candidates, ({ date }) => date < last);
  if (edition !== 'licensed') candidates = preferred(candidates, ({ date }) => isAcceptedDay(date));
  return candidates.sort((a, b) => a.vouchers.size - b.vouchers.size || (a.date < b.date ? 1 : -1))[0];
}

function unproven({ edition, lastVoucherDate }: Company, range: DateRange, served: DateRange | undefined): CheckItem {
  const asked = rangeText(range);
  if (served !== undefined) {
    const words = { served: rangeText(served), asked };
    return wrong(
      'vouchers',
      served.from < range.from || served.to > range.to
        ? t(
            "Tally's list of vouchers answers for {served} instead of {asked}: a load could not prove that nothing is missing.",
            words,
          )
        : t(
            'Asked for its list of {asked}, Tally gives vouchers of {served}, and nothing shows that it looks at the dates: a load could not prove that nothing is missing.',
            words,
          ),
      t('Set the period in Tally (Alt+F2) to the dates that you load, then check again.'),
    );
  }
  const message =
    lastVoucherDate === undefined
      ? t("Tally's list of vouchers is empty for {asked}, and Tally does not say whether the company has vouchers.", {
          asked,
        })
      : t("Tally's list of vouchers has none of {date}, though the last voucher of the company is of that day.", {
          date: dateText(lastVoucherDate),
        });
  const remedy =
    edition === 'education'
      ? t(
          'Without a licence Tally leaves out vouchers of days other than the 1st, 2nd and 31st: load from a Tally with a licence.',
        )
      : t("Close what is open on Tally's screen, set the period there (Alt+F2) to the whole books, and check again.");
  return wrong('vouchers', message, remedy);
}
