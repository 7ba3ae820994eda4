import { t } from '@vscode/l10n';
import { rangeText, voucherCount } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import type { AbsenceRemark } from '../../jobs/remark.js';
import type { WordsOf } from './wordsOf.js';

export const absenceWords: WordsOf<AbsenceRemark> = {
  'hidden-perhaps': ({ invoices: vouchers }) =>
    vouchers === 1
      ? t(
          "1 voucher of the warehouse is not in Tally's list of vouchers. Without a licence (Education mode) Tally may hide vouchers of most days, and nothing shows that this Tally has a licence. So the voucher does not count as missing.",
        )
      : t(
          "{count} vouchers of the warehouse are not in Tally's list of vouchers. Without a licence (Education mode) Tally may hide vouchers of most days, and nothing shows that this Tally has a licence. So these vouchers do not count as missing.",
          { count: formatCount(vouchers) },
        ),
  'list-incomplete': ({ invoices: vouchers }) =>
    vouchers === 1
      ? t(
          "1 voucher of the warehouse is not in Tally's list of vouchers. Tally did not give a complete list of every loaded year, so the voucher was not marked as missing. The next sync tries again.",
        )
      : t(
          "{count} vouchers of the warehouse are not in Tally's list of vouchers. Tally did not give a complete list of every loaded year, so none of them was marked as missing. The next sync tries again.",
          { count: formatCount(vouchers) },
        ),
  'implausibly-gone': ({ invoices: vouchers, parts }) =>
    t(
      '{vouchers} would count as missing, which looks like a mistake: {reasons}. None was marked. Check that the right company is open in Tally and that its data is complete. If these vouchers were deleted in Tally, run clear-and-reload over their dates and accept its result (--force, or the button Reload Anyway).',
      { vouchers: voucherCount(vouchers), reasons: parts.map(describePart).join('; ') },
    ),
};

const describePart = ({
  range,
  listed,
  had,
  lost,
}: Extract<AbsenceRemark, { code: 'implausibly-gone' }>['parts'][number]): string =>
  t('of {range} Tally lists {listed}, and the warehouse has {had}, of which {lost} are not on that list', {
    range: rangeText(range),
    listed: voucherCount(listed),
    had: voucherCount(had),
    lost: formatCount(lost),
  });
