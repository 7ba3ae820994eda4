import { formatCountOf } from '../../base/format.js';
import type { MappingRules } from '../../invoice/mapInvoice.js';
import type { Masters } from '../../invoice/classes/masters.js';
import { readNames, type NamedMaster } from '../../tally/requests/masters.js';
import { rememberBooks, type KnownMaster, type BooksState } from '../../warehouse/records/knownMasters.js';
import { readItemIds, readLedgerIds } from '../../warehouse/records/ledgerMasters.js';
import { listSources, type KnownSource } from '../../warehouse/records/sources.js';
import { detailed, rememberFileMasters } from '../../warehouse/records/rememberedMasters.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { heldBy } from './companyPart.js';
import { ledgerRulesOf, readRules, type Books, type ReadRules } from './books.js';
import { hasLedgerMasters, readLedgerMasters } from './ledgerMasters.js';
import type { JobContext } from '../job.js';
import type { BooksRemark } from '../remark.js';

/**
 * What earlier runs remembered of Tally's answers (`etl_sources`): one row for each name of the company. A company that was
 * split by years has several names.
 */
export const sourcesOf = ({ company }: { company: { id: string } }, warehouse: Warehouse): Promise<KnownSource[]> =>
  warehouse.use((session) => listSources(session, company.id));

/** The row of the company part that is read; undefined if it was never read. */
export const sourceOf = ({ company }: Books, sources: readonly KnownSource[]): KnownSource | undefined =>
  sources.find(({ companyName }) => companyName === company.name);

/**
 * Reads the rules of a run that writes. Remembers the masters if Tally gave all of them, and those that a file holds. A changed master
 * withdraws the proof of the days whose vouchers show it: renaming a ledger moves no voucher's ALTERID (docs/tally.md §4). If no
 * masters were remembered, all days lose their proof. They also do if Tally's voucher counter has moved back: after a restored backup
 * Tally assigns ALTERIDs a second time.
 */
export async function readAndRememberRules(
  books: Books,
  context: JobContext,
  warehouse: Warehouse,
  { sources, isReload }: { sources: readonly KnownSource[]; isReload: boolean },
): Promise<ReadRules> {
  const { company } = books;
  const read = await readRules(books, context, warehouse);
  const withLedger = context.config.ledger === true;
  const rules = async (remarks: BooksRemark[] = []): Promise<ReadRules> => ({
    ...(await withLedgerRules(read, books, context, warehouse)),
    remarks: [...read.remarks, ...remarks],
  });
  const { told: ofFile } = read;
  if (ofFile !== undefined) await warehouse.use((session) => rememberFileMasters(session, company.id, ofFile));
  if (books.isFile || !read.isComplete) return rules();
  const known = sourceOf(books, sources);
  const seen: BooksState = {
    companyName: company.name,
    days: heldBy(books, sources),
    kinds: ['voucher-type', 'ledger', 'group'],
    masters: mastersOf(read.masters, read.rules),
    voucherCounter: company.voucherCounter ?? null,
    masterCounter: company.masterCounter ?? null,
  };
  const remarks: BooksRemark[] = [];
  // There can be many stock items and units, so with the stream `ledger` a load reads them only if Tally's master
  // counter has changed or is unknown, or if the last reading was incomplete. With that stream a clear-and-reload
  // always reads them, because it also fixes rows that were changed by hand.
  if (withLedger && (isReload || !hasLedgerMasters(books, known))) {
    const { remarks: ledgerRemarks, ...ledger } = await readLedgerMasters(books, read.masters, sources, context);
    seen.ledger = ledger;
    remarks.push(...ledgerRemarks);
    addKind(
      seen,
      'stock-item',
      ledger.masters.stockItems?.map(({ name, itemId }) => ({ name, guid: itemId })),
    );
    addKind(
      seen,
      'unit',
      ledger.masters.units?.map(({ name, unitId }) => ({ name, guid: unitId })),
    );
  } else if (company.masterCounter === undefined || known?.masterCounter !== company.masterCounter)
    await addNames(seen, books, context);
  const change = await warehouse.use((session) => rememberBooks(session, company.id, seen));
  const { changedNames, counterWas, days, kept } = change;
  if (kept.length > 0) remarks.push({ code: 'masters-kept', kept });
  if (counterWas === undefined) {
    if (days > 0)
      context.logger.info(`${whatChanged(changedNames)}: ${formatCountOf(days, 'loaded day')} will be read again.`);
    return rules(remarks);
  }
  const wentBack = { code: 'counter-went-back', was: counterWas, now: company.voucherCounter ?? null, days } as const;
  return rules([...remarks, wentBack]);
}

/**
 * Adds the rules of the stream `ledger`, if the run loads it. The warehouse gives the ids of stock items. For files, it also gives the
 * ids of ledgers that the files lack.
 */
export async function withLedgerRules(
  read: ReadRules,
  { company, isFile }: Books,
  { config }: JobContext,
  warehouse: Warehouse | undefined,
): Promise<ReadRules> {
  if (!config.ledger) return read;
  const ids = await warehouse?.use(async (session) => ({
    items: await readItemIds(session, company.id),
    ledgers: isFile ? await readLedgerIds(session, company.id) : undefined,
  }));
  return { ...read, ledgerRules: ledgerRulesOf(read.masters, ids?.items ?? new Map(), ids?.ledgers) };
}

const namesShown = 5;

function whatChanged(names: string[] | undefined): string {
  if (names === undefined) return 'No masters were remembered';
  const more = names.length > namesShown ? ` and ${formatCountOf(names.length - namesShown, 'more master')}` : '';
  return `${names.slice(0, namesShown).join(', ')}${more} changed in Tally`;
}

/**
 * Each master with its details and a digest: its GUID and the fields that decide how vouchers are mapped (of a group only its parent).
 * Masters of one kind and name become one entry with all digests.
 */
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
    const masterDetails = details.get(`${master.kind} ${master.name}`);
    return masterDetails === undefined ? master : { ...master, details: masterDetails };
  });
}

async function addNames(seen: BooksState, { source, company }: Books, { signal }: JobContext): Promise<void> {
  for (const [request, kind] of [
    ['stockItems', 'stock-item'],
    ['units', 'unit'],
  ] as const) {
    addKind(seen, kind, await readNames(source, company, request, signal));
  }
}

function addKind(seen: BooksState, kind: 'stock-item' | 'unit', found: NamedMaster[] | undefined): void {
  if (found === undefined) return;
  seen.kinds.push(kind);
  seen.masters.push(...joined(found.map(({ name, guid }) => ({ kind, name, digest: guid }))));
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
