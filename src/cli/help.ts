import { fitToWidth } from './fitToWidth.js';
import { flagOf, isCommon, optionTable, type OptionName } from './optionTable.js';

/** How a command is written and explained. `options` leaves out the options that every command takes. */
interface CommandHelp {
  args: readonly string[];
  options: readonly OptionName[];
  /** The options that must be given, unless the command is called as in `otherUse`. */
  required?: readonly OptionName[];
  /** A second way to call the command: the text after its name. */
  otherUse?: string;
  summary: string;
  text: string;
  examples: readonly (readonly [comment: string, words: string])[];
}

export const commands = {
  sync: {
    args: [],
    options: ['all', 'companies', 'parallel'],
    summary: 'daily incremental load: from the checkpoint to today',
    text: `Loads from the checkpoint minus an overlap of 1 day for late edits (TALLY_OVERLAP_DAYS) up to today, and moves the
checkpoint in the same transaction; without a checkpoint from 1 April of the current financial year. Then it compares
all days that were ever loaded with Tally's list, loads changed days again, and marks invoices that are gone from Tally.
Each run writes one row to etl_logs, also when it fails or is cancelled. It writes none if the warehouse is out of
reach, or if another run is loading the company. It deletes no rows. Run it by cron or another scheduler.

A backfill does not interfere: sync keeps track of its own progress.

With --all it syncs several companies: those of a list, or without a list every company that is open at the addresses
of TALLY_URL (separate them by commas; TALLY_COMPANY is ignored). Each Tally is asked for one company at a time. A
company that fails does not stop the others. The exit code is the worst one of the companies, in this order: 130, 1, 2,
4, 3, 5, 6, 0. Each entry of the list has a url. It may have a company (default: all that are open there, except those
that another entry names) and a warehouse (an address, the name of a variable, or built-in; default: DB_URL):

  companies:
    - url: http://localhost:9000
    - url: 192.168.1.5:9000
      company: Bharat Traders
      warehouse: \${BHARAT_DB_URL}

If an entry cannot be read, nothing runs.`,
    examples: [
      ['Load what is new since the last time', ''],
      ['By a scheduler, whose working folder is another one', '--env-file /path/to/.env'],
      ['All companies of a list, at most eight at a time', '--all --companies clients.yaml --parallel 8'],
    ],
  },
  backfill: {
    args: ['FROM', 'TO'],
    options: ['file', 'day-by-day', 'dry-run'],
    summary: 'load the invoices of a range of dates from Tally into the warehouse',
    text: `FROM and TO are dates, both inclusive: 2024-04-01, 01-04-2024, 1/4/24 or 1-Apr-24, the day first. Safe to run again: an
invoice that is already there is updated when Tally has changed it and left alone otherwise, so there are no duplicates.
It deletes no rows, moves no checkpoint and writes no row to etl_logs.

With --file the invoices come from a Day Book that was exported on Tally's screen: Day Book > Alt+E (Export) >
Current > Configure > File Format: XML (Data Interchange). Invoices of the range that the file lacks stay. Several files
of one company may be given, in any order: Day Books, and the masters (Alt+E > Masters). A Day Book alone seldom says
what its voucher types and ledgers are. They are looked up in the masters' file, then in Tally, if it runs with the
company open, then in the warehouse's earlier loads. Vouchers of a type of your own that none of these has are rejected.`,
    examples: [
      ['Financial year 2024-25', '2024-04-01 2025-03-31'],
      ['One quarter', '2024-07-01 2024-09-30'],
      ['A gap of a few days', '2024-08-15 2024-08-20'],
      ['One month with a log of each day', '2024-08-01 2024-08-31 --day-by-day'],
      ['Test before running', '2024-04-01 2024-04-05 --dry-run'],
      ["From a file that was exported on Tally's screen", '2024-04-01 2024-10-13 --file DayBook.xml'],
      ['With the masters beside it', '2024-04-01 2024-10-13 --file DayBook.xml --file Master.xml'],
    ],
  },
  'clear-and-reload': {
    args: ['FROM', 'TO'],
    options: ['day-by-day', 'dry-run', 'force'],
    summary: 'replace a range: reload it fresh and remove what Tally no longer has',
    text: `As a backfill, and invoices that Tally no longer has in the range are deleted. Tally is read first; then rows go
and come in one transaction (with --day-by-day one for each day), so nobody sees the range empty. It moves no checkpoint
and writes no row to etl_logs.

Nothing is changed, and the exit code is 6, if Tally has no invoice of the range; if the warehouse has 20 or more of
the range and Tally less than half of them; or if Tally's answer leaves out days of which the warehouse has invoices. A
wrong company or period looks just like that. --force loads all the same.`,
    examples: [
      ['Clear and reload', '2024-04-01 2024-10-13'],
      ['Test first with dry run', '2024-04-01 2024-10-13 --dry-run'],
      ['Day-by-day mode for granular progress', '2024-04-01 2024-10-13 --day-by-day'],
      ['A month whose invoices were deleted in Tally on purpose', '2024-08-01 2024-08-31 --force'],
    ],
  },
  verify: {
    args: ['FROM', 'TO'],
    options: ['totals', 'limit'],
    summary: 'compare Tally with the warehouse: what is missing, different or gone, by invoice',
    text: `Reads the whole range from Tally, also what has not changed, and compares it with the warehouse: per day and type
the numbers and values of both, then each invoice that is missing in the warehouse, different (which field, both values)
or gone in Tally. Changes no invoice; the compared days are remembered. It takes Tally as long as a load.
With --totals it compares ids, and totals by day and type, which Tally gives in seconds. Only days that differ are then
compared field by field. The others are not remembered as compared, because fields that are in no total may differ.
This needs a sync in the last 7 days that compared Tally's sums with its list; else all is compared field by field.
The exit code is 0 where both agree, and 6 where they differ or Tally's answer did not cover the range.`,
    examples: [
      ['Is the financial year right?', '2024-04-01 2025-03-31'],
      ['By ids and totals alone, in seconds', '2024-04-01 2025-03-31 --totals'],
      ['All differences of a month, for another program', '2024-08-01 2024-08-31 --limit 100000 --json'],
    ],
  },
  export: {
    args: ['FROM', 'TO'],
    options: ['out', 'content', 'format', 'company', 'no-bom', 'partitioned'],
    required: ['out'],
    otherUse: '--partitioned DIR [--company NAME]',
    summary: 'write a range of the warehouse into CSV, Excel or Parquet files, or keep a folder of Parquet files',
    text: `Exports the rows of one company from one snapshot of the warehouse; Tally is not asked. Without --content there are
two files: the invoices in PATH and their lines beside it, as books-lines.csv beside books.csv. Invoices that Tally no
longer has are left out. An existing file is replaced only when the new one is complete.
Other contents: sales_register, purchase_register, invoice_register. With the ledger (TALLY_STREAMS): day_book,
ledger_register, bill_register, stock_register and profit_and_loss of the range; trial_balance, receivables_ageing,
payables_ageing, cash_and_bank and stock_summary at the end of its last day.
Amounts are exact, dates YYYY-MM-DD, text to the byte: a name that begins with = stays so, and a spreadsheet may take
it for a formula. CSV is UTF-8 with the mark by which Excel knows it. In CSV an empty cell means no value, and "" an
empty text. In an .xlsx file numbers and dates are real ones. Its first columns are for people, its last have ids.

With --partitioned DIR the folder is brought up to date: for each company and month it has two Parquet files, invoices
and lines, in DIR/company_id=…/month=2024-04. Only months whose rows have changed are written, and a file is replaced
only when the new one is complete. Run it after each sync; docs/warehouse.md has the views for DuckDB.`,
    examples: [
      ['Financial year 2024-25 for a spreadsheet', '2024-04-01 2025-03-31 --out books.csv'],
      ['The sales register of a quarter', '2024-07-01 2024-09-30 --content sales_register --out sales.csv'],
      ['For Excel', '2024-04-01 2025-03-31 --content sales_register --out sales.xlsx'],
      ['Who owes what at the end of June', '2024-04-01 2024-06-30 --content receivables_ageing --out owed.xlsx'],
      ['For a data tool', '2024-04-01 2025-03-31 --out books.parquet'],
      ['All companies for DuckDB, after each sync', '--partitioned lake'],
    ],
  },
  status: {
    args: [],
    options: [],
    summary: 'show what is loaded, the checkpoints and the last 20 runs',
    text: `What is loaded of each company by financial year, how far each sync has come, and the last 20 rows of etl_logs, newest
first, at this computer's local time. Only sync keeps a checkpoint and a log. Writes nothing.`,
    examples: [['What is loaded, and has the sync of last night run?', '']],
  },
  rejects: {
    args: [],
    options: ['company'],
    summary: 'show the vouchers that could not be read: what Tally sent, why, and how to fix it',
    text: `A voucher whose date, amount or type cannot be read is left out of a load, which goes on with the others, and is kept
here. A backfill of its day tries it again, and so does a sync once it was altered in Tally. It leaves the list when it
can be read or is gone from Tally. The latest 100 are shown. Writes nothing; the exit code is 0 also where there are
some.`,
    examples: [
      ['What has to be fixed in Tally?', ''],
      ['Of one company', '--company Traders'],
    ],
  },
  'remove-company': {
    args: [],
    options: ['company', 'yes'],
    required: ['company'],
    summary: 'remove all that the warehouse has of one company',
    text: `Removes the invoices of a company with its checkpoint, its runs and all else that the warehouse keeps of it, in one
transaction. Other companies stay as they are. Tally is not asked, and keeps what it has: a backfill loads the company
again. Without --yes nothing is removed: the rows of each table are counted, and the exit code is 6.`,
    examples: [
      ['What would be removed?', '--company Traders'],
      ['Remove it', '--company Traders --yes'],
    ],
  },
  serve: {
    args: [],
    options: ['show-password'],
    summary: 'keep the built-in warehouse open to BI tools until stopped (Ctrl+C)',
    text: `Power BI, Metabase, Excel and others read the built-in warehouse as long as this runs. Port, user and password are the
same each time, and Keep Open for BI Tools in VS Code has the same ones. BI tools can only read, and loads go on beside
them. Run it by a scheduler at the start of the computer. Your own PostgreSQL (DB_URL) is open already.
For a new port and password delete the file bi-tools.json in the folder embedded of the data folder, which status shows.`,
    examples: [
      ['Once, for the connection of a report', '--show-password'],
      ['By a scheduler, whose working folder is another one', '--env-file /path/to/.env'],
    ],
  },
  migrate: {
    args: [],
    options: ['partitions', 'distributed'],
    summary: 'bring the tables of the warehouse up to date',
    text: `Every command that writes does this by itself; run it alone to prepare an empty database. For hundreds of companies in
one database use --partitions, before the first load. If one server is not enough, use --distributed, which keeps the
rows that are loaded. docs/scale.md says when to take which.`,
    examples: [
      ['Create or update the tables', ''],
      ['Prepare an empty database for hundreds of companies', '--partitions 16'],
    ],
  },
  check: {
    args: [],
    options: [],
    summary: 'test a small load, and say what is wrong: Tally, company, warehouse, tables, rights',
    text: `Asks Tally for the company's masters, for its list of the last days and for one day of a report, and writes into the
warehouse in a transaction that is rolled back. Nothing is changed. Each part is shown with its cause and remedy; a part
marked ! is fine, and its message is worth knowing. The exit code is 0 only when all parts are fine.`,
    examples: [['Before the first backfill', '']],
  },
  companies: {
    args: [],
    options: [],
    summary: 'list the companies that are open in Tally',
    text: 'Set TALLY_COMPANY to one of the names when several are open.',
    examples: [['Names and GUIDs', '']],
  },
  demo: {
    args: [],
    options: ['invoices'],
    summary: 'try everything without Tally: a demo company, a real backfill, a summary',
    text: `Starts the demo Tally, loads its invoices into a warehouse of its own and sums them up. Your own Tally and your own
warehouse are left aside. Run it again and everything is unchanged.`,
    examples: [
      ['The demo company', ''],
      ['A bigger book', '--invoices 50000'],
    ],
  },
  'demo-server': {
    args: [],
    options: ['port', 'invoices'],
    summary: 'serve the demo Tally until stopped (Ctrl+C)',
    text: `Answers like Tally on a port of this computer, to try the other commands against.

Tally installations differ. GET /behaviour shows how this one behaves; PUT /behaviour with a JSON object changes it at
once, for example to a Day Book that looks at one day only, to a Tally without a licence, to two answers that break off,
or to the pace of real Tallys:

  curl http://localhost:9000/behaviour
  curl -X PUT -d '{"dayBook": "today"}' http://localhost:9000/behaviour
  curl -X PUT -d '{"education": "from-shows-screen"}' http://localhost:9000/behaviour
  curl -X PUT -d '{"fault": {"kind": "cut", "on": "report", "times": 2}}' http://localhost:9000/behaviour
  curl -X PUT -d '{"pace": "as-measured"}' http://localhost:9000/behaviour

A wrong name or value is refused with those that are allowed.`,
    examples: [
      ["On Tally's own port", '--port 9000'],
      ['A bigger book on a free port', '--invoices 50000'],
    ],
  },
} as const satisfies Record<string, CommandHelp>;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as CommandName[];

const environmentTexts = [
  ['TALLY_URL', "Tally's XML server (default http://localhost:9000)"],
  ['TALLY_COMPANY', 'name of the company (default: the only one open)'],
  ['DB_URL', 'postgres://user:password@host:5432/database (default: the built-in warehouse)'],
  ['TALLY_REPORT', 'auto, day-book or voucher-register (default auto)'],
  ['TALLY_STREAMS', 'invoices, or invoices,ledger for vouchers of every type (default invoices,ledger)'],
  ['TALLY_OVERLAP_DAYS', 'days before the checkpoint that sync loads again, for late edits (default 1)'],
  ['TALLY_TIMEOUT_SECONDS', 'longest silence of Tally (default 300)'],
  ['TALLY_DATA_DIR', 'folder of the built-in warehouse (check and status show it)'],
] as const;

const exitTexts = [
  ['0', 'done'],
  ['1', 'unexpected failure (a bug)'],
  ['2', 'bad usage or configuration'],
  ['3', 'Tally: out of reach, timed out, refused, company not open, answer cut or not understood'],
  ['4', 'warehouse: out of reach, refused, out of space'],
  ['5', 'another run is loading this company: the message says which one and since when'],
  [
    '6',
    'not proven: range not covered, all vouchers of a file rejected, differences found by verify, refused by a guard, remove-company without --yes',
  ],
  ['130', 'interrupted; what was committed stays'],
] as const;

const list = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
};

const optionRows = (names: readonly OptionName[]): (readonly [string, string])[] =>
  names.map((name) => [flagOf(name), optionTable[name].text]);

const commonOptions = (Object.keys(optionTable) as OptionName[]).filter(isCommon);

/** `tally-warehouse backfill FROM TO [--file PATH] [--day-by-day] [--dry-run] [options]` */
export function usageLine(name: CommandName | undefined): string {
  if (name === undefined) return 'tally-warehouse <command> [options]';
  const { args, options, required = [], otherUse }: CommandHelp = commands[name];
  const own = options
    .filter((option) => otherUse?.startsWith(flagOf(option)) !== true)
    .map((option) => (required.includes(option) ? flagOf(option) : `[${flagOf(option)}]`));
  return ['tally-warehouse', name, ...args, ...own, '[options]'].join(' ');
}

/** The help in lines of at most `width` and `widest` characters: longer lines are hard to read. */
export const helpText = (name: CommandName | undefined, width = widest): string =>
  fitToWidth(name === undefined ? generalHelp() : commandHelp(name), Math.min(width, widest));

const widest = 120;

/** Joins the lines of each paragraph, because `fitToWidth` breaks them again. A paragraph with an indented line stays. */
const paragraphs = (text: string): string =>
  text
    .split('\n\n')
    .map((paragraph) => (/^ /m.test(paragraph) ? paragraph : paragraph.replaceAll('\n', ' ')))
    .join('\n');

function generalHelp(): string {
  return `Loads invoices out of Tally into PostgreSQL.

Usage: ${usageLine(undefined)}

Commands:
${list(commandNames.map((name) => [name, commands[name].summary]))}

Options of every command:
${list(optionRows(commonOptions))}

Settings, from the environment or the .env file (the environment wins):
${list(environmentTexts)}

Exit codes:
${list(exitTexts)}

More on a command: tally-warehouse help <command>`;
}

function commandHelp(name: CommandName): string {
  const { summary, text, options, examples, otherUse }: CommandHelp = commands[name];
  const other = otherUse === undefined ? '' : `\n       tally-warehouse ${name} ${otherUse} [options]`;
  const shown = examples.map(([comment, words]) => `  # ${comment}\n  ${`tally-warehouse ${name} ${words}`.trimEnd()}`);
  return `${name}: ${summary}

Usage: ${usageLine(name)}${other}

${paragraphs(text)}

Options:
${list(optionRows([...options, ...commonOptions]))}

Examples:
${shown.join('\n\n')}

Settings and exit codes: tally-warehouse --help`;
}
