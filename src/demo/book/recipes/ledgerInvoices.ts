// Invoices whose ledger lines describe the goods or services.
import { partyFields, remark, supplierBill, withParty, type Recipe } from './draft.js';
import { divideRounded, itemsWorth, line, taxLines } from './goods.js';
import { ledger } from '../masters/ledgers.js';
import { distantCustomers, haulier, localCustomers, localSuppliers, suppliers } from '../masters/parties.js';
import type { GstRate, LedgerEntry } from '../voucher.js';

const eighteen = (heads: GstRate['heads']): GstRate => ({ percent: 180_000n, heads });

/** Invoice view without stock: the service is a ledger line with its SAC. */
export const saleService: Recipe = ({ random, serial }) => {
  const party = random.pick(distantCustomers);
  const service: LedgerEntry = {
    ...line('taxable', ledger.serviceIncome, BigInt(random.between(50_000, 9_000_000))),
    hsn: '998719',
    gst: eighteen('inter'),
    costCentre: 'Field Team "West"',
  };
  const rows = [service, ...taxLines([service], 'inter', 'output')];
  // The same income ledger again without tax, and commission, whose ledger is not a sales ledger.
  if (serial % 2 === 0)
    rows.push(line('taxable', ledger.serviceIncome, 25_000n), line('other', ledger.commission, 9_999n));
  return {
    base: 'sales',
    ...partyFields(random, party),
    narration: remark(random),
    entries: withParty(party.ledger, [], rows),
  };
};

/** Accounting view: ISINVOICE=No, sometimes items below the line of the sales ledger or a part payment by bank. */
export const saleAccounting: Recipe = ({ random, serial }) => {
  const party = random.pick(localCustomers);
  const sale = {
    ...line('taxable', ledger.salesLocal(18), BigInt(random.between(10_000, 5_000_000))),
    gst: eighteen('blank'),
  };
  const rows = [sale, ...taxLines([{ value: sale.value, gst: eighteen('intra') }], 'intra', 'output')];
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

/**
 * An expense bill with tax deducted at source. Rates on the line, or only GSTOVRDNTAXABILITY, show that GST is charged.
 */
export const expenseWithTds: Recipe = (context) => {
  const { random, serial } = context;
  const contract = serial % 2 === 0;
  const party = contract ? haulier : random.pick(localSuppliers);
  const service: LedgerEntry = {
    // Job work is a purchase by its group. Fees are an expense, and yet GST is charged on them.
    ...line('taxable', contract ? ledger.jobWork : ledger.fees, BigInt(random.between(3_000_000, 20_000_000))),
    hsn: contract ? '998898' : '998221',
    gst: { percent: 180_000n, heads: 'intra' },
    costCentre: 'Head Office & Admin',
  };
  const percent = contract ? 2n : 10n;
  const tax = taxLines([service], 'intra', 'input');
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
    ...supplierBill(context),
    entries: withParty(party.ledger, [], rows),
  };
};

/** Accounting view, with the expense first and the party last. The line of the expense has its own narration. */
export const expenseAccounting: Recipe = (context) => {
  const { random } = context;
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
    ...supplierBill(context),
    entries: withParty(party.ledger, [], [rent], { partyLast: true }),
  };
};

/** A price difference, with the items that it concerns or without items. */
export const creditNoteAccounting: Recipe = ({ random, serial }) => {
  const party = random.pick(localCustomers);
  const value = BigInt(random.between(1_000, 300_000));
  const stock = serial % 3 < 2 ? itemsWorth(value, 12, ledger.salesLocal(12), serial) : [];
  const rows = [
    ...(stock.length === 0 ? [line('taxable', ledger.salesLocal(12), value)] : []),
    ...taxLines([{ value, gst: { percent: 120_000n, heads: 'intra' } }], 'intra', 'output'),
  ];
  return {
    base: 'credit_note',
    view: 'accounting',
    ...partyFields(random, party),
    narration: 'Rate difference',
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
