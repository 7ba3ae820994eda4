import { answerEncodings } from '../answers/encoding.js';

const hides = ['nothing', 'cancelled', 'optional', 'every-tenth'] as const;

/**
 * The plain settings of the demo Tally: each switch with its possible values, the usual one first. Most behaviours were
 * seen at some Tally; § names the section of docs/tally.md. Three were not seen, but a loader must cope with them:
 * other ends of an answer, header names in another case, and vouchers that are left out for no visible reason.
 */
export const switches = {
  /**
   * How the report treats the dates of its request (§1.4). `everything` serves the whole book. `honours-dates` follows them.
   * `today` serves one day: a typed SVCURRENTDATE (with TYPE="Date"), else the book's last day. `screen-period` serves the
   * period on its screen.
   */
  dayBook: ['everything', 'honours-dates', 'today', 'screen-period'],
  voucherRegister: ['honours-dates', 'everything', 'today', 'screen-period'],
  /**
   * The vouchers that the report's own configuration on Tally's screen leaves out (§1.6). `every-tenth`: MASTERIDs that
   * end in 0.
   */
  dayBookHides: hides,
  voucherRegisterHides: hides,
  /**
   * A report without vouchers. `framed`: all elements around the vouchers. `bare`: an envelope of 23 bytes (§1.5 D).
   */
  emptyReport: ['framed', 'bare'],
  /**
   * The collection of vouchers. `empty`: success without rows. `leaves-out`: some vouchers are missing, others than the
   * reports hide. `ignores-dates`, `screen-period` and `current-date` ignore the requested dates (§1.4).
   * `screen-period` serves the period on Tally's screen. `current-date` serves the financial year of a typed
   * SVCURRENTDATE, or without one the period on the screen. `cut`: a list of ids without a filter ends after 100 rows,
   * with STATUS 1.
   */
  voucherIndex: ['offered', 'refused', 'empty', 'leaves-out', 'ignores-dates', 'screen-period', 'current-date', 'cut'],
  /**
   * The collection of vouchers with fields of lists (§1.2). `refused`: this Tally knows only lists of ids. `ids-only`:
   * it ignores such fields, so that rows have no lines. `fat`: entries are whole, whatever is requested of them.
   * `no-rates`: lists below a list are empty. `aggregate-only`: LEDGERENTRIES is missing in invoice view. `no-irn`: the
   * fields of the e-invoice are empty. `other-amounts`: two lines have wrong amounts, but the voucher balances. `cut`:
   * the second half of the vouchers is missing, with STATUS 1.
   */
  voucherCollection: [
    'offered',
    'refused',
    'ids-only',
    'fat',
    'no-rates',
    'aggregate-only',
    'no-irn',
    'other-amounts',
    'cut',
  ],
  /**
   * One voucher by its MASTERID (§2). `refused`: an unknown request. `not-found`: for every id. `other-voucher`: the answer has
   * another MASTERID. `other-amounts`: two lines have wrong amounts, but the voucher balances.
   */
  voucherObject: ['offered', 'refused', 'not-found', 'other-voucher', 'other-amounts'],
  /**
   * The collection that sums vouchers by date (§1.2). `refused`: this Tally does not know it. `empty`: success without
   * rows. `rows`: it lists the vouchers themselves. `counts-only`: it has counts, but not sums of ids. `other-sums`:
   * its sums differ from its lists. `cut`: half of the days are missing, with STATUS 1. `last-cut`: only the last day
   * is missing.
   */
  dayDigests: ['offered', 'refused', 'empty', 'rows', 'counts-only', 'other-sums', 'cut', 'last-cut'],
  /**
   * The collection that sums vouchers by date and type (§1.2). `refused`: this Tally does not know it. `empty`: success
   * without rows. `other-sign`: a debit is positive. `counts-only`: it has counts, but not amounts. `with-dr-cr`:
   * amounts have `Dr` or `Cr`. `other-sums`: its sums differ from those of its vouchers. `cut`: the last rows are
   * missing, with STATUS 1. `without-types`: rows lack the type.
   */
  dayTotals: [
    'offered',
    'refused',
    'empty',
    'other-sign',
    'counts-only',
    'with-dr-cr',
    'other-sums',
    'cut',
    'without-types',
  ],
  /**
   * The effect of a filter by literal dates on the collection of vouchers (§1.3). `kept`: rows of the requested period
   * that pass the filter. `ignored`: all rows of the requested period. `scans-all`: rows of the whole books that pass
   * the filter.
   */
  literalFilter: ['kept', 'ignored', 'scans-all'],
  /**
   * The effect of the filter `$AlterID > n` on the collection of vouchers (§4). `kept`: rows with a higher ALTERID.
   * `ignored`: all rows of the requested period. `drops-all`: no rows, as by a formula that Tally does not understand.
   */
  alterIdFilter: ['kept', 'ignored', 'drops-all'],
  /**
   * The balances of the collections of ledgers and stock items (§9). `of-screen`: of the period on Tally's screen, whatever
   * dates are asked for. `without-totals`: this Tally does not know TBALOPENING, TBALCLOSING, DEBITTOTALS and CREDITTOTALS.
   * `refused`: it does not know collections with balances.
   */
  ledgerBalances: ['of-dates', 'of-screen', 'without-totals', 'refused'],
  /** The opening quantities of stock items (§9.4). `of-books`: of the first day of the books, whatever dates are asked for. */
  stockOpenings: ['of-dates', 'of-books'],
  /**
   * The balances of ledgers with amounts in foreign currency (§9). `booked`: the rupees of the vouchers. `revalued`: the foreign
   * sum at the rate of the latest voucher, as `-$ 500.00 @ ₹ 84/$  = -₹ 42000.00`, so that the ledgers do not add up to zero.
   * Bills are then plain rupees at that rate.
   */
  forexBalances: ['booked', 'revalued'],
  /**
   * The reports Trial Balance, Bills Receivable, Bills Payable and Stock Summary (§9). `of-screen`: of the period on Tally's
   * screen. `refused`: this Tally does not know them. `empty`: an envelope of 23 bytes.
   */
  balanceReports: ['of-dates', 'of-screen', 'refused', 'empty'],
  /**
   * The lines of a stock journal in a collection of vouchers (§9). `in-and-out`: in two lists of their own. `all-entries`: in
   * ALLINVENTORYENTRIES, where the signs tell them apart. `both`: in all three lists, so that each line comes twice.
   */
  stockJournals: ['in-and-out', 'all-entries', 'both'],
  /** The counters in the head of every collection: those of the company, or all 0 despite its rows (§1.5 B). */
  counters: ['counted', 'zero'],
  /**
   * Without a licence Tally silently refuses a bound on a day other than the 1st, 2nd or 31st (§1.3, §2). Under
   * `hides-days` it accepts every bound, but leaves out the vouchers of such days. A refused SVTODATE does not limit
   * the answer, except that under `to-ends-with-screen` the period on Tally's screen ends it. The effect of a refused
   * SVFROMDATE differs. Under `drops-bounds` it does not limit the answer. Under `from-shows-nothing` the answer is
   * empty. Under the two others Tally answers for the period on the screen.
   */
  education: ['off', 'drops-bounds', 'hides-days', 'from-shows-screen', 'from-shows-nothing', 'to-ends-with-screen'],
  /** Whether the company list has EDUMODE, SILVER and GOLD. Tally ignores fields that it does not know. */
  tellsEdition: [true, false],
  /** False: Tally runs, but no company is open. */
  companyOpen: [true, false],
  /** Further open companies: companies with awkward names, or the later years of the active one (§2). */
  otherCompanies: ['none', 'awkward-names', 'split-by-years'],
  /** How SVCURRENTCOMPANY is compared (§2): trimmed and ignoring case, or exactly. */
  companyMatch: ['any-case', 'exact'],
  /** `active-company`: SVCURRENTCOMPANY is ignored, and the active company answers under its own name (§1.3). */
  answersFor: ['asked-company', 'active-company'],
  /** By the charset of the request, or always the same (§3). */
  answerEncoding: ['as-asked', ...answerEncodings],
  /** Whether CONTENT-TYPE gives the charset, a wrong one, or none. */
  charsetHeader: ['true', 'wrong', 'absent'],
  /** How a client knows the end of an answer: by CONTENT-LENGTH, chunks, or only the end of the connection (§1.1). */
  lengthHeader: ['content-length', 'chunked', 'none'],
  headerNames: ['as-tally', 'lower-case', 'upper-case'],
  /** `&` is not escaped (§3). */
  bareAmpersands: [false, true],
  /** Whether reports declare the prefix UDF; collections never do (§3). */
  udfPrefix: ['declared', 'undeclared'],
  /** `many`: U+0003 and U+0005 in every name and narration. `half-cleaned`: ` 4;` in place of `&#4;` (§3). */
  controlCharacters: ['few', 'many', 'half-cleaned'],
  /** ERP 9 has another product name, and lacks the header fields that TallyPrime added (§1.6). */
  product: ['TallyPrime', 'Tally.ERP 9'],
  /**
   * Whether Tally continues with an answer after the client has left, and takes no other request until it is done. A
   * real Tally does so (§2).
   */
  keepsWorking: [true, false],
  /**
   * How long Tally works before it sends an answer: as long as real Tallys were measured to take (§2), a tenth of that, or not
   * at all.
   */
  pace: ['at-once', 'tenth', 'as-measured'],
  /** `one-request`: Tally closes a connection when a second request comes on it. */
  connections: ['kept', 'one-request'],
} as const;

export type SwitchName = keyof typeof switches;

export type Switches = { -readonly [K in SwitchName]: (typeof switches)[K][number] };

export const switchNames = Object.keys(switches) as SwitchName[];

export const usualSwitches = Object.fromEntries(switchNames.map((name) => [name, switches[name][0]])) as Switches;
