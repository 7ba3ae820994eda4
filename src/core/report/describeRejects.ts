import { t } from '@vscode/l10n';
import { isOtherDateForm, type CalendarDate } from '../base/calendar.js';
import { dateText, timeText, voucherCount } from '../base/countWords.js';
import { formatCount } from '../base/format.js';
import type { RejectCode } from '../invoice/invoice.js';
import { firstText } from '../tally/xml/xmlText.js';
import { alignTable, columns, underlined, wrapWords } from './describeTable.js';
import type { Rejects, StoredReject } from '../jobs/job.js';

/** Instructions in the words of the reader's face: a command line, or a command of VS Code. */
export interface RejectWords {
  /** The instruction for loading a day again, from Tally or from a file. */
  load: (date: CalendarDate | undefined, source?: StoredReject['source']) => string;
}

/** The rejected vouchers by company, each with its text, the fault and the remedy. Without a final line break. */
export function describeRejects({ rejects, companies }: Rejects, words: RejectWords): string {
  const total = companies.reduce((sum, company) => sum + company.rejects, 0);
  if (total === 0) return t('No rejected vouchers.');
  const sections = companies.map(({ companyId, companyName, rejects: all }) => {
    const shown = rejects.filter((reject) => reject.companyId === companyId);
    const more = all > shown.length ? [andMore(all - shown.length)] : [];
    return [
      underlined(`${companyName}: ${voucherCount(all)}`).join('\n'),
      ...shown.map((reject, i) => describeReject(reject, i + 1, words)),
      ...more,
    ].join('\n\n');
  });
  return [
    total === 1
      ? t('1 voucher could not be read and is not in the warehouse as Tally has it now.')
      : t('{count} vouchers could not be read and are not in the warehouse as Tally has them now.', {
          count: formatCount(total),
        }),
    wrapWords(
      t(
        'Fix each as it says. A voucher is tried again when its day is loaded, and by a sync after it was altered. It leaves this list when it can be read, or no longer exists in Tally.',
      ),
      columns,
    ).join('\n'),
    ...sections,
  ].join('\n\n');
}

const andMore = (count: number): string => t('… and {count} more.', { count: formatCount(count) });

/**
 * Lines on the rejected vouchers of one run: the fault and the remedy of each. `all` is how many vouchers the run rejected; if
 * fewer are left now, a line says that a later run has read or tried the others.
 */
export function describeRunRejects({ rejects, companies }: Rejects, all: number): string[] {
  const left = companies.reduce((sum, company) => sum + company.rejects, 0);
  const lines = rejects.flatMap((reject) => [
    ...wrapWords(`${nameOf(reject)}: ${reject.field}: ${reject.reason}`, columns - 2).map(
      (line, i) => `${i === 0 ? '-' : ' '} ${line}`,
    ),
    ...wrapWords(remedyOf(reject), columns - 2).map((line) => `  ${line}`),
  ]);
  if (left > rejects.length) lines.push(andMore(left - rejects.length));
  if (left < all) lines.push(describeLater(all - left, left));
  return lines;
}

function describeLater(done: number, left: number): string {
  if (left === 0) return t('This run has no rejected vouchers left: later runs have read them or tried them again.');
  return done === 1
    ? t('A later run has read the other 1, or tried it again.')
    : t('A later run has read the other {count}, or tried them again.', { count: formatCount(done) });
}

function describeReject(reject: StoredReject, number: number, { load }: RejectWords): string {
  const { field, reason, date, raw, rawLength, rejectedAt, runId, invoiceId, source } = reject;
  const lengths = { count: formatCount(raw.length), all: formatCount(rawLength) };
  const isCut = rawLength > raw.length;
  const sent =
    source === 'file'
      ? isCut
        ? t('What the file holds, the first {count} of {all} characters:', lengths)
        : t('What the file holds:')
      : isCut
        ? t('What Tally sent, the first {count} of {all} characters:', lengths)
        : t('What Tally sent:');
  const rows = [
    [t('What is wrong'), `${field}: ${reason}`],
    [source === 'file' ? t('What to do') : t('In Tally'), remedyOf(reject)],
    [t('Then'), load(date ?? undefined, source)],
    [t('Last tried'), t('{time}, run {runId}', { time: timeText(new Date(rejectedAt)), runId })],
    [t('Voucher id'), invoiceId ?? t('none')],
  ].flatMap(([name = '', value = '']) =>
    wrapWords(value, columns - 18).map((line, i) => ['', i === 0 ? name : '', line]),
  );
  return [
    `${number}. ${nameOf(reject)}`,
    ...alignTable(rows, ['left', 'left', 'left']).map((line) => ` ${line}`),
    `   ${sent}`,
    ...raw
      .trim()
      .split(/\r\n?|\n/)
      .map((line) => `     ${line}`),
  ].join('\n');
}

/** The voucher's type, number and date, as far as they are known: `Sales S/12 of 1 Apr 2024`. */
function nameOf({ invoiceNumber, date, raw }: StoredReject): string {
  const type = firstText(raw, 'VOUCHERTYPENAME') || t('Voucher');
  const number = invoiceNumber ?? (firstText(raw, 'VOUCHERNUMBER') || t('without a number'));
  const said = firstText(raw, 'DATE');
  if (date !== null) return t('{type} {number} of {date}', { type, number, date: dateText(date) });
  if (isOtherDateForm(said)) return t('{type} {number} of {date}', { type, number, date: said });
  return said === ''
    ? `${type} ${number}`
    : t('{type} {number} of {text}, which is no date', { type, number, text: JSON.stringify(said) });
}

/**
 * Codes by element, for rejects that an older version stored without a code. The element AMOUNT is not among them: several
 * codes concern an amount.
 */
const codesOfFields: Record<string, RejectCode> = {
  VOUCHERTYPENAME: 'voucher-type-unknown',
  GUID: 'guid-missing',
  DATE: 'date-unreadable',
  'LEDGERENTRIES.LIST': 'lines-missing',
  PARTYLEDGERNAME: 'total-unknown',
};

const codeOf = ({ field, reasonCode }: StoredReject): RejectCode | 'amount' =>
  reasonCode ?? (field === 'AMOUNT' ? 'amount' : (codesOfFields[field] ?? 'xml-broken'));

/** The remedy for a rejected voucher, by its code. For a voucher of a file, the remedy in Tally is followed by a new export. */
function remedyOf(reject: StoredReject): string {
  if (reject.source !== 'file') return remedyInTally(reject);
  if (codeOf(reject) === 'voucher-type-unknown')
    return t(
      'Export the masters too (Alt+E > Masters) and give that file beside this one, or open the company in Tally before you load the file.',
    );
  return t('{remedy} Then export the Day Book again.', { remedy: remedyInTally(reject) });
}

function remedyInTally(reject: StoredReject): string {
  const ways = reject.date === null ? waysUndated() : waysOn(dateText(reject.date));
  switch (codeOf(reject)) {
    case 'voucher-type-unknown':
      return t('Open the voucher type (Alter, Voucher Type), look which type it is under, and accept it (Ctrl+A).');
    case 'lines-missing':
      return t(
        'Open the voucher. If it is empty there too, delete it; if it has lines, Tally sent or exported it without them: load or export its day as a Day Book.',
      );
    case 'total-unknown':
      return t('Open the voucher, choose its party again, and accept it (Ctrl+A).');
    case 'foreign-amount-unreadable':
      return ways.rate;
    case 'amount-unreadable':
    case 'amount-too-large':
      return ways.amount;
    case 'amount':
      return ways.amountOrRate;
    case 'date-unreadable':
      return ways.date;
    case 'guid-missing':
      return ways.guid;
    case 'xml-broken':
      return ways.other;
  }
}

const waysOn = (date: string) => ({
  rate: t(
    'Open the voucher (Day Book of {date}), enter the rate of exchange of this line again, and accept it (Ctrl+A).',
    { date },
  ),
  amount: t('Open the voucher (Day Book of {date}), enter the amount of this line again, and accept it (Ctrl+A).', {
    date,
  }),
  amountOrRate: t(
    'Open the voucher (Day Book of {date}), enter the amount of this line again, and its rate of exchange if it is in a foreign currency, and accept it (Ctrl+A).',
    { date },
  ),
  date: t('Open the voucher (Day Book of {date}), set its date (F2), and accept it (Ctrl+A).', { date }),
  guid: t(
    'Open the voucher (Day Book of {date}) and accept it (Ctrl+A): Tally gives it an id. If it has none then, enter it again and delete this one.',
    { date },
  ),
  other: t(
    'Open the voucher (Day Book of {date}), type its narration and names again where they hold odd characters, and accept it (Ctrl+A).',
    { date },
  ),
});

/** The same remedies for a voucher without a known date. */
const waysUndated = (): ReturnType<typeof waysOn> => ({
  rate: t('Look for the voucher and open it, enter the rate of exchange of this line again, and accept it (Ctrl+A).'),
  amount: t('Look for the voucher and open it, enter the amount of this line again, and accept it (Ctrl+A).'),
  amountOrRate: t(
    'Look for the voucher and open it, enter the amount of this line again, and its rate of exchange if it is in a foreign currency, and accept it (Ctrl+A).',
  ),
  date: t('Look for the voucher and open it, set its date (F2), and accept it (Ctrl+A).'),
  guid: t(
    'Look for the voucher and open it and accept it (Ctrl+A): Tally gives it an id. If it has none then, enter it again and delete this one.',
  ),
  other: t(
    'Look for the voucher and open it, type its narration and names again where they hold odd characters, and accept it (Ctrl+A).',
  ),
});
