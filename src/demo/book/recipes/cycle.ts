import type { Recipe } from './draft.js';
import * as other from './otherRecipes.js';
import * as purchase from './purchaseRecipes.js';
import * as sale from './saleRecipes.js';

/** One kind of voucher: its type's name in this company, how often it comes in a cycle, how it is made. */
interface Kind {
  typeName: string;
  times: number;
  isInvoice: boolean;
  recipe: Recipe;
}

const invoice = (typeName: string, times: number, recipe: Recipe): Kind => ({
  typeName,
  times,
  isInvoice: true,
  recipe,
});
const noInvoice = (typeName: string, times: number, recipe: Recipe): Kind => ({
  typeName,
  times,
  isInvoice: false,
  recipe,
});

const kinds: readonly Kind[] = [
  invoice('Sales', 16, sale.saleLocal),
  invoice('Sales', 9, sale.saleInterstate),
  invoice('Sales', 5, sale.saleWithCharges),
  invoice('GST Sale Invoice', 6, sale.saleManyRates),
  invoice('Sales', 3, sale.saleWithCess),
  invoice('GST Sale Invoice', 5, sale.saleService),
  invoice('Sales', 4, sale.saleAccounting),
  invoice('E-Sales Export', 3, sale.saleExport),
  invoice('E-Sales', 3, sale.saleWithTcs),
  invoice('Sales', 5, sale.saleCash),
  invoice('Sales', 1, sale.saleUnionTerritory),
  invoice('Sales', 2, sale.cancelled('sales')),
  invoice('GST Sale Invoice', 1, sale.optional(sale.saleLocal)),
  invoice('Sales', 1, sale.postDated(sale.saleInterstate)),
  invoice('Purchase', 7, purchase.purchaseLocal),
  invoice('Purchase', 3, purchase.purchaseInterstate),
  invoice('Purchase', 2, purchase.purchaseDiscount),
  invoice('Expense', 3, purchase.expenseWithTds),
  invoice('Expense', 1, purchase.expenseAccounting),
  invoice('Purchase', 1, sale.cancelled('purchase')),
  invoice('Credit Note', 3, purchase.creditNote),
  invoice('वापसी (Returns)', 1, purchase.creditNote),
  invoice('Credit Note', 1, purchase.creditNoteAccounting),
  invoice('Debit Note', 2, purchase.debitNote),
  invoice('Debit Note', 1, purchase.debitNoteAccounting),
  noInvoice('Sales Order', 2, other.salesDocument),
  noInvoice('Sales Quotation', 1, other.salesDocument),
  noInvoice('Delivery Note', 2, other.salesDocument),
  noInvoice('Rejections In', 1, other.rejectionIn),
  noInvoice('Purchase Order', 2, other.purchaseDocument),
  noInvoice('Receipt Note', 1, other.purchaseDocument),
  noInvoice('Receipt', 5, other.receipt),
  noInvoice('Receipt', 1, sale.cancelled('none')),
  noInvoice('Payment', 4, other.payment),
  noInvoice('Cash Payment', 1, other.cashPayment),
  noInvoice('Contra', 1, other.contra),
  noInvoice('Journal', 2, other.journal),
  noInvoice('Stock Journal', 1, other.stockJournal),
];

/** The fixed order of kinds, each spread evenly over the cycle. The same for every book. */
export const cycle: readonly Kind[] = kinds
  .flatMap((kind, k) =>
    Array.from({ length: kind.times }, (_, n) => ({ kind, at: (n + 0.5 + k / 1_000) / kind.times })),
  )
  .sort((a, b) => a.at - b.at)
  .map(({ kind }) => kind);

const invoicesPerCycle = cycle.filter((kind) => kind.isInvoice).length;

/** How many vouchers of any kind a book with about so many invoices has. */
export const vouchersFor = (invoices: number): number => Math.ceil((invoices * cycle.length) / invoicesPerCycle);

/** Per type: how many of it stand in the first n places of the cycle. */
const before = new Map<string, number[]>();
for (const typeName of new Set(cycle.map((kind) => kind.typeName))) {
  const counts = [0];
  for (const kind of cycle) counts.push(counts.at(-1)! + (kind.typeName === typeName ? 1 : 0));
  before.set(typeName, counts);
}

/** How many of the vouchers 0 … index - 1 are of a type: arithmetic, so a voucher's number needs no other voucher. */
export function countBefore(typeName: string, index: number): number {
  const counts = before.get(typeName)!;
  return Math.floor(index / cycle.length) * counts[cycle.length]! + counts[index % cycle.length]!;
}
