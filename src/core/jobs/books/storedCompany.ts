import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { sameCompanyName, sameId } from '../../tally/requests/companies.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { sourcesOf } from './knownBooks.js';

/** A company of the warehouse. */
export interface StoredCompany {
  id: string;
  name: string;
}

/** The company that a page is asked for by its GUID, else the configured one; undefined where there is neither. */
export const wantedCompany = (
  companies: StoredCompany[],
  companyId: string | undefined,
  configured: string | undefined,
): StoredCompany | undefined =>
  companies.find(({ id }) => id === companyId) ??
  companies.find(({ name }) => configured !== undefined && sameCompanyName(name, configured));

/** The company of that name, in any case, or GUID. Throws `usage` that lists those there are. */
export function namedCompany(wanted: string, companies: StoredCompany[]): StoredCompany {
  const found = companies.find(({ id, name }) => sameId(id, wanted.trim()) || sameCompanyName(name, wanted));
  if (found) return found;
  throw new EtlError(
    'usage',
    t('The warehouse has no company {name}.', { name: wanted }),
    companies.length === 0
      ? t('Nothing has been loaded into it yet.')
      : t('It has {companies}.', { companies: listed(companies) }),
  );
}

/** The company that is meant where none is named: the configured one, else the only one; undefined: it cannot be told. */
export async function impliedCompany(
  configured: string | undefined,
  companies: StoredCompany[],
  warehouse: Warehouse,
): Promise<StoredCompany | undefined> {
  if (configured === undefined) return companies.length === 1 ? companies[0] : undefined;
  const found = companies.find(({ name }) => sameCompanyName(name, configured));
  if (found) return found;
  // The parts of a company that was split by years share its id; the warehouse names it as the latest of them.
  for (const company of companies)
    if ((await sourcesOf({ company }, warehouse)).some(({ companyName }) => sameCompanyName(companyName, configured)))
      return company;
  return undefined;
}

export const listed = (companies: StoredCompany[]): string => companies.map(({ name }) => name).join(', ');
