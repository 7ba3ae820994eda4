import { formatCountOf } from '../../base/format.js';
import type { MappingRules } from '../../invoice/mapInvoice.js';
import type { Masters } from '../../invoice/classes/masters.js';
import { readNames, type NamedMaster } from '../../tally/requests/masters.js';
import { rememberBooks, type KnownMaster, type SeenBooks } from '../../warehouse/records/knownMasters.js';
import { listSources, type KnownSource } from '../../warehouse/records/sources.js';
import { detailed, rememberFileMasters } from '../../warehouse/records/rememberedMasters.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { heldBy } from './companyPart.js';
import { readRules, type Books, type ReadRules } from './books.js';
import type { JobContext } from '../job.js';

/** How Tally answered earlier for the parts of a company. */
export const sourcesOf = ({ company }: { company: { id: string } }, warehouse: Warehouse): Promise<KnownSource[]> =>
  warehouse.use((session) => listSources(session, company.id));

/** How Tally answered earlier for the part that is read. */
export const sourceOf = ({ company }: Books, sources: readonly KnownSource[]): KnownSource | undefined =>
  sources.find(({ companyName }) => companyName === company.name);

/**
 * Reads the rules of a run that writes, and remembers the masters. A changed master withdraws the proof of the days whose
 * invoices show it: renaming a ledger moves no voucher's ALTERID (docs/tally.md §4). A counter that has moved back withdraws
 * the proof of all days: after a restored backup Tally assigns ALTERIDs a second time.
 */
export async function readAndRememberRules(
  books: Books,
  context: JobContext,
  warehouse: Warehouse,
  sources: readonly KnownSource[],
): Promise<ReadRules> {
  const { company } = books;
  const read = await readRules(books, context, warehouse);
  const { told } = read;
  if (told !== undefined) await warehouse.use((session) => rememberFileMasters(session, company.id, told));
  if (books.isFile || !read.isWhole) return read;
  const known = sourceOf(books, sources);
  const seen: SeenBooks = {
    companyName: company.name,
    days: heldBy(books, sources),
    kinds: ['voucher-type', 'ledger', 'group'],
    masters: mastersOf(read.masters, read.rules),
    voucherCounter: company.voucherCounter ?? null,
    masterCounter: company.masterCounter ?? null,
  };
  // Stock items and units can be many. They are read only if Tally's master counter has changed or is unknown.
  if (company.masterCounter === undefined || known?.masterCounter !== company.masterCounter)
    await addNames(seen, books, context);
  const { changedNames, counterWas, days } = await warehouse.use((session) => rememberBooks(session, company.id, seen));
  if (counterWas === undefined) {
    if (days > 0)
      context.logger.info(
        `${named(changedNames)} changed in Tally: ${formatCountOf(days, 'loaded day')} will be read again.`,
      );
    return read;
  }
  const wentBack = { code: 'counter-went-back', was: counterWas, now: company.voucherCounter ?? null, days } as const;
  return { ...read, remarks: [...read.remarks, wentBack] };
}

const namesShown = 5;

function named(names: string[] | undefined): string {
  if (names === undefined) return 'The masters were not known before, or';
  const more = names.length > namesShown ? ` and ${formatCountOf(names.length - namesShown, 'more master')}` : '';
  return `${names.slice(0, namesShown).join(', ')}${more}`;
}

/** Each master with a digest of the fields that decide its class. Masters of one name become one entry with both digests. */
export function mastersOf({ voucherTypes, ledgers, groups }: Masters, rules: MappingRules): KnownMaster[] {
  const digests = joined([
    ...voucherTypes.map(({ name, guid = '' }) => ({
      kind: 'voucher-type' as const,
      name,
      digest: `${guid} ${rules.invoiceTypeOf(name)}`,
    })),
    ...ledgers.map(({ name, guid = '' }) => {
      const { ledgerClass, isGuess, isParty, isMoney, isAssessable, roundsByMark, taxableByMark } =
        rules.ledgerClassOf(name);
      const more = [
        isGuess && 'guess',
        isParty && 'party',
        isMoney && 'money',
        isAssessable && 'assessable',
        roundsByMark && 'rounds',
        taxableByMark && 'marks',
      ];
      return { kind: 'ledger' as const, name, digest: [guid, ledgerClass, ...more.filter(Boolean)].join(' ') };
    }),
    ...groups.map(({ name, parent }) => ({ kind: 'group' as const, name, digest: parent })),
  ]);
  const details = new Map(
    [...detailed('voucher-type', voucherTypes), ...detailed('ledger', ledgers), ...detailed('group', groups)].map(
      (one) => [`${one.kind} ${one.name}`, one.details],
    ),
  );
  return digests.map((master) => {
    const said = details.get(`${master.kind} ${master.name}`);
    return said === undefined ? master : { ...master, details: said };
  });
}

async function addNames(seen: SeenBooks, { source, company }: Books, { signal }: JobContext): Promise<void> {
  for (const [asked, kind] of [
    ['stockItems', 'stock-item'],
    ['units', 'unit'],
  ] as const) {
    const found: NamedMaster[] | undefined = await readNames(source, company, asked, signal);
    if (found === undefined) continue;
    seen.kinds.push(kind);
    seen.masters.push(...joined(found.map(({ name, guid }) => ({ kind, name, digest: guid }))));
  }
}

function joined(masters: KnownMaster[]): KnownMaster[] {
  const byKey = new Map<string, KnownMaster>();
  for (const master of masters) {
    const key = `${master.kind} ${master.name}`;
    const same = byKey.get(key);
    byKey.set(key, same === undefined ? master : { ...same, digest: `${same.digest}; ${master.digest}` });
  }
  return [...byKey.values()];
}
