import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { sameCompanyName, sameId } from '../../tally/requests/companies.js';
import { listCompanies } from '../../warehouse/records/rejects.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { nothingLoaded } from '../warehouseSession.js';
import { sourcesOf } from './knownBooks.js';

/** A company of the warehouse. */
export interface StoredCompany {
  id: string;
  name: string;
}

/** The companies of the warehouse. Throws `schema-outdated` where it has none. */
export async function storedCompanies(warehouse: Warehouse): Promise<StoredCompany[]> {
  const companies = await warehouse.use(listCompanies);
  if (companies.length === 0) throw nothingLoaded(t('The warehouse has no company yet.'));
  return companies;
}

/** The company that a page is asked for by its GUID, else the configured one; undefined where there is neither. */
export const wantedCompany = (
  companies: StoredCompany[],
  companyId: string | undefined,
  configured: string | undefined,
): StoredCompany | undefined =>
  companies.find(({ id }) => id === companyId) ??
  companies.find(({ name }) => configured !== undefined && sameCompanyName(name, configured));

/** The company of that name, in any case, or GUID. Throws `usage` where there is none, or several of that name. */
export function namedCompany(wanted: string, companies: StoredCompany[]): StoredCompany {
  const byId = companies.find(({ id }) => sameId(id, wanted.trim()));
  const [found, ...others] = byId ? [byId] : companies.filter(({ name }) => sameCompanyName(name, wanted));
  if (found && others.length > 0)
    throw new EtlError(
      'usage',
      t('The warehouse has several companies of the name {name}.', { name: wanted }),
      t('Give the GUID of one of them: {ids}.', { ids: [found, ...others].map(({ id }) => id).join(', ') }),
    );
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
