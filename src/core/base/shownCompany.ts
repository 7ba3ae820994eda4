/** GUIDs that decide which company is shown. */
export interface WantedCompany {
  /** The company that the user chose. */
  chosenId?: string | undefined;
  /** The company that the settings name. */
  configuredId?: string | null | undefined;
  /** The demo company: neither chosen nor configured, it is shown only if no other company has rows. */
  lastResortId?: string | undefined;
}

/**
 * The company that the view and the pages show: the chosen one, else the configured one, else the first that `hasRows`.
 * `companies`: the most recently loaded one first.
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
