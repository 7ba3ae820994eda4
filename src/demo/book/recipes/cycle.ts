import { cancelled, optional, postDated, type BillKind, type Recipe } from './draft.js';
import * as goods from './goodsInvoices.js';
import * as ledgers from './ledgerInvoices.js';
import * as journals from './journals.js';
import * as other from './otherRecipes.js';
import * as settlements from './settlements.js';

/**
 * A kind of voucher: the name of its type in this company, how often it comes in a cycle, its recipe, and whose bills it makes,
 * if later vouchers settle them.
 */
type Kind = readonly [typeName: string, times: number, recipe: Recipe, bills?: BillKind];

const invoices: readonly Kind[] = [
  ['Sales', 16, goods.saleLocal, 'customer'],
  ['Sales', 9, goods.saleInterstate, 'customer'],
  ['Sales', 5, goods.saleWithCharges, 'customer'],
  ['GST Sale Invoice', 6, goods.saleManyRates, 'customer'],
  ['Sales', 3, goods.saleWithCess, 'customer'],
  ['GST Sale Invoice', 5, ledgers.saleService, 'customer'],
  ['Sales', 4, ledgers.saleAccounting, 'customer'],
  ['E-Sales Export', 3, goods.saleExport, 'exporter'],
  ['E-Sales', 3, goods.saleWithTcs, 'customer'],
  ['Sales', 5, goods.saleCash],
  ['Sales', 1, goods.saleUnionTerritory],
  ['Sales', 2, cancelled('sales')],
  ['GST Sale Invoice', 1, optional(goods.saleLocal)],
  ['Sales', 1, postDated(goods.saleInterstate)],
  ['Purchase', 7, goods.purchaseLocal, 'supplier'],
  ['Purchase', 3, goods.purchaseInterstate, 'supplier'],
  ['Purchase', 2, goods.purchaseDiscount, 'supplier'],
  ['Expense', 3, ledgers.expenseWithTds],
  ['Expense', 1, ledgers.expenseAccounting],
  ['Purchase', 1, cancelled('purchase')],
  ['Credit Note', 3, goods.creditNote],
  ['वापसी (Returns)', 1, goods.creditNote],
  ['Credit Note', 1, ledgers.creditNoteAccounting],
  ['Debit Note', 2, goods.debitNote],
  ['Debit Note', 1, ledgers.debitNoteAccounting],
];
const others: readonly Kind[] = [
  ['Sales Order', 2, other.salesDocument],
  ['Sales Quotation', 1, other.salesDocument],
  ['Delivery Note', 2, other.salesDocument],
  ['Rejections In', 1, other.rejectionIn],
  ['Purchase Order', 2, other.purchaseDocument],
  ['Receipt Note', 1, other.purchaseDocument],
  ['Receipt', 5, settlements.receipt, 'receipt'],
  ['Receipt', 1, cancelled('none')],
  ['Payment', 4, settlements.payment],
  ['Cash Payment', 1, other.cashPayment],
  ['Contra', 1, other.contra],
  ['Journal', 2, journals.journal],
  ['Stock Journal', 1, other.stockJournal],
];

/** The fixed order of kinds, each spread evenly over the cycle; the same for every book. */
export const cycle = [...invoices, ...others]
  .flatMap(([typeName, times, recipe, bills], k) =>
    Array.from({ length: times }, (_, nth) => ({ typeName, recipe, bills, nth, at: (nth + 0.5 + k / 1_000) / times })),
  )
  .sort((a, b) => a.at - b.at);

const invoicesPerCycle = invoices.reduce((sum, [, times]) => sum + times, 0);

/** The number of vouchers of any kind in a book with about so many invoices. */
export const vouchersFor = (invoices: number): number => Math.ceil((invoices * cycle.length) / invoicesPerCycle);

const billPlaces: Readonly<Record<BillKind, readonly number[]>> = {
  customer: placesOf('customer'),
  exporter: placesOf('exporter'),
  supplier: placesOf('supplier'),
  receipt: placesOf('receipt'),
};

function placesOf(kind: BillKind): number[] {
  return cycle.flatMap(({ bills }, place) => (bills === kind ? [place] : []));
}

/** The index of the voucher that makes the n-th bill of a kind in a cycle; undefined before the first cycle. */
export function indexOfBill(kind: BillKind, n: number, round: number): number | undefined {
  const places = billPlaces[kind];
  return round < 0 ? undefined : round * cycle.length + places[n % places.length]!;
}

/** For each type: how many of the first n places of the cycle have the type. */
const before = new Map<string, number[]>();
for (const typeName of new Set(cycle.map((kind) => kind.typeName))) {
  const counts = [0];
  for (const kind of cycle) counts.push(counts.at(-1)! + (kind.typeName === typeName ? 1 : 0));
  before.set(typeName, counts);
}

/** How many of the vouchers 0 … index - 1 have a type. Computed, so that a voucher's number needs no other voucher. */
export function countBefore(typeName: string, index: number): number {
  const counts = before.get(typeName)!;
  return Math.floor(index / cycle.length) * counts[cycle.length]! + counts[index % cycle.length]!;
}
