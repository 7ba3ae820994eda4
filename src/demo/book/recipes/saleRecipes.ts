import { addDays } from '../../../core/base/calendar.js';
import { ewayBill, partyFields, registration, remark, withParty, type Draft, type Recipe } from './draft.js';
import {
  apart,
  divideRounded,
  goods,
  itemsWorth,
  line,
  outputTax,
  roundOff,
  taxLines,
  unionTerritoryTax,
} from './goods.js';
import { cessItems, exportItems } from '../masters/items.js';
import { ledger } from '../masters/ledgers.js';
import { chandigarhCustomer, distantCustomers, foreignCustomers, localCustomers } from '../masters/parties.js';
import type { Random } from '../random.js';
import type { GstRate, LedgerEntry, StockEntry } from '../voucher.js';

const eighteen = (heads: GstRate['heads']): GstRate => ({ percent: 180_000n, heads });

/** Fields that a sale to a registered dealer often carries. */
function dispatchFields(random: Random, date: string): Partial<Draft> {
  return {
    narration: remark(random),
    ...(random.chance(60) && { reference: `PO-${random.digits(4)}` }),
    ...(random.chance(30) && { referenceDate: addDays(date, -random.between(1, 20)) }),
    ...(random.chance(40) && { irn: registration(random, date) }),
    ewayBills: random.chance(25) ? [ewayBill(random)] : [],
  };
}

export const saleLocal: Recipe = ({ random, date, serial }) => {
  const party = random.pick(localCustomers);
  const made = goods(random, { lines: random.between(1, 4), supply: 'intra', ledgerOf: ledger.salesLocal });
  // Discounts that the tax is lower for, by the ledger's master.
  const { stock, charge, taxed } = apart(made, serial % 2 === 0 ? -5n : 0n, ledger.schemeDiscount);
  const rows = [...charge, ...taxLines(taxed, 'intra', outputTax)];
  rows.push(...roundOff([...stock, ...rows], ledger.roundOff));
  return {
    base: 'sales',
    ...partyFields(random, party),
    ...dispatchFields(random, date),
    entries: withParty(party.ledger, stock, rows, { bill: String(serial) }),
  };
};

export const saleInterstate: Recipe = ({ random, date, serial }) => {
  const party = random.pick(distantCustomers);
  const made = goods(random, { lines: random.between(1, 3), supply: 'inter', ledgerOf: ledger.salesInterstate });
  const { stock, charge, taxed } = apart(made, serial % 2 === 0 ? 4n : 0n, ledger.packing);
  const tax = taxLines(taxed, 'inter', outputTax);
  // A method of rounding in the master of a tax ledger: still a tax (docs/tally.md §1.6).
  if (serial % 3 === 0) for (const row of tax) row.rounding = 'tax';
  const rows = [...charge, ...tax];
  rows.push(...roundOff([...stock, ...rows], ledger.roundedSales));
  return {
    base: 'sales',
    ...partyFields(random, party),
    ...dispatchFields(random, date),
    // Two lorries: two bills; the first one counts.
    ewayBills: random.chance(20) ? [ewayBill(random), ewayBill(random)] : [],
    entries: withParty(party.ledger, stock, rows, { bill: String(serial) }),
  };
};

/** Discount and freight as ledger lines, discounts on the lines too, and one item twice. */
export const saleWithCharges: Recipe = ({ random, date }) => {
  const party = random.pick(localCustomers);
  const stock = goods(random, {
    lines: 2,
    supply: 'intra',
    ledgerOf: ledger.salesLocal,
    discounts: true,
    firstItemTwice: true,
  });
  const rows = [
    line('other', ledger.discountAllowed, -BigInt(random.between(100, 99_999))),
    ...taxLines(stock, 'intra', outputTax),
    line('other', ledger.freightOut, BigInt(random.between(1, 40)) * 2_550n),
  ];
  rows.push(...roundOff([...stock, ...rows], ledger.paise));
  return {
    base: 'sales',
    ...partyFields(random, party),
    ...dispatchFields(random, date),
    entries: withParty(party.ledger, stock, rows),
  };
};

/** Several rates, each with its own line on the same tax ledgers. */
export const saleManyRates: Recipe = ({ random, date }) => {
  const party = random.pick(localCustomers);
  const stock = goods(random, { lines: 5, supply: 'intra', ledgerOf: ledger.salesLocal });
  const rows = taxLines(stock, 'intra', outputTax, true);
  const round = roundOff([...stock, ...rows], ledger.roundOff);
  for (const row of round) row.rounding = 'type';
  return {
    base: 'sales',
    ...partyFields(random, party),
    ...dispatchFields(random, date),
    entries: withParty(party.ledger, stock, [...rows, ...round]),
  };
};

export const saleWithCess: Recipe = ({ random, date }) => {
  const party = random.pick(localCustomers);
  const stock = goods(random, { lines: 2, supply: 'intra', ledgerOf: ledger.salesLocal, from: cessItems });
  const rows = taxLines(stock, 'intra', outputTax);
  return {
    base: 'sales',
    ...partyFields(random, party),
    ...dispatchFields(random, date),
    entries: withParty(party.ledger, stock, rows),
  };
};

/** Invoice view without stock: the service itself is a ledger line with its SAC. */
export const saleService: Recipe = ({ random, serial }) => {
  const party = random.pick(distantCustomers);
  const service: LedgerEntry = {
    ...line('taxable', ledger.serviceIncome, BigInt(random.between(50_000, 9_000_000))),
    hsn: '998719',
    gst: eighteen('inter'),
    costCentre: 'Field Team "West"',
  };
  const rows = [service, ...taxLines([service], 'inter', outputTax)];
  // The same income ledger once more, untaxed, and commission, which is no sales ledger.
  if (serial % 2 === 0)
    rows.push(line('taxable', ledger.serviceIncome, 25_000n), line('other', ledger.commission, 9_999n));
  return {
    base: 'sales',
    ...partyFields(random, party),
    narration: remark(random),
    entries: withParty(party.ledger, [], rows),
  };
};

/**
 * Accounting view: only ALLLEDGERENTRIES, ISINVOICE=No, in which the line of the sales ledger often holds items; now and
 * then a part of it is paid by bank at once.
 */
export const saleAccounting: Recipe = ({ random, serial }) => {
  const party = random.pick(localCustomers);
  const sale = {
    ...line('taxable', ledger.salesLocal(18), BigInt(random.between(10_000, 5_000_000))),
    gst: eighteen('blank'),
  };
  const rows = [sale, ...taxLines([{ value: sale.value, gst: eighteen('intra') }], 'intra', outputTax)];
  if (serial % 3 === 0) {
    rows.push({ ...line('other', ledger.bank, -sale.value / 4n), flaggedAsParty: true, bankDate: '2020-02-29' });
  }
  const stock = serial % 5 < 3 ? itemsWorth(sale.value, 18, sale.ledger, serial) : [];
  return {
    base: 'sales',
    view: 'accounting',
    ...partyFields(random, party),
    narration: remark(random),
    entries: withParty(party.ledger, stock, stock.length > 0 ? rows.slice(1) : rows, { partyLast: serial % 2 === 0 }),
  };
};

/** In dollars, under bond: no tax. Foreign amounts are exact; the rupees follow line by line. */
export const saleExport: Recipe = ({ random, date }) => {
  const party = random.pick(foreignCustomers);
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
      rate: BigInt(item.foreignPrice) * rate, // hundredths times hundredths
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
    ...dispatchFields(random, date),
    forex: { symbol: '$', rate },
    entries: withParty(party.ledger, stock, rows),
  };
};

/** Through a marketplace: tax collected at source is part of the bill and no GST. */
export const saleWithTcs: Recipe = ({ random, date }) => {
  const party = random.pick(distantCustomers);
  const stock = goods(random, { lines: 1, supply: 'inter', ledgerOf: ledger.salesInterstate });
  const rows = taxLines(stock, 'inter', outputTax);
  rows.push(line('other', ledger.tcs, divideRounded(stock[0]!.value, 1_000n) + 1n));
  return {
    base: 'sales',
    ...partyFields(random, party),
    ...dispatchFields(random, date),
    entries: withParty(party.ledger, stock, rows),
  };
};

/** Over the counter, in the form of ERP 9: the party is the cash ledger, the buyer's name is free text. */
export const saleCash: Recipe = ({ random }) => {
  const made = goods(random, {
    lines: random.between(1, 3),
    supply: 'intra',
    ledgerOf: ledger.salesLocal,
    list: 'INVENTORYENTRIES',
  });
  const { stock, charge, taxed } = apart(made, -3n, ledger.discountAllowed, 'method');
  const rows = [...charge, ...taxLines(taxed, 'intra', outputTax)];
  const round = roundOff([...stock, ...rows], ledger.roundOff);
  for (const row of round) row.rounding = 'method';
  return {
    base: 'sales',
    release: 'erp9',
    partyLedger: ledger.cash,
    partyName: random.pick(['Walk-in customer', "Ramesh's nephew", 'श्रीमती पाटिल', '']),
    narration: remark(random),
    entries: withParty(ledger.cash, stock, [...rows, ...round], { stockLast: true }),
  };
};

export const saleUnionTerritory: Recipe = ({ random, date }) => {
  const stock = goods(random, { lines: 1, supply: 'union-territory', ledgerOf: ledger.salesLocal });
  const rows = taxLines(stock, 'union-territory', unionTerritoryTax);
  return {
    base: 'sales',
    ...partyFields(random, chandigarhCustomer),
    ...dispatchFields(random, date),
    entries: withParty(chandigarhCustomer.ledger, stock, rows),
  };
};

/** The number stays, the party and the lines are gone. */
export const cancelled =
  (base: Draft['base']): Recipe =>
  ({ random }) => ({
    base,
    cancelled: true,
    partyLedger: '',
    entries: [],
    narration: random.pick(['', 'Wrong party']),
  });

export const optional =
  (recipe: Recipe): Recipe =>
  (context) => ({ ...recipe(context), optional: true });

export const postDated =
  (recipe: Recipe): Recipe =>
  (context) => ({ ...recipe(context), postDated: true });
