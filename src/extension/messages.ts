// Every sentence that a user of the extension reads, except the core's own (error messages, hints and reports).
import type { CalendarDate, CheckItem, DateRange, JobResult, Progress } from '../core/core.js';
import type { ErrorCode, EtlError } from '../core/errors.js';
import { formatCount, formatCountOf, formatSpan } from '../core/format.js';

export type Button =
  | 'Open Settings'
  | 'Set Warehouse URL'
  | 'Select Company'
  | 'Start Demo Company'
  | 'Stop Demo'
  | 'Backfill Demo Range'
  | 'Check Set-up'
  | 'Check Again'
  | 'Retry'
  | 'Sync Now'
  | 'Open Env File'
  | 'Show Log'
  | 'Show Rejects'
  | 'Show Dry Run'
  | 'Save…'
  | 'Save As…'
  | 'Show Comparison'
  | 'Show Differences'
  | 'Open'
  | 'Reveal in Folder'
  | 'Copy Connection String'
  | 'Close';

/** The buttons that help with a failure, the likeliest first; a notification has room for three. */
export function buttonsFor(code: ErrorCode): Button[] {
  switch (code) {
    case 'tally-unreachable':
    case 'tally-timeout':
      return ['Open Settings', 'Retry', 'Show Log'];
    case 'company-not-open':
      return ['Select Company', 'Retry', 'Show Log'];
    case 'config':
      return ['Open Settings', 'Select Company', 'Show Log'];
    case 'warehouse-unreachable':
    case 'warehouse-refused':
      return ['Set Warehouse URL', 'Retry', 'Show Log'];
    case 'range-not-covered':
      return ['Open Settings', 'Show Log'];
    case 'locked':
    case 'answer-cut':
      return ['Retry', 'Show Log'];
    default:
      return ['Show Log'];
  }
}

/** The core speaks of environment names; a user of the editor knows settings. What `.env` says keeps its name there. */
const editorWords: [RegExp, string][] = [
  [/\bTALLY_\w+ in your \.env, or the setting (tally\.\w+),?/g, 'the setting $1'],
  [/\bthe warehouse URL \(DB_URL\)/g, 'the warehouse URL'],
  [/\bTALLY_URL\b(?! in \.env)/g, 'tally.url'],
  [/\bTALLY_COMPANY\b(?! in \.env)/g, 'tally.company'],
  [/\bTALLY_REPORT\b/g, 'tally.report'],
  [/\bTALLY_OVERLAP_DAYS\b/g, 'tally.overlapDays'],
  [/\bTALLY_TIMEOUT_SECONDS\b/g, 'tally.timeoutSeconds'],
  [/\bDB_URL\b(?! in \.env)/g, 'the warehouse URL'],
];

export function inEditorWords(text: string): string {
  const said = editorWords.reduce((words, [name, word]) => words.replace(name, word), text);
  return said.replace(/^the /, 'The ');
}

export const asSentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

export const errorText = (error: EtlError): string =>
  `${asSentence(inEditorWords(error.message))} ${inEditorWords(error.hint)}`.trim();

/**
 * Text for a notification. VS Code makes a link of `[words](command:…)` there, and a click would run the command: names
 * and error words come from Tally, from a file or from a server.
 */
export const unlinked = (text: string): string => text.replaceAll('](', '] (');

/** A name without what a file's name may not hold in Windows, at a length that any disk takes. */
export const fileWords = (name: string): string =>
  Array.from(name.replace(/[\\/:*?"<>|\s\p{Cc}]+/gu, ' ').trim())
    .slice(0, 60)
    .join('');

export const rangeText = ({ from, to }: DateRange): string => formatSpan(from, to);

/** What the progress notification says: `1,200 of 3,400 invoices · 34 % · up to 2024-06-02`. */
export function progressText(progress: Progress, percent: number | undefined): string {
  if (progress.phase === 'preparing') return 'Asking Tally for the company and its masters…';
  const { invoices, total } = progress;
  const parts = [
    total === undefined
      ? formatCountOf(invoices, 'invoice')
      : `${formatCount(invoices)} of ${formatCountOf(total, 'invoice')}`,
  ];
  if (progress.phase === 'writing') parts.push('writing to the warehouse');
  else if (percent !== undefined) parts.push(`${percent} %`);
  if (progress.phase === 'reading' && progress.date !== undefined) parts.push(`up to ${progress.date}`);
  return parts.join(' · ');
}

/** How a run ended: its counts, and whatever of it should worry the user (then it is shown as a warning). */
export function resultText(result: JobResult): { worrying: boolean; text: string } {
  const worries: string[] = [];
  if (result.rejected > 0)
    worries.push(
      result.dryRun
        ? `Could not be read and would not be loaded: ${formatCountOf(result.rejected, 'voucher')}.`
        : `Could not be read and not loaded: ${formatCountOf(result.rejected, 'voucher')}. Show Rejects says which and why.`,
    );
  worries.push(...result.warnings.map(asSentence));
  if (result.missing > 0)
    worries.push(`No longer in Tally and kept in the warehouse: ${formatCountOf(result.missing, 'invoice')}.`);
  if (result.notProven !== null) worries.push(`Not proven: ${result.notProven}`);
  else if (result.invoices === 0)
    worries.push('Tally has no invoice in this range: check the dates, and that the right company is chosen.');
  const shown = worries.slice(0, shownWorries);
  if (worries.length > shown.length) shown.push(`${formatCount(worries.length - shown.length)} more in the log.`);
  return { worrying: worries.length > 0, text: [countsText(result), ...shown].map(inEditorWords).join(' ') };
}

const shownWorries = 2;

const jobNames: Record<JobResult['command'], string> = {
  sync: 'Sync',
  backfill: 'Backfill',
  'clear-and-reload': 'Clear and reload',
};

function countsText(result: JobResult): string {
  const name = result.dryRun ? 'Dry run' : jobNames[result.command];
  const head = `${name} ${rangeText(result)}: ${formatCountOf(result.invoices, 'invoice')}`;
  const counts = ([inserted, updated, unchanged]: [string, string, string]): string =>
    `${formatCount(result.inserted)} ${inserted}, ${formatCount(result.updated)} ${updated}, ${formatCount(result.unchanged)} ${unchanged}` +
    (result.removed > 0 ? `, ${formatCount(result.removed)} removed` : '');
  if (!result.dryRun) return `${head} — ${counts(['inserted', 'updated', 'unchanged'])}.`;
  if (result.warehouse.state === 'unreachable') return `${head}, not compared with the warehouse. Nothing was written.`;
  return `${head} — ${counts(['to insert', 'to update', 'unchanged'])}. Nothing was written.`;
}

const checkParts: Record<CheckItem['part'], { name: string; buttons: Button[] }> = {
  tally: { name: 'Tally', buttons: ['Open Settings'] },
  company: { name: 'Company', buttons: ['Select Company'] },
  warehouse: { name: 'Warehouse', buttons: ['Set Warehouse URL'] },
  schema: { name: 'Tables', buttons: [] },
};

/** Says the part's name where the core's own words do not. */
function checkLine(item: CheckItem): string {
  const { name } = checkParts[item.part];
  const words = [item.message, ...(item.remedy ? [item.remedy] : [])]
    .map((text) => inEditorWords(asSentence(text)))
    .join(' ');
  return words.toLowerCase().includes(name.toLowerCase()) ? words : `${name}: ${words}`;
}

/** The set-up as one message; what is fine is left out as soon as something is wrong. */
export function checkText(items: CheckItem[]): { ok: boolean; text: string; buttons: Button[]; log: string[] } {
  const wrong = items.filter((item) => !item.ok);
  const log = items.map((item) => `${item.ok ? 'ok' : 'WRONG'} · ${checkLine(item)}`);
  if (wrong.length === 0)
    return { ok: true, text: `The set-up is fine. ${items.map(checkLine).join(' ')}`, buttons: ['Show Log'], log };
  // What is wrong first is mended first.
  const buttons: Button[] = [...checkParts[wrong[0]!.part].buttons, 'Check Again', 'Show Log'];
  return { ok: false, text: wrong.map(checkLine).join(' '), buttons, log };
}

export const messages = {
  backfillTitle: (range: DateRange) => `Tally: Backfill ${rangeText(range)}`,
  dryRunTitle: (range: DateRange) => `Tally: Dry run ${rangeText(range)}`,
  syncTitle: 'Tally: Sync',
  reloadTitle: (range: DateRange) => `Tally: Clear and reload ${rangeText(range)}`,
  /** What runs, as the status bar names it. */
  running: { sync: 'Sync', backfill: 'Backfill', dryRun: 'Dry run', clearAndReload: 'Reload', verify: 'Verify' },
  checking: 'Tally: Checking the set-up',
  askingForCompanies: 'Tally: Asking which companies are open',

  /** Remarks on dates as they are typed. */
  dates: {
    write: 'Write the date as YYYY-MM-DD, for example 2024-04-01.',
    notADate: (text: string) =>
      `${JSON.stringify(text)} is not a date. Write it as YYYY-MM-DD, for example 2024-04-01.`,
    notInCalendar: (date: CalendarDate) => `${date} is not in the calendar.`,
    fromInFuture: (from: CalendarDate, today: CalendarDate) =>
      `${from} lies in the future: there is nothing to load yet. Today is ${today}.`,
    toBeforeFrom: (to: CalendarDate, from: CalendarDate) =>
      `${to} is before the first day, ${from}. Give ${from} or a later date.`,
    toInFuture: (to: CalendarDate, today: CalendarDate) =>
      `${to} lies in the future: the range will end today, ${today}.`,
  },

  presets: {
    thisFinancialYear: (name: string) => `This financial year (${name})`,
    lastFinancialYear: (name: string) => `Last financial year (${name})`,
    thisQuarter: 'This quarter',
    lastQuarter: 'Last quarter',
    thisMonth: 'This month',
    lastMonth: 'Last month',
    demo: 'Demo range',
  },

  range: {
    question: 'Which invoices? Choose by their date',
    other: 'Other dates…',
    otherDetail: 'Give the first and the last day',
    from: 'First day, YYYY-MM-DD',
    to: 'Last day, YYYY-MM-DD (inclusive)',
    modeQuestion: 'How should they be loaded?',
    whole: 'Whole range (recommended)',
    wholeDetail: 'Fastest. All or nothing: readers see the old rows until all new ones are there.',
    days: 'Day by day',
    daysDetail: 'Oldest first, each day by itself: loaded days stay. For finding a day that fails.',
  },
  backfillInput: 'Backfill Range',
  dryRunInput: 'Dry Run Range',
  reloadInput: 'Clear and Reload Range',
  dryRun: {
    /** The report's name as a file, without its extension. */
    file: (company: string, { from, to }: DateRange) =>
      `Tally dry run ${fileWords(company)} ${rangeText({ from, to })}`,
    kind: 'Text',
    save: 'Save Dry Run',
    saved: (place: string) => `The dry run is saved: ${place}`,
    notSaved: (place: string, reason: string) =>
      `The dry run was not saved to ${place}: ${asSentence(reason)} Save it in another folder, or close the program that has the file open.`,
  },
  file: {
    open: 'Read',
    kind: 'Day Book exported as XML',
    reading: (name: string) => `Tally: Reading ${name}`,
    counted: (vouchers: number, percent: number) => `${formatCountOf(vouchers, 'voucher')} · ${percent} %`,
    input: (name: string, company: string) => `Backfill from ${name}${company === '' ? '' : ` (${company})`}`,
    everything: (vouchers: number) => `Everything in the file (${formatCountOf(vouchers, 'voucher')})`,
    notLocal: (name: string) =>
      `${name} lies in a virtual folder and cannot be read from there. Save it on the computer that loads the invoices, and choose it there.`,
  },
  of: (title: string, inDemo: boolean) => (inDemo ? `${title} (demo company)` : title),

  company: {
    title: 'Select Company',
    question: 'Which company shall be loaded? These are open in Tally',
    current: 'current',
    none: 'No company is open in Tally. Open one there, then select it here.',
    saved: (name: string, where: 'workspace' | 'user') =>
      `Invoices will be loaded from “${name}”. Saved as tally.company in the ${where} settings.`,
  },

  warehouse: {
    title: 'Set Warehouse URL',
    prompt: (now: string | undefined) =>
      `${now === undefined ? '' : `Now: ${now}. `}Leave empty for the embedded warehouse. Kept in the secret storage, never in a settings file.`,
    placeholder: 'postgres://user:password@host:5432/database',
    write: 'Write it like postgres://user:password@host:5432/database.',
    notPostgres: 'Not a PostgreSQL address. Write it like postgres://user:password@host:5432/database.',
    unreadable:
      'The address cannot be read. In the password write @ as %40, : as %3A, / as %2F, # as %23 and ? as %3F.',
    embedded: 'the embedded warehouse',
    own: 'your own warehouse',
    saved: (place: string) => `Invoices will be written to ${place}.`,
    dotEnvRules: 'The DB_URL in .env says so: no warehouse URL is stored any more.',
    demoFirst: 'As long as the demo company runs, its invoices go to the embedded warehouse all the same.',
  },

  reload: {
    confirm: (range: DateRange, company: string) => `Clear and reload ${rangeText(range)} of ${company}?`,
    detail: (place: string, dayByDay: boolean) =>
      `Tally is read first. Then, ${dayByDay ? 'day by day' : 'in one step'}, the invoices of this range that Tally no longer has are deleted from ${place} and all others are brought up to date. Readers never see the range empty. The checkpoint stays where it is.`,
    button: 'Clear and Reload',
    theOpenCompany: 'the company that is open in Tally',
    guardDetail:
      'Check the company and the period in Tally first. Reload Anyway replaces the range by what Tally has now.',
    anyway: 'Reload Anyway',
  },

  checkpoint: {
    here: 'From the checkpoint',
    resetTitle: (stream: string) => `Reset Checkpoint of ${stream}`,
    resetPrompt: (now: CalendarDate) => `Now: ${now}. New date, YYYY-MM-DD`,
    confirmReset: (stream: string, company: string, date: CalendarDate) =>
      `Set the checkpoint of ${stream} of “${company}” to ${date}?`,
    resetDetail: (now: CalendarDate, next: DateRange, overlapDays: number) =>
      `It stands at ${now} now. The next sync will load ${rangeText(next)}: from the checkpoint, less an overlap of ${formatCountOf(overlapDays, 'day')}, to today. Rows of the warehouse stay as they are.`,
    resetButton: 'Reset Checkpoint',
    wasReset: (stream: string, date: CalendarDate, next: DateRange) =>
      `The checkpoint of ${stream} stands at ${date}. The next sync will load ${rangeText(next)}.`,
  },

  tree: {
    checkpoints: 'Checkpoints',
    runs: 'Recent Runs',
    noCheckpoints: 'None yet: the first sync makes one',
    noRuns: 'None on record: syncs are',
    rejects: 'Rejects',
    rejectsTooltip: 'Vouchers that could not be read, why, and how to mend them in Tally. Click to show them.',
    more: 'Load more…',
    showDetails: 'Show Details',
    showRejects: 'Show Rejects',
    remedies: [
      { title: 'Retry', icon: 'refresh', command: 'tally.refresh' },
      { title: 'Set Warehouse URL', icon: 'key', command: 'tally.setWarehouseUrl' },
      { title: 'Show Log', icon: 'output', command: 'tally.showLog' },
    ],
    errorCopied: 'The error is on the clipboard.',
  },

  coverage: {
    title: 'Tally Coverage',
    reading: 'Reading the warehouse…',
    /** What an empty warehouse is filled with. */
    whenEmpty: [
      { title: 'Backfill Range', command: 'tally.backfillRange' },
      { title: 'Start Demo Company', command: 'tally.startDemoCompany' },
    ],
  },

  documentGone:
    'This text is no longer at hand. Open it again in the view Tally: a run by Show Details under Recent Runs, what could not be read by Show Rejects, a comparison by Verify Range.\n',

  rejects: {
    asking: 'Tally: Looking for what could not be read',
    title: 'Tally Rejects',
    notAtHand: 'What was rejected cannot be shown now:',
  },

  statusBarName: 'Tally sync',
  statusBarRunning: 'A run is on. Click to show the view Tally.',

  scheduled: {
    failed: (text: string) => `The scheduled sync failed, and goes on trying: ${text}`,
    copied: (where: 'crontab' | 'prompt', envFile: string) =>
      `The command is on the clipboard: ${where === 'crontab' ? 'add the line by crontab -e' : 'run it once in a command prompt'}, and an hourly sync runs without VS Code. It takes its settings from ${envFile}. A warehouse URL that is kept as a secret is not copied: write it there as DB_URL=…, else the embedded warehouse is used.`,
  },

  demo: {
    starting: 'Tally: Starting the demo company',
    running: (company: string) =>
      `The demo company “${company}” is running. What you load from it goes into the embedded warehouse.`,
    alreadyRunning: (company: string) => `The demo company “${company}” is already running.`,
    statusName: 'Tally demo company',
    statusText: '$(beaker) Tally demo',
    statusTooltip: (company: string, url: string) => `Demo company “${company}” at ${url}. Click to stop it.`,
    notRunning: 'The demo company is no longer running.',
    startAgain: 'Start it again with Tally: Start Demo Company.',
    stopped: 'The demo company has stopped. Your own settings are in force again.',
  },
};
