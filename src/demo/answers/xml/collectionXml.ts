import type { Book } from '../../book/book.js';
import { lastVoucherDate } from '../../behaviours/lastVoucherDate.js';
import type { Switches } from '../../behaviours/switches.js';
import { itemsOf } from '../../ledger/stock.js';
import { everything, wantedOf, type Wanted } from './wanted.js';
import { compactDate, element, escaped, yesNo } from './xmlText.js';

export type FieldType = 'Date' | 'String' | 'Number' | 'Logical' | 'Amount' | 'Quantity' | 'Rate';

export type Fields = Readonly<Record<string, readonly [type: FieldType, value: string]>>;

/** One object of a collection: the fields that can be fetched. Their names are in capitals, without blanks. */
export interface Row {
  name: string;
  reservedName: string;
  fields: Fields;
  /** The lists that can be fetched, by name without `.LIST`: the fields of each entry. */
  lists?: Readonly<Record<string, readonly Fields[]>>;
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
        NUMLEDGERS: ['Number', ` ${book.ledgers.length}`],
        NUMSTOCKITEMS: ['Number', ` ${itemsOf(book).length}`],
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

/** The company whose counters head a collection. If this Tally does not count: undefined, so counters are 0. */
export const counted = ({ counters }: Pick<Switches, 'counters'>, book: Book | undefined): Book | undefined =>
  counters === 'zero' ? undefined : book;

/** `<X TYPE="String">value</X>`; without a value the element closes itself. */
export function typedElement(depth: number, tag: string, type: FieldType, value: string): string {
  const start = `${' '.repeat(depth)}<${tag} TYPE="${type}"`;
  return value === '' ? `${start}/>\r\n` : `${start}>${escaped(value)}</${tag}>\r\n`;
}

const counters =
  'COMPANY GROUP LEDGER COSTCATEGORY COSTCENTRE GODOWN STOCKGROUP STOCKCATEGORY STOCKITEM VOUCHERTYPE CURRENCY UNIT BUDGET CLIENTRULE SERVERRULE STATE TDSRATE TAXCLASSIFICATION STCATEGORY DEDUCTEETYPE ATTENDANCETYPE FBTCATEGORY FBTASSESSEETYPE TARIFFCLASSIFICATION EXCISEDUTYCLASSIFICATION SERIALNUMBER ADJUSTMENTCLASSIFICATION INCOMETAXSLAB INCOMETAXCLASSIFICATION LBTCLASSIFICATION TAXUNIT RETURNMASTER GSTCLASSIFICATION VOUCHERNUMBERSERIES VOUCHER'.split(
    ' ',
  );

/** The head of a collection, with the company's counters: 0 if the company is unknown or Tally does not count. */
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
  const wanted = wantedOf(fields);
  const body = rows.map((row) => {
    const known = fields.includes('*') ? Object.keys(row.fields) : fields;
    const fetched = known.map((field) => {
      const cell = row.fields[field];
      return cell ? typedElement(5, field, ...cell) : '';
    });
    return (
      `    <${tag} NAME="${escaped(row.name)}" RESERVEDNAME="${escaped(row.reservedName)}">\r\n${fetched.join('')}` +
      listsXml(row, wanted) +
      `     <LANGUAGENAME.LIST>\r\n      <NAME.LIST TYPE="String">\r\n${element(7, 'NAME', row.name)}      </NAME.LIST>\r\n` +
      `      <LANGUAGEID TYPE="Number"> 1033</LANGUAGEID>\r\n     </LANGUAGENAME.LIST>\r\n    </${tag}>\r\n`
    );
  });
  return opening(book) + body.join('') + closing;
}

/**
 * The requested lists: with single fields (`X.FIELD`), or whole if FETCH has the name of the list alone. A list without
 * entries is one element that closes itself.
 */
const listsXml = ({ lists = {} }: Row, wanted: Wanted): string =>
  Object.entries(lists)
    .map(([name, entries]) => {
      const inside = wanted.field(name) ? everything : wanted.list(name);
      if (!inside) return '';
      const told = entries.map((entry) =>
        Object.entries(entry)
          .map(([field, cell]) => (inside.field(field) ? typedElement(6, field, ...cell) : ''))
          .join(''),
      );
      const filled = told.filter((one) => one !== '');
      if (filled.length === 0) return `     <${name}.LIST/>\r\n`;
      return filled.map((one) => `     <${name}.LIST>\r\n${one}     </${name}.LIST>\r\n`).join('');
    })
    .join('');
