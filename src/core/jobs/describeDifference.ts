import type { CalendarDate } from '../calendar.js';
import { formatCountOf, formatNumber, formatRupees, formatTime, paiseOf } from '../format.js';
import { alignTable } from './describeTable.js';
import { typeTitles } from './describeTotals.js';
import type { Difference, FieldDifference } from './job.js';

/** How two values stand beside each other: under headings, Tally's first, or with an arrow from what is to what would be. */
export type Layout = 'sides' | 'arrow';

/** An invoice that is not the same, and beneath it each field; `day` is the one that it is shown under. */
export function describeDifference(difference: Difference, day: CalendarDate): string[] {
  const { invoiceType, invoiceNumber, partyName, totalAmount, date, fields } = difference;
  const parts = [
    `${typeTitles[invoiceType]} ${invoiceNumber ?? '(no number)'}`,
    ...(date === day ? [] : [`dated ${date} in Tally`]),
    ...(partyName === null ? [] : [partyName]),
    formatRupees(paiseOf(totalAmount)),
  ];
  return [`  ${parts.join(', ')}`, ...describeFields(fields, 'sides').map((line) => `    ${line}`)];
}

/** An invoice with very many of them was rewritten: its first fields say so. */
const mostFields = 25;

/** The fields that differ, in aligned columns; values too long for one stand beneath their field. */
export function describeFields(all: readonly FieldDifference[], layout: Layout): string[] {
  const rows = all.slice(0, mostFields).map(({ field, tally, warehouse }) => ({
    title: fieldTitle(field),
    tally: fieldValue(field, tally),
    warehouse: fieldValue(field, warehouse),
  }));
  const fits = ({ tally, warehouse }: (typeof rows)[number]): boolean => [tally, warehouse].every(fitsIntoColumn);
  const short = rows
    .filter(fits)
    .map(({ title, tally, warehouse }) =>
      layout === 'sides' ? [title, tally, warehouse] : [title, warehouse, '→', tally],
    );
  const long = rows
    .filter((row) => !fits(row))
    .flatMap(({ title, tally, warehouse }) => [
      title,
      `  in Tally          ${tally}`,
      `  in the warehouse  ${warehouse}`,
    ]);
  const head = short.length > 0 && layout === 'sides' ? [['Field', 'In Tally', 'In the warehouse']] : [];
  const more = all.length - rows.length;
  return [
    ...alignTable([...head, ...short], ['left', 'left', 'left', 'left']),
    ...long,
    ...(more > 0 ? [`… and ${formatCountOf(more, 'more field')}`] : []),
  ];
}

/** A narration would push the last column out of sight; letters of Indian scripts have no width that columns could keep. */
const fitsIntoColumn = (text: string): boolean => text.length <= 36 && !/[\u0900-\u0dff]/.test(text);

const abbreviations = new Set(['cgst', 'sgst', 'igst', 'gst', 'gstin', 'hsn', 'irn', 'tds']);

/** `Line 2 HSN` of the column `line 2 hsn`. */
function fieldTitle(field: string): string {
  if (field === 'missing_since') return 'Marked as gone since';
  const words = field.replace(/^is_/, '').split(/[ _]/);
  const [first = '', ...rest] = words.map((word) => (abbreviations.has(word) ? word.toUpperCase() : word));
  return [first.replace(/^[a-z]/, (letter) => letter.toUpperCase()), ...rest].join(' ');
}

/** What would not be seen stands in quotation marks. */
function fieldValue(field: string, text: string | null): string {
  if (text === null) return '(none)';
  if (text === '') return '(empty)';
  if (field.endsWith('amount')) return formatRupees(paiseOf(text));
  if (field === 'invoice_type') return typeTitles[text as keyof typeof typeTitles];
  if (field === 'missing_since') return formatTime(new Date(text));
  if (field.startsWith('is_')) return text === 'true' ? 'yes' : 'no';
  if (/^line \d+$/.test(field)) return text.replace(/-?\d+\.\d\d$/, (rupees) => formatRupees(paiseOf(rupees)));
  if (/(rate|quantity|discount_percent)$/.test(field))
    return formatNumber(text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''));
  return /^\s|\s$|[^\S ]| {2}/.test(text) ? JSON.stringify(text) : text;
}
