/** Which company is wanted, by GUIDs. */
export interface WantedCompany {
  /** The one that somebody chose. */
  chosenId?: string | undefined;
  /** The one that is set as the company to load. */
  configuredId?: string | null | undefined;
  /** The one that comes after all others that have rows. */
  lastResortId?: string | undefined;
}

/**
 * The company that the view and the pages show: the chosen one, else the configured one, else the first that `hasRows`. The companies
 * come with the one that was loaded last first.
 */
export const shownCompany = <Company extends { id: string }>(
  companies: readonly Company[],
  { chosenId, configuredId, lastResortId }: WantedCompany,
  hasRows: (company: Company) => boolean,
): Company | undefined =>
  companies.find(({ id }) => id === chosenId) ??
  companies.find(({ id }) => id === configuredId) ??
  companies.find((company) => company.id !== lastResortId && hasRows(company)) ??
  companies.find(hasRows);
