import { t } from '@vscode/l10n';
import { rangeText } from '../../base/countWords.js';
import { bothEnds, describeNothing, exportThese, otherReport } from '../../jobs/load/prove/notCovered.js';
import type { CoverageRemark } from '../../jobs/remark.js';
import type { WordsOf } from './wordsOf.js';

export const coverageWords: WordsOf<CoverageRemark> = {
  'nothing-answered': describeNothing,
  'other-period': describeNothing,
  'file-without-dates': describeNothing,
  'file-of-other-days': describeNothing,
  'partly-answered': ({ served, asked, report }) =>
    t(
      "Tally's answer reaches only from {served}, not over all of {asked}. What it held is complete; for the other days nothing is proven. If the books have vouchers there, set the period in Tally (Alt+F2) to {asked}, or choose the report {other} (TALLY_REPORT), and run again.",
      { served: bothEnds(served), asked: bothEnds(asked), other: otherReport(report) },
    ),
  'gap-between-files': ({ gap }) =>
    t(
      'None of the files holds a voucher of {gap}. What they held was loaded; for these days nothing is proven. Export the Day Book of these days too.',
      { gap: rangeText(gap) },
    ),
  'file-partly': ({ held, asked }) => {
    const partly = t(
      'The file holds vouchers of {held}, not of all of {asked}. What it held was loaded; for the other days nothing is proven.',
      { held: rangeText(held), asked: rangeText(asked) },
    );
    return `${partly} ${exportThese(asked)}`;
  },
};
