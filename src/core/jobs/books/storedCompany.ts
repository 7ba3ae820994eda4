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

/** Finds a company by its GUID or its name, ignoring case. Throws `usage`, which lists the companies that exist. */
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

/** The company to use if the user names none: the configured one, else the only one. Undefined if that does not decide. */
export async function impliedCompany(
  configured: string | undefined,
  companies: StoredCompany[],
  warehouse: Warehouse,
): Promise<StoredCompany | undefined> {
  if (configured === undefined) return companies.length === 1 ? companies[0] : undefined;
  const found = companies.find(({ name }) => sameCompanyName(name, configured));
  if (found) return found;
  // The parts of a company that was split by years share its id. The warehouse has the name of the part that was loaded last.
  for (const company of companies)
    if ((await sourcesOf({ company }, warehouse)).some(({ companyName }) => sameCompanyName(companyName, configured)))
      return company;
  return undefined;
}

export const listed = (companies: StoredCompany[]): string => companies.map(({ name }) => name).join(', ');
