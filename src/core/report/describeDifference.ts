import { t } from '@vscode/l10n';
import type { CalendarDate } from '../base/calendar.js';
import { dateText, timeText } from '../base/countWords.js';
import { formatCount, formatNumber, formatRupees, paiseOf } from '../base/format.js';
import { alignTable } from './describeTable.js';
import { typeTitle } from './describeTotals.js';
import { fieldTitle } from './fieldTitles.js';
import type { Difference, FieldDifference, InvoiceType } from '../jobs/job.js';

/**
 * For one invoice that differs: a line of text that names it, then a line for each field that differs. `day` is the day under which the invoice is listed.
 */
export function describeDifference(difference: Difference, day: CalendarDate): string[] {
  const { invoiceType, invoiceNumber, partyName, totalAmount, date, fields } = difference;
  const parts = [
    `${typeTitle(invoiceType)} ${invoiceNumber ?? t('(no number)')}`,
    ...(date === day ? [] : [t('dated {date} in Tally', { date: dateText(date) })]),
    ...(partyName === null ? [] : [partyName]),
    formatRupees(paiseOf(totalAmount)),
  ];
  return [`  ${parts.join(', ')}`, ...describeFields(fields, 'sides').map((line) => `    ${line}`)];
}

/** The most fields to show. An invoice with more differences was rewritten, which its first fields show well enough. */
const mostFields = 25;

/**
 * The fields that differ, in aligned columns; long values stand below the name of their field. `sides`: columns with headings,
 * Tally's first. `arrow`: the warehouse's value, an arrow, and Tally's value, which a load would write.
 */
export function describeFields(all: readonly FieldDifference[], layout: 'sides' | 'arrow'): string[] {
  const rows = all.slice(0, mostFields).map(({ field, tally, warehouse }) => ({
    title: fieldTitle(field),
    tally: fieldValue(field, tally),
    warehouse: fieldValue(field, warehouse),
    fits: [tally, warehouse].every((text) => fitsIntoColumn(text, fieldValue(field, text))),
  }));
  const short = rows
    .filter(({ fits }) => fits)
    .map(({ title, tally, warehouse }) =>
      layout === 'sides' ? [title, tally, warehouse] : [title, warehouse, '→', tally],
    );
  const long = rows
    .filter(({ fits }) => !fits)
    .flatMap(({ title, tally, warehouse }) => [
      title,
      ...alignTable(
        [
          ['', t('in Tally'), tally],
          ['', t('in the warehouse'), warehouse],
        ],
        ['left', 'left', 'left'],
      ),
    ]);
  const head = short.length > 0 && layout === 'sides' ? [[t('Field'), t('In Tally'), t('In the warehouse')]] : [];
  const more = all.length - rows.length;
  return [
    ...alignTable([...head, ...short], ['left', 'left', 'left', 'left']),
    ...long,
    ...(more === 1 ? [t('… and 1 more field')] : []),
    ...(more > 1 ? [t('… and {count} more fields', { count: formatCount(more) })] : []),
  ];
}

/** Whether a value may stand in a column. A long text would push the next column out of sight; Indian letters do not align. */
const fitsIntoColumn = (text: string | null, shown: string): boolean =>
  shown.length <= 36 && !/[\u0900-\u0dff]/.test(text ?? '');

/** A value for display. Text with blanks that would be invisible or unclear is quoted. */
function fieldValue(field: string, text: string | null): string {
  if (text === null) return t('(none)');
  if (text === '') return t('(empty)');
  if (field.endsWith('amount')) return formatRupees(paiseOf(text));
  if (field === 'invoice_type') return typeTitle(text as InvoiceType);
  if (field === 'missing_since') return timeText(new Date(text));
  if (field.startsWith('is_')) return text === 'true' ? t('yes') : t('no');
  if (/^line \d+$/.test(field)) return text.replace(/-?\d+\.\d\d$/, (rupees) => formatRupees(paiseOf(rupees)));
  if (/(rate|quantity|discount_percent)$/.test(field))
    return formatNumber(text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''));
  return /^\s|\s$|[^\S ]| {2}/.test(text) ? JSON.stringify(text) : text;
}
