import { addDays } from '../../../core/base/calendar.js';
import { partyFields, registration, remark, withParty, type Draft, type Recipe } from './draft.js';
import {
  apart,
  divideRounded,
  goods,
  inputTax,
  itemsWorth,
  line,
  outputTax,
  roundOff,
  taxLines,
  total,
} from './goods.js';
import { ledger } from '../masters/ledgers.js';
import { distantSuppliers, haulier, localCustomers, localSuppliers, suppliers } from '../masters/parties.js';
import type { Random } from '../random.js';
import type { LedgerEntry } from '../voucher.js';

/** The supplier's own number and date; leading zeros and spaces are theirs. */
function supplierBill(random: Random, date: string): Partial<Draft> {
  return {
    narration: remark(random),
    ...(random.chance(85) && {
      reference: random.pick([`00${random.digits(3)}`, `INV/${random.digits(5)}/A&B`, ` ${random.digits(4)} `]),
    }),
    ...(random.chance(70) && { referenceDate: addDays(date, -random.between(0, 45)) }),
  };
}

export const purchaseLocal: Recipe = ({ random, date, serial }) => {
  const party = random.pick(localSuppliers);
  const made = goods(random, { lines: random.between(1, 4), supply: 'intra', ledgerOf: ledger.purchaseLocal });
  const { stock, charge, taxed } = apart(made, serial % 2 === 0 ? 6n : 0n, ledger.carriageIn);
  const tax = taxLines(taxed, 'intra', inputTax);
  if (serial % 3 === 0) for (const row of tax) row.rounding = 'tax';
  const rows = [...charge, ...tax];
  rows.push(...roundOff([...stock, ...rows], ledger.roundOff));
  return {
    base: 'purchase',
    ...partyFields(random, party),
    ...supplierBill(random, date),
    entries: withParty(party.ledger, stock, rows, { bill: random.digits(4) }),
  };
};

export const purchaseInterstate: Recipe = ({ random, date }) => {
  const party = random.pick(distantSuppliers);
  const stock = goods(random, { lines: random.between(1, 3), supply: 'inter', ledgerOf: ledger.purchaseInterstate });
  const rows = [
    ...taxLines(stock, 'inter', inputTax),
    line('other', ledger.freightIn, BigInt(random.between(50, 900)) * 100n),
  ];
  return {
    base: 'purchase',
    ...partyFields(random, party),
    ...supplierBill(random, date),
    entries: withParty(party.ledger, stock, rows),
  };
};

/** A discount received: credited like the party, though Tally calls the line deemed positive. */
export const purchaseDiscount: Recipe = ({ random, date }) => {
  const party = random.pick(localSuppliers);
  const stock = goods(random, { lines: 2, supply: 'intra', ledgerOf: ledger.purchaseLocal, discounts: true });
  const rows = taxLines(stock, 'intra', inputTax);
  rows.push(line('other', ledger.discountReceived, -divideRounded(total(stock), 50n)));
  rows.push(...roundOff([...stock, ...rows], ledger.roundedSales));
  return {
    base: 'purchase',
    ...partyFields(random, party),
    ...supplierBill(random, date),
    entries: withParty(party.ledger, stock, rows),
  };
};

/**
 * An expense bill with tax deducted at source: the party gets less than the bill. Fees are booked on an expense ledger and
 * taxed all the same, which the line says by its rates, or by GSTOVRDNTAXABILITY alone.
 */
export const expenseWithTds: Recipe = ({ random, date, serial }) => {
  const contract = serial % 2 === 0;
  const party = contract ? haulier : random.pick(localSuppliers);
  const service: LedgerEntry = {
    // Job work is a purchase by its group; fees are an expense, and GST is charged on them all the same.
    ...line('taxable', contract ? ledger.jobWork : ledger.fees, BigInt(random.between(3_000_000, 20_000_000))),
    hsn: contract ? '998898' : '998221',
    gst: { percent: 180_000n, heads: 'intra' },
    costCentre: 'Head Office & Admin',
  };
  const percent = contract ? 2n : 10n;
  const tax = taxLines([service], 'intra', inputTax);
  if (serial % 4 === 3) {
    delete service.gst;
    service.assessable = 'taxability';
  }
  const rows = [
    service,
    ...tax,
    line(
      'tds',
      contract ? ledger.tdsContractor : ledger.tdsProfessional,
      -divideRounded(service.value * percent, 100n),
    ),
  ];
  return {
    base: 'purchase',
    ...partyFields(random, party),
    ...supplierBill(random, date),
    entries: withParty(party.ledger, [], rows),
  };
};

/** Accounting view, the expense first and the party last; the line has a narration of its own. */
export const expenseAccounting: Recipe = ({ random, date }) => {
  const party = random.pick(suppliers);
  const rent: LedgerEntry = {
    ...line('other', ledger.rent, BigInt(random.between(10_000, 90_000)) * 100n),
    narration: 'for the godown at the back',
    costCentre: 'Head Office & Admin',
  };
  return {
    base: 'purchase',
    view: 'accounting',
    ...partyFields(random, party),
    ...supplierBill(random, date),
    entries: withParty(party.ledger, [], [rent], { partyLast: true }),
  };
};

/** Goods come back from a customer. */
export const creditNote: Recipe = ({ random, date, serial }) => {
  const party = random.pick(localCustomers);
  const made = goods(random, { lines: random.between(1, 2), supply: 'intra', ledgerOf: () => ledger.salesReturn });
  const { stock, charge, taxed } = apart(made, serial % 2 === 0 ? -5n : 0n, ledger.schemeDiscount);
  const rows = [...charge, ...taxLines(taxed, 'intra', outputTax)];
  rows.push(...roundOff([...stock, ...rows], ledger.roundOff));
  return {
    base: 'credit_note',
    ...partyFields(random, party),
    narration: remark(random),
    reference: `BT/${random.digits(4)}`,
    ...(random.chance(50) && { irn: registration(random, date) }),
    entries: withParty(party.ledger, stock, rows, { bill: random.digits(4) }),
  };
};

/** A price difference, with the items that it is of or without. */
export const creditNoteAccounting: Recipe = ({ random, serial }) => {
  const party = random.pick(localCustomers);
  const value = BigInt(random.between(1_000, 300_000));
  const stock = serial % 3 < 2 ? itemsWorth(value, 12, ledger.salesLocal(12), serial) : [];
  const rows = [
    ...(stock.length === 0 ? [line('taxable', ledger.salesLocal(12), value)] : []),
    ...taxLines([{ value, gst: { percent: 120_000n, heads: 'intra' } }], 'intra', outputTax),
  ];
  return {
    base: 'credit_note',
    view: 'accounting',
    ...partyFields(random, party),
    narration: 'Rate difference',
    entries: withParty(party.ledger, stock, rows),
  };
};

/** Goods go back to a supplier. */
export const debitNote: Recipe = ({ random, date }) => {
  const party = random.pick(distantSuppliers);
  const stock = goods(random, { lines: random.between(1, 2), supply: 'inter', ledgerOf: () => ledger.purchaseReturn });
  const rows = taxLines(stock, 'inter', inputTax);
  rows.push(...roundOff([...stock, ...rows], ledger.roundOff));
  return {
    base: 'debit_note',
    ...partyFields(random, party),
    ...supplierBill(random, date),
    entries: withParty(party.ledger, stock, rows),
  };
};

export const debitNoteAccounting: Recipe = ({ random }) => {
  const party = random.pick(suppliers);
  return {
    base: 'debit_note',
    view: 'accounting',
    ...partyFields(random, party),
    narration: remark(random),
    entries: withParty(
      party.ledger,
      [],
      [line('taxable', ledger.purchaseLocal(5), BigInt(random.between(500, 90_000)))],
      { partyLast: true },
    ),
  };
};
