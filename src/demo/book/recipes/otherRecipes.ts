// Vouchers that are not invoices, though some look much like invoices.
import { accounting, partyFields, remark, type Recipe } from './draft.js';
import { divideRounded, goods, line, total, wholeQuantity } from './goods.js';
import { items } from '../masters/items.js';
import { ledger } from '../masters/ledgers.js';
import { localCustomers, localSuppliers } from '../masters/parties.js';
import type { Random } from '../random.js';
import type { StockEntry } from '../voucher.js';

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

export const cashPayment = accounting((_, value) => [
  line('other', ledger.bankCharges, -value),
  { ...line('other', ledger.cash, value), flaggedAsParty: true },
]);

/** Cash drawn from the bank, and every third time cash paid in. */
export const contra = accounting(({ date, round }, value) => {
  const drawn = round % 3 === 2 ? -value : value;
  return [
    { ...line('other', ledger.cash, -drawn), flaggedAsParty: true },
    { ...line('other', ledger.bank, drawn), flaggedAsParty: true, bankDate: date, transfer: 'Cash' },
  ];
});

/** Only stock, nothing is booked: a move between godowns, or goods that are made from others. */
export const stockJournal: Recipe = (context) => {
  const { random, round } = context;
  return {
    base: 'none',
    view: 'accounting',
    partyLedger: '',
    entries: round % 2 === 0 ? transfer(random) : manufacture(random),
  };
};

const stockOnly = { supply: 'intra', ledgerOf: () => '' } as const;

function transfer(random: Random): StockEntry[] {
  const [moved] = goods(random, { ...stockOnly, lines: 1, list: 'INVENTORYENTRIESIN' }) as [StockEntry];
  return [
    { ...moved, value: -moved.value, godown: 'Bhiwandi Shed No. 4' },
    { ...moved, list: 'INVENTORYENTRIESOUT' },
  ];
}

/** The lines of a manufacture: two or three items are used up, and one item of the same total value is made. */
function manufacture(random: Random): StockEntry[] {
  const used = goods(random, { ...stockOnly, lines: random.between(2, 3), list: 'INVENTORYENTRIESOUT' });
  const { name: item, unit, hsn } = random.pick(items);
  const count = random.between(5, 80);
  const value = total(used);
  const made: StockEntry = {
    kind: 'item',
    list: 'INVENTORYENTRIESIN',
    item,
    ledger: '',
    value: -value,
    hsn,
    quantity: wholeQuantity(count, unit),
    rate: divideRounded(value * 100n, BigInt(count)),
  };
  return [made, ...used];
}
