// Sentences that a user of the extension reads. Some parts have theirs in `…Words.ts`, the core has errors and reports.
// Each is a whole sentence within `t(…)`, so that it can be translated: l10n/bundle.l10n.hi.json has the Hindi.
import { t } from '@vscode/l10n';
import type { CalendarDate, DateRange } from '../core/core.js';
import type { CommandId } from './commands/commandIds.js';
import { companyNames } from '../core/base/companiesSynced.js';
import { dateText, dayCount, rangeText, voucherCount } from '../core/base/countWords.js';
import { formatCount, formatSpan } from '../core/base/format.js';
import { partName } from './language/language.js';
import { asSentence } from './notices/errorWords.js';
import type { TaskLogon } from './schedule/windowsTask.js';

/** Text for a notification: VS Code would make a link of a `[words](command:…)` in a name from outside. */
export const unlinked = (text: string): string => text.replaceAll('](', '] (');

/** The first two worries, a sentence each, and how many more are in the log: a notification has little room. */
export function worriesShown(worries: readonly string[]): string[] {
  const shown = worries.slice(0, 2);
  if (worries.length > shown.length) shown.push(messages.more.inLog(worries.length - shown.length));
  return shown;
}

/** A name for use in a file's name: at most 60 characters, without those that Windows forbids there. */
export const fileWords = (name: string): string =>
  Array.from(name.replace(/[\\/:*?"<>|\s\p{Cc}]+/gu, ' ').trim())
    .slice(0, 60)
    .join('');

export const messages = {
  backfillTitle: (range: DateRange) => t('Tally: Backfill {range}', { range: rangeText(range) }),
  dryRunTitle: (range: DateRange) => t('Tally: Dry run {range}', { range: rangeText(range) }),
  syncTitle: () => t('Tally: Sync'),
  reloadTitle: (range: DateRange) => t('Tally: Clear and reload {range}', { range: rangeText(range) }),
  /** The names of jobs, for the status bar and for rows of the view. */
  running: {
    sync: () => t('Sync'),
    backfill: () => t('Backfill'),
    dryRun: () => t('Dry run'),
    clearAndReload: () => t('Reload'),
    verify: () => t('Verify'),
  },
  checking: () => t('Tally: Checking the setup'),
  askingForCompanies: () => t('Tally: Asking which companies are open'),

  /** Remarks on dates as they are typed. */
  dates: {
    write: () => t('Write the day first, for example 01-04-2024 or 1-Apr-24.'),
    notADate: (text: string) =>
      t('{text} is not a date. Write the day first, for example 01-04-2024 or 1-Apr-24.', { text: `“${text}”` }),
    notInCalendar: (text: string) => t('{date} is not in the calendar.', { date: text }),
    fromInFuture: (from: CalendarDate, today: CalendarDate) =>
      t('{from} lies in the future: there is nothing to load yet. Today is {today}.', {
        from: dateText(from),
        today: dateText(today),
      }),
    toBeforeFrom: (to: CalendarDate, from: CalendarDate) =>
      t('{to} is before the first day, {from}. Give {from} or a later date.', {
        to: dateText(to),
        from: dateText(from),
      }),
    toInFuture: (to: CalendarDate, today: CalendarDate) =>
      t('{to} lies in the future: the range will end today, {today}.', { to: dateText(to), today: dateText(today) }),
  },

  presets: {
    all: (from: CalendarDate) => t('All of the books (from {from})', { from: dateText(from) }),
    allLoaded: () => t('All that is loaded'),
    financialYear: (name: string) => t('Financial year {name}', { name }),
    thisFinancialYear: (name: string) => t('This financial year ({name})', { name }),
    lastFinancialYear: (name: string) => t('Last financial year ({name})', { name }),
    thisQuarter: () => t('This quarter'),
    lastQuarter: () => t('Last quarter'),
    thisMonth: () => t('This month'),
    lastMonth: () => t('Last month'),
    demo: () => t('Demo range'),
  },

  range: {
    question: () => t('Which period?'),
    other: () => t('Other dates'),
    otherDetail: () => t('Give the first and the last day'),
    from: () => t('First day, for example 01-04-2024'),
    to: (from: CalendarDate) => t('Last day, after {from} or the same day', { from: dateText(from) }),
    modeQuestion: () => t('How should they be loaded?'),
    whole: () => t('Whole range (recommended)'),
    wholeDetail: () => t('Fastest. Month by month; finished months stay if it is cancelled.'),
    replaceDetail: () => t('Fastest. All or nothing: readers see the old rows until all new ones are there.'),
    days: () => t('Day by day'),
    daysDetail: () => t('Oldest first, one day at a time; finished days stay. For finding a day that fails.'),
  },
  backfillInput: () => t('Backfill Range'),
  dryRunInput: () => t('Dry Run Range'),
  reloadInput: () => t('Clear and Reload Range'),
  dryRun: {
    /** The report's name as a file, without its extension. */
    file: (company: string, { from, to }: DateRange) => `Tally dry run ${fileWords(company)} ${formatSpan(from, to)}`,
    kind: () => t('Text'),
    save: () => t('Save Dry Run'),
    saved: (place: string) => t('The dry run is saved: {place}', { place }),
    notSaved: (place: string, reason: string) =>
      t(
        'The dry run was not saved to {place}: {reason} Save it in another folder, or close the program that has the file open.',
        { place, reason: asSentence(reason) },
      ),
  },
  file: {
    open: () => t('Read'),
    kind: () => t('Day Books and masters exported as XML'),
    reading: (name: string) => t('Tally: Reading {name}', { name }),
    counted: (vouchers: number, percent: number) => `${voucherCount(vouchers)} · ${percent} %`,
    choose: () => t('Backfill from files: Day Books, and the masters that explain them'),
    names: ([first = '', ...others]: string[]) =>
      others.length === 0 ? first : t('{name} and {count} more', { name: first, count: formatCount(others.length) }),
    input: (name: string, company: string) =>
      company === '' ? t('Backfill from {name}', { name }) : t('Backfill from {name} ({company})', { name, company }),
    everything: (vouchers: number, files: number) =>
      files === 1
        ? t('Everything in the file ({vouchers})', { vouchers: voucherCount(vouchers) })
        : t('Everything in the files ({vouchers})', { vouchers: voucherCount(vouchers) }),
    notLocal: (name: string) =>
      t(
        '{name} lies in a virtual folder and cannot be read from there. Save it on the computer that loads the invoices, and choose it there.',
        { name },
      ),
  },
  of: (title: string, inDemo: boolean) => (inDemo ? t('{title} (demo company)', { title }) : title),

  company: {
    title: () => t('Select Company'),
    question: () => t('Which company? These are open in Tally'),
    current: () => t('current'),
    none: () => t('No company is open in Tally. Open one there, then select it here.'),
    saved: (name: string, where: 'workspace' | 'user') =>
      where === 'workspace'
        ? t('Invoices will be loaded from “{name}”. Saved as tally.company in the workspace settings.', { name })
        : t('Invoices will be loaded from “{name}”. Saved as tally.company in the user settings.', { name }),
    several: () => t('Several Companies'),
    severalDetail: () => t('For Sync All and VS Code’s own schedule'),
    whichSeveral: () => t('Which companies? These are open in Tally, or were chosen before'),
    notOpenNow: () => t('Not open now. Chosen before'),
    books: (from: CalendarDate, last: CalendarDate | undefined) => {
      const args = { from: dateText(from), last: last === undefined ? '' : dateText(last) };
      return last === undefined ? t('Books from {from}', args) : t('Books from {from} · last voucher {last}', args);
    },
    savedSeveral: (companies: readonly string[], where: 'workspace' | 'user') =>
      where === 'workspace'
        ? t(
            'Sync All and VS Code’s own schedule load {companies}. Saved as tally.companies in the workspace settings.',
            {
              companies: companyNames(companies),
            },
          )
        : t('Sync All and VS Code’s own schedule load {companies}. Saved as tally.companies in the user settings.', {
            companies: companyNames(companies),
          }),
  },

  syncAll: {
    title: () => t('Tally: Sync All'),
    now: (company: string, at: number, total: number, text: string) =>
      t('{company} ({at} of {total}): {text}', { company, at: formatCount(at), total: formatCount(total), text }),
    cancelled: (companies: readonly string[]) => t('Cancelled: {companies}.', { companies: companyNames(companies) }),
    worrying: (companies: readonly string[]) =>
      t('With warnings: {companies}.', { companies: companyNames(companies) }),
  },

  warehouse: {
    title: () => t('Set Warehouse URL'),
    prompt: (keeper: 'workspace' | 'user') =>
      keeper === 'workspace'
        ? t('Leave empty for the warehouse of all folders. The password is asked next. Kept in the secret storage.')
        : t('Leave empty for the built-in warehouse. The password is asked next. Kept in the secret storage.'),
    password: (place: string, keeps: boolean) =>
      keeps
        ? t('The password for {place}. Leave empty to keep the stored one.', { place })
        : t('The password for {place}. Leave empty where none is needed.', { place }),
    trying: () => t('Tally: Trying the warehouse'),
    placeholder: 'postgres://user@host:5432/database',
    write: () => t('Write it like postgres://user:password@host:5432/database.'),
    notPostgres: () => t('Not a PostgreSQL address. Write it like postgres://user:password@host:5432/database.'),
    unreadable: () =>
      t('The address cannot be read. In the password write @ as %40, : as %3A, / as %2F, # as %23 and ? as %3F.'),
    embedded: () => t('the built-in warehouse'),
    ofDemo: () => t('the demo’s own warehouse'),
    own: () => t('your own warehouse'),
    saved: (place: string) => t('Invoices will be written to {place}.', { place }),
    demoFirst: () => t('While the demo company runs, its invoices still go into its own warehouse.'),
  },

  warehouseFolder: {
    own: (place: string) => t('The warehouse is {place}: its files are on that server.', { place }),
    none: (folder: string) =>
      t('The built-in warehouse does not exist yet. The first load makes it in {folder}.', { folder }),
    elsewhere: (folder: string, computer: string) =>
      t(
        'The built-in warehouse lies in {folder}, on the remote computer of this window ({computer}). The path is on the clipboard.',
        { folder, computer },
      ),
  },

  reload: {
    confirm: (range: DateRange, company: string) =>
      t('Clear and reload {range} of {company}?', { range: rangeText(range), company }),
    detail: (place: string, dayByDay: boolean) =>
      dayByDay
        ? t(
            'Tally is read first. Then, day by day, the invoices of this range that Tally no longer has are deleted from {place} and all others are brought up to date. Readers never see the range empty. The checkpoint stays where it is.',
            { place },
          )
        : t(
            'Tally is read first. Then, in one step, the invoices of this range that Tally no longer has are deleted from {place} and all others are brought up to date. Readers never see the range empty. The checkpoint stays where it is.',
            { place },
          ),
    button: () => t('Clear and Reload'),
    theOpenCompany: () => t('the company that is open in Tally'),
    guardDetail: () =>
      t('Check the company and the period in Tally first. Reload Anyway replaces the range by what Tally has now.'),
    anyway: () => t('Reload Anyway'),
  },

  checkpoint: {
    here: () => t('From the checkpoint'),
    resetTitle: (company: string) => t('Reset Checkpoint of “{company}”', { company }),
    resetPrompt: (now: CalendarDate) => t('Now: {now}. New date, for example 01-04-2024', { now: dateText(now) }),
    confirmReset: (company: string, date: CalendarDate) =>
      t('Set the checkpoint of “{company}” to {date}?', { company, date: dateText(date) }),
    resetDetail: (now: CalendarDate, next: DateRange, overlapDays: number) =>
      t(
        'The checkpoint is {now} now. The next sync will load {next}: from the checkpoint, less an overlap of {overlap}, to today. Rows of the warehouse stay as they are.',
        { now: dateText(now), next: rangeText(next), overlap: dayCount(overlapDays) },
      ),
    resetButton: () => t('Reset Checkpoint'),
    wasReset: (company: string, date: CalendarDate, next: DateRange) =>
      t('The checkpoint of “{company}” is now {date}. The next sync will load {next}.', {
        company,
        date: dateText(date),
        next: rangeText(next),
      }),
  },

  tree: {
    groups: {
      attention: () => t('Needs Attention'),
      warehouse: () => t('Warehouse'),
      checkpoints: () => t('Checkpoints'),
      runs: () => t('Recent Runs'),
    },
    month: (date: CalendarDate) => partName(date, 'month'),
    demoCompany: () => t('demo company'),
    demoCheckpoint: () => t('This is the demo company: start it to sync'),
    nothingLoaded: () => t('Nothing loaded yet'),
    noCheckpoints: () => t('None yet: the first sync makes one'),
    noRuns: () => t('No runs yet.'),
    rejects: () => t('Rejected vouchers'),
    rejectsTooltip: () => t('Vouchers that could not be read, why, and how to fix them in Tally. Click to show them.'),
    more: () => t('Load more'),
    showDetails: () => t('Show Details'),
    openReport: () => t('Open Report'),
    showDay: (day: CalendarDate) => t('Show Invoices of {date}', { date: dateText(day) }),
    showRejects: () => t('Show Rejected Vouchers'),
    /** A wrong value in .env has to be corrected there. Check Setup names it, with a button that opens the file. */
    remedies: (isInDotEnv: boolean): { title: string; icon: string; command: CommandId }[] => [
      { title: t('Retry'), icon: 'refresh', command: 'tally.refresh' },
      isInDotEnv
        ? { title: t('Check Setup'), icon: 'checklist', command: 'tally.checkSetup' }
        : { title: t('Set Warehouse URL'), icon: 'key', command: 'tally.setWarehouseUrl' },
      { title: t('Show Log'), icon: 'output', command: 'tally.showLog' },
    ],
    errorCopied: () => t('The error is on the clipboard.'),
    noRow: () => t('The view was just being updated. Choose again on the row.'),
  },

  coverage: {
    title: () => t('Tally Coverage'),
    reading: () => t('Reading the warehouse…'),
    /** The commands that fill an empty warehouse. */
    whenEmpty: (): { title: string; command: CommandId }[] => [
      { title: t('Backfill Range'), command: 'tally.backfillRange' },
      { title: t('Start Demo Company'), command: 'tally.startDemoCompany' },
    ],
  },

  invoices: { title: () => t('Tally Invoices') },

  summary: { title: () => t('Tally Summary') },

  documentGone: () =>
    `${t(
      'This document belongs to an earlier session, or is too old. Reopen it from the view Tally: a run by Show Details under Recent Runs, rejected vouchers by Show Rejected Vouchers, a comparison by Verify Range.',
    )}\n`,

  rejects: {
    asking: () => t('Tally: Looking for what could not be read'),
    title: () => t('Tally Rejected Vouchers'),
    /** Where rejected vouchers are shown, in the words of a run's account. */
    command: () => t('the command Tally: Show Rejected Vouchers'),
    notAtHand: (reason: string) => t('What was rejected cannot be shown now: {reason}', { reason }),
    load: (date: CalendarDate | undefined, source?: 'file' | null) =>
      source === 'file'
        ? t('Run “Tally: Backfill from File” with the Day Book and the file of the masters.')
        : date === undefined
          ? t('Run “Tally: Backfill Range” for its day.')
          : t('Run “Tally: Backfill Range” for {date}.', { date: dateText(date) }),
  },

  statusBarName: () => t('Tally Warehouse'),
  statusBarRunning: () => t('A run is in progress. Click for commands.'),

  menu: {
    title: () => t('Tally'),
    question: () => t('What would you like to do?'),
    /** While a load is running, another load is not offered. */
    items: (inDemo: boolean, isLoading: boolean): { label: string; does: CommandId | 'view' }[] => [
      ...(isLoading
        ? []
        : [
            { label: `$(sync) ${t('Sync Now')}`, does: 'tally.syncNow' as const },
            { label: `$(cloud-download) ${t('Backfill Range')}`, does: 'tally.backfillRange' as const },
          ]),
      { label: `$(graph) ${t('Show Summary')}`, does: 'tally.showSummary' },
      { label: `$(table) ${t('Show Invoices')}`, does: 'tally.showInvoices' },
      { label: `$(calendar) ${t('Show Coverage')}`, does: 'tally.showCoverage' },
      { label: `$(list-tree) ${t('Show Tally View')}`, does: 'view' },
      { label: `$(checklist) ${t('Check Setup')}`, does: 'tally.checkSetup' },
      { label: `$(output) ${t('Show Log')}`, does: 'tally.showLog' },
      inDemo
        ? { label: `$(debug-stop) ${t('Stop Demo Company')}`, does: 'tally.stopDemoCompany' }
        : { label: `$(play-circle) ${t('Start Demo Company')}`, does: 'tally.startDemoCompany' },
    ],
  },

  scheduled: {
    failed: (text: string) => t('The scheduled sync failed, and goes on trying: {text}', { text }),
    logon: () => ({ title: t('Copy Command for Scheduled Sync'), placeholder: t('When should the sync run?') }),
    logons: () => [
      {
        logon: 'signed-in' as TaskLogon,
        label: t('While you are signed in'),
        detail: t('Each hour, without a window. For a Tally that runs on this computer.'),
      },
      {
        logon: 'always' as TaskLogon,
        label: t('Whether you are signed in or not'),
        detail: t('Each hour. For a Tally on a server. Windows asks for an administrator once.'),
      },
    ],
    copied: (where: 'crontab' | TaskLogon, envFile: string, companies: number) => {
      const what =
        companies > 0
          ? t('It syncs the chosen companies ({count}) with the settings in {envFile}.', {
              count: formatCount(companies),
              envFile,
            })
          : t('It syncs one company with the settings in {envFile}.', { envFile });
      const settings = `${what} ${t('A stored warehouse URL is not copied: write it there as DB_URL=….')}`;
      const next = {
        crontab: t(
          'The command is on the clipboard: add the line by crontab -e, and an hourly sync runs without VS Code.',
        ),
        'signed-in': t(
          'The command is on the clipboard: run it once in a command prompt, and an hourly sync runs without VS Code.',
        ),
        always: t(
          'The command is on the clipboard: run it once in a command prompt that was started as administrator, and an hourly sync runs without VS Code.',
        ),
      };
      return `${next[where]} ${settings}`;
    },
  },

  demo: {
    starting: () => t('Tally: Starting the demo company'),
    running: (company: string) =>
      t('The demo company “{company}” is running. Its invoices go into a warehouse of its own, not into yours.', {
        company,
      }),
    alreadyRunning: (company: string) => t('The demo company “{company}” is already running.', { company }),
    notRunning: () => t('The demo company is no longer running.'),
    isDemo: (company: string) =>
      t('“{company}” is the demo company, which is not running. Start it, then try again.', { company }),
    startAgain: () => t('Start it again with Tally: Start Demo Company.'),
    stopped: () =>
      t(
        'The demo company has stopped, and your own settings apply again. Its invoices stay in its own warehouse; yours has none of them.',
      ),
  },

  more: {
    inLog: (count: number) => t('{count} more in the log.', { count: formatCount(count) }),
    inComparison: (count: number) => t('{count} more in the comparison.', { count: formatCount(count) }),
  },
};
