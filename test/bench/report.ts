import type { Figure } from './figures.js';
import { manyCompaniesHead, manyCompaniesRows } from './manyCompanies.js';
import type { Report } from './runBench.js';
import { hugeGb } from './plan.js';
import { costHead, costRows, judgedFrom, withinBudget } from './tally/costTable.js';

/**
 * The text of each case in the order of the report, its book if not the small one, and how much of the Day Book it
 * reads.
 */
const caseTexts: Record<string, [text: string, book?: string, reads?: 'all' | 'less']> = {
  read: ['reading the bytes of the Day Book only (undici)'],
  readPlain: ['the same with node:http'],
  split: ['splitting it and looking at the heads, nothing kept'],
  extractOne: ['extraction, 1 % in range'],
  extract: ['extraction, all in range'],
  copy: ['raw COPY of all rows, keys and indexes in place', 'small', 'less'],
  load: ['load of all invoices out of memory', 'small', 'less'],
  first: ['end to end, all in range'],
  one: ['end to end, 1 % in range'],
  second: ['second run without changes', 'small', 'less'],
  changed: ['run with 1 % changed'],
  littleFirst: ['asking for little, all in range', 'small', 'less'],
  littleOne: ['asking for little, 1 % in range', 'small', 'less'],
  littleSecond: ['asking for little, second run without changes', 'small', 'less'],
  littleChanged: ['asking for little, run with 1 % changed', 'small', 'less'],
  utf16: ['end to end, all in range, UTF-16 answer', 'smallUtf16'],
  byMonth: ['end to end, all in range, month by month'],
  host: ['end to end as the extension runs it (host and worker in one process)'],
  streamsInvoices: ['all kinds of vouchers by Day Book, invoices alone', 'allKinds'],
  streamsBoth: ['all kinds of vouchers by Day Book, both streams', 'allKinds'],
  littleStreamsInvoices: ['all kinds of vouchers by collections, invoices alone', 'allKinds', 'less'],
  littleStreamsBoth: ['all kinds of vouchers by collections, both streams', 'allKinds', 'less'],
  streamsInvoicesMedium: ['all kinds of vouchers by Day Book, medium size, invoices alone (one run)', 'allKindsMedium'],
  streamsBothMedium: ['all kinds of vouchers by Day Book, medium size, both streams (one run)', 'allKindsMedium'],
  littleStreamsInvoicesMedium: [
    'all kinds of vouchers by collections, medium size, invoices alone (one run)',
    'allKindsMedium',
    'less',
  ],
  littleStreamsBothMedium: [
    'all kinds of vouchers by collections, medium size, both streams (one run)',
    'allKindsMedium',
    'less',
  ],
  medium: ['end to end, medium book', 'medium'],
  large: ['end to end, large book', 'large'],
  largeSync: ['sync without changes, large book', 'large', 'less'],
  largeSyncAgain: ['sync again on the same day, large book', 'large', 'less'],
  largeSyncChanged: ['sync with 1 % changed on days after one another, large book', 'large', 'less'],
  largeSyncSpread: ['sync with 1 % changed all over, large book', 'large', 'less'],
  littleLarge: ['asking for little, large book', 'large', 'less'],
  littleLargeSync: ['asking for little, sync without changes, large book', 'large', 'less'],
  littleLargeSyncAgain: ['asking for little, sync again on the same day, large book', 'large', 'less'],
  littleLargeSyncChanged: [
    'asking for little, sync with 1 % changed on days after one another, large book',
    'large',
    'less',
  ],
  littleLargeSyncSpread: ['asking for little, sync with 1 % changed all over, large book', 'large', 'less'],
  littleHuge: ['asking for little, huge book (one run)', 'huge', 'less'],
  littleHugeSyncSpread: [
    'asking for little, sync with 1 % changed all over, huge book (one run)',
    'hugeSpread',
    'less',
  ],
  naive: ['naive way, all in range, autocommit'],
  naiveInOneTransaction: ['naive way, all in range, one transaction'],
  naiveOne: ['naive way, 1 % in range, autocommit'],
};

const thousands = new Intl.NumberFormat('en-US');

function valueText({ unit }: Figure, value: number): string {
  const digits =
    unit === 'rows' || unit === 'MB' || Math.abs(value) >= 100 ? 0 : unit === '' ? 3 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toFixed(digits)}${unit === '×' || unit === '' ? unit : ` ${unit}`}`;
}

function limitText(figure: Figure, limit: number): string {
  const sign = figure.must !== undefined && 'least' in figure.must ? '≥' : '≤';
  return `${sign} ${limit}${figure.unit === '×' || figure.unit === '' ? figure.unit : ` ${figure.unit}`}`;
}

const figureRow = (figure: Figure): string[] => [
  figure.name,
  figure.must === undefined ? '' : limitText(figure, 'least' in figure.must ? figure.must.least : figure.must.most),
  figure.aim === undefined ? '' : limitText(figure, figure.aim),
  figure.measured === null ? 'not measured' : valueText(figure, figure.measured),
  figure.met === null ? '' : figure.met ? 'yes' : 'NO',
];
const figureHead = ['figure', 'must', 'aim', 'measured', 'met'];

function caseRows({ cases, books }: Report): string[][] {
  return Object.entries(caseTexts).flatMap(([name, [text, bookName = 'small', reads = 'all']]) => {
    const of = cases[name];
    if (of === undefined) return [];
    const book = books[bookName]!;
    const passes = reads === 'less' ? undefined : book.bytes / 1e6 / of.seconds;
    return [
      [
        text,
        of.seconds.toFixed(2),
        of.cpuSeconds.toFixed(2),
        passes === undefined ? '' : passes.toFixed(passes < 100 ? 1 : 0),
        thousands.format(Math.round(book.vouchers / of.seconds)),
        of.peakMb.toFixed(0),
      ],
    ];
  });
}
const caseHead = ['case', 's', 'CPU s', 'MB/s', 'vouchers/s', 'peak MB'];

function bookRows({ books }: Report): string[][] {
  return Object.entries(books).map(([name, { vouchers, ledgerLines, stockLines, bytes, indexBytes }]) => [
    name,
    thousands.format(vouchers),
    (bytes / vouchers / 1000).toFixed(1),
    (bytes / 1e6).toFixed(0),
    (ledgerLines / vouchers).toFixed(1),
    (stockLines / vouchers).toFixed(1),
    (indexBytes / 1e6).toFixed(0),
  ]);
}
const bookHead = ['book', 'vouchers', 'KB a voucher', 'MB', 'ledger lines', 'stock lines', 'MB of index'];

const machineText = ({ machine: { processor, cores, memoryGb, system, node, postgres } }: Report): string =>
  `${processor}, ${cores} cores, ${memoryGb} GB, ${system}, Node ${node.slice(1)}, PostgreSQL ${postgres} (built-in, default settings)`;

/** The reasons why the figures do not count: cases that did different work, or that failed. */
export const flaws = ({ checks, failures }: Report): string[] => [
  ...checks.filter(({ ok }) => !ok).map(({ name, found }) => `${name}: ${found ?? ''}`),
  ...failures,
];

/** The report for a terminal. */
export function describeReport(report: Report): string {
  const budgeted = report.figures.filter(({ met }) => met !== null);
  return [
    machineText(report),
    `Medians of ${report.options.runs} interleaved runs, each case in a process of its own.`,
    plainTable(figureHead, report.figures.map(figureRow)),
    plainTable(caseHead, caseRows(report)),
    plainTable(bookHead, bookRows(report)),
    ...(report.naiveTooLong === null ? [] : [`The naive way on the medium book: ${report.naiveTooLong}`]),
    ...costsOnTerminal(report),
    ...(report.manyCompanies.length === 0
      ? []
      : [plainTable(manyCompaniesHead, manyCompaniesRows(report.manyCompanies))]),
    `${budgeted.filter(({ met }) => met).length} of ${budgeted.length} budgets met; ` +
      `${report.checks.filter(({ ok }) => ok).length} of ${report.checks.length} checks of equal work passed.`,
    ...flaws(report),
  ].join('\n\n');
}

function costsOnTerminal({ tally: { vouchers, costs } }: Report): string[] {
  if (costs.length === 0) return [];
  const within = withinBudget(costs, vouchers);
  return [
    `What it costs Tally, by the demo Tally's meter, on a book of ${thousands.format(vouchers)} vouchers:`,
    plainTable(costHead, costRows(costs, vouchers)),
    within === undefined
      ? `The budgets are for ${thousands.format(judgedFrom)} vouchers: npm run bench -- --only tally --tally-vouchers ${judgedFrom}`
      : `${within.met} of ${within.of} cases of the product are within their budgets.`,
  ];
}

const companyInvoices = ({ manyCompanies: [first] }: Report): number =>
  first === undefined ? 0 : first.invoices / first.companies;

const costsTitle = '## What it costs Tally';
const methodTitle = '## What is measured';

/** The section on Tally's costs. They depend on no computer, so the section may be written without the rest. */
const costsInMarkdown = ({ commit, tally: { vouchers, costs } }: Report): string => `${costsTitle}

Counted by the demo Tally's meter at commit ${commit ?? 'unknown'}, on a book of ${thousands.format(vouchers)} vouchers of all kinds from April 2022 to March 2025. *Tally s* is
how long a real Tally would be busy, with its screen frozen, by the costs in docs/tally.md §2. *Sent* is UTF-16, two bytes a character.
*In budget* names each figure that is over its "must".

${markdownTable(costHead, costRows(costs, vouchers))}
`;

/** Replaces the section on Tally's costs in a page, or inserts it. */
export function withCostsOf(report: Report, page: string): string {
  const end = page.indexOf(`\n${methodTitle}`);
  if (end < 0) throw new Error(`The page has no section "${methodTitle}".`);
  const start = page.indexOf(costsTitle);
  return `${page.slice(0, start < 0 ? end + 1 : start)}${costsInMarkdown(report)}${page.slice(end)}`;
}

/** The report as docs/benchmarks.md. */
export function describeInMarkdown(report: Report): string {
  const { small, medium, large } = report.books;
  const sizes = [small, medium, large].map((book) => thousands.format(book!.vouchers)).join(', ');
  return `# Benchmarks

Written by \`npm run bench -- --write-docs\`; do not edit.

${report.date.slice(0, 10)}, ${machineText(report)}. Medians of ${report.options.runs} interleaved runs, each case in a process of its own.

## Figures and budgets

Ratios are made round by round, of two cases of one run. Small, medium and large book: ${sizes} vouchers; huge book: ${thousands.format(report.options.sizes.huge)}.

${markdownTable(figureHead, report.figures.map(figureRow))}

## Cases

Of the small book unless it says otherwise. *s* is wall time, *CPU s* the time of that process on all its threads, without PostgreSQL and the sender;
*peak MB* the most resident memory of that process.

${markdownTable(caseHead, caseRows(report))}
${report.naiveTooLong === null ? '' : `\nThe naive way on the medium book, whose answer is ${(medium!.bytes / 1e6).toFixed(0)} MB: ${report.naiveTooLong}\n`}
${costsInMarkdown(report)}
${methodTitle}

- *Books*: the invoices of the demo company (sales, purchases and notes of all its shapes, nothing else, so that every voucher in range has to be read),
  spread evenly over three years. Of the elements that hold nothing one in four is written, which brings them near the size and shape that the budgets
  were made for:

${markdownTable(bookHead, bookRows(report))}

- *Sender*: another process that sends these answers from files over HTTP on this computer, the whole Day Book whatever the dates (month by month: what is
  asked for), the voucher index by dates.
- *Asking for little*: a Tally that keeps to dates and answers the product's newer requests too (digests of days, what was altered, single vouchers,
  collections of chosen fields); these answers lie ready as well. All other cases are of an old Tally, which knows reports and the voucher index alone.
  The naive way reads the whole Day Book of either.
- *End to end*: the job \`backfill\` from its first request to its last commit: company list, masters, voucher index, Day Book, comparison, commit. The tables are
  made before. *1 % in range* asks for days in the middle of the book; its answer is the whole Day Book all the same.
- *The naive way*: the same Day Book as one text, all of it parsed by fast-xml-parser, what is out of range left out, each invoice mapped by the same rules and
  written row by row with prepared upserts. It asks for neither index nor proof, and compares nothing.
  After its first 200 invoices it makes statistics of their table: without, PostgreSQL goes on reading all of it for every line.
- *Extraction*: from the request to the last mapped invoice, nothing written. *Load*: mapped invoices in memory, staged in batches of 500 and merged.
  *Raw COPY*: the rows that the product left, ready-made, into the same tables in one transaction.
- *Both streams*: first loads of a book with vouchers of all kinds, 79 of 100 of them invoices, with \`TALLY_STREAMS=invoices\` and
  \`invoices,ledger\`, one after the other. Invoices alone leave the other vouchers unread. *By collections*: as *asking for little*. The processor
  time is that of the loader and of PostgreSQL.
- *1 % changed*: every hundredth voucher got another narration and ALTERID. *On days after one another*: the hundredth part in the middle of the book did,
  as in a month's correction.
- *Sync*: the job \`sync\` of the loaded large book, with the checkpoint on the book's last day: it compares all loaded days with the voucher index, and asks for
  those that changed. The sender sends what is asked for; both runs with changes start from the same warehouse.
- *Host*: the job in its worker thread, as the extension runs it; \`monitorEventLoopDelay\` on the main thread with a resolution of 1 ms, which is part of the figures.
- *What it costs Tally* is counted, not timed: the demo Tally adds up what each answer would cost a real one (vouchers, ids, what it walks over), by costs that were
  measured on real Tallys. The figures depend on the book and on what is asked, not on this computer. Only the invoices that a run reads whole at random differ
  between runs, by a few requests. Network, PostgreSQL and the loader's own time are not in the figures: Tally is idle meanwhile. Digests of days were not
  measured on a real Tally; the meter counts them as a row for each day and a walk over its vouchers.
  *Product* runs as it comes, *product by reports and lists* with \`TALLY_REPORT=day-book\` on a copy of the loaded warehouse. *Worked out* is what does not run, from the
  same costs: a first load by Day Book, and the ways of two other loaders. One makes 13 passes over all vouchers, each counted as a pass of chosen fields, for a
  load and a sync alike. The other asks for a list of all ids, then for a Day Book of each day that changed.
- *PostgreSQL*: the built-in one, a fresh database for each case, a checkpoint before each.
- *Checks*: all ways that read the same range must leave the same invoices, lines and totals, by count, sum and checksum of every column; bytes, vouchers and
  counts must be the books' own. In this run ${report.checks.filter(({ ok }) => ok).length} of ${report.checks.length} hold.

## Companies at once

Each company has a Tally of its own that answers requests for little, and some ${thousands.format(companyInvoices(report))} invoices of three months. They go into one warehouse, all at
once; one process loads up to 32 of them. *CPU s* is the time of all processes that load; *peak MB* the most memory of one of them; *sessions* the most at
one moment. Bytes are those of the table plus those of its indexes, after VACUUM; *other bytes* are those of all other tables. Measured once.

${markdownTable(manyCompaniesHead, manyCompaniesRows(report.manyCompanies))}

## To repeat

\`\`\`
npm ci
npm run bench
\`\`\`

No setup is needed: it brings its books, its sender and its PostgreSQL, takes some ${hugeGb} GB of temporary files (\`TMPDIR\`) and, on two idle cores, some 20 minutes.
Where there are fewer it leaves out the huge book. The table goes to the terminal, all figures to \`test-results/bench.json\`.
\`npm run bench -- --quick\` takes small books and one run; \`--only first,read,extract\`
makes the cases named; \`--runs N\` sets the number of runs; \`--profile FOLDER\` leaves a CPU profile of each case; \`--write-docs\` writes this page.
Tally's costs are counted on some 10,000 vouchers, and for this page on 100,000: \`--tally-vouchers 100000\` does so too, and
\`--only tally --write-docs\` writes that section alone.
`;
}

function plainTable(head: string[], rows: string[][]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]!.length)));
  const line = (row: string[]): string =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [head, ...rows].map(line).join('\n');
}

const markdownTable = (head: string[], rows: string[][]): string =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
