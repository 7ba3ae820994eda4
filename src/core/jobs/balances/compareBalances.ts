import { isNotOffered } from '../../tally/answerErrors.js';
import { isAcceptedDay } from '../../tally/requests/requests.js';
import { readUnbalanced } from '../../warehouse/read/unbalancedVouchers.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { mayHide } from '../books/books.js';
import type { Run } from '../load/run.js';
import type { BalanceRemark } from '../remark.js';
import type { BalanceComparisons } from './balanceComparison.js';
import { compareBills } from './compareBills.js';
import { compareLedgers } from './compareLedgers.js';
import { compareStock } from './compareStock.js';
import { spanOf } from './span.js';

/** The results of the comparisons, and the reasons why something was not compared. */
export interface ComparedBalances {
  found: BalanceComparisons;
  remarks: BalanceRemark[];
  /** Set if days before the range were never loaded: openings and bills are then not compared. */
  openingsNotCompared?: BalanceRemark;
}

/**
 * Compares ledgers, open bills and quantities in stock at the end of the range: Tally's own figures with the
 * warehouse's openings and vouchers. Sends Tally at most four requests, and a few more if something differs. A kind
 * whose figures differ has no result if nothing shows that Tally kept to the dates. Nothing is requested if the
 * warehouse lacks days of the stream `ledger`, or if a Tally without a licence does not accept the bounds of the range.
 * The entries of each voucher of the range are added up in any case, because that needs the warehouse alone.
 */
export async function compareBalances(run: Run, warehouse: Warehouse, limit: number): Promise<ComparedBalances> {
  const remarks: BalanceRemark[] = [];
  const unbalanced = await warehouse.use((session) => readUnbalanced(session, run.books.company.id, run.range, limit));
  const found: BalanceComparisons = { vouchers: { ...run.range, ...unbalanced } };
  const { span, remark } = await spanOf(run, warehouse);
  // Loading only the last years is a choice, so it is reported in the result and not as a warning of every run.
  const isChoice = remark?.code === 'openings-not-compared' && remark.days !== null && remark.days > 0;
  if (remark !== undefined && !isChoice) remarks.push(remark);
  if (span === undefined) return { found, remarks };
  const { from, to } = span.range;
  if (mayHide(run.books) && !(isAcceptedDay(from) && isAcceptedDay(to)))
    return { found, remarks: [...remarks, { code: 'balances-of-other-days', of: 'all', range: span.range }] };

  const attempt = async <T>(of: 'ledgers' | 'stock', compare: () => Promise<T | undefined>): Promise<T | undefined> => {
    try {
      const compared = await compare();
      if (compared === undefined) remarks.push({ code: 'balances-of-other-days', of, range: span.range });
      return compared;
    } catch (error) {
      if (!isNotOffered(error)) throw error;
      remarks.push({ code: 'balances-not-given', of, refusal: error.message });
      return undefined;
    }
  };
  const asked = { run, warehouse, span, limit };
  const ledger = await attempt('ledgers', () => compareLedgers(asked));
  if (ledger !== undefined) found.ledger = ledger;
  if (span.openings !== undefined) {
    const bills = await compareBills(asked);
    if (bills.comparison !== undefined) found.bills = bills.comparison;
    remarks.push(...bills.remarks);
  }
  const stock = await attempt('stock', () => compareStock(asked));
  if (stock !== undefined) {
    found.stock = stock;
    if (span.openings !== undefined && !stock.openings) remarks.push({ code: 'stock-openings-not-compared' });
  }
  return { found, remarks, ...(isChoice && { openingsNotCompared: remark }) };
}
