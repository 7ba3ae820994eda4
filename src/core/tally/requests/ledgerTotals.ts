import type { DateRange } from '../../base/calendar.js';
import type { Paise } from '../../base/decimal.js';
import { readAmount } from '../../invoice/values/values.js';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { readMasterElements, type MasterRow } from '../xml/masterElements.js';
import { fieldsOf, filled } from '../xml/recordReader.js';
import { nameInTally, type Company } from './companies.js';
import { ledgerTotalsRequest } from './requests.js';

/** Tally's figures of a ledger for a range, in paise. Balances are debit positive; `debits` and `credits` are both positive. */
export interface LedgerTotal {
  name: string;
  opening: Paise;
  /** Undefined, like `credits`, if this Tally gives only balances. */
  debits: Paise | undefined;
  credits: Paise | undefined;
  closing: Paise;
}

export interface LedgerTotals {
  totals: LedgerTotal[];
  /** The names of all ledgers by their GUIDs. */
  names: Map<string, string>;
  /** Ledgers with amounts in a foreign currency: Tally values them at the latest rate, so they cannot be compared. */
  foreign: string[];
  /** Ledgers without a usable balance: it is 0 if nothing was ever booked on them, else unknown (docs/tally.md §9.1). */
  untold: string[];
}

/** Appears only in the log: the caller then says that nothing was compared. */
const unknownForm = "Tally's balances of ledgers are not in a known form.";

const ofTrialBalance = ['TBALOPENING', 'DEBITTOTALS', 'CREDITTOTALS', 'TBALCLOSING'];
const balances = ['OPENINGBALANCE', 'CLOSINGBALANCE'];
/**
 * RESERVEDNAME is an attribute. Only the ledger `Profit & Loss A/c`, which Tally makes, has text in it (docs/tally.md §9.1).
 */
const fields = fieldsOf(filled('NAME', 'GUID', 'RESERVEDNAME', ...balances, ...ofTrialBalance));

interface Told {
  name: string;
  guid: string;
  isReserved: boolean;
  /** The texts of TBALOPENING, DEBITTOTALS, CREDITTOTALS and TBALCLOSING. */
  totals: string[];
  /** The texts of OPENINGBALANCE and CLOSINGBALANCE. */
  balances: string[];
}

/**
 * Requests the balances and totals of each ledger in a range (docs/tally.md §9.1). The answer does not name its days, so the
 * caller decides what it proves. These fail with `answer-unreadable`: a row without a name, a row whose four columns do not add
 * up, an unreadable amount, and an answer without any amount. Other failures are those of readVoucherIndex.
 */
export async function readLedgerTotals(
  source: AnswerSource,
  company: Company,
  range: DateRange,
  signal?: AbortSignal,
): Promise<LedgerTotals> {
  const rows: Told[] = [];
  const found: LedgerTotals = { totals: [], names: new Map(), foreign: [], untold: [] };
  const request = { xml: ledgerTotalsRequest(nameInTally(company), range), element: 'LEDGER' };
  for await (const row of readMasterElements(source, request, fields, signal)) {
    const told = readTold(row);
    found.names.set(told.guid, told.name);
    if ([...told.totals, ...told.balances].some((text) => text.includes('='))) found.foreign.push(told.name);
    else rows.push(told);
  }
  const has = (key: 'totals' | 'balances'): boolean => rows.some((row) => row[key].some((text) => text !== ''));
  if (rows.length > 0 && !has('totals') && !has('balances')) throw unreadable(unknownForm);
  const read = has('totals') ? fromTotals : fromBalances;
  for (const row of rows) {
    const total = read(row);
    if (total === undefined) found.untold.push(row.name);
    else found.totals.push(total);
  }
  return found;
}

function readTold(row: MasterRow): Told {
  const name = row.value('NAME');
  if (name === '') throw unreadable(unknownForm);
  const texts = (names: readonly string[]): string[] => names.map((field) => row.value(field));
  return {
    name,
    guid: row.value('GUID'),
    isReserved: row.value('RESERVEDNAME') !== '',
    totals: texts(ofTrialBalance),
    balances: texts(balances),
  };
}

/**
 * Tally leaves a column empty if nothing was booked on that side, and the closing balance if nothing ever moved. Undefined if
 * all columns are empty, or if only the closing balance is empty and the other columns do not add up to 0.
 */
function fromTotals({ name, totals }: Told): LedgerTotal | undefined {
  if (totals.every((text) => text === '')) return undefined;
  const [opening, debits, credits, closing] = totals.map(paiseOf) as [Paise, Paise, Paise, Paise];
  const sum = opening + debits + credits;
  if (totals[3] === '') return sum === 0n ? booked(name, opening, debits, credits, sum) : undefined;
  if (sum !== closing) throw unreadable(unknownForm);
  return booked(name, opening, debits, credits, closing);
}

const booked = (name: string, opening: Paise, debits: Paise, credits: Paise, closing: Paise): LedgerTotal => ({
  name,
  opening: -opening,
  debits: -debits,
  credits,
  closing: -closing,
});

/**
 * Undefined without a closing balance. Undefined also for `Profit & Loss A/c`: its CLOSINGBALANCE includes the profit of the
 * period, so its own entries do not add up to it.
 */
function fromBalances({ name, isReserved, balances: [opening = '', closing = ''] }: Told): LedgerTotal | undefined {
  if (isReserved || closing === '') return undefined;
  return { name, opening: -paiseOf(opening), debits: undefined, credits: undefined, closing: -paiseOf(closing) };
}

function paiseOf(text: string): Paise {
  if (text === '') return 0n;
  const amount = readAmount(text);
  if ('reason' in amount) throw unreadable(unknownForm);
  return amount.paise;
}
