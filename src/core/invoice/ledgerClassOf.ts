import type { LedgerPatterns } from '../config.js';
import type { LedgerClass } from './invoice.js';
import { nameKey } from './invoiceTypeOf.js';
import type { GroupMaster, LedgerMaster, Masters } from './masters.js';

/** GSTDUTYHEAD in both spellings of the state head, which occur on different books (tally.md §1.6). */
const dutyHeads: Record<string, LedgerClass> = {
  cgst: 'cgst',
  'central tax': 'cgst',
  sgst: 'sgst',
  'sgst/utgst': 'sgst',
  'state tax': 'sgst',
  'ut tax': 'sgst',
  utgst: 'sgst',
  igst: 'igst',
  'integrated tax': 'igst',
  cess: 'cess',
  'state cess': 'cess',
};

export interface ClassedLedger {
  ledgerClass: LedgerClass;
  /** No ledger master says which ledger this is: its name alone decided. */
  isGuess: boolean;
  /** Tally's list has it as a customer or supplier: one of Sundry Debtors or Sundry Creditors. */
  isParty?: true;
}

/** The class of a ledger line that is not the party's. */
export type LedgerClassOf = (ledgerName: string) => ClassedLedger;

/**
 * Classes by Tally's ledger masters (TAXTYPE, GSTDUTYHEAD, group); the name patterns decide where a master does not:
 * for ledgers that are not listed, for duties without a head, and for round-off, which has no mark in the master.
 */
export function ledgerClassesOf(masters: Masters, patterns: LedgerPatterns): LedgerClassOf {
  const groups = new Map(masters.groups.map((group) => [nameKey(group.name), group]));
  const byName = namePatterns(patterns);
  const isTrade = [patterns.sales, patterns.purchase].map((pattern) => new RegExp(pattern, 'iu'));
  // Never against a master: what Tally has under another group is no sale, whatever it is called.
  const tradeByName = (name: string): LedgerClass =>
    isTrade.some((pattern) => pattern.test(name)) ? 'taxable' : 'other';
  // Several of one name: two Hindi names of one length are both `?????` once Tally has lost their letters.
  const listed = new Map<string, LedgerClass | 'several'>();
  const parties = new Set<string>();
  for (const ledger of masters.ledgers) {
    const key = nameKey(ledger.name);
    const found = classByMaster(ledger, groups, byName);
    listed.set(key, (listed.get(key) ?? found) === found ? found : 'several');
    if (partyGroups.has(reservedGroup(ledger.parent, groups, partyGroups))) parties.add(key);
  }
  const known = new Map<string, ClassedLedger>();

  return (ledgerName) => {
    const key = nameKey(ledgerName);
    let found = known.get(key);
    if (found === undefined) {
      const own = listed.get(key);
      found =
        own !== undefined && own !== 'several'
          ? { ledgerClass: own, isGuess: false }
          : { ledgerClass: byName(ledgerName) ?? tradeByName(ledgerName), isGuess: true };
      if (parties.has(key)) found.isParty = true;
      known.set(key, found);
    }
    return found;
  };
}

function classByMaster(
  ledger: LedgerMaster,
  groups: Map<string, GroupMaster>,
  byName: (name: string) => LedgerClass | undefined,
): LedgerClass {
  const taxType = nameKey(ledger.taxType);
  if (taxType === 'tds') return 'tds';
  if (taxType === 'tcs') return 'other'; // collected from the buyer: part of the invoice, no part of GST
  const head = taxType === 'gst' ? dutyHeads[nameKey(ledger.gstDutyHead)] : undefined;
  if (head) return head;
  const group = reservedGroup(ledger.parent, groups, classGroups);
  if (group === 'sales accounts' || group === 'purchase accounts') return 'taxable';
  const named = byName(ledger.name);
  if (group === 'duties & taxes' || taxType === 'gst') return named ?? 'other';
  return named === 'round_off' ? named : 'other';
}

const classGroups: ReadonlySet<string> = new Set(['sales accounts', 'purchase accounts', 'duties & taxes']);
const partyGroups: ReadonlySet<string> = new Set(['sundry debtors', 'sundry creditors']);

/** The nearest of the `deciding` groups, climbing from `parent`; '' when none is above. */
function reservedGroup(parent: string, groups: Map<string, GroupMaster>, deciding: ReadonlySet<string>): string {
  const seen = new Set<string>();
  for (let key = nameKey(parent); key !== '' && !seen.has(key); key = nameKey(groups.get(key)?.parent ?? '')) {
    seen.add(key);
    const name = nameKey(groups.get(key)?.reservedName ?? '') || key;
    if (deciding.has(name)) return name;
  }
  return '';
}

function namePatterns(patterns: LedgerPatterns): (name: string) => LedgerClass | undefined {
  const order = ['cgst', 'sgst', 'igst', 'cess', 'tds', 'round_off'] as const;
  const compiled = order.map((name) => [name, new RegExp(patterns[name], 'iu')] as const);
  return (ledgerName) => compiled.find(([, pattern]) => pattern.test(ledgerName))?.[0];
}
