/** A name as Tally compares names of companies, ledgers, types and marks: without regard to case and outer spaces. */
export const nameKey = (name: string): string => name.trim().toLowerCase();
