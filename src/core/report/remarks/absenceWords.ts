import { t } from '@vscode/l10n';
import { invoiceCount, rangeText, voucherCount } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import type { AbsenceRemark } from '../../jobs/remark.js';
import type { WordsOf } from './wordsOf.js';

export const absenceWords: WordsOf<AbsenceRemark> = {
  'hidden-perhaps': ({ invoices }) =>
    invoices === 1
      ? t(
          "1 invoice of the warehouse is not in Tally's list of vouchers. A Tally without a licence (Education mode) may only hide it, and nothing shows that this one has a licence, so it was not marked as missing.",
        )
      : t(
          "{count} invoices of the warehouse are not in Tally's list of vouchers. A Tally without a licence (Education mode) may only hide them, and nothing shows that this one has a licence, so none was marked as missing.",
          { count: formatCount(invoices) },
        ),
  'list-incomplete': ({ invoices }) =>
    invoices === 1
      ? t(
          "1 invoice of the warehouse is not in Tally's list of vouchers. Tally did not give a complete list of every loaded year, so none was marked as gone. The next sync tries again.",
        )
      : t(
          "{count} invoices of the warehouse are not in Tally's list of vouchers. Tally did not give a complete list of every loaded year, so none was marked as gone. The next sync tries again.",
          { count: formatCount(invoices) },
        ),
  'implausibly-gone': ({ invoices, parts }) =>
    t(
      '{invoices} would count as no longer in Tally, which looks like a mistake: {reasons}. None was marked. Check that the right company is open in Tally, and whole; if these invoices are gone indeed, run clear-and-reload over their dates and accept its result (--force, or the button Reload Anyway).',
      { invoices: invoiceCount(invoices), reasons: parts.map(describePart).join('; ') },
    ),
};

const describePart = ({
  range,
  listed,
  had,
  lost,
}: Extract<AbsenceRemark, { code: 'implausibly-gone' }>['parts'][number]): string =>
  t("of {range} Tally lists {vouchers}, and of the warehouse's {invoices} it does not list {count}", {
    range: rangeText(range),
    vouchers: voucherCount(listed),
    invoices: invoiceCount(had),
    count: formatCount(lost),
  });
