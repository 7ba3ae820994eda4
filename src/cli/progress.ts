import type { Writable } from 'node:stream';
import { MultiBar } from 'cli-progress';
import { formatCount, type Progress } from '../core/core.js';

/** Shows how far a job is, on the stream that also takes the log lines. */
export interface ProgressView {
  show: (progress: Progress) => void;
  /** Writes a log line without damage to the progress display. */
  line: (text: string) => void;
  close: () => void;
}

const linesEvery = 100;

const rowLinesEvery = 10_000;

/**
 * A line whenever the count passes a multiple of 100 invoices, or of 10,000 rows of an export: for files, pipes and
 * schedulers.
 */
export function progressLines(stream: Writable): ProgressView {
  let lines = 0;
  const line = (text: string): void => void stream.write(`${text}\n`);
  return {
    show(progress) {
      const { rows, invoices } = progress;
      const reached = Math.floor(rows === undefined ? invoices / linesEvery : rows / rowLinesEvery);
      if (reached > lines) line(progressLine(progress));
      lines = reached;
    },
    line,
    close() {
      // Printed lines stay.
    },
  };
}

/** `1,200 of 3,400 invoices read, up to 2024-06-02 (34 %)`; of several companies: `1,200 invoices read, 3 of 64 companies done` */
export function progressLine({ invoices, rows, total, date, fraction, companies }: Progress): string {
  if (companies) return `${formatCount(invoices)} invoices read, ${companiesDone(companies)}`;
  const upTo = date === undefined ? '' : `, up to ${date}`;
  const percent = fraction === undefined ? '' : ` (${percentOf(fraction)})`;
  if (rows !== undefined) return `${ofTotal(rows, total)} rows exported${percent}`;
  return `${ofTotal(invoices, total)} invoices read${upTo}${percent}`;
}

const companiesDone = ({ ended, total }: NonNullable<Progress['companies']>): string =>
  `${formatCount(ended)} of ${formatCount(total)} companies done`;

const ofTotal = (invoices: number, total: number | undefined): string =>
  total === undefined ? formatCount(invoices) : `${formatCount(invoices)} of ${formatCount(total)}`;

/** A moving bar for a terminal. Log lines appear above it; `close` removes the bar. */
export function progressBar(stream: NodeJS.WriteStream, clock: () => number = Date.now): ProgressView {
  let progress: Progress = { phase: 'preparing', invoices: 0, vouchers: 0 };
  let readingSince = clock();
  const bars = new MultiBar({
    stream,
    format: () => barText(progress, clock() - readingSince),
    clearOnComplete: true,
    forceRedraw: true, // a log line overwrites the bar; without this an unchanged bar would not be drawn again
    linewrap: true, // with false, a killed run would leave the terminal with line wrap switched off
    gracefulExit: false, // signals are the command line's own business
  });
  bars.create(1, 0);
  return {
    show(next) {
      // Rate and time left count from the end of the preparations, whose duration says nothing about the reading.
      if (progress.phase === 'preparing' && next.phase !== 'preparing') readingSince = clock();
      progress = next;
    },
    line(text) {
      bars.log(`${text}\n`);
    },
    close() {
      bars.update(); // writes the waiting log lines, which stop() would drop
      bars.stop();
    },
  };
}

const phaseTitles = { preparing: 'Preparing', reading: 'Reading', writing: 'Writing', exporting: 'Exporting' } as const;

/** The text of the bar, within 80 columns: `Reading █████░░░░░  34 %  1,200 invoices  820/s  0:14 left  2024-06-02`. */
export function barText(progress: Progress, elapsedMs: number): string {
  const { phase, invoices, rows, total, fraction, date, companies } = progress;
  const title = phaseTitles[phase];
  if (companies)
    return `Syncing ${bar(companies.ended / companies.total)}  ${companiesDone(companies)}  ${formatCount(invoices)} invoices`;
  if (phase === 'preparing') return `${title} …`;
  const shown = fraction === undefined ? title : `${title} ${bar(fraction)} ${percentOf(fraction).padStart(5)}`;
  if (rows !== undefined) return `${shown}  ${ofTotal(rows, total)} rows`;
  const parts = [shown, `${ofTotal(invoices, total)} invoices`];
  if (phase === 'reading' && elapsedMs >= 1000) {
    parts.push(`${formatCount(Math.round((invoices * 1000) / elapsedMs))}/s`);
    if (fraction !== undefined && fraction > 0 && fraction < 1)
      parts.push(`${clockTime((elapsedMs * (1 - fraction)) / fraction)} left`);
  }
  // With the total, 80 columns have no room for the date.
  if (date !== undefined && total === undefined) parts.push(date);
  return parts.join('  ');
}

const barWidth = 14;

function bar(fraction: number): string {
  const full = Math.min(barWidth, Math.floor(fraction * barWidth));
  return '█'.repeat(full) + '░'.repeat(barWidth - full);
}

/** Rounded down, so that 100 % appears only at the end. */
const percentOf = (fraction: number): string => `${Math.floor(Math.min(1, fraction) * 100)} %`;

/** `0:14`, `12:05`, `1:02:30` */
function clockTime(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const pad = (n: number): string => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${pad(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`;
}
