import { t } from '@vscode/l10n';
import type { CalendarDate } from '../../base/calendar.js';
import { dateText, invoiceCount, rangeText, voucherCount } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import { isNotOffered } from '../../tally/answerErrors.js';
import type { AnswerSource } from '../../tally/answerSource.js';
import type { Company } from '../../tally/requests/companies.js';
import { readVouchers } from '../../tally/requests/readVouchers.js';
import { acceptedBounds } from '../../tally/requests/requests.js';
import { reportsOf } from '../books/books.js';
import { caution, fine, wrong } from './checkItem.js';
import { isStartOfBooks } from '../load/prove/coverage.js';
import type { ListedDay } from './checkVouchers.js';
import type { CheckItem, JobContext, JobResult } from '../job.js';

type Report = JobResult['report'];

/**
 * A report with more vouchers of other days than this serves a period of its own. The rest of the answer is then not
 * read, because it may be large. Exception: the last report is read to its end if it begins with the books, because it
 * may cover all of the books.
 */
const enoughBeside = 500;

/**
 * Asks the reports for one day, one after the other as a load does, until all invoices that Tally lists on that day
 * have come (if it lists no invoice, all vouchers). A report that serves another period counts for nothing, because only
 * chance decides whether the period contains the days to load. Exception: the last report, if it serves all of the books.
 */
export async function checkReport(
  source: AnswerSource,
  company: Company,
  day: ListedDay,
  context: JobContext,
): Promise<CheckItem> {
  const reports = reportsOf[context.config.report];
  const missing = new Set(wantedOf(day));
  const problems: string[] = [];
  for (const report of reports) {
    const isLast = report === reports.at(-1);
    const problem = await tryReport(source, company, report, { day, missing, isLast }, context);
    if (problem === undefined)
      return fine('report', [...problems, describeWhole(report, day, problems.length > 0)].join(' '));
    if (typeof problem === 'object') return caution('report', problem.wholeBooks);
    problems.push(problem);
  }
  return wrong(
    'report',
    problems.join(' '),
    reports.length > 1
      ? t(
          'Set the period in Tally (Alt+F2) to the dates that you load, close what is open on its screen, and check again.',
        )
      : t('Set TALLY_REPORT=auto, then check again.'),
  );
}

/** The vouchers that the reports must bring: the invoices of the day, or all its vouchers if it has no invoice. */
const wantedOf = ({ invoices, vouchers }: ListedDay): Set<string> => (invoices.size > 0 ? invoices : vouchers);

const countOf = (day: ListedDay, count = wantedOf(day).size): string =>
  day.invoices.size > 0 ? invoiceCount(count) : voucherCount(count);

function describeWhole(report: Report, day: ListedDay, isSecond: boolean): string {
  const date = dateText(day.date);
  if (wantedOf(day).size === 0) return t('{report} brings vouchers of {date}.', { report, date });
  const words = { report, date, invoices: countOf(day) };
  return isSecond
    ? t('With {report}, everything that Tally lists of {date} came ({invoices}). A load uses it.', words)
    : t('{report} brings all that Tally lists of {date} ({invoices}).', words);
}

/**
 * Asks one report, and deletes the vouchers that it brings from `missing`. Returns undefined if it brings vouchers of the
 * day and none is missing then, else what is wrong with the answer. `wholeBooks`: the report answers for all of the books,
 * so a load works but is slow.
 */
async function tryReport(
  source: AnswerSource,
  company: Company,
  report: Report,
  { day, missing, isLast }: { day: ListedDay; missing: Set<string>; isLast: boolean },
  { signal, logger }: JobContext,
): Promise<string | { wholeBooks: string } | undefined> {
  const { date } = day;
  // Unless Tally has a licence, it may not accept every day as a bound, so more days are requested. The other days are
  // left out on our side.
  const oneDay = { from: date, to: date };
  const range = company.edition === 'licensed' ? oneDay : acceptedBounds(oneDay);
  const brought: string[] = [];
  let beside = 0;
  const keep = (head: { date: CalendarDate | undefined; guid: string }): boolean => {
    if (head.date === date) brought.push(head.guid);
    else if (head.date === undefined || head.date < range.from || head.date > range.to) beside++;
    return false;
  };
  const { batches, answer } = readVouchers(
    source,
    { report, company, range, day: date, keep, listsForeign: (guid) => day.vouchers.has(guid) },
    signal,
  );
  const startsWithBooks = (): boolean => answer.from !== undefined && isStartOfBooks(answer.from, company.booksFrom);
  let isCut = false;
  try {
    // No voucher is kept, but an empty batch comes several times a second, so that the loop can end early.
    for await (const batch of batches) {
      isCut = batch.length === 0 && beside > enoughBeside && !(isLast && startsWithBooks());
      if (isCut) break;
    }
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    return `${report}: ${error.message}`;
  }
  logger.debug(`${report} of ${date}: ${answer.vouchers} vouchers, ${beside} beside it, ${answer.bytes} bytes`);
  const { from, to } = answer;
  if (beside > 0 && from !== undefined && to !== undefined) {
    const words = { report, asked: rangeText(range), from: dateText(from), served: rangeText({ from, to }) };
    if (isCut) return t('{report} answers for other days, from {from} on, instead of {asked}.', words);
    const { lastVoucherDate } = company;
    if (isLast && startsWithBooks() && lastVoucherDate !== undefined && to >= lastVoucherDate)
      return {
        wholeBooks: t(
          '{report} answers for all of the books, {served}, instead of {asked}: a load works, but reads all of it each time.',
          words,
        ),
      };
    return t('{report} answers for {served} instead of {asked}.', words);
  }
  if (brought.length === 0) return t('{report} brings no voucher of {date}.', { report, date: dateText(date) });
  for (const guid of brought) missing.delete(guid);
  if (missing.size === 0) return undefined;
  return t('{report} leaves out {count} of what Tally lists of {date} ({invoices}).', {
    ...{ report, date: dateText(date), count: formatCount(missing.size) },
    invoices: countOf(day),
  });
}
