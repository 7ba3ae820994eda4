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

/** The class of a ledger line that is not the party's. */
export type LedgerClassOf = (ledgerName: string) => LedgerClass;

/**
 * Classes by Tally's ledger masters (TAXTYPE, GSTDUTYHEAD, group); the name patterns decide where a master does not:
 * for ledgers that are not listed, for duties without a head, and for round-off, which has no mark in the master.
 */
export function ledgerClassesOf(masters: Masters, patterns: LedgerPatterns): LedgerClassOf {
  const ledgers = new Map(masters.ledgers.map((ledger) => [nameKey(ledger.name), ledger]));
  const groups = new Map(masters.groups.map((group) => [nameKey(group.name), group]));
  const byName = namePatterns(patterns);
  const known = new Map<string, LedgerClass>();

  return (ledgerName) => {
    const key = nameKey(ledgerName);
    let found = known.get(key);
    if (found === undefined) {
      const ledger = ledgers.get(key);
      found = ledger ? classByMaster(ledger, groups, byName) : (byName(ledgerName) ?? 'other');
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
  const group = reservedGroup(ledger.parent, groups);
  if (group === 'sales accounts' || group === 'purchase accounts') return 'taxable';
  const named = byName(ledger.name);
  if (group === 'duties & taxes' || taxType === 'gst') return named ?? 'other';
  return named === 'round_off' ? named : 'other';
}

/** The nearest of the groups that decide a class, climbing from `parent`; '' when none is above. */
function reservedGroup(parent: string, groups: Map<string, GroupMaster>): string {
  const deciding = new Set(['sales accounts', 'purchase accounts', 'duties & taxes']);
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
