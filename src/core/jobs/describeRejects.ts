import type { CalendarDate } from '../calendar.js';
import { formatCount, formatCountOf, formatTime } from '../format.js';
import { firstText } from '../tally/xmlText.js';
import { wrapWords } from './describeTable.js';
import type { Rejects, StoredReject } from './job.js';

/** What an editor beside a side bar and a terminal show without scrolling. */
const columns = 80;

/** How the reader's face is told to do things: a command to type, or one of the palette. */
export interface RejectWords {
  /** How a day is loaded once more. */
  load: (date: CalendarDate | undefined) => string;
}

/**
 * The vouchers that could not be read as a text for people: per company what Tally sent, which part of it, why, and what
 * to do in Tally. Without a line break at the end.
 */
export function describeRejects({ rejects, companies }: Rejects, words: RejectWords): string {
  const total = companies.reduce((sum, company) => sum + company.rejects, 0);
  if (total === 0) return 'Nothing to mend: every voucher that Tally sent could be read.';
  const is = total === 1 ? 'is' : 'are';
  const sections = companies.map(({ companyId, companyName, rejects: all }) => {
    const shown = rejects.filter((reject) => reject.companyId === companyId);
    const more = all > shown.length ? [`… and ${formatCount(all - shown.length)} more.`] : [];
    return [
      heading(`${companyName}: ${formatCountOf(all, 'voucher')}`),
      ...shown.map((reject, i) => describeReject(reject, i + 1, words)),
      ...more,
    ].join('\n\n');
  });
  return [
    `${formatCountOf(total, 'voucher')} could not be read and ${is} not in the warehouse as Tally has ${total === 1 ? 'it' : 'them'} now.`,
    wrapWords(
      'Mend each in Tally. It is tried again whenever its day is loaded, by a sync once it has been altered, and leaves this list when it can be read or is gone from Tally.',
      columns,
    ).join('\n'),
    ...sections,
  ].join('\n\n');
}

/** One line for each of a run's rejects, for its details; `all` is how many it had. */
export function describeRunRejects({ rejects, companies }: Rejects, all: number): string[] {
  const left = companies.reduce((sum, company) => sum + company.rejects, 0);
  const lines = rejects.flatMap((reject) => [
    ...wrapWords(`${nameOf(reject)}: ${reject.field}: ${reject.reason}`, columns - 2).map(
      (line, i) => `${i === 0 ? '-' : ' '} ${line}`,
    ),
    ...wrapWords(remedyOf(reject), columns - 2).map((line) => `  ${line}`),
  ]);
  if (left > rejects.length) lines.push(`… and ${formatCount(left - rejects.length)} more.`);
  if (left < all)
    lines.push(
      left === 0
        ? 'None of them is this run’s any more: a later run has read it, or tried it again.'
        : `A later run has read the other ${formatCount(all - left)}, or tried ${all - left === 1 ? 'it' : 'them'} again.`,
    );
  return lines;
}

function describeReject(reject: StoredReject, number: number, { load }: RejectWords): string {
  const { field, reason, date, raw, rawLength, rejectedAt, runId, invoiceId } = reject;
  const part =
    rawLength > raw.length ? `, the first ${formatCount(raw.length)} of ${formatCount(rawLength)} characters` : '';
  const rows = [
    ['What is wrong', `${field}: ${reason}`],
    ['In Tally', remedyOf(reject)],
    ['Then', load(date ?? undefined)],
    ['Last tried', `${formatTime(new Date(rejectedAt))}, run ${runId}`],
    ['Voucher id', invoiceId ?? 'none'],
  ];
  return [
    `${number}. ${nameOf(reject)}`,
    ...rows.flatMap(([name = '', value = '']) =>
      wrapWords(value, columns - 18).map((line, i) => `   ${(i === 0 ? name : '').padEnd(15)}${line}`),
    ),
    `   What Tally sent${part}:`,
    ...raw
      .trim()
      .split(/\r\n?|\n/)
      .map((line) => `     ${line}`),
  ].join('\n');
}

const heading = (text: string): string => `${text}\n${'-'.repeat(text.length)}`;

/** `Sales S/12 of 2024-04-01`, as far as it can be told. */
function nameOf({ invoiceNumber, date, raw }: StoredReject): string {
  const type = firstText(raw, 'VOUCHERTYPENAME') || 'Voucher';
  const number = invoiceNumber ?? (firstText(raw, 'VOUCHERNUMBER') || 'without a number');
  const said = firstText(raw, 'DATE');
  const day = date ?? (said === '' ? undefined : `${JSON.stringify(said)}, which is no date`);
  return `${type} ${number}${day === undefined ? '' : ` of ${day}`}`;
}

/** What to do in Tally, by the part that could not be read. */
function remedyOf({ field, reason, date }: StoredReject): string {
  const open = date === null ? 'Look for the voucher and open it' : `Open the voucher (Day Book of ${date})`;
  switch (field) {
    case 'AMOUNT':
      return /currency|foreign|rate/.test(reason)
        ? `${open}, enter the rate of exchange of this line again, and accept it (Ctrl+A).`
        : `${open}, enter the amount of this line again, and accept it (Ctrl+A).`;
    case 'DATE':
      return `${open}, set its date (F2), and accept it (Ctrl+A).`;
    case 'VOUCHERTYPENAME':
      return 'Open the voucher type (Alter, Voucher Type), look which type it is under, and accept it (Ctrl+A).';
    case 'GUID':
      return `${open} and accept it (Ctrl+A): Tally gives it an id. If it has none then, enter it anew and delete this one.`;
    default:
      return `${open}, type its narration and names again where they hold odd characters, and accept it (Ctrl+A).`;
  }
}
