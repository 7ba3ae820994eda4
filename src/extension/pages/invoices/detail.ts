import { isCalendarDate } from '../../../core/base/calendar.js';
import { formatNumber } from '../../../core/base/format.js';
import type { RegisterFilter, WholeInvoice } from '../../../core/core.js';
import type { TitledInvoice } from '../../jobs/jobMessages.js';
import { dateText } from '../../../core/base/countWords.js';
import { button, element } from '../web/element.js';
import { typeName, words } from './invoicesWords.js';

type Line = WholeInvoice['lines'][number];

/** The columns at the top, in the order of the voucher. */
const headColumns = [
  ...['date', 'voucher_type', 'party_name', 'party_gstin', 'place_of_supply', 'reference', 'reference_date'],
  ...['is_cancelled', 'is_optional'],
];
const sumColumns = [
  ...['taxable_amount', 'cgst_amount', 'sgst_amount', 'igst_amount', 'cess_amount', 'round_off_amount', 'other_amount'],
  ...['total_amount', 'tds_amount'],
];
/** Ids come last. */
const idColumns = ['invoice_id', 'alter_id', 'master_id'];
/** The heading has type and number. The QR code is encoded text, which nobody can read. */
const leftOut = ['invoice_type', 'invoice_number', 'irn_qr_code'];

/** One invoice beside the list, in the order of the voucher. */
export class Detail {
  readonly element = element('aside', { class: 'detail', tabindex: '-1', hidden: '', 'aria-labelledby': 'opened' });

  constructor(
    private readonly hooks: { close: () => void; only: (filter: Pick<RegisterFilter, 'party' | 'item'>) => void },
  ) {
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') hooks.close();
    });
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  show(opened: TitledInvoice | null): void {
    const heading = opened ? titleOf(opened.invoice) : words.detail.gone();
    this.element.replaceChildren(
      element(
        'div',
        { class: 'top' },
        element('h2', { id: 'opened' }, heading),
        button(words.detail.close(), this.hooks.close),
      ),
      ...(opened ? this.contentOf(opened) : []),
    );
    this.element.hidden = false;
    this.element.scrollTop = 0;
    this.element.scrollIntoView({ block: 'nearest' }); // in a narrow page the invoice is below the list
  }

  hide(): void {
    this.element.hidden = true;
  }

  private readonly onlyItem = (item: string): void => {
    this.hooks.only({ item });
  };

  private contentOf({ invoice, lines, titles }: TitledInvoice): HTMLElement[] {
    const listed = new Set([...headColumns, ...sumColumns, ...idColumns, ...leftOut, 'narration']);
    const others = Object.keys(titles).filter((column) => !listed.has(column));
    const list = (names: readonly string[], kind: string): HTMLElement =>
      element('dl', { class: kind }, ...names.flatMap((column) => entryOf(column, invoice[column], titles)));
    const isZero = (column: string): boolean => /^-?[0.]+$/.test(invoice[column] ?? '0');
    const { party_name: party, narration } = invoice;
    const items = lines.filter(({ line_type: type }) => type === 'item');
    const ledgers = lines.filter(({ line_type: type }) => type === 'ledger');
    return [
      list(headColumns, 'fields'),
      ...(party === null || party === undefined
        ? []
        : [
            button(words.detail.onlyParty(), () => {
              this.hooks.only({ party });
            }),
          ]),
      ...(items.length > 0 ? [linesTable(words.detail.items(), items, itemColumns(this.onlyItem))] : []),
      ...(ledgers.length > 0 ? [linesTable(words.detail.ledgers(), ledgers, ledgerColumns())] : []),
      list(
        sumColumns.filter((column) => column === 'total_amount' || !isZero(column)),
        'fields sums',
      ),
      ...(narration ? [element('p', { class: 'narration' }, narration)] : []),
      element('details', {}, element('summary', {}, words.detail.more()), list([...others, ...idColumns], 'fields')),
    ];
  }
}

const titleOf = (invoice: WholeInvoice['invoice']): string =>
  [typeName(invoice.invoice_type), invoice.invoice_number ?? ''].join(' ').trim();

/** A column's title and value. Nothing for a column without a value or with the value `false`. */
function entryOf(column: string, value: string | null | undefined, titles: Record<string, string>): HTMLElement[] {
  if (value === null || value === undefined || value === '' || value === 'false') return [];
  const isDecimal = column.endsWith('_amount') || column === 'exchange_rate';
  const shown = isCalendarDate(value)
    ? dateText(value)
    : value === 'true'
      ? words.detail.yes()
      : isDecimal
        ? formatNumber(value)
        : value;
  return [element('dt', {}, titles[column] ?? column), element('dd', {}, shown)];
}

interface LineColumn {
  title: string;
  text: (line: Line) => string;
  /** Shown instead of the text, for example as a button. */
  node?: (line: Line) => Node | string;
  isAmount?: boolean;
}

/** A number with four decimals without its last zeros: `12` for `12.0000`. */
const short = (decimal: string | null | undefined): string =>
  decimal ? formatNumber(decimal.replace(/\.?0+$/, '')) : '';

/** A price without its last zeros, but with at least two decimals. */
const price = (decimal: string | null | undefined): string =>
  decimal ? formatNumber(decimal.replace(/(\.\d\d\d*?)0+$/, '$1')) : '';

const amountColumn = (): LineColumn => ({
  title: words.detail.amount(),
  text: ({ amount }) => formatNumber(amount ?? ''),
  isAmount: true,
});

const itemColumns = (onlyItem: (item: string) => void): LineColumn[] => [
  {
    title: words.detail.item(),
    text: (line) => line.item_name ?? line.ledger_name ?? '',
    node: ({ item_name: item, ledger_name: ledger }) => {
      if (item === null || item === undefined) return ledger ?? '';
      const press = (): void => {
        onlyItem(item);
      };
      const name = words.detail.onlyItem(item);
      return button(item, press, { class: 'figure', title: name, 'aria-label': name });
    },
  },
  {
    title: words.detail.quantity(),
    text: ({ quantity, unit }) => [short(quantity), unit].join(' ').trim(),
    isAmount: true,
  },
  { title: words.detail.rate(), text: ({ rate }) => price(rate), isAmount: true },
  { title: words.detail.discount(), text: (line) => short(line.discount_percent), isAmount: true },
  { title: words.detail.gst(), text: (line) => short(line.gst_rate), isAmount: true },
  amountColumn(),
  // Last, so that a narrow page shows the amounts.
  { title: words.detail.hsn(), text: ({ hsn }) => hsn ?? '' },
];

const ledgerColumns = (): LineColumn[] => [
  { title: words.detail.ledger(), text: (line) => line.ledger_name ?? '' },
  { title: words.detail.gst(), text: (line) => short(line.gst_rate), isAmount: true },
  amountColumn(),
];

/** Lines as a table. A column in which no line has a text is left out. */
function linesTable(title: string, lines: Line[], all: LineColumn[]): HTMLElement {
  const shown = all.filter(({ text }) => lines.some((line) => text(line) !== ''));
  const attributes = ({ isAmount }: LineColumn): Record<string, string> => (isAmount ? { class: 'amount' } : {});
  const table = element(
    'table',
    {},
    element('caption', {}, title),
    element(
      'thead',
      {},
      element('tr', {}, ...shown.map((column) => element('th', { scope: 'col', ...attributes(column) }, column.title))),
    ),
    element(
      'tbody',
      {},
      ...lines.map((line) =>
        element(
          'tr',
          {},
          ...shown.map((column) => element('td', attributes(column), (column.node ?? column.text)(line))),
        ),
      ),
    ),
  );
  return element('div', { class: 'wide', role: 'region', tabindex: '0', 'aria-label': title }, table);
}
