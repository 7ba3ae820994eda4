import { t } from '@vscode/l10n';
import { dataPlace, thisComputer, type Computer, type DataPlace } from './dataPlace.js';
import { EtlError } from './errors.js';

export const reports = ['auto', 'day-book', 'voucher-register'] as const;
export type ReportChoice = (typeof reports)[number];

/** What is loaded: `invoices` always; `ledger` adds what vouchers of every type book. */
export const streams = ['invoices', 'ledger'] as const;
export type Stream = (typeof streams)[number];

/** Ledger-name patterns (regular expressions that ignore case), used where Tally's ledger masters do not decide. */
export interface LedgerPatterns {
  cgst: string;
  sgst: string;
  igst: string;
  cess: string;
  round_off: string;
  tds: string;
  /**
   * `sales` and `purchase` match the ledgers on which sales and purchases are booked. They count only for a ledger whose
   * class no master decides, and only if none of the six patterns above matches.
   */
  sales: string;
  purchase: string;
}

/**
 * The pattern for names that contain the word, but not a word for a tax, charge or cost of sales or purchases ("Sales Tax",
 * "Commission on Sales", "Freight on Purchase"). Digits and punctuation end a word too: "Sales_18%".
 */
const tradeLedger = (word: string): string =>
  `^(?!.*(?<![a-z])(${notTrade.join('|')})(?![a-z])).*(?<![a-z])${word}s?(?![a-z])`;
const notTrade = [
  '(tax|vat|cst|gst) on',
  '(sales?|purchases?) tax(?! free)',
  'input|output|payable|receivable|suspense|tcs',
  'commission|brokerage|incentives?|bonus|salar(y|ies)|wages|staff',
  'promotions?|marketing|advertis(ing|ements?)|discounts?|rebates?|schemes?',
  'freight|carriage|cartage|charges?|insurance|expenses?|exps?|costs?|advances?|deposits?',
];

export const defaultLedgerPatterns: LedgerPatterns = {
  cgst: 'cgst|central',
  sgst: 'sgst|utgst|state tax',
  igst: 'igst|integrated',
  // With word boundaries: 'Process Charges' is not cess, and 'Ground Rent' is not a round-off.
  cess: '\\bcess|gst ?cess',
  round_off: '\\bround',
  tds: '\\btds\\b',
  sales: tradeLedger('sale'),
  purchase: tradeLedger('purchase'),
};

/** The settings of a job; both faces build one. Plain data, because the extension sends it to a worker thread. */
export interface Config extends DataPlace {
  tallyUrl: string;
  /**
   * As the user wrote it, with its blanks. Tally's company list gives the exact name. Unset: the only company open in Tally.
   */
  company?: string;
  /** Unset: the embedded warehouse. A secret: never logged. */
  dbUrl?: string;
  report: ReportChoice;
  /** The stream `ledger` is loaded beside the invoices. Absent: only invoices are loaded. */
  ledger?: true;
  overlapDays: number;
  timeoutSeconds: number;
  ledgerPatterns: LedgerPatterns;
}

/** The environment names of docs/contract.md. Other names in a `.env` are ignored. */
export const environmentNames = [
  'TALLY_URL',
  'TALLY_COMPANY',
  'DB_URL',
  'TALLY_REPORT',
  'TALLY_STREAMS',
  'TALLY_OVERLAP_DAYS',
  'TALLY_TIMEOUT_SECONDS',
  'TALLY_DATA_DIR',
] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** Values by the environment names; '' counts as unset. */
export type Environment = Record<string, string | undefined>;

/** The configuration that an environment describes. Throws `config`, which names the variable that cannot be used. */
export function readConfig(env: Environment, computer = thisComputer): Config {
  const get = (name: EnvironmentName): string | undefined => env[name]?.trim() || undefined;
  const tallyUrl = tallyAddress(get('TALLY_URL') ?? 'http://localhost:9000');
  const dbUrl = get('DB_URL');
  if (dbUrl !== undefined && !/^postgres(ql)?:\/\//.test(dbUrl))
    throw wrong(
      'DB_URL',
      t('DB_URL is not a PostgreSQL address.'), // not shown: it may hold a password
      t('Write it like postgres://user:password@host:5432/database, or leave it unset for the built-in warehouse.'),
    );
  if (dbUrl !== undefined && breaksAtPassword(dbUrl)) throw unreadableDbUrl();
  const report = get('TALLY_REPORT') ?? 'auto';
  if (!reports.some((r) => r === report))
    throw wrong(
      'TALLY_REPORT',
      t('TALLY_REPORT has an unknown value: {report}', { report }),
      t('Use one of {choices}.', { choices: reports.join(', ') }),
    );
  // Outer blanks stay: the names of two companies may differ only in their blanks.
  const company = get('TALLY_COMPANY') && env.TALLY_COMPANY;
  return {
    tallyUrl,
    ...(company !== undefined && { company }),
    ...(dbUrl !== undefined && { dbUrl }),
    report: report as ReportChoice,
    ...(readStreams(get('TALLY_STREAMS') ?? 'invoices,ledger').has('ledger') && { ledger: true }),
    overlapDays: wholeNumber('TALLY_OVERLAP_DAYS', get('TALLY_OVERLAP_DAYS') ?? '1', 0, 3660),
    timeoutSeconds: wholeNumber('TALLY_TIMEOUT_SECONDS', get('TALLY_TIMEOUT_SECONDS') ?? '300', 1, 86_400),
    ...placeOfData(get('TALLY_DATA_DIR'), dbUrl, computer),
    ledgerPatterns: defaultLedgerPatterns,
  };
}

/** The streams of a list such as `invoices,ledger`. Throws `config` for an unknown one, and for a list without invoices. */
function readStreams(text: string): ReadonlySet<Stream> {
  const named = text.split(',').map((name) => name.trim().toLowerCase());
  const known = named.flatMap((name) => streams.filter((stream) => stream === name));
  if (known.length < named.length || !known.includes('invoices'))
    throw wrong(
      'TALLY_STREAMS',
      t('TALLY_STREAMS cannot have this value: {streams}', { streams: text }),
      t('Write invoices,ledger, or invoices to leave out the vouchers of other types.'),
    );
  return new Set(known);
}

/**
 * Tally's address from what a person writes: completed, and without a user name. Throws `config` unless it is one http or https
 * address.
 */
export function tallyAddress(text: string): string {
  const address = completed(text);
  if (isHttpUrl(address)) return withoutUser(address);
  if (address.includes(',') && !address.includes('@'))
    throw wrong(
      'TALLY_URL',
      t('TALLY_URL has several addresses: {addresses}', { addresses: address }),
      t('Write one address. Only sync --all on the command line takes several, and only without a list of companies.'),
    );
  throw wrong(
    'TALLY_URL',
    // With an @ it may be the warehouse's address, and hold a password.
    address.includes('@')
      ? t('TALLY_URL is not an http address.')
      : t('TALLY_URL is not an http address: {address}', { address }),
    t('Write it like {address}.', { address: likelyTallyUrl(address) }),
  );
}

/** With DB_URL no data folder is needed, so a missing home folder is then not an error: dataDir is ''. */
function placeOfData(given: string | undefined, dbUrl: string | undefined, computer: Computer): DataPlace {
  try {
    return dataPlace(given, computer);
  } catch (error) {
    if (dbUrl === undefined) throw error;
    return { dataDir: '' };
  }
}

const wrong = (setting: string, message: string, hint: string): EtlError =>
  new EtlError('config', message, hint, { setting });

/**
 * People write the address as Tally shows it: `localhost:9000`, `192.168.1.5`, `tally-pc`. A missing port is Tally's
 * usual one, 9000; but after http:// it is 80, as everywhere.
 */
function completed(address: string): string {
  const [, host, port = '9000'] =
    /^([\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*|\[[\da-f:.]+\])(?::(\d+))?\/?$/iu.exec(address) ?? [];
  const isName = host !== undefined && !/^\d+$/.test(host); // a number alone is a port, but a URL reads it as a host
  return isName ? `http://${host}:${port}` : address;
}

/** The address that an error message suggests: localhost, with the number if the user wrote only a port. */
const likelyTallyUrl = (text: string): string => `http://localhost:${/^:?(\d+)$/.exec(text)?.[1] ?? '9000'}`;

/**
 * Whether a `/`, `#` or `?` in the password ends the host part of a PostgreSQL address too early. postgres://me:12/34@host/db
 * is a valid URL with the host "me" and the port 12, so a message that names host and port would show the password.
 */
export function breaksAtPassword(dbUrl: string): boolean {
  const [address = '', search = ''] = dbUrl.split(/\?(.*)/s);
  return /^\w+:\/\/[^/#@]*[/#].*@/s.test(address) || (!address.includes('@') && /^[^=&]*@/.test(search));
}

/** The error for a DB_URL that is not an address. Without a cause, which would show the URL and so the password. */
export const unreadableDbUrl = (): EtlError =>
  wrong(
    'DB_URL',
    t('DB_URL cannot be read as a PostgreSQL address.'),
    t('Write it like postgres://user:password@host:5432/database; write special characters of the password as %XX.'),
  );

/** Removes a user name and password. Tally has no log-in over HTTP, so they are never sent, and messages must not show them. */
function withoutUser(address: string): string {
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  [url.username, url.password] = ['', ''];
  return url.href;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw wrong(
      name,
      t('{name} is not a whole number from {min} to {max}: {text}', { name, min, max, text }),
      t('Correct {name} or remove it.', { name }),
    );
  return value;
}
