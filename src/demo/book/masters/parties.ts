/** A customer or supplier of the demo company. All are invented; the GSTINs have the right form but belong to nobody. */
export interface Party {
  ledger: string;
  state: string;
  /** '' for consumers and unregistered dealers. */
  gstin: string;
  group: string;
}

export const homeState = 'Maharashtra';

const stateCodes: Readonly<Record<string, string>> = {
  Maharashtra: '27',
  Gujarat: '24',
  Karnataka: '29',
  'Tamil Nadu': '33',
  Delhi: '07',
  'West Bengal': '19',
  'Uttar Pradesh': '09',
  Chandigarh: '04',
};

export const stateNames = Object.keys(stateCodes);

const awkwardCustomers: readonly (readonly [ledger: string, state: string])[] = [
  ['Shree Ganesh & Co.', homeState],
  ['Malhotra "Bros" Agencies', homeState],
  ["D'Souza Stationers", homeState],
  ['Señor Piñata Imports', homeState],
  ['राम किराना स्टोर', homeState],
  [' Sundaram Textiles ', homeState],
  ['Krishna Agencies\r\n(Unit 2)', homeState],
  ['₹ 99 Bazaar', homeState],
  ['007 Detective Supplies', homeState],
  ['Central Cess & Round Works', homeState], // a customer whose name matches every pattern of a tax or round-off ledger
  ['A < B > C Traders', homeState],
  ['महालक्ष्मी ट्रेडर्स & Sons', 'Gujarat'],
  ['Integrated IGST Consultants', 'Karnataka'],
  ['Kāverī Mills', 'Tamil Nadu'],
  ["St. Xavier's Co-op \u0004Society", 'Delhi'],
  ['Bengal Jute - Unit #3', 'West Bengal'],
];

const awkwardSuppliers: readonly (readonly [ledger: string, state: string])[] = [
  ['Gupta & Gupta (Wholesale)', homeState],
  ['तुलसी सप्लायर्स', homeState],
  ['Raj\r\nPackaging', homeState],
  ['Mehta TDS Return Services', homeState], // a supplier, not a tax
  ['O\'Neill "Tools"', homeState],
  ['Surat Silk Mills', 'Gujarat'],
  ['Mysore Sandal Depot', 'Karnataka'],
  [' 0123 Chemicals', 'Tamil Nadu'],
];

const firstWords = ['Asha', 'Bhavani', 'Chetak', 'Deepak', 'Ekta', 'Falguni', 'Girnar', 'Himalaya', 'Indus', 'Jyoti'];
const lastWords = ['Traders', 'Enterprises', 'Stores', 'Agencies', 'Industries'];
const otherStates = ['Gujarat', 'Karnataka', 'Tamil Nadu', 'Delhi', 'West Bengal', 'Uttar Pradesh'];

/** Customers have even serials and suppliers odd ones, so that two parties never share a number. */
function party(ledger: string, state: string, group: string, serial: number): Party {
  const pan = `AA${String.fromCharCode(65 + (serial % 26))}CX${String(1000 + serial)}Q`;
  const gstin = serial % 12 === 11 || serial % 12 === 6 ? '' : `${stateCodes[state]!}${pan}1Z${serial % 10}`;
  return { ledger, state, gstin, group };
}

function partyList(awkward: typeof awkwardCustomers, suffix: string, group: string, parity: number): Party[] {
  const made = firstWords.flatMap((first, f) =>
    lastWords.map((last, l) => {
      const state = (f + l) % 2 === 0 ? homeState : otherStates[(f * 5 + l) % otherStates.length]!;
      return [`${first} ${last}${suffix}`, state] as const;
    }),
  );
  return [...awkward, ...made].map(([ledger, state], i) =>
    party(ledger, state, state === 'Delhi' && parity === 0 ? 'North Zone Debtors' : group, i * 2 + parity),
  );
}

export const customers: readonly Party[] = partyList(awkwardCustomers, '', 'Sundry Debtors', 0);
export const suppliers: readonly Party[] = partyList(awkwardSuppliers, ' (Supply)', 'Sundry Creditors', 1);

const atHome = (p: Party): boolean => p.state === homeState;

export const localCustomers = customers.filter(atHome);
export const distantCustomers = customers.filter((p) => !atHome(p));
export const localSuppliers = suppliers.filter(atHome);
export const distantSuppliers = suppliers.filter((p) => !atHome(p));

export const foreignCustomers: readonly Party[] = [
  { ledger: 'Pacific Spice Trading LLC', state: '', gstin: '', group: 'Sundry Debtors' },
  { ledger: 'Müller & Söhne GmbH', state: '', gstin: '', group: 'Sundry Debtors' },
];
export const chandigarhCustomer: Party = party('Rock Garden Crafts', 'Chandigarh', 'North Zone Debtors', 900);
export const haulier: Party = {
  ledger: 'Jai Hind Roadlines',
  state: homeState,
  gstin: '',
  group: "Transporters' Dues",
};
