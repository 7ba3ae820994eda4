import { costCentre } from '../masters/costCentres.js';
import { ledger } from '../masters/ledgers.js';
import { accounting, type RecipeContext } from './draft.js';
import { line } from './goods.js';
import { adjustedAdvance, foreignSettlement } from './settlements.js';
import type { LedgerEntry } from '../voucher.js';

/** A tax set-off: it books GST ledgers without being an invoice. */
const taxSetOff = (value: bigint): LedgerEntry[] => [
  line('cgst', ledger.outputCgst, -value),
  line('sgst', ledger.outputSgst, -value),
  line('cgst', ledger.inputCgst, value),
  { ...line('sgst', ledger.inputSgst, value), narration: 'set-off for the month' },
];

/** Salaries, shared by cost centres; the provident fund takes an eighth of them. */
function salaries(value: bigint): LedgerEntry[] {
  const [office, field] = [value / 4n, value / 3n];
  const drivers = value / 7n;
  const fund = value / 8n;
  return [
    {
      ...line('other', ledger.salary, -value),
      costs: [
        { centre: costCentre.headOffice, value: -office },
        { centre: costCentre.fieldTeam, value: -field },
        { centre: costCentre.drivers, value: -drivers },
        { centre: costCentre.warehouse, value: office + field + drivers - value },
      ],
    },
    line('other', ledger.salaryPayable, value - fund),
    line('other', ledger.providentFund, fund),
  ];
}

const depreciation = (value: bigint): LedgerEntry[] => [
  { ...line('other', ledger.depreciation, -value), costCentre: costCentre.headOffice },
  line('other', ledger.machinery, value),
];

/**
 * Books the difference between the rupees of an export bill and the rupees received for it. Empty without such a
 * bill, or without a difference.
 */
function exchangeDifference(context: RecipeContext): LedgerEntry[] {
  const settled = foreignSettlement(context, 2);
  if (!settled) return [];
  // If more was received than billed, the gain is positive: the party is debited. A loss has the opposite signs.
  const gain = settled.received - settled.bill.value;
  if (gain === 0n) return [];
  return [
    {
      ...line('party', settled.bill.ledger, -gain),
      bills: [{ kind: 'against', name: settled.bill.name, date: settled.bill.date, value: -gain }],
    },
    line('other', ledger.exchangeDifference, gain),
  ];
}

/** The two journals of a cycle. */
export const journal = accounting((context, value) => {
  if (context.nth === 1) {
    const rows = exchangeDifference(context);
    return rows.length > 0 ? rows : taxSetOff(value);
  }
  switch (context.round % 4) {
    case 0: {
      const rows = adjustedAdvance(context, 3);
      return rows.length > 0 ? rows : depreciation(value);
    }
    case 1:
    case 3:
      return salaries(value);
    default:
      return context.round % 8 === 2 ? depreciation(value) : taxSetOff(value);
  }
});
