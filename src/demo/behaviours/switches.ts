import { answerEncodings } from '../answers/encoding.js';

const hides = ['nothing', 'cancelled', 'optional', 'every-tenth'] as const;

/**
 * What can be switched in the demo Tally by a plain value: each switch with what it can be set to, the usual first.
 * Most were seen at some Tally (docs/tally.md, by section); how an answer ends, header names and what looks left out by chance
 * are not established, and a loader must stand them all the same.
 */
export const switches = {
  /**
   * What the report does with the dates it is given (§1.4): nothing, and serves the whole book; what it is told;
   * nothing, and serves one day, the book's last or a typed SVCURRENTDATE; nothing, and serves the period on its screen.
   */
  dayBook: ['everything', 'honours-dates', 'today', 'screen-period'],
  voucherRegister: ['honours-dates', 'everything', 'today', 'screen-period'],
  /** What the report's own configuration on Tally's screen leaves out (§1.6). `every-tenth`: by its master id. */
  dayBookHides: hides,
  voucherRegisterHides: hides,
  /** A report without vouchers: its frame with nothing in it, or 23 bytes of envelope (§1.5 D). */
  emptyReport: ['framed', 'bare'],
  /**
   * The collection of vouchers. `empty`: success without rows. `leaves-out`: other vouchers than the reports hide. Whatever
   * dates are asked (§1.4): `screen-period` serves the period on Tally's screen, `current-date` the financial year of a
   * typed SVCURRENTDATE, and without one the period on its screen. `cut`: a list of ids alone that no filter bounds ends
   * after 100 rows, and STATUS says 1.
   */
  voucherIndex: ['offered', 'refused', 'empty', 'leaves-out', 'ignores-dates', 'screen-period', 'current-date', 'cut'],
  /**
   * The collection of vouchers where fields of lists are asked for (§1.2). `refused`: this Tally does not know it, as it knows
   * lists of ids. `ids-only`: it ignores such fields, and rows have no lines. `fat`: entries are whole whatever is asked of
   * them. `no-rates`: lists below a list are empty. `aggregate-only`: in invoice view LEDGERENTRIES does not come. `no-irn`:
   * fields of the e-invoice are empty. `other-amounts`: two lines have other amounts, and sums are still 0. `cut`: the second
   * half of the vouchers is missing, and STATUS says 1.
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
   * One voucher by its MASTERID (§2). `refused`: an unknown request. `not-found`: whichever is asked for. `other-voucher`: the
   * answer has another MASTERID. `other-amounts`: two lines have other amounts, and the voucher balances.
   */
  voucherObject: ['offered', 'refused', 'not-found', 'other-voucher', 'other-amounts'],
  /**
   * The collection that adds vouchers up by date (§1.2). `refused`: this Tally does not know it. `rows`: it lists the vouchers
   * themselves. `counts-only`: it adds up ones, and no ids. `other-sums`: what it adds up is another than what it lists.
   * `cut`: half of the days are missing, and STATUS says 1; `last-cut`: the last day is.
   */
  dayDigests: ['offered', 'refused', 'empty', 'rows', 'counts-only', 'other-sums', 'cut', 'last-cut'],
  /**
   * The collection that adds vouchers up by date and type (§1.2). `refused`: this Tally does not know it. `other-sign`: a debit is
   * positive. `counts-only`: it adds up ones, and no amounts. `with-dr-cr`: amounts say their side. `other-sums`: what it adds up
   * is another than its vouchers have. `cut`: the last rows are missing, and STATUS says 1. `without-types`: rows lack the type.
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
   * Whether a filter by literal dates bounds the collection of vouchers (§1.3): the rows of its period, not at all, or all
   * vouchers of the books, whatever the period.
   */
  literalFilter: ['kept', 'ignored', 'scans-all'],
  /** The counters in the head of every collection: those of the company, or all 0 beside its rows (§1.5 B). */
  counters: ['counted', 'zero'],
  /**
   * Without a licence a bound on another day than the 1st, 2nd or 31st is refused in silence, or such days are left out
   * (§1.3, §2). A refused SVTODATE is no bound, but under `to-ends-with-screen`, where the period on Tally's screen ends the
   * answer. A refused SVFROMDATE is no bound under `drops-bounds`, shows nothing at all under `from-shows-nothing`, and
   * the period on the screen under the two others.
   */
  education: ['off', 'drops-bounds', 'hides-days', 'from-shows-screen', 'from-shows-nothing', 'to-ends-with-screen'],
  /** Whether the company list knows EDUMODE, SILVER and GOLD. Tally ignores fields that it does not know. */
  tellsEdition: [true, false],
  /** False: Tally runs, but no company is open. */
  companyOpen: [true, false],
  /** Who is open beside the active company: companies with names that need care, or the later years of its own (§2). */
  otherCompanies: ['none', 'awkward-names', 'split-by-years'],
  /** How SVCURRENTCOMPANY is compared (§2): trimmed and in any case, or to the letter. */
  companyMatch: ['any-case', 'exact'],
  /** `active-company`: SVCURRENTCOMPANY is ignored, and the active company answers in its own name (§1.3). */
  answersFor: ['asked-company', 'active-company'],
  /** By the charset of the request, or the same always (§3). */
  answerEncoding: ['as-asked', ...answerEncodings],
  /** What CONTENT-TYPE says of the charset. */
  charsetHeader: ['true', 'wrong', 'absent'],
  /** How the end of an answer is told: by CONTENT-LENGTH, by chunks, or only by the end of the connection (§1.1). */
  lengthHeader: ['content-length', 'chunked', 'none'],
  headerNames: ['as-tally', 'lower-case', 'upper-case'],
  /** `&` as it is (§3). */
  bareAmpersands: [false, true],
  /** Whether reports declare the prefix UDF; collections never do (§3). */
  udfPrefix: ['declared', 'undeclared'],
  /** `many`: U+0003 and U+0005 in every name and narration. `half-cleaned`: ` 4;` where `&#4;` stood (§3). */
  controlCharacters: ['few', 'many', 'half-cleaned'],
  /** ERP 9 says another name of itself and leaves out the header fields that TallyPrime added (§1.6). */
  product: ['TallyPrime', 'Tally.ERP 9'],
  /** True Tally goes on with an answer nobody waits for, and takes no other request until it is done (§2). */
  keepsWorking: [true, false],
  /**
   * How long it works on an answer before it sends it: as long as real Tallys were measured to take (§2), a tenth of that, or not at
   * all.
   */
  pace: ['at-once', 'tenth', 'as-measured'],
  /** `one-request`: a second request on the same connection is hung up on. */
  connections: ['kept', 'one-request'],
} as const;

export type SwitchName = keyof typeof switches;

export type Switches = { -readonly [K in SwitchName]: (typeof switches)[K][number] };

export const switchNames = Object.keys(switches) as SwitchName[];

export const usualSwitches = Object.fromEntries(switchNames.map((name) => [name, switches[name][0]])) as Switches;
