import assert from 'node:assert/strict';
import { companyItems } from '../../src/extension/input/companyItems.js';
import { plainSpaces } from '../support/plainSpaces.js';
import type { Company } from '../../src/core/core.js';

const open = (name: string, exactName?: string): Company => ({ name, id: `guid of ${name}`, exactName }) as Company;
const labels = (rows: readonly { label: string }[]): string[] => rows.map(({ label }) => label);

describe('the companies that Sync All can load', () => {
  it('are the open ones, all ticked where none was chosen before', () => {
    const { items, chosen } = companyItems([open('Asha'), open('Meera')], []);
    assert.deepEqual(labels(items), ['Asha', 'Meera']);
    assert.deepEqual(chosen, items);
  });

  it('keep those that were chosen before and are not open now, ticked and named as such', () => {
    const { items, chosen } = companyItems([open('Asha'), open('Meera')], ['Kamal Stores', ' ASHA ']);
    assert.deepEqual(
      items.map(({ label, detail, name }) => [label, detail, name]),
      [
        ['Asha', 'guid of Asha', 'Asha'],
        ['Meera', 'guid of Meera', 'Meera'],
        ['Kamal Stores', 'Not open now. Chosen before', 'Kamal Stores'],
      ],
    );
    assert.deepEqual(labels(chosen), ['Asha', 'Kamal Stores']);
    assert.ok(chosen.every((row) => items.includes(row)));
  });

  it('are told apart by the dates of their books, by the id where Tally gives none', () => {
    const dated = { ...open('Asha'), booksFrom: '2023-04-01' };
    const detailOf = (company: Company) => plainSpaces(companyItems([company], []).items[0]!.detail);
    assert.equal(detailOf(dated), 'Books from 1 Apr 2023');
    assert.equal(
      detailOf({ ...dated, lastVoucherDate: '2024-10-13' }),
      'Books from 1 Apr 2023 · last voucher 13 Oct 2024',
    );
    assert.equal(detailOf(open('Meera')), 'guid of Meera');
  });

  it('are known by their exact name and by the name on display', () => {
    const rao = open('Rao & Sons', 'Rao  & Sons\u0004');
    for (const name of ['Rao  & Sons\u0004', 'Rao & Sons']) {
      const { items, chosen } = companyItems([rao], [name]);
      assert.deepEqual(labels(items), ['Rao & Sons']);
      assert.deepEqual(chosen, items);
    }
  });
});
