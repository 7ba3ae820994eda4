/** The company's name, by which Tally is asked; undefined if the warehouse has only the id. */
export const companyOf = (row: { companyName: string | null; companyId: string | null }): string | undefined =>
  row.companyName === null || row.companyName === row.companyId ? undefined : row.companyName;
