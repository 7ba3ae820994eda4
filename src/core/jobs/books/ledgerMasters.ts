import type { CalendarDate } from '../../base/calendar.js';
import { baseTypesOf } from '../../invoice/classes/invoiceTypeOf.js';
import { nameKey } from '../../base/names.js';
import type { LedgerMaster, Masters } from '../../invoice/classes/masters.js';
import { groupIds, groupRows, isPrimary } from '../../ledger/groupTree.js';
import type { LedgerMasters, LedgerRow, OpeningBill, VoucherTypeRow } from '../../ledger/ledgerMasters.js';
import {
  readCostCentres,
  readGroups,
  readLedgerOpenings,
  readStockItems,
  readUnits,
  type Given,
} from '../../tally/requests/ledgerMasters.js';
import { isAcceptedDay } from '../../tally/requests/requests.js';
import type { ReadLedgerMasters } from '../../warehouse/records/ledgerMasters.js';
import type { KnownSource } from '../../warehouse/records/sources.js';
import type { Company, JobContext } from '../job.js';
import type { BooksRemark, LackingLedgerMasters } from '../remark.js';
import { hasOtherParts } from './companyPart.js';
import type { Books } from './books.js';

/**
 * The day whose openings can be asked for: the first of the books. Undefined if Tally does not give it, or if a Tally without a
 * licence would answer for another day (docs/tally.md §9.1).
 */
const openingDayOf = ({ booksFrom, edition }: Company): CalendarDate | undefined =>
  booksFrom === undefined || (edition === 'education' && !isAcceptedDay(booksFrom)) ? undefined : booksFrom;

/**
 * Whether the masters of the stream `ledger` need not be read: the last reading was complete, and neither Tally's counter of
 * masters nor the day of the openings has changed since.
 */
export const hasLedgerMasters = ({ company }: Books, known: KnownSource | undefined): boolean =>
  company.masterCounter !== undefined &&
  known?.ledgerMasterCounter === company.masterCounter &&
  known.ledgerBooksFrom === (openingDayOf(company) ?? null);

/**
 * Returns all masters of the stream `ledger`: the given voucher types and ledgers, and the openings, groups, items, units
 * and cost centres, which are read here. A value that Tally does not give is null, a kind that it does not give is undefined.
 * Remarks name the lacking kinds and the groups without a nature, and count unknown openings and masters without a GUID.
 */
export async function readLedgerMasters(
  books: Books,
  { voucherTypes, ledgers }: Masters,
  sources: readonly KnownSource[],
  { signal }: JobContext,
): Promise<ReadLedgerMasters & { remarks: BooksRemark[] }> {
  const { source, company } = books;
  const day = openingDayOf(company);
  const lacking: LackingLedgerMasters[] = [];
  const rowsOrLacking = <Row>(
    given: Given<Row>,
    kind: LackingLedgerMasters['kind'],
    mayBeEmpty = true,
  ): Row[] | undefined => {
    if ('rows' in given && (mayBeEmpty || given.rows.length > 0)) return given.rows;
    lacking.push({ kind, refusal: 'rows' in given ? null : given.refusal });
    return undefined;
  };
  const withOpenings =
    day === undefined
      ? undefined
      : rowsOrLacking(await readLedgerOpenings(source, company, day, signal), 'ledger-openings', false);
  const given = rowsOrLacking(await readGroups(source, company, signal), 'groups', false);
  const itemsWithOpenings =
    day === undefined ? undefined : rowsOrLacking(await readStockItems(source, company, day, signal), 'stock-openings');
  const stockItems =
    itemsWithOpenings ?? rowsOrLacking(await readStockItems(source, company, undefined, signal), 'stock-items');
  const units = rowsOrLacking(await readUnits(source, company, signal), 'units');
  const costCentres = rowsOrLacking(await readCostCentres(source, company, signal), 'cost-centres');

  const byId = new Map(withOpenings?.map((ledger) => [ledger.ledgerId, ledger]));
  // Tally gives two lists of ledgers, and nothing shows if one is cut. So a ledger counts as deleted only if both lack it.
  const listed = new Set(ledgers.map(({ guid }) => guid));
  const allLedgers = [
    ...ledgers.map((ledger) => byId.get(ledger.guid ?? '') ?? withoutOpening(ledger)),
    ...(withOpenings ?? []).filter(({ ledgerId }) => ledgerId !== '' && !listed.has(ledgerId)),
  ];
  const groups = given && groupRows(given.filter(({ guid }) => guid !== ''));
  const groupId = groupIds(groups ?? []);
  const masters: LedgerMasters = {
    ledgers: allLedgers.flatMap((ledger) =>
      ledger.ledgerId === '' ? [] : [{ ...ledger, groupId: groupId.get(nameKey(ledger.groupName ?? '')) ?? null }],
    ),
    openingBills: allLedgers.flatMap(({ ledgerId, bills }) => (ledgerId === '' ? [] : bills)),
    voucherTypes: voucherTypeRows(voucherTypes),
    groups,
    stockItems: stockItems?.filter(({ itemId }) => itemId !== ''),
    units: units?.filter(({ unitId }) => unitId !== ''),
    costCentres: costCentres?.filter(({ costCentreId }) => costCentreId !== ''),
  };
  const withoutId = [
    [allLedgers, masters.ledgers],
    [voucherTypes, masters.voucherTypes],
    [given, groups],
    [stockItems, masters.stockItems],
    [units, masters.units],
    [costCentres, masters.costCentres],
  ].reduce((sum, [all, kept]) => sum + (all?.length ?? 0) - (kept?.length ?? 0), 0);
  return {
    masters,
    counter: lacking.length === 0 ? (company.masterCounter ?? null) : null,
    booksFrom: day ?? null,
    firstDay: company.booksFrom ?? null,
    isPart: hasOtherParts(books, sources),
    remarks: [
      ...(lacking.length > 0 ? [{ code: 'ledger-masters-lacking', lacking } as const] : []),
      ...unknownOpenings(masters, company, day),
      ...unknownNatures(masters),
      ...(withoutId > 0 ? [{ code: 'masters-without-id', masters: withoutId } as const] : []),
    ],
  };
}

const withoutOpening = ({ name, guid = '', parent }: LedgerMaster): LedgerRow & { bills: OpeningBill[] } => ({
  ledgerId: guid,
  name,
  ...{ groupId: null, groupName: isPrimary(parent) ? null : parent },
  ...{ isBillwise: null, currency: null },
  ...{ openingDate: null, openingBalance: null, openingForeignAmount: null, bills: [] },
});

function voucherTypeRows(voucherTypes: Masters['voucherTypes']): VoucherTypeRow[] {
  const baseTypeOf = baseTypesOf(voucherTypes);
  return voucherTypes.flatMap(({ name, guid, parent }): VoucherTypeRow[] =>
    guid === undefined
      ? []
      : [{ voucherTypeId: guid, name, parentName: parent || null, baseType: baseTypeOf(name) ?? null }],
  );
}

function unknownOpenings(
  { ledgers, openingBills, stockItems = [] }: LedgerMasters,
  { booksFrom }: Company,
  day: CalendarDate | undefined,
): BooksRemark[] {
  const counts = {
    ledgers: ledgers.filter(({ openingBalance }) => openingBalance === null).length,
    bills: openingBills.filter(({ amount }) => amount === null).length,
    stockItems: stockItems.filter(({ openingQuantity }) => openingQuantity === null).length,
  };
  if (counts.ledgers + counts.bills + counts.stockItems === 0) return [];
  const reason = day !== undefined ? 'not-given' : booksFrom === undefined ? 'no-first-day' : 'education';
  return [{ code: 'openings-unknown', reason, ...counts }];
}

function unknownNatures({ groups = [] }: LedgerMasters): BooksRemark[] {
  const names = groups.filter(({ nature }) => nature === null).map(({ name }) => name);
  return names.length === 0 ? [] : [{ code: 'natures-unknown', groups: names }];
}
