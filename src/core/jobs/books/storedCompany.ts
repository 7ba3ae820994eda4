import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { shownCompany } from '../../base/shownCompany.js';
import { sameCompanyName, sameId } from '../../tally/requests/companies.js';
import type { Connection } from '../../warehouse/postgres/connection.js';
import { listStoredCompanies } from '../../warehouse/read/summary.js';
import { listCompanies } from '../../warehouse/records/rejects.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { nothingLoaded } from '../warehouseSession.js';
import { sourcesOf } from './knownBooks.js';

/** A company of the warehouse. */
export interface StoredCompany {
  id: string;
  name: string;
}

/** The companies of the warehouse. Throws `schema-outdated` if it has none. */
export async function storedCompanies(warehouse: Warehouse): Promise<StoredCompany[]> {
  const companies = await warehouse.use(listCompanies);
  if (companies.length === 0) throw nothingLoaded(t('The warehouse has no company yet.'));
  return companies;
}

/** Which company a page shows. Default: the configured one, else the most recently loaded one. */
export interface PageCompany {
  /** A company's GUID. Ignored if the warehouse does not have the company. */
  companyId?: string | undefined;
  /** The GUID of a company that is shown only if no other one has rows. */
  lastResortId?: string | undefined;
}

/** The companies of the warehouse, the most recently loaded one first, and the company that a page shows, or null. Reads only. */
export async function companyOfPage(
  session: Connection,
  { companyId, lastResortId }: PageCompany,
  configured: string | undefined,
): Promise<{ companies: StoredCompany[]; company: StoredCompany | null }> {
  const stored = await listStoredCompanies(session);
  const wanted = { chosenId: companyId, lastResortId, configuredId: idOfConfigured(stored, configured) };
  const company = shownCompany(stored, wanted, ({ hasRows }) => hasRows);
  const plain = ({ id, name }: StoredCompany): StoredCompany => ({ id, name });
  return { companies: stored.map(plain), company: company ? plain(company) : null };
}

/** The GUID of the configured company; null if the warehouse does not have it. */
export const idOfConfigured = (companies: readonly StoredCompany[], configured: string | undefined): string | null =>
  companies.find(({ name }) => configured !== undefined && sameCompanyName(name, configured))?.id ?? null;

/** Finds a company by its GUID or its name, ignoring case. Throws `usage` if there is none, or several of that name. */
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
