import type { Book } from '../../book/book.js';
import { items } from '../../book/masters/items.js';
import { lastVoucherDate } from '../../behaviours/lastVoucherDate.js';
import type { Switches } from '../../behaviours/switches.js';
import { compactDate, element, escaped, notApplicable, yesNo } from './xmlText.js';

export type FieldType = 'Date' | 'String' | 'Number' | 'Logical' | 'Amount' | 'Quantity' | 'Rate';

/** One object of a collection: the fields that can be fetched, by names in capitals without blanks. */
export interface Row {
  name: string;
  reservedName: string;
  fields: Readonly<Record<string, readonly [type: FieldType, value: string]>>;
}

/** The switches that decide how the company list describes the program. */
type Edition = Partial<Pick<Switches, 'education' | 'tellsEdition' | 'product'>>;

export const companyRows = (books: readonly Book[], edition: Edition = {}): Row[] =>
  books.map((book) => {
    const last = lastVoucherDate(book);
    return {
      name: book.companyName,
      reservedName: '',
      fields: {
        NAME: ['String', book.companyName],
        GUID: ['String', book.companyGuid],
        STARTINGFROM: ['Date', compactDate(book.range.from)],
        BOOKSFROM: ['Date', compactDate(book.range.from)],
        ENDINGAT: ['Date', compactDate(book.range.to)],
        // A company that was never used has neither field.
        ...(last !== null && { LASTVOUCHERDATE: ['Date', compactDate(last)] }),
        ...(book.lastAlterId !== 0 && { ALTVCHID: ['Number', ` ${book.lastAlterId}`] }),
        ALTMSTID: ['Number', ` ${book.lastMasterAlterId ?? 4_100}`],
        COMPANYNUMBER: ['String', book.companyNumber ?? '10000'],
        ...editionFields(edition),
      },
    };
  });

function editionFields({ education = 'off', tellsEdition = true, product = 'TallyPrime' }: Edition): Row['fields'] {
  const licensed = education === 'off';
  return {
    PRODUCTNAME: ['String', product],
    ...(tellsEdition && {
      EDUMODE: ['Logical', yesNo(!licensed)],
      SILVER: ['Logical', 'No'],
      GOLD: ['Logical', yesNo(licensed)],
    }),
  };
}

/** The company whose counters head a collection; undefined, for counters of 0, if this Tally does not count. */
export const counted = ({ counters }: Pick<Switches, 'counters'>, book: Book | undefined): Book | undefined =>
  counters === 'zero' ? undefined : book;

/** The masters of a company, by the collection's TYPE in capitals without blanks; undefined for an unknown type. */
export function masterRows(book: Book, type: string): Row[] | undefined {
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
      return book.ledgers.map((l, i) => ({
        name: l.name,
        reservedName: '',
        fields: {
          GUID: masterGuid(book, 2, i),
          PARENT: ['String', l.parent],
          TAXTYPE: ['String', l.taxType],
          GSTDUTYHEAD: ['String', l.gstDutyHead],
          APPROPRIATEFOR: ['String', l.appropriateFor ?? notApplicable],
          GSTAPPROPRIATETO: ['String', l.gstAppropriateTo ?? notApplicable],
          RESERVEDNAME: ['String', ''],
        },
      }));
    case 'GROUP':
      return book.groups.map((g) => ({
        name: g.name,
        reservedName: g.reservedName,
        fields: { PARENT: ['String', g.parent], RESERVEDNAME: ['String', g.reservedName] },
      }));
    case 'STOCKITEM':
      return named(book, 3, book.stockItems ?? itemNames);
    case 'UNIT':
      return named(book, 4, book.units ?? unitNames);
    default:
      return undefined;
  }
}

/** The GUID of the n-th master of a kind. It stays the same when the master is renamed. */
const masterGuid = (book: Book, kind: number, index: number): Row['fields'][string] => [
  'String',
  `${book.companyGuid}-${(kind * 0x10000 + index).toString(16).padStart(8, '0')}`,
];

const named = (book: Book, kind: number, names: readonly string[]): Row[] =>
  names.map((name, i) => ({ name, reservedName: '', fields: { GUID: masterGuid(book, kind, i) } }));

const itemNames = items.map(({ name }) => name);
export const unitNames = [...new Set(items.map(({ unit }) => unit.name))];

/** `<X TYPE="String">value</X>`; without a value the element closes itself. */
export function typedElement(depth: number, tag: string, type: FieldType, value: string): string {
  const start = `${' '.repeat(depth)}<${tag} TYPE="${type}"`;
  return value === '' ? `${start}/>\r\n` : `${start}>${escaped(value)}</${tag}>\r\n`;
}

const counters =
  'COMPANY GROUP LEDGER COSTCATEGORY COSTCENTRE GODOWN STOCKGROUP STOCKCATEGORY STOCKITEM VOUCHERTYPE CURRENCY UNIT BUDGET CLIENTRULE SERVERRULE STATE TDSRATE TAXCLASSIFICATION STCATEGORY DEDUCTEETYPE ATTENDANCETYPE FBTCATEGORY FBTASSESSEETYPE TARIFFCLASSIFICATION EXCISEDUTYCLASSIFICATION SERIALNUMBER ADJUSTMENTCLASSIFICATION INCOMETAXSLAB INCOMETAXCLASSIFICATION LBTCLASSIFICATION TAXUNIT RETURNMASTER GSTCLASSIFICATION VOUCHERNUMBERSERIES VOUCHER'.split(
    ' ',
  );

/** The head of a collection: the company's counters, all 0 for an unknown company, and if Tally does not count. */
export function opening(book: Book | undefined): string {
  const counts: Readonly<Record<string, number>> = book
    ? {
        GROUP: book.groups.length,
        LEDGER: book.ledgers.length,
        VOUCHERTYPE: book.voucherTypes.length,
        VOUCHER: book.size,
      }
    : {};
  return (
    '<ENVELOPE>\r\n <HEADER>\r\n  <VERSION>1</VERSION>\r\n  <STATUS>1</STATUS>\r\n </HEADER>\r\n <BODY>\r\n  <DESC>\r\n   <CMPINFO>\r\n' +
    counters.map((name) => element(4, name, String(counts[name] ?? 0))).join('') +
    '   </CMPINFO>\r\n  </DESC>\r\n  <DATA>\r\n   <COLLECTION ISMSTDEPTYPE="Yes" MSTDEPTYPE="8">\r\n'
  );
}

export const closing = '   </COLLECTION>\r\n  </DATA>\r\n </BODY>\r\n</ENVELOPE>\r\n';

/** A whole collection of masters or companies. The name is an attribute, and is repeated inside LANGUAGENAME.LIST. */
export function collectionXml(
  book: Book | undefined,
  tag: string,
  rows: readonly Row[],
  fields: readonly string[],
): string {
  const body = rows.map((row) => {
    const known = fields.includes('*') ? Object.keys(row.fields) : fields;
    const fetched = known.map((field) => {
      const cell = row.fields[field];
      return cell ? typedElement(5, field, ...cell) : '';
    });
    return (
      `    <${tag} NAME="${escaped(row.name)}" RESERVEDNAME="${escaped(row.reservedName)}">\r\n${fetched.join('')}` +
      `     <LANGUAGENAME.LIST>\r\n      <NAME.LIST TYPE="String">\r\n${element(7, 'NAME', row.name)}      </NAME.LIST>\r\n` +
      `      <LANGUAGEID TYPE="Number"> 1033</LANGUAGEID>\r\n     </LANGUAGENAME.LIST>\r\n    </${tag}>\r\n`
    );
  });
  return opening(book) + body.join('') + closing;
}
