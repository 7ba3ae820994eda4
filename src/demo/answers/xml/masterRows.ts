import type { Book } from '../../book/book.js';
import { costCategory, costCentres } from '../../book/masters/costCentres.js';
import { compoundName, stockItems } from '../../book/masters/items.js';
import { godowns } from '../../book/recipes/details.js';
import { profitAndLoss } from '../../ledger/balances.js';
import { natureOf } from '../../ledger/natures.js';
import { itemsOf } from '../../ledger/stock.js';
import { openingBillRows, withBalances, withStock, type MastersAsked } from './balanceFields.js';
import type { Fields, Row } from './collectionXml.js';
import { notApplicable, yesNo } from './xmlText.js';

const primary = '\u0004 Primary';

/** The masters of a company, by the collection's TYPE in capitals without blanks; undefined for an unknown type. */
export function masterRows(book: Book, type: string, asked?: MastersAsked): Row[] | undefined {
  switch (type) {
    case 'VOUCHERTYPE':
      return book.voucherTypes.map((t, i) => ({
        name: t.name,
        reservedName: t.reservedName,
        fields: {
          GUID: masterGuid(book, 1, i),
          PARENT: ['String', t.parent],
          RESERVEDNAME: ['String', t.reservedName],
        },
      }));
    case 'LEDGER':
      return withBalances(ledgerRows(book), book, asked);
    case 'GROUP':
      return groupRows(book);
    case 'STOCKITEM':
      return withStock(itemRows(book), book, asked);
    case 'UNIT':
      return unitRows(book);
    case 'COSTCENTRE':
      return (book.costCentres ?? costCentres).map(({ name, category, parent }, i) =>
        named(book, 6, i, name, { PARENT: ['String', parent], CATEGORY: ['String', category] }),
      );
    case 'COSTCATEGORY':
      return [
        named(book, 7, 0, costCategory, {
          ALLOCATEREVENUE: ['Logical', 'Yes'],
          ALLOCATENONREVENUE: ['Logical', 'No'],
        }),
      ];
    case 'GODOWN':
      return [...new Set(godowns)].map((name, i) => named(book, 8, i, name, { PARENT: ['String', primary] }));
    case 'STOCKGROUP':
      return [...new Set(stockItems.map(({ group }) => group))].map((name, i) =>
        named(book, 9, i, name, { PARENT: ['String', primary] }),
      );
    default:
      return undefined;
  }
}

/** Only the ledger that Tally makes itself has a RESERVEDNAME (docs/tally.md §9.1). */
const reservedNameOf = (ledger: string): string => (ledger === profitAndLoss ? ledger : '');

const ledgerRows = (book: Book): Row[] =>
  book.ledgers.map((l, i) => ({
    name: l.name,
    reservedName: reservedNameOf(l.name),
    fields: {
      GUID: masterGuid(book, 2, i),
      PARENT: ['String', l.parent],
      TAXTYPE: ['String', l.taxType],
      GSTDUTYHEAD: ['String', l.gstDutyHead],
      APPROPRIATEFOR: ['String', l.appropriateFor ?? notApplicable],
      GSTAPPROPRIATETO: ['String', l.gstAppropriateTo ?? notApplicable],
      ISBILLWISEON: ['Logical', yesNo(l.isBillWise === true)],
      CURRENCYNAME: ['String', '₹'],
      RESERVEDNAME: ['String', reservedNameOf(l.name)],
    },
    lists: { BILLALLOCATIONS: openingBillRows(book, l) },
  }));

const groupRows = (book: Book): Row[] =>
  book.groups.map((g, i) => {
    const nature = natureOf(book, g.name);
    return {
      name: g.name,
      reservedName: g.reservedName,
      fields: {
        GUID: masterGuid(book, 5, i),
        PARENT: ['String', g.parent],
        RESERVEDNAME: ['String', g.reservedName],
        ...(nature && {
          ISREVENUE: ['Logical', yesNo(nature.isRevenue)],
          ISDEEMEDPOSITIVE: ['Logical', yesNo(nature.isDeemedPositive)],
          AFFECTSGROSSPROFIT: ['Logical', yesNo(nature.affectsGrossProfit)],
          SORTPOSITION: ['Number', ` ${nature.sortPosition}`],
        }),
      },
    };
  });

const itemRows = (book: Book): Row[] =>
  itemsOf(book).map(({ name, group, unit }, i) =>
    named(book, 3, i, name, {
      PARENT: ['String', group],
      BASEUNITS: ['String', unit.tail === undefined ? unit.name : compoundName(unit)],
    }),
  );

/** The names of all units. A compound unit is a master of its own. */
export const unitNames = [
  ...new Set([
    ...stockItems.map(({ unit }) => unit.name),
    ...stockItems.flatMap(({ unit }) => (unit.tail === undefined ? [] : [compoundName(unit)])),
  ]),
];

function unitRows(book: Book): Row[] {
  return (book.units ?? unitNames).map((name, i) => {
    const compound = stockItems.find(({ unit }) => unit.tail !== undefined && compoundName(unit) === name)?.unit;
    return named(book, 4, i, name, {
      ISSIMPLEUNIT: ['Logical', yesNo(!compound)],
      ...(compound && {
        BASEUNITS: ['String', compound.name],
        ADDITIONALUNITS: ['String', compound.tail!],
        CONVERSION: ['Number', ' 10'],
      }),
    });
  });
}

/** The GUID of the n-th master of a kind. It stays the same when the master is renamed. */
const guidOfMaster = ({ companyGuid }: Book, kind: number, index: number): string =>
  `${companyGuid}-${(kind * 0x10000 + index).toString(16).padStart(8, '0')}`;
const masterGuid = (...master: Parameters<typeof guidOfMaster>): Fields[string] => ['String', guidOfMaster(...master)];
export const ledgerGuid = (book: Book, index: number): string => guidOfMaster(book, 2, index);

const named = (book: Book, kind: number, index: number, name: string, fields: Fields): Row => ({
  name,
  reservedName: '',
  fields: { GUID: masterGuid(book, kind, index), ...fields },
});
