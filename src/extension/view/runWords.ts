// Texts of the messages about a run: its progress, its end, and the findings of a check.
import { t } from '@vscode/l10n';
import type { CheckItem, Progress } from '../../core/core.js';
import { dateText, invoiceCount, voucherCount } from '../../core/base/countWords.js';
import { formatCount } from '../../core/base/format.js';
import type { LoadAnswer } from '../jobs/jobMessages.js';
import { type Button, remedies } from '../notices/buttons.js';
import { asSentence, inEditorWords } from '../notices/errorWords.js';
import { inSources, notesOn, settingOf } from '../notices/explained.js';
import type { Origin } from '../settings/configuration.js';
import type { PlaceName } from '../settings/places.js';
import { worriesShown } from '../messages.js';

/** The text of the progress notification: `1,200 of 3,400 invoices · 34 % · up to 2 Jun 2024`. */
export function progressText(progress: Progress, percent: number | undefined): string {
  if (progress.checks !== undefined) return checkSteps[progress.checks]();
  if (progress.makesWarehouse) return t('Making the built-in warehouse on this computer, once…');
  if (progress.phase === 'preparing') return t('Asking Tally for the company and its masters…');
  const { invoices, total } = progress;
  const parts = [
    total === undefined
      ? invoiceCount(invoices)
      : t('{count} of {invoices}', { count: formatCount(invoices), invoices: invoiceCount(total) }),
  ];
  if (percent !== undefined) parts.push(`${percent}\u00a0%`);
  if (progress.phase === 'writing') parts.push(t('writing to the warehouse'));
  if (progress.phase === 'reading' && progress.date !== undefined)
    parts.push(t('up to {date}', { date: dateText(progress.date) }));
  return parts.join(' · ');
}

const checkSteps: Record<NonNullable<Progress['checks']>, () => string> = {
  tally: () => t('Asking Tally…'),
  'silent-tally': () =>
    t('Tally does not answer yet: it is busy, or a box waits on its screen. The check goes on waiting.'),
  warehouse: () => t('Trying the warehouse…'),
};

/** The closing message of a run, with its first worries. If there is a worry, the message is shown as a warning. */
export function resultText({ result, closing }: Pick<LoadAnswer, 'result' | 'closing'>): {
  worrying: boolean;
  text: string;
} {
  const worries: string[] = [];
  if (result.rejected > 0) {
    const vouchers = voucherCount(result.rejected);
    worries.push(
      result.dryRun
        ? t('Could not be read and would not be loaded: {vouchers}.', { vouchers })
        : t('Could not be read and not loaded: {vouchers}. Show Rejected Vouchers says which and why.', { vouchers }),
    );
  }
  worries.push(...result.warnings.map(asSentence));
  if (result.missing > 0)
    worries.push(
      t('No longer in Tally and kept in the warehouse: {invoices}.', { invoices: invoiceCount(result.missing) }),
    );
  if (result.notProven !== null) worries.push(t('Not proven: {reason}', { reason: result.notProven }));
  else if (result.invoices === 0 && result.rejected === 0)
    worries.push(
      result.files
        ? t('The file has no invoice in this range: check the dates, and that it is the right file.')
        : t('Tally has no invoice in this range: check the dates, and that the right company is chosen.'),
    );
  return { worrying: worries.length > 0, text: [closing, ...worriesShown(worries)].map(inEditorWords).join(' ') };
}

/** The name of each part, and the value that may be wrong or another button that helps. */
const checkParts: Record<CheckItem['part'], { name: () => string; value?: PlaceName; button?: Button }> = {
  tally: { name: () => t('Tally'), value: 'TALLY_URL' },
  company: { name: () => t('Company'), value: 'TALLY_COMPANY' },
  masters: { name: () => t('Masters') },
  vouchers: { name: () => t('Vouchers') },
  report: { name: () => t('Report'), button: 'Open Settings' },
  warehouse: { name: () => t('Warehouse'), value: 'DB_URL' },
  schema: { name: () => t('Tables') },
  rights: { name: () => t('Rights'), value: 'DB_URL' },
};

/** Begins with the part's name, unless the core's sentence contains it. */
function checkLine(item: CheckItem, origin: Origin | undefined): string {
  const { value, ...part } = checkParts[item.part];
  const name = part.name();
  const words = [
    ...[item.message, ...(item.remedy ? [item.remedy] : [])].map((text) =>
      inEditorWords(inSources(asSentence(text), origin)),
    ),
    ...(item.ok || value === undefined ? [] : notesOn(origin, item.code)),
  ].join(' ');
  return words.toLowerCase().includes(name.toLowerCase()) ? words : `${name}: ${words}`;
}

/** The result of a check as one message. If something is wrong, the parts that are fine are left out. */
export function checkText(
  items: CheckItem[],
  origin?: Origin,
): { ok: boolean; text: string; buttons: Button[]; log: string[] } {
  const wrong = items.filter((item) => !item.ok);
  const lineOf = (item: CheckItem): string => checkLine(item, origin);
  const log = items.map((item) => `${item.ok ? 'ok' : 'wrong'} · ${lineOf(item)}`);
  if (wrong.length === 0) {
    // The log has all parts. The notification has room for Tally, company and warehouse, and for parts with a caution.
    const shown = items.filter(({ part, caution }) => caution ?? ['tally', 'company', 'warehouse'].includes(part));
    const parts = shown.map(lineOf);
    if (items.some(({ part }) => part === 'vouchers'))
      parts.push(t('A small load was tried and rolled back, so nothing was changed; the log has each step.'));
    const text = t('The setup is fine. {parts}', { parts: parts.join(' ') });
    return { ok: true, text, buttons: ['Backfill Range', 'Show Log'], log };
  }
  // The button is for the first problem, which has to be fixed first.
  const { value, button } = checkParts[wrong[0]!.part];
  const remedy = value === undefined ? button : remedies[settingOf(value, origin)];
  const buttons: Button[] = [...(remedy === undefined ? [] : [remedy]), 'Check Again', 'Show Log'];
  return { ok: false, text: wrong.map(lineOf).join(' '), buttons, log };
}
