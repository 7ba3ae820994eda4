// Vouchers that are not invoices, though some look much like invoices.
import { addDays } from '../../../core/base/calendar.js';
import { partyFields, remark, type Recipe } from './draft.js';
import { goods, line, total } from './goods.js';
import { ledger } from '../masters/ledgers.js';
import { localCustomers, localSuppliers, suppliers } from '../masters/parties.js';
import type { LedgerEntry, StockEntry } from '../voucher.js';

/** Orders and delivery documents: invoice view, stock, a party line. `sign` is Tally's sign of the goods. */
const document =
  (side: 'sales' | 'purchase', sign: 1n | -1n): Recipe =>
  ({ random }) => {
    const party = random.pick(side === 'sales' ? localCustomers : localSuppliers);
    const stock = goods(random, {
      lines: random.between(1, 3),
      supply: 'intra',
      ledgerOf: side === 'sales' ? ledger.salesLocal : ledger.purchaseLocal,
    }).map((entry): StockEntry => ({ ...entry, value: sign * entry.value }));
    return {
      base: 'none',
      ...partyFields(random, party),
      narration: remark(random),
      reference: `ORD-${random.digits(4)}`,
      entries: [line('party', party.ledger, -total(stock)), ...stock],
    };
  };

export const salesDocument = document('sales', 1n);
export const purchaseDocument = document('purchase', -1n);
export const rejectionIn = document('sales', -1n);

const accounting =
  (rowsOf: (context: Parameters<Recipe>[0], value: bigint) => LedgerEntry[]): Recipe =>
  (context) => {
    const rows = rowsOf(context, BigInt(context.random.between(1_000, 9_000_000)));
    return {
      base: 'none',
      view: 'accounting',
      partyLedger: rows[0]!.ledger,
      partyName: rows[0]!.ledger,
      narration: remark(context.random),
      entries: rows,
    };
  };

export const receipt = accounting(({ random, date }, value) => [
  { ...line('party', random.pick(localCustomers).ledger, value), bill: random.digits(4) },
  // Cleared some days later: a DATE inside the voucher that is not the voucher's own.
  { ...line('other', ledger.bank, -value), flaggedAsParty: true, bankDate: addDays(date, random.between(1, 9)) },
]);

export const payment = accounting(({ random, date }, value) => [
  { ...line('party', random.pick(suppliers).ledger, -value), bill: random.digits(4) },
  { ...line('other', ledger.bank, value), flaggedAsParty: true, bankDate: addDays(date, -random.between(1, 9)) },
]);

export const cashPayment = accounting((_, value) => [
  line('other', ledger.bankCharges, -value),
  { ...line('other', ledger.cash, value), flaggedAsParty: true },
]);

export const contra = accounting(({ date }, value) => [
  { ...line('other', ledger.cash, -value), flaggedAsParty: true },
  { ...line('other', ledger.bank, value), flaggedAsParty: true, bankDate: date },
]);

/** A tax set-off: it books GST ledgers without being an invoice. */
export const journal = accounting((_, value) => [
  line('cgst', ledger.outputCgst, -value),
  line('sgst', ledger.outputSgst, -value),
  line('cgst', ledger.inputCgst, value),
  { ...line('sgst', ledger.inputSgst, value), narration: 'set-off for the month' },
]);

/** A move between godowns: only stock, nothing is booked. */
export const stockJournal: Recipe = ({ random }) => {
  const stock = goods(random, { lines: 1, supply: 'intra', ledgerOf: () => '', list: 'INVENTORYENTRIESIN' });
  const out = stock.map((e): StockEntry => ({ ...e, list: 'INVENTORYENTRIESOUT' }));
  return {
    base: 'none',
    view: 'accounting',
    partyLedger: '',
    entries: [...stock.map((e): StockEntry => ({ ...e, value: -e.value })), ...out],
  };
};
