import assert from 'node:assert/strict';
import type {
  BalanceComparisons,
  BillComparison,
  LedgerComparison,
  StockComparison,
  VoucherComparison,
} from '../../src/core/jobs/balances/balanceComparison.js';
import { balancesDiffer, describeBalances, reloadRanges } from '../../src/core/report/describeBalances.js';
import { plainSpaces } from '../support/plainSpaces.js';

const range = { from: '2024-04-01', to: '2025-03-31' };
const june = { from: '2024-06-01', to: '2024-06-30' };
const ledger: LedgerComparison = {
  ...range,
  ...{ openings: true, totals: true, compared: 90, differences: 0, listed: [], foreign: [], untold: [] },
};
const bills: BillComparison = { on: range.to, compared: 40, differences: 0, listed: [], notCompared: [] };
const stock: StockComparison = {
  ...range,
  ...{ openings: true, compared: 25, differences: 0, listed: [], notCompared: [] },
};

const vouchers: VoucherComparison = { ...range, compared: 1200, differences: 0, listed: [] };
const unbalanced: VoucherComparison = {
  ...{ ...vouchers, differences: 3 },
  listed: [
    { date: '2024-06-03', voucherType: 'Receipt', voucherNumber: 'R/7', voucherId: 'a', sum: '0.01' },
    { date: '2024-09-12', voucherType: 'Journal', voucherNumber: null, voucherId: 'b', sum: '-2500.00' },
  ],
};

const ledgersDiffer: LedgerComparison = {
  ...ledger,
  differences: 4,
  listed: [
    {
      ledger: 'Asha Stores',
      tally: { opening: '0.00', debits: '118000.00', credits: '0.00', closing: '118000.00' },
      warehouse: { opening: '0.00', debits: '118000.00', credits: '3.50', closing: '117996.50' },
      since: june,
    },
    {
      ledger: 'Cash',
      tally: { opening: '500.00', debits: '10.00', credits: '0.00', closing: '510.00' },
      warehouse: { opening: '-500.00', debits: '10.00', credits: '0.00', closing: '-490.00' },
      since: 'opening',
    },
    {
      ledger: 'Bank',
      tally: { opening: '0.00', debits: null, credits: null, closing: '1.00' },
      warehouse: { opening: '0.00', debits: '2.00', credits: '0.00', closing: '2.00' },
      since: { from: '2024-07-01', to: '2024-08-31' },
    },
  ],
};

describe('what stands on the books, in words', () => {
  const text = (found: BalanceComparisons): string => plainSpaces(describeBalances(found).join('\n'));
  const concerns = (found: BalanceComparisons): string[] => balancesDiffer(found).map(plainSpaces);

  it('is a sentence for each kind where all is equal, which claims no more than was compared', () => {
    assert.equal(
      text({ ledger, bills, stock }),
      `
Ledgers, 1 Apr 2024 – 31 Mar 2025: 90 match Tally to the paisa in openings,
debits, credits and closings.

Bills open on 31 Mar 2025: 40 match Tally to the paisa.

Stock, 1 Apr 2024 – 31 Mar 2025: 25 items match Tally in opening and closing
quantities.`,
    );
    assert.deepEqual(concerns({ ledger, bills, stock }), []);
    const own = text({ ledger: { ...ledger, openings: false }, stock: { ...stock, openings: false } });
    assert.match(own, /: 90 match Tally to the paisa in debits,\s+credits\s+and\s+closings\./);
    assert.match(own, /: 25 items match Tally in closing quantities\./);
    assert.match(
      text({ ledger: { ...ledger, totals: false } }),
      /: 90 match Tally to the paisa in openings\s+and\s+closings\./,
    );
    assert.match(
      text({ ledger: { ...ledger, totals: false, openings: false } }),
      /: 90 match Tally to the paisa in closings\./,
    );
    assert.equal(text({ bills: { ...bills, compared: 0 }, stock: { ...stock, compared: 0 } }), '');
    assert.equal(text({}), '');
  });

  it('has a row for each figure of a ledger that differs, with the side of balances and since when', () => {
    assert.equal(
      text({ ledger: ledgersDiffer }),
      `
Ledgers that differ, 1 Apr 2024 – 31 Mar 2025

Ledger                       In Tally  In the warehouse  Difference  Since
Asha Stores  Credits            ₹0.00             ₹3.50      -₹3.50  Jun 2024
             Closing  ₹1,18,000.00 Dr   ₹1,17,996.50 Dr       ₹3.50
Cash         Opening       ₹500.00 Dr        ₹500.00 Cr   ₹1,000.00  the opening
             Closing       ₹510.00 Dr        ₹490.00 Cr   ₹1,000.00
Bank         Closing         ₹1.00 Dr          ₹2.00 Dr      -₹1.00  1 Jul – 31 Aug 2024
… and 1 more that is not listed`,
    );
  });

  it('has a row for each voucher whose entries do not add up, and offers to reload the days', () => {
    assert.equal(
      text({ vouchers }),
      `
Vouchers, 1 Apr 2024 – 31 Mar 2025: 1,200, and the entries of each add up to 0.`,
    );
    assert.equal(text({ vouchers: { ...vouchers, compared: 0 } }), '');
    assert.deepEqual([concerns({ vouchers }), reloadRanges({ vouchers })], [[], []]);
    assert.equal(
      text({ vouchers: unbalanced }),
      `
Vouchers whose entries do not add up to 0, 1 Apr 2024 – 31 Mar 2025

Date         Type     Number           Sum
3 Jun 2024   Receipt  R/7         ₹0.01 Dr
12 Sep 2024  Journal          ₹2,500.00 Cr
… and 1 more that is not listed`,
    );
    assert.deepEqual(concerns({ vouchers: unbalanced }), [
      'The entries of 3 vouchers in the warehouse do not add up to 0. If a reload does not change that, the vouchers do not add up in Tally either. Clear and reload 3 Jun 2024, 12 Sep 2024.',
    ]);
    assert.match(concerns({ vouchers: { ...unbalanced, differences: 1 } })[0]!, /^The entries of 1 voucher in/);
    // The ledgers differ since June, so the range `june` already includes the voucher's day, 3 June.
    assert.deepEqual(reloadRanges({ vouchers: unbalanced, ledger: ledgersDiffer }), [
      june,
      { from: '2024-07-01', to: '2024-08-31' },
      { from: '2024-09-12', to: '2024-09-12' },
    ]);
  });

  it('has a row for each bill and item that differs, and names what was not compared, and why', () => {
    assert.equal(
      text({
        bills: {
          ...bills,
          differences: 2,
          listed: [
            { ledger: 'Asha Stores', reference: 'INV-7', tally: '4000.00', warehouse: '0.00', since: june },
            {
              ...{ ledger: 'Chetak', reference: 'OP-1', tally: '-20.00', warehouse: '-27.00' },
              ...{ since: { from: '2024-04-01', to: '2024-04-30' }, wasOpen: true },
            },
          ],
          notCompared: [{ ledger: 'Müller', reference: 'EXP&1', reason: 'foreign' }],
        },
        stock: {
          ...stock,
          differences: 1,
          listed: [
            {
              ...{ item: 'Pen\r\n(blue)', unit: 'Nos', since: null },
              tally: { opening: '10.0000', closing: '1200.0000' },
              warehouse: { opening: '10.0000', closing: '-7.2500' },
            },
          ],
          notCompared: Array.from({ length: 12 }, (_, n) => ({ item: `Item ${n}`, reason: 'counted' as const })),
        },
      }),
      `
Open bills that differ on 31 Mar 2025

Ledger       Bill       In Tally  In the warehouse  Since
Asha Stores  INV-7  ₹4,000.00 Dr             ₹0.00  Jun 2024
Chetak       OP-1      ₹20.00 Cr         ₹27.00 Cr  Apr 2024 or the opening
Not compared, because Tally revalues foreign currency at the latest rate: Müller
EXP&1.

Stock that differs, 1 Apr 2024 – 31 Mar 2025

Item                  In Tally  In the warehouse  Since
Pen (blue)  Closing  1,200 Nos         -7.25 Nos
Not compared, because a physical stock voucher sets the quantity: Item 0, Item
1, Item 2, Item 3, Item 4, Item 5, Item 6, Item 7, Item 8, Item 9 and 2 more.`,
    );
  });

  it('says what to reload: the days in which the differences began', () => {
    assert.deepEqual(concerns({ ledger: ledgersDiffer, stock }), [
      'Tally and the warehouse differ in 4 ledgers. Clear and reload 1–30 Jun 2024, 1 Jul – 31 Aug 2024. Opening balances differ. If they were changed in Tally, sync. If they were changed in the warehouse, clear and reload any day.',
    ]);
    assert.deepEqual(reloadRanges({ ledger: ledgersDiffer }), [june, { from: '2024-07-01', to: '2024-08-31' }]);
  });
});
