// The errors `range-not-covered` if lists or answers prove nothing; companyPart.ts has the error for a range outside the
// books. If a run ends with a result instead, report/remarks has the same sentences.
import { t } from '@vscode/l10n';
import type { DateRange } from '../../../base/calendar.js';
import { dateText, rangeText, voucherCount } from '../../../base/countWords.js';
import { EtlError } from '../../../base/errors.js';
import type { VoucherReport } from '../../../tally/requests/requests.js';
import type { NothingCovered } from '../../remark.js';
import type { Answered } from './coverage.js';

/** An answer has no voucher of the range, and nothing shows that the range is empty. */
export const nothingCovered = (remark: NothingCovered): EtlError => refusal(describeNothing(remark), hintOf(remark));

/** Rows would be removed because a list lacks them, though nothing shows that the list is whole. */
export const listUnproven = (range: DateRange, reports: readonly VoucherReport[]): EtlError =>
  refusal(describeUnproven(range), otherWays(reports));

/** As listUnproven, if earlier parts of the range have been loaded. */
export const partUnproven = (range: DateRange, reports: readonly VoucherReport[]): EtlError =>
  new EtlError('range-not-covered', describeUnproven(range), otherWays(reports));

/** Tally lists vouchers of the range that are to be loaded, but none of them came. */
export function nothingCame(
  range: DateRange,
  { from, to }: Answered,
  report: VoucherReport,
  reports: readonly VoucherReport[],
): EtlError {
  const asked = rangeText(range);
  return refusal(
    from === undefined || to === undefined
      ? t('Tally lists vouchers of {asked}, but its {report} held no voucher at all.', { asked, report })
      : t('Tally lists vouchers of {asked}, but its {report} answered for {served} and held none of them.', {
          ...{ asked, report },
          served: rangeText({ from, to }),
        }),
    otherWays(reports),
  );
}

const refusal = (reason: string, hint: string): EtlError =>
  new EtlError('range-not-covered', `${reason} ${t('Nothing was changed.')}`, hint);

export function describeNothing(remark: NothingCovered): string {
  switch (remark.code) {
    case 'nothing-answered':
      return t("Tally's {report} for {asked} held no voucher at all.", {
        report: remark.report,
        asked: bothEnds(remark.asked),
      });
    case 'other-period':
      return t('Tally answered for {served} instead of {asked}: {vouchers}, none in the range.', {
        served: bothEnds(remark.served),
        asked: bothEnds(remark.asked),
        vouchers: voucherCount(remark.vouchers),
      });
    case 'file-without-dates':
      return t('No voucher of the file has a readable date, so none counts for {asked}.', {
        asked: rangeText(remark.asked),
      });
    case 'file-of-other-days':
      return t('The file holds vouchers of {held}, none of {asked}.', {
        held: rangeText(remark.held),
        asked: rangeText(remark.asked),
      });
  }
}

function hintOf(remark: NothingCovered): string {
  switch (remark.code) {
    case 'nothing-answered':
      return t(
        'Look in Tally whether this company has vouchers in these dates. If it has, choose the report {other} (TALLY_REPORT).',
        { other: otherReport(remark.report) },
      );
    case 'other-period':
      return t(
        'Some Tally releases answer for the period on their screen: set that period in Tally (Alt+F2) to {asked}, or choose the report {other} (TALLY_REPORT).',
        { asked: bothEnds(remark.asked), other: otherReport(remark.report) },
      );
    case 'file-without-dates':
    case 'file-of-other-days':
      return exportThese(remark.asked);
  }
}

export const describeUnproven = (range: DateRange): string =>
  t(
    "Tally's list of vouchers for {range} is not proven complete: every request for it returned nothing or other dates.",
    { range: rangeText(range) },
  );

/** The hint for files that do not hold the whole range. */
export const exportThese = (range: DateRange): string =>
  t(
    'Export the Day Book for {asked} (in Tally set the period, Alt+F2, before Alt+E), or give dates that the file holds.',
    {
      asked: rangeText(range),
    },
  );

/** The value of TALLY_REPORT for the other report. */
export const otherReport = (report: VoucherReport): string => (report === 'Day Book' ? 'voucher-register' : 'day-book');

/** Both ends, even for a single day: messages show the requested and the received range side by side. */
export const bothEnds = ({ from, to }: DateRange): string =>
  t('{from} to {to}', { from: dateText(from), to: dateText(to) });

const otherWays = (reports: readonly VoucherReport[]): string =>
  reports.length > 1
    ? t('Set the period in Tally (Alt+F2) to these dates, close what is open on its screen, and run again.')
    : t('Set TALLY_REPORT=auto, or set the period in Tally (Alt+F2) to these dates.');
