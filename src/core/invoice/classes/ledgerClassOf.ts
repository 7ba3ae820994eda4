import type { LedgerPatterns } from '../../base/config.js';
import type { LedgerClass } from '../invoice.js';
import { nameKey } from '../../base/names.js';
import type { LedgerMaster, Masters } from './masters.js';
import { reservedGroupsOf } from './reservedGroups.js';

/** GSTDUTYHEAD in both spellings of the state head; different books use different spellings (docs/tally.md §1.6). */
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

/**
 * Whether a mark may give a line another class than its ledger has. A mark is a field of the line, such as ROUNDTYPE or
 * METHODTYPE. It counts only if neither the master nor a tax name decides the class.
 */
interface OpenToMarks {
  /** ROUNDTYPE may make the line a round-off. */
  roundsByMark?: true;
  /** METHODTYPE, rates and the like may make the line a part of the taxable value. */
  taxableByMark?: true;
}

/** The class of a ledger, from its master or from its name alone, and how marks may still change the class. */
interface LedgerKind extends OpenToMarks {
  ledgerClass: LedgerClass;
  /** APPROPRIATEFOR is GST: a charge or discount that is spread over the goods and taxed at their rates. */
  isAssessable?: true;
}

export interface ClassedLedger extends LedgerKind {
  /**
   * Only the name decided the class. The ledger has no master, its group is unknown, or several masters of this name disagree.
   */
  isGuess: boolean;
  /** Tally's list has the ledger as a customer or supplier: in Sundry Debtors or Sundry Creditors. */
  isParty?: true;
  /** Tally's list has the ledger as cash or a bank account. */
  isMoney?: true;
}

/** Returns the class of a ledger, for lines that are not the party's. */
export type LedgerClassOf = (ledgerName: string) => ClassedLedger;

/** The class by the masters of one name. These may disagree: then the class is `several`. */
type Listed = Omit<ClassedLedger, 'ledgerClass'> & { ledgerClass: LedgerClass | 'several' };

/**
 * Classifies ledgers by Tally's ledger masters (TAXTYPE, GSTDUTYHEAD, group, APPROPRIATEFOR). The name patterns decide for
 * ledgers that are not listed, whose reserved group is unknown, or whose masters of one name disagree. They also decide for
 * taxes without a duty head, and for round-off, which no master states.
 */
export function ledgerClassesOf(masters: Masters, patterns: LedgerPatterns): LedgerClassOf {
  const groupOf = reservedGroupsOf(masters.groups);
  const names = readNames(patterns);
  const listed = new Map<string, Listed>();
  for (const ledger of masters.ledgers) {
    const key = nameKey(ledger.name);
    const group = groupOf(ledger.parent);
    const found = { ...classByMaster(ledger, group, names), ...ownMark(group) };
    const same = listed.get(key);
    listed.set(key, same === undefined ? found : both(same, found));
  }
  const known = new Map<string, ClassedLedger>();

  return (ledgerName) => {
    const key = nameKey(ledgerName);
    let found = known.get(key);
    if (found === undefined) {
      const own = listed.get(key);
      if (own === undefined) found = { ...classByName(ledgerName, names), isGuess: true };
      else if (own.ledgerClass !== 'several') found = { ...own, ledgerClass: own.ledgerClass };
      else found = { ledgerClass: classByName(ledgerName, names).ledgerClass, isGuess: true, ...partyOf(own) };
      known.set(key, found);
    }
    return found;
  };
}

const partyOf = ({ isParty }: Listed): { isParty?: true } => (isParty ? { isParty } : {});

/** Merges two masters of one name. Once Tally has lost their letters, two Hindi names of one length are both `?????`. */
const both = (a: Listed, b: Listed): Listed => ({
  ledgerClass: a.ledgerClass === b.ledgerClass ? a.ledgerClass : 'several',
  isGuess: a.isGuess || b.isGuess,
  ...(a.roundsByMark && b.roundsByMark && { roundsByMark: true }),
  ...(a.taxableByMark && b.taxableByMark && { taxableByMark: true }),
  ...(a.isAssessable && b.isAssessable && { isAssessable: true }),
  ...(a.isMoney && b.isMoney && { isMoney: true }),
  ...partyOf(a),
  ...partyOf(b),
});

function classByName(name: string, { classOf, isRounding, isTrade }: Names): LedgerKind {
  const named = classOf(name);
  // No master decides here. A ledger that Tally has under another group would not be a sale, whatever its name is.
  if (named === undefined && isTrade(name)) return { ledgerClass: 'taxable' };
  return {
    ledgerClass: named ?? 'other',
    ...((named === undefined || isRounding(name)) && { roundsByMark: true }),
    ...(named === undefined && { taxableByMark: true }),
  };
}

/** `group`: the reserved group above the ledger; undefined if it is unknown. */
function classByMaster(ledger: LedgerMaster, group: string | undefined, names: Names): ClassedLedger {
  const { classOf, isRounding } = names;
  const isGuess = false;
  const taxType = nameKey(ledger.taxType);
  if (taxType === 'tds') return { ledgerClass: 'tds', isGuess };
  if (taxType === 'tcs') return { ledgerClass: 'other', isGuess }; // collected from the buyer: part of the invoice, but not of GST
  const head = taxType === 'gst' ? dutyHeads[nameKey(ledger.gstDutyHead)] : undefined;
  if (head) return { ledgerClass: head, isGuess };
  if (group === 'sales accounts' || group === 'purchase accounts') return { ledgerClass: 'taxable', isGuess };
  const named = classOf(ledger.name);
  if (group === 'duties & taxes' || taxType === 'gst') return { ledgerClass: named ?? 'other', isGuess };
  if (parties.has(group ?? '') || money.has(group ?? '')) return { ledgerClass: 'other', isGuess };
  if (named === 'round_off') return { ledgerClass: named, isGuess };
  if (nameKey(ledger.appropriateFor ?? '') === 'gst') return { ledgerClass: 'taxable', isGuess, isAssessable: true };
  if (group === undefined) return { ...classByName(ledger.name, names), isGuess: true };
  const isTaxName = named !== undefined && !isRounding(ledger.name);
  return { ledgerClass: 'other', isGuess, ...(!isTaxName && { roundsByMark: true }), taxableByMark: true };
}

const parties: ReadonlySet<string> = new Set(['sundry debtors', 'sundry creditors']);
const money: ReadonlySet<string> = new Set(['cash-in-hand', 'bank accounts', 'bank od a/c', 'bank occ a/c']);

/** A customer, a supplier, cash or a bank keeps that role, whatever its name or its line says. */
const ownMark = (group = ''): { isParty?: true; isMoney?: true } => ({
  ...(parties.has(group) && { isParty: true }),
  ...(money.has(group) && { isMoney: true }),
});

interface Names {
  /** The first class whose pattern the name matches, taxes before round-off. */
  classOf: (name: string) => LedgerClass | undefined;
  isRounding: (name: string) => boolean;
  /** Whether the name looks like a ledger of sales or purchases. */
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
