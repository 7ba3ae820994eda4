// Invoices of goods. Each kind is a row of data, except two that have code of their own.
import { addDays } from '../../../core/base/calendar.js';
import {
  ewayBill,
  partyFields,
  registration,
  remark,
  supplierBill,
  withParty,
  type Draft,
  type Recipe,
  type RecipeContext,
} from './draft.js';
import { apart, divideRounded, goods, line, roundOff, taxLines, total, type GoodsPlan } from './goods.js';
import { cessItems, exportItems } from '../masters/items.js';
import { ledger } from '../masters/ledgers.js';
import * as parties from '../masters/parties.js';
import type { LedgerEntry, StockEntry } from '../voucher.js';

/** One kind of invoice of goods, as data. */
interface GoodsInvoice extends Omit<GoodsPlan, 'lines'> {
  base: Draft['base'];
  parties: readonly parties.Party[];
  lines: readonly [least: number, most: number];
  /** In every second invoice this percentage of the price is on a line of this ledger (see `apart`). */
  apart?: readonly [percent: bigint, ledger: string];
  /** Each rate has its own tax line. */
  taxPerRate?: boolean;
  /** In every third invoice the tax lines have a ROUNDTYPE. They are still tax (docs/tally.md §1.6). */
  roundsTax?: boolean;
  /** The ledger lines, without party, `apart` and round-off; default: only the tax. */
  rows?: (context: RecipeContext, tax: LedgerEntry[], stock: StockEntry[]) => LedgerEntry[];
  /** The ledger of the line that rounds the sum to whole rupees. */
  roundOff?: string;
  roundOffMark?: LedgerEntry['rounding'];
  document: (context: RecipeContext) => Partial<Draft>;
  bill?: (context: RecipeContext) => string;
}

/** The recipe of a kind of invoice. The order in which it draws random numbers decides the demo's figures, so it must stay. */
const goodsInvoice =
  (kind: GoodsInvoice): Recipe =>
  (context) => {
    const { random, serial } = context;
    const party = random.pick(kind.parties);
    const made = goods(random, { ...kind, lines: random.between(...kind.lines) });
    const [percent, chargeLedger] = kind.apart ?? [0n, ''];
    const { stock, charge, taxed } = apart(made, serial % 2 === 0 ? percent : 0n, chargeLedger);
    const side = kind.base === 'purchase' || kind.base === 'debit_note' ? 'input' : 'output';
    const tax = taxLines(taxed, kind.supply, side, kind.taxPerRate);
    if (kind.roundsTax && serial % 3 === 0) for (const row of tax) row.rounding = 'tax';
    const rows = [...charge, ...(kind.rows?.(context, tax, stock) ?? tax)];
    if (kind.roundOff) rows.push(...roundOff([...stock, ...rows], kind.roundOff, kind.roundOffMark));
    return {
      base: kind.base,
      ...partyFields(random, party),
      ...kind.document(context),
      entries: withParty(party.ledger, stock, rows, kind.bill && { bill: kind.bill(context) }),
    };
  };

/** Fields that a sale to a registered dealer often has. */
function dispatchFields({ random, date }: RecipeContext): Partial<Draft> {
  return {
    narration: remark(random),
    ...(random.chance(60) && { reference: `PO-${random.digits(4)}` }),
    ...(random.chance(30) && { referenceDate: addDays(date, -random.between(1, 20)) }),
    ...(random.chance(40) && { irn: registration(random, date) }),
    ewayBills: random.chance(25) ? [ewayBill(random)] : [],
  };
}

const localSale = {
  base: 'sales',
  parties: parties.localCustomers,
  supply: 'intra',
  ledgerOf: ledger.salesLocal,
  document: dispatchFields,
} as const;
const distantSale = {
  ...localSale,
  parties: parties.distantCustomers,
  supply: 'inter',
  ledgerOf: ledger.salesInterstate,
} as const;

export const saleLocal = goodsInvoice({
  ...localSale,
  lines: [1, 4],
  // Only the ledger's master says that the discount reduces the taxed value.
  apart: [-5n, ledger.schemeDiscount],
  roundOff: ledger.roundOff,
  bill: ({ serial }) => String(serial),
});

export const saleInterstate = goodsInvoice({
  ...distantSale,
  lines: [1, 3],
  apart: [4n, ledger.packing],
  roundsTax: true,
  roundOff: ledger.roundedSales,
  document: (context) => ({
    ...dispatchFields(context),
    // Goods on two lorries have two e-way bills; the first one counts.
    ewayBills: context.random.chance(20) ? [ewayBill(context.random), ewayBill(context.random)] : [],
  }),
  bill: ({ serial }) => String(serial),
});

/** Discount and freight as ledger lines, discounts on the item lines too, and one item twice. */
export const saleWithCharges = goodsInvoice({
  ...localSale,
  lines: [2, 2],
  discounts: true,
  firstItemTwice: true,
  rows: ({ random }, tax) => [
    line('other', ledger.discountAllowed, -BigInt(random.between(100, 99_999))),
    ...tax,
    line('other', ledger.freightOut, BigInt(random.between(1, 40)) * 2_550n),
  ],
  roundOff: ledger.paise,
  roundOffMark: 'type', // the ledger's name does not show that it is a round-off
});

/** Several rates, each with its own line on the same tax ledgers. */
export const saleManyRates = goodsInvoice({
  ...localSale,
  lines: [5, 5],
  taxPerRate: true,
  roundOff: ledger.roundOff,
  roundOffMark: 'type',
});

export const saleWithCess = goodsInvoice({ ...localSale, lines: [2, 2], from: cessItems });

/** A sale through a marketplace: tax collected at source is part of the bill, but not GST. */
export const saleWithTcs = goodsInvoice({
  ...distantSale,
  lines: [1, 1],
  rows: (_, tax, [first]) => [...tax, line('other', ledger.tcs, divideRounded(first!.value, 1_000n) + 1n)],
});

export const saleUnionTerritory = goodsInvoice({
  ...localSale,
  parties: [parties.chandigarhCustomer],
  supply: 'union-territory',
  lines: [1, 1],
});

const localPurchase = {
  base: 'purchase',
  parties: parties.localSuppliers,
  supply: 'intra',
  ledgerOf: ledger.purchaseLocal,
  document: supplierBill,
} as const;
const distantPurchase = {
  ...localPurchase,
  parties: parties.distantSuppliers,
  supply: 'inter',
  ledgerOf: ledger.purchaseInterstate,
} as const;

export const purchaseLocal = goodsInvoice({
  ...localPurchase,
  lines: [1, 4],
  apart: [6n, ledger.carriageIn],
  roundsTax: true,
  roundOff: ledger.roundOff,
  bill: ({ random }) => random.digits(4),
});

export const purchaseInterstate = goodsInvoice({
  ...distantPurchase,
  lines: [1, 3],
  rows: ({ random }, tax) => [...tax, line('other', ledger.freightIn, BigInt(random.between(50, 900)) * 100n)],
});

/** A purchase with a discount. The discount is credited like the party, though its ISDEEMEDPOSITIVE is Yes. */
export const purchaseDiscount = goodsInvoice({
  ...localPurchase,
  lines: [2, 2],
  discounts: true,
  rows: (_, tax, stock) => [...tax, line('other', ledger.discountReceived, -divideRounded(total(stock), 50n))],
  roundOff: ledger.roundedSales,
});

/** Goods returned to a supplier. */
export const debitNote = goodsInvoice({
  ...distantPurchase,
  base: 'debit_note',
  ledgerOf: () => ledger.purchaseReturn,
  lines: [1, 2],
  roundOff: ledger.roundOff,
});

/** Goods returned by a customer. */
export const creditNote = goodsInvoice({
  base: 'credit_note',
  parties: parties.localCustomers,
  supply: 'intra',
  ledgerOf: () => ledger.salesReturn,
  lines: [1, 2],
  apart: [-5n, ledger.schemeDiscount],
  roundOff: ledger.roundOff,
  document: ({ random, date }) => ({
    narration: remark(random),
    reference: `BT/${random.digits(4)}`,
    ...(random.chance(50) && { irn: registration(random, date) }),
  }),
  bill: ({ random }) => random.digits(4),
});

/** A sale in dollars, under bond and so without tax. Foreign amounts are exact; the rupees are computed line by line. */
export const saleExport: Recipe = (context) => {
  const { random } = context;
  const party = random.pick(parties.foreignCustomers);
  const rate = BigInt(random.between(8_200, 8_699));
  const first = random.between(0, 2);
  const stock = Array.from({ length: random.between(1, 2) }, (_, n): StockEntry => {
    const item = exportItems[(first + n) % exportItems.length]!;
    const count = BigInt(random.between(1, 400));
    const foreign = count * BigInt(item.foreignPrice);
    return {
      kind: 'item',
      item: item.name,
      ledger: ledger.salesExport,
      value: divideRounded(foreign * rate, 100n),
      foreign,
      hsn: item.hsn,
      gst: { percent: 0n, heads: 'all' },
      quantity: { count: count * 10_000n, unit: item.unit.name, text: ` ${count} ${item.unit.name}` },
      rate: BigInt(item.foreignPrice) * rate, // hundredths times hundredths are ten-thousandths
      foreignRate: BigInt(item.foreignPrice),
    };
  });
  const freight = BigInt(random.between(1_000, 20_000));
  const rows = random.chance(50)
    ? [{ ...line('other', ledger.freightOut, divideRounded(freight * rate, 100n)), foreign: freight }]
    : [];
  return {
    base: 'sales',
    ...partyFields(random, party),
    ...dispatchFields(context),
    forex: { symbol: '$', rate },
    entries: withParty(party.ledger, stock, rows),
  };
};

/** A sale over the counter, in the form of ERP 9: the party is the cash ledger, and the buyer's name is free text. */
export const saleCash: Recipe = ({ random }) => {
  const made = goods(random, {
    lines: random.between(1, 3),
    supply: 'intra',
    ledgerOf: ledger.salesLocal,
    list: 'INVENTORYENTRIES',
  });
  const { stock, charge, taxed } = apart(made, -3n, ledger.discountAllowed, 'method');
  const rows = [...charge, ...taxLines(taxed, 'intra', 'output')];
  rows.push(...roundOff([...stock, ...rows], ledger.roundOff, 'method'));
  return {
    base: 'sales',
    release: 'erp9',
    partyLedger: ledger.cash,
    partyName: random.pick(['Walk-in customer', "Ramesh's nephew", 'श्रीमती पाटिल', '']),
    narration: remark(random),
    entries: withParty(ledger.cash, stock, rows, { stockLast: true }),
  };
};
