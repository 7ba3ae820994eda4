import {
  alignTable,
  describeShape,
  formatCount,
  formatCountOf,
  dateText,
  formatDuration,
  formatRupeesShort,
  formatSpan,
  formatTime,
  nextSyncRange,
  paiseOf,
  wrapWords,
  type CalendarDate,
  type Checkpoint,
  type CompanySummary,
  type LoggedRun,
  type RejectCount,
  type Status,
  type YearSummary,
} from '../core/core.js';

interface Now {
  overlapDays: number;
  today: CalendarDate;
  program: string;
}

/** The status, and `loaded`: the figures of each company in the warehouse. */
export type ShownStatus = Status & { loaded: CompanySummary[] };

const columns = 100;
const marks: Record<LoggedRun['status'], string> = { ok: '✓', error: '✗', cancelled: '–' };

/**
 * Shows loaded years, checkpoints, rejected vouchers and the latest runs, or how to begin if there are none. Times are
 * in this computer's time zone.
 */
export function describeStatus({ checkpoints, runs, rejects, dataDir, shape, loaded }: ShownStatus, now: Now): string {
  const about = [
    ...(dataDir === undefined ? [] : [`Built-in warehouse: ${dataDir}`]),
    ...(shape === undefined ? [] : [describeShape(shape)]),
  ];
  const place = about.length === 0 ? '' : `${about.join('\n')}\n\n`;
  const rejected = rejectLines(rejects, now.program);
  if (checkpoints.length === 0 && runs.length === 0 && loaded.length === 0)
    return `${place}${rejected.map((line) => `${line}\n`).join('')}Nothing loaded yet.
Begin with: ${now.program} backfill FROM TO, or ${now.program} sync`;
  const tables = [
    ...loadedLines(loaded),
    'CHECKPOINTS',
    ...checkpointTable(checkpoints, now),
    '',
    ...rejected,
    'LAST RUNS',
    ...runTable(runs),
  ];
  return place + tables.join('\n');
}

/** Each company with its financial years below it, the newest first. */
function loadedLines(companies: readonly CompanySummary[]): string[] {
  if (companies.length === 0) return [];
  const rows = companies.map(({ name, upTo, years }) => ({
    title: upTo === null ? name : `${name}, up to ${dateText(upTo)}`,
    table: alignTable(
      [['', 'Year', 'Invoices', 'Net sales', 'Net purchases', 'Months', 'Days not loaded'], ...years.map(yearRow)],
      ['left', 'left', 'right', 'right', 'right', 'left', 'right'],
    ),
  }));
  return ['LOADED', ...rows.flatMap(({ title, table }) => [title, ...table]), ''];
}

function yearRow({ name, invoices, netSales, netPurchases, months, daysNotLoaded }: YearSummary): string[] {
  const loaded = months.filter(({ daysLoaded }) => daysLoaded > 0);
  const [first, last] = [loaded[0]?.from.slice(0, 7), loaded.at(-1)?.from.slice(0, 7)];
  return [
    '',
    name,
    formatCount(invoices),
    formatRupeesShort(paiseOf(netSales)),
    formatRupeesShort(paiseOf(netPurchases)),
    first === undefined || last === undefined ? '-' : formatSpan(first, last),
    formatCount(daysNotLoaded),
  ];
}

function rejectLines(rejects: readonly RejectCount[], program: string): string[] {
  if (rejects.length === 0) return [];
  const counts = rejects.map((company) => `${formatCountOf(company.rejects, 'voucher')} of ${company.companyName}`);
  return [
    'REJECTS',
    ...wrapWords(`${counts.join(', ')} could not be read.`, columns),
    `Show them with: ${program} rejects`,
    '',
  ];
}

function checkpointTable(checkpoints: readonly Checkpoint[], { overlapDays, today }: Now): string[] {
  if (checkpoints.length === 0) return ['None yet. The first sync that is proven complete sets a checkpoint.'];
  const rows = checkpoints.map(({ stream, companyName, lastDate, updatedAt }) => [
    stream,
    companyName,
    lastDate,
    formatTime(new Date(updatedAt)),
    nextSyncRange(lastDate, overlapDays, today).from,
  ]);
  const head = ['Stream', 'Company', 'Last date', 'Updated', 'Next sync from'];
  return alignTable(
    [head, ...rows],
    head.map(() => 'left'),
  );
}

function runTable(runs: readonly LoggedRun[]): string[] {
  if (runs.length === 0) return ['No runs yet. Only sync runs are logged here.'];
  const severalCompanies = new Set(runs.map((run) => run.companyId).filter((id) => id !== null)).size > 1;
  const [head = '', ...lines] = alignTable(
    [['  When', 'Run', 'Range', 'Read', 'Inserted', 'Updated', 'Unchanged', 'Took'], ...runs.map(runRow)],
    ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
  );
  return [
    head,
    ...runs.flatMap((run, index) => [lines[index]!, ...runDetails(run, runs[index - 1], severalCompanies)]),
  ];
}

const runRow = (run: LoggedRun): string[] => [
  `${marks[run.status]} ${formatTime(new Date(run.runAt))}`,
  run.command,
  run.from === null || run.to === null ? '-' : formatSpan(run.from, run.to),
  ...[run.rows, run.inserted, run.updated, run.unchanged].map(formatCount),
  took(run.durationMs),
];

/** From one minute on, whole minutes only: with seconds the row would be too wide. */
const took = (ms: number): string => (ms < 60_000 ? formatDuration(ms) : `${Math.round(ms / 60_000)} min`);

/**
 * The details that have no column, because most rows would leave it empty. `above`: the next newer run. `named`: the
 * details begin with the company's name.
 */
function runDetails(run: LoggedRun, above: LoggedRun | undefined, named: boolean): string[] {
  const { missing, rejected, companyName } = run;
  const counts = [
    ...(missing > 0 ? [`${formatCount(missing)} missing in Tally`] : []),
    ...(rejected > 0 ? [`${formatCount(rejected)} rejected`] : []),
  ].join(', ');
  return [named ? (companyName ?? '') : '', counts, failure(run, above)]
    .filter((text) => text !== '')
    .flatMap((text) => wrapWords(text, columns - 4))
    .map((text) => `    ${text}`);
}

/**
 * A schedule often fails with the same error every night. Only the newest of such runs in a row shows its text; the others
 * say `as above`.
 */
function failure({ status, errorCode, error }: LoggedRun, above: LoggedRun | undefined): string {
  if (status === 'ok') return '';
  const code = errorCode ?? status;
  if (error === null) return code;
  return error === above?.error ? `${code}, as above` : `${code}: ${error}`;
}
