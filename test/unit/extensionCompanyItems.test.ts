import assert from 'node:assert/strict';
import { companyItems } from '../../src/extension/input/companyItems.js';
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

  it('are known by their exact name and by the name on display', () => {
    const rao = open('Rao & Sons', 'Rao  & Sons\u0004');
    for (const name of ['Rao  & Sons\u0004', 'Rao & Sons']) {
      const { items, chosen } = companyItems([rao], [name]);
      assert.deepEqual(labels(items), ['Rao & Sons']);
      assert.deepEqual(chosen, items);
    }
  });
});
