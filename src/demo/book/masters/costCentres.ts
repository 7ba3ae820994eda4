/** One row of the list of cost centres. */
export interface CostCentreRow {
  name: string;
  category: string;
  parent: string;
}

const primary = '\u0004 Primary';

export const costCategory = 'Primary Cost Category';

export const costCentre = {
  headOffice: 'Head Office & Admin',
  fieldTeam: 'Field Team "West"',
  warehouse: 'गोदाम Staff',
  drivers: "Drivers' Pool",
} as const;

export const costCentres: readonly CostCentreRow[] = [
  { name: costCentre.headOffice, category: costCategory, parent: primary },
  { name: costCentre.fieldTeam, category: costCategory, parent: primary },
  { name: costCentre.warehouse, category: costCategory, parent: primary },
  { name: costCentre.drivers, category: costCategory, parent: costCentre.warehouse },
];
