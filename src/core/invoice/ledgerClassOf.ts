import type { LedgerPatterns } from '../config.js';
import type { LedgerClass } from './invoice.js';
import { nameKey } from './invoiceTypeOf.js';
import type { GroupMaster, LedgerMaster, Masters } from './masters.js';

/** GSTDUTYHEAD in both spellings of the state head, which occur on different books (docs/tally.md §1.6). */
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

/** What a mark on a line may still make of its ledger, where neither the master nor a tax name claims it. */
interface OpenToMarks {
  /** ROUNDTYPE may make the line a round-off. */
  roundsByMark?: true;
  /** METHODTYPE, rates and the like may make the line a part of the taxable value. */
  taxableByMark?: true;
}

/** What a ledger is by its master or its name. */
interface LedgerKind extends OpenToMarks {
  ledgerClass: LedgerClass;
  /** APPROPRIATEFOR GST: a charge or discount that is spread over the goods, and taxed at their rates. */
  isAssessable?: true;
}

export interface ClassedLedger extends LedgerKind {
  /** No ledger master says which ledger this is: its name alone decided. */
  isGuess: boolean;
  /** Tally's list has it as a customer or supplier: one of Sundry Debtors or Sundry Creditors. */
  isParty?: true;
}

/** The class of a ledger line that is not the party's. */
export type LedgerClassOf = (ledgerName: string) => ClassedLedger;

/** What a master says; several masters of one name may disagree about the class. */
type Listed = Omit<LedgerKind, 'ledgerClass'> & { ledgerClass: LedgerClass | 'several' };

/**
 * Classes by Tally's ledger masters (TAXTYPE, GSTDUTYHEAD, group, APPROPRIATEFOR); the name patterns decide where a master does not:
 * for ledgers that are not listed, for duties without a head, and for round-off, which has no mark in the master.
 */
export function ledgerClassesOf(masters: Masters, patterns: LedgerPatterns): LedgerClassOf {
  const groups = new Map(masters.groups.map((group) => [nameKey(group.name), group]));
  const names = readNames(patterns);
  const listed = new Map<string, Listed>();
  const parties = new Set<string>();
  for (const ledger of masters.ledgers) {
    const key = nameKey(ledger.name);
    const found = classByMaster(ledger, groups, names);
    const same = listed.get(key);
    listed.set(key, same === undefined ? found : both(same, found));
    if (partyGroups.has(reservedGroup(ledger.parent, groups, partyGroups))) parties.add(key);
  }
  const known = new Map<string, ClassedLedger>();

  return (ledgerName) => {
    const key = nameKey(ledgerName);
    let found = known.get(key);
    if (found === undefined) {
      const own = listed.get(key);
      found = { ...classByName(ledgerName, names), isGuess: true };
      if (own?.ledgerClass === 'several') found = { ledgerClass: found.ledgerClass, isGuess: true };
      else if (own !== undefined) found = { ...own, ledgerClass: own.ledgerClass, isGuess: false };
      if (parties.has(key)) found.isParty = true;
      known.set(key, found);
    }
    return found;
  };
}

/** Two Hindi names of one length are both `?????` once Tally has lost their letters. */
const both = (a: Listed, b: Listed): Listed => ({
  ledgerClass: a.ledgerClass === b.ledgerClass ? a.ledgerClass : 'several',
  ...(a.roundsByMark && b.roundsByMark && { roundsByMark: true }),
  ...(a.taxableByMark && b.taxableByMark && { taxableByMark: true }),
  ...(a.isAssessable && b.isAssessable && { isAssessable: true }),
});

function classByName(name: string, { classOf, isRounding, isTrade }: Names): LedgerKind {
  const named = classOf(name);
  // Never against a master: what Tally has under another group is no sale, whatever its name is.
  if (named === undefined && isTrade(name)) return { ledgerClass: 'taxable' };
  return {
    ledgerClass: named ?? 'other',
    ...((named === undefined || isRounding(name)) && { roundsByMark: true }),
    ...(named === undefined && { taxableByMark: true }),
  };
}

function classByMaster(
  ledger: LedgerMaster,
  groups: Map<string, GroupMaster>,
  { classOf, isRounding }: Names,
): LedgerKind {
  const taxType = nameKey(ledger.taxType);
  if (taxType === 'tds') return { ledgerClass: 'tds' };
  if (taxType === 'tcs') return { ledgerClass: 'other' }; // collected from the buyer: part of the invoice, no part of GST
  const head = taxType === 'gst' ? dutyHeads[nameKey(ledger.gstDutyHead)] : undefined;
  if (head) return { ledgerClass: head };
  const group = reservedGroup(ledger.parent, groups, classGroups);
  if (group === 'sales accounts' || group === 'purchase accounts') return { ledgerClass: 'taxable' };
  const named = classOf(ledger.name);
  if (group === 'duties & taxes' || taxType === 'gst') return { ledgerClass: named ?? 'other' };
  if (named === 'round_off') return { ledgerClass: named };
  if (group !== '') return { ledgerClass: 'other' }; // a customer, a supplier, cash or a bank
  if (nameKey(ledger.appropriateFor ?? '') === 'gst') return { ledgerClass: 'taxable', isAssessable: true };
  const isTaxName = named !== undefined && !isRounding(ledger.name);
  return { ledgerClass: 'other', ...(!isTaxName && { roundsByMark: true }), taxableByMark: true };
}

const classGroups: ReadonlySet<string> = new Set([
  ...['sales accounts', 'purchase accounts', 'duties & taxes'],
  ...['sundry debtors', 'sundry creditors', 'cash-in-hand', 'bank accounts', 'bank od a/c', 'bank occ a/c'],
]);
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

interface Names {
  /** The first class whose pattern the name matches, taxes before round-off. */
  classOf: (name: string) => LedgerClass | undefined;
  isRounding: (name: string) => boolean;
  /** A ledger of sales or purchases. */
  isTrade: (name: string) => boolean;
}

function readNames(patterns: LedgerPatterns): Names {
  const order = ['cgst', 'sgst', 'igst', 'cess', 'tds', 'round_off'] as const;
  const compiled = order.map((name) => [name, new RegExp(patterns[name], 'iu')] as const);
  const rounding = new RegExp(patterns.round_off, 'iu');
  const trade = [patterns.sales, patterns.purchase].map((pattern) => new RegExp(pattern, 'iu'));
  return {
    classOf: (name) => compiled.find(([, pattern]) => pattern.test(name))?.[0],
    isRounding: (name) => rounding.test(name),
    isTrade: (name) => trade.some((pattern) => pattern.test(name)),
  };
}
