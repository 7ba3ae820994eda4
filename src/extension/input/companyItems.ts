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
 * The row of a company. `name` is the exact text, because two names may look alike when displayed. `detail` has dates, by
 * which a person tells the parts of a split company apart, or the id if Tally gives no dates.
 */
export const itemOf = ({ name, exactName, id, booksFrom, lastVoucherDate }: Company): CompanyItem => ({
  label: name,
  detail: booksFrom === undefined ? id : messages.company.books(booksFrom, lastVoucherDate),
  name: exactName ?? name,
});

/**
 * The companies for *Sync All*: the open ones, then those of `before` that are not open. `chosen` are ticked: those of `before`, or all
 * if `before` is empty. So a user who adds a company keeps the others, also those that are not open today.
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
