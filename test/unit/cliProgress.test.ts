import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { lineLogger } from '../../src/cli/lineLogger.js';
import { barText, progressBar, progressLine, progressLines } from '../../src/cli/progress.js';
import type { Progress } from '../../src/core/jobs/job.js';

const reading = (invoices: number, more: Partial<Progress> = {}): Progress => ({
  phase: 'reading',
  invoices,
  vouchers: invoices,
  ...more,
});

function collected(): { stream: PassThrough; text: () => string } {
  const stream = new PassThrough();
  return { stream, text: () => (stream.read() as Buffer | null)?.toString() ?? '' };
}

describe('progress in a file or pipe', () => {
  it('is one line for every 100 invoices, and none in between', () => {
    const { stream, text } = collected();
    const view = progressLines(stream);
    for (const invoices of [0, 0, 99, 100, 150, 200, 450, 499, 499])
      view.show(reading(invoices, { date: '2024-06-02', fraction: 0.349 }));
    view.close();
    assert.deepEqual(text().trimEnd().split('\n'), [
      '100 invoices read, up to 2024-06-02 (34 %)',
      '200 invoices read, up to 2024-06-02 (34 %)',
      '450 invoices read, up to 2024-06-02 (34 %)',
    ]);
  });

  it('says only what is known', () => {
    assert.equal(progressLine(reading(1200)), '1,200 invoices read');
    assert.equal(progressLine(reading(1200, { fraction: 1 })), '1,200 invoices read (100 %)');
  });
});

describe('progress on a terminal', () => {
  it('shows share, count, rate, time left and the date reached within 80 columns', () => {
    const text = barText(reading(1_234_500, { date: '2024-06-02', fraction: 0.25 }), 100_000);
    assert.equal(text, 'Reading ███░░░░░░░░░░░  25 %  12,34,500 invoices  12,345/s  5:00 left  2024-06-02');
    assert.ok(barText(reading(123_456, { date: '2024-06-02', fraction: 0.25 }), 100_000).length <= 80);
  });

  it('shows the whole where it is known, in the place of the date', () => {
    const known = { total: 2_000_000, date: '2024-06-02', fraction: 0.25 };
    const text = barText(reading(123_456, known), 10_000_000);
    assert.equal(text, 'Reading ███░░░░░░░░░░░  25 %  1,23,456 of 20,00,000 invoices  12/s  8:20:00 left');
    assert.ok(text.length <= 80);
    assert.equal(
      progressLine(reading(1200, { ...known, total: 4800 })),
      '1,200 of 4,800 invoices read, up to 2024-06-02 (25 %)',
    );
  });

  it('counts the companies of a sync of several, and the invoices of all', () => {
    const several = reading(12_000, { companies: { ended: 16, total: 64 } });
    assert.equal(barText(several, 5000), 'Syncing ███░░░░░░░░░░░  16 of 64 companies done  12,000 invoices');
    assert.equal(progressLine(several), '12,000 invoices read, 16 of 64 companies done');
  });

  it('counts the rows of an export', () => {
    const exporting: Progress = {
      phase: 'exporting',
      invoices: 0,
      vouchers: 0,
      rows: 12_000,
      total: 48_000,
      fraction: 0.25,
    };
    assert.equal(barText(exporting, 5000), 'Exporting ███░░░░░░░░░░░  25 %  12,000 of 48,000 rows');
    assert.equal(progressLine(exporting), '12,000 of 48,000 rows exported (25 %)');
  });

  it('promises no time before there is one to judge by', () => {
    assert.equal(barText(reading(0, { fraction: 0 }), 0), 'Reading ░░░░░░░░░░░░░░   0 %  0 invoices');
    assert.doesNotMatch(barText(reading(5, { fraction: 0 }), 5000), /left/);
    assert.doesNotMatch(barText(reading(5), 5000), /left|%/);
  });

  it('never says 100 % before the end', () => {
    assert.match(barText(reading(5, { fraction: 0.9999 }), 10), / 99 %/);
  });

  it('names what is going on', () => {
    assert.equal(barText({ phase: 'preparing', invoices: 0, vouchers: 0 }, 0), 'Preparing …');
    assert.match(
      barText({ phase: 'writing', invoices: 8431, vouchers: 9000, fraction: 1 }, 10),
      /^Writing █{14} 100 % {2}8,431/,
    );
  });

  it('keeps log lines whole, above the bar, and leaves nothing of the bar behind', () => {
    const { stream, text } = collected();
    const terminal = Object.assign(stream, { isTTY: true, columns: 80 }) as unknown as WriteStream;
    const view = progressBar(terminal);
    view.show(reading(100, { fraction: 0.5, date: '2024-06-02' }));
    view.line('first');
    view.line('second');
    view.close();
    const screen = replay(text());
    assert.deepEqual(screen, ['first', 'second', '']);
  });
});

/** The rows that a terminal shows after this output. A control sequence that is not listed here fails the test. */
function replay(output: string): string[] {
  const escape = '\u001b[';
  const rows = [''];
  let column = 0;
  const row = (): string => rows[rows.length - 1]!;
  const setRow = (text: string): void => void (rows[rows.length - 1] = text);
  for (const piece of output.split(escape).map((text, index) => (index === 0 ? text : escape + text))) {
    const sequence = piece.startsWith(escape) ? piece.slice(0, piece.search(/[A-Za-z]/) + 1) : '';
    if (sequence === `${escape}1G`) column = 0;
    else if (sequence === `${escape}0K` || sequence === `${escape}0J`) setRow(row().slice(0, column));
    else if (sequence === `${escape}2K`) setRow('');
    else assert.equal(sequence, '', 'a control sequence that this test does not know');
    for (const character of piece.slice(sequence.length)) {
      if (character === '\n') {
        rows.push('');
        column = 0;
      } else setRow(row().slice(0, column) + character + row().slice(++column));
    }
  }
  return rows;
}

describe('log lines', () => {
  const write = (verbose: boolean): string[] => {
    const lines: string[] = [];
    const logger = lineLogger((text) => lines.push(text), verbose);
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) logger[level](`${level}!`);
    return lines;
  };

  it('are summaries and warnings in plain words', () => {
    assert.deepEqual(write(false), ['info!', 'Warning: warn!', 'Error: error!']);
  });

  it('carry time, level and debug lines with --verbose, but never XML or SQL', () => {
    const lines = write(true);
    assert.deepEqual(
      lines.map((line) => line.replace(/^\S+Z /, '')),
      ['debug debug!', 'info  info!', 'warn  warn!', 'error error!'],
    );
    assert.match(lines[0]!, /^\d{4}-\d\d-\d\dT[\d:.]+Z /);
  });
});
