/** An option: how it is read (node:util parseArgs) and how --help explains it. */
interface Option {
  type: 'boolean' | 'string';
  short?: string;
  multiple?: boolean;
  /** The placeholder for its value in the help: `PATH`. */
  value?: string;
  text: string;
  /** Every command takes the option. */
  isCommon?: true;
}

/** Every option of the command line. help.ts says which options a command takes. */
export const optionTable = {
  'day-by-day': { type: 'boolean', text: 'load and log one day at a time, oldest first; slower, for finding trouble' },
  'dry-run': { type: 'boolean', text: 'fetch everything, write nothing, report what would change' },
  file: {
    ...{ type: 'string', multiple: true, value: 'PATH' },
    text: 'read vouchers or masters from an exported XML file instead of Tally; may be given several times',
  },
  all: { type: 'boolean', text: 'sync the companies of a list, or all that are open at the addresses of TALLY_URL' },
  companies: {
    ...{ type: 'string', value: 'FILE' },
    text: 'with --all: the list of companies (default: companies.yaml in the working folder, if it exists)',
  },
  parallel: { type: 'string', value: 'N', text: 'with --all: the most companies at a time (default 4)' },
  company: { type: 'string', value: 'NAME', text: 'only of this company: its name or GUID' },
  totals: {
    type: 'boolean',
    text: 'compare ids and totals by day and type, in seconds; field by field only the days that differ',
  },
  limit: { type: 'string', value: 'N', text: 'the most invoices to list (default 100); the counts include all' },
  out: { type: 'string', value: 'PATH', text: 'the file to write; required with a range' },
  partitioned: {
    ...{ type: 'string', value: 'DIR' },
    text: 'instead of a range: the folder of monthly Parquet files to bring up to date',
  },
  content: {
    type: 'string',
    value: 'WHAT',
    text: 'invoices (default), a register (sales_register, …), or of the ledger trial_balance, receivables_ageing, …; see export --help',
  },
  format: { type: 'string', value: 'KIND', text: 'csv, xlsx or parquet (default: by the ending of PATH)' },
  'no-bom': { type: 'boolean', text: 'CSV without the byte order mark, for programs that trip over it' },
  force: { type: 'boolean', text: 'accept a result that is empty or has shrunk implausibly' },
  'show-password': { type: 'boolean', text: 'show the password too' },
  yes: { type: 'boolean', text: 'remove it; without this the rows are counted, and the exit code is 6' },
  distributed: { type: 'boolean', text: 'distribute the tables by company, on the coordinator of a Citus cluster' },
  partitions: {
    ...{ type: 'string', value: 'N' },
    text: 'divide the tables of an empty database by company, into N parts (2 to 64)',
  },
  invoices: { type: 'string', value: 'N', text: 'size of the demo book' },
  port: { type: 'string', value: 'P', text: 'port to listen on; without it a free one is taken' },
  json: { type: 'boolean', isCommon: true, text: 'one JSON object on standard output, nothing else there' },
  verbose: { type: 'boolean', isCommon: true, text: 'more log lines, and the stack of an unexpected error' },
  'env-file': {
    ...{ type: 'string', value: 'PATH', isCommon: true },
    text: 'file with the settings below (default: .env in the working folder)',
  },
  help: { type: 'boolean', short: 'h', isCommon: true, text: 'this text' },
  version: { type: 'boolean', isCommon: true, text: 'the version' },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof optionTable;

export const isCommon = (name: OptionName): boolean => 'isCommon' in optionTable[name];

/** The option as the help writes it: `--file PATH`. */
export function flagOf(name: OptionName): string {
  const { value }: Option = optionTable[name];
  return `--${name}${value === undefined ? '' : ` ${value}`}`;
}
