import type { Company } from '../../core/core.js';
import { nameKey } from '../../core/base/names.js';
import { messages } from '../messages.js';

/** A row of a list of companies. `name` is the exact text of Tally. */
export interface CompanyItem {
  label: string;
  detail: string;
  name: string;
}

/**
 * Names that differ only in what is left out for display are told apart by their exact text. A person tells the parts of a split
 * company apart by their dates; the id is for a Tally that gives none.
 */
export const itemOf = ({ name, exactName, id, booksFrom, lastVoucherDate }: Company): CompanyItem => ({
  label: name,
  detail: booksFrom === undefined ? id : messages.company.books(booksFrom, lastVoucherDate),
  name: exactName ?? name,
});

/**
 * The companies for *Sync All*: the open ones, then those of `before` that are not open. `chosen` are ticked: those of `before`, or all
 * where none was chosen. Whoever adds one company keeps the others, also those that are not open today.
 */
export function companyItems(
  open: readonly Company[],
  before: readonly string[],
): { items: CompanyItem[]; chosen: CompanyItem[] } {
  const ofOpen = open.map((company) => ({
    item: itemOf(company),
    keys: [company.exactName ?? company.name, company.name],
  }));
  const isOf = (name: string) => (key: string) => nameKey(key) === nameKey(name);
  const ticked = ofOpen.filter(({ keys }) => before.some((name) => keys.some(isOf(name)))).map(({ item }) => item);
  const notOpen = before
    .filter((name) => !ofOpen.some(({ keys }) => keys.some(isOf(name))))
    .map((name) => ({ label: name, detail: messages.company.notOpenNow(), name }));
  const items = [...ofOpen.map(({ item }) => item), ...notOpen];
  return { items, chosen: before.length === 0 ? items : [...ticked, ...notOpen] };
}
