import { formatDecimal, parseDecimal } from '../../../core/base/decimal.js';
import type { Switches } from '../../behaviours/switches.js';
import { withOtherAmounts } from '../../book/otherAmounts.js';
import type { DemoVoucher } from '../../book/voucher.js';
import type { FieldType } from './collectionXml.js';
import { ElementSink, type Element } from './elements.js';
import { defaults, writeDefaults } from './rowDefaults.js';
import { writeVoucher } from './voucherXml.js';
import { everything, nothing, wantedOf, withoutLists, type Wanted } from './wanted.js';

/** How a collection sends the fields that a list of ids does not have. */
export interface LeanOptions {
  voucherCollection: Switches['voucherCollection'];
  stockJournals: Switches['stockJournals'];
  erp9: boolean;
}

/** Fields that a voucher of a report may lack. A collection that is asked for them sends them empty. */
const optional = ['REFERENCE', 'REFERENCEDATE'];
/** Further such fields of TallyPrime, which ERP 9 does not know. */
const optionalOfPrime = ['IRN', 'IRNACKNO', 'IRNACKDATE', 'IRNQRCODE'];

/**
 * A voucher of a collection, without its end tag: the default fields, and the fields that FETCH names, with the Day Book's
 * values. They are taken from the voucher that the Day Book would write. For a voucher given as raw XML the default fields are
 * taken from there too. Broken XML becomes well-formed: a collection sends only the requested fields.
 */
export function leanRow(
  names: readonly string[],
  { voucherCollection, stockJournals, erp9 }: LeanOptions,
): (voucher: DemoVoucher) => string {
  const wanted = wantedOf(names.filter((name) => name !== '*'));
  const listOf = (name: string): Wanted | undefined => {
    const list = wanted.list(name) ?? (name === 'LEDGERENTRIES' && wanted.list('ALLLEDGERENTRIES') ? thin : undefined);
    if (list && voucherCollection === 'fat') return everything;
    return list && voucherCollection === 'no-rates' ? withoutLists(list) : list;
  };
  return (given) => {
    const released: DemoVoucher = erp9 ? { ...given, release: 'erp9' } : given;
    const voucher = voucherCollection === 'other-amounts' ? withOtherAmounts(released) : released;
    const { attributes, children } = asInDayBook(voucher);
    const isRaw = voucher.raw !== undefined;
    const fields = children.filter(
      ({ kind, name }) => kind !== 'list' && (defaults.has(name) ? isRaw : wanted.field(name)),
    );
    const absent = [...optional, ...(voucher.release === 'prime' ? optionalOfPrime : [])].filter(
      (name) => wanted.field(name) && !fields.some((field) => field.name === name),
    );
    const emptied = (name: string): boolean => voucherCollection === 'no-irn' && name.startsWith('IRN');
    return (
      `    <VOUCHER${attributes.replace(/ ACTION="[^"]*"/, '')}>\r\n${isRaw ? '' : writeDefaults(voucher)}` +
      fields.map((field) => fieldXml(5, emptied(field.name) ? { ...field, text: '' } : field)).join('') +
      absent.map((name) => fieldXml(5, { name, attributes: '', text: '' })).join('') +
      listsOf(withStockJournal(children, stockJournals), voucherCollection === 'aggregate-only')
        .map((list) => listXml(5, list, listOf(list.name)))
        .join('')
    );
  };
}

/** The content of LEDGERENTRIES if the request names only ALLLEDGERENTRIES. */
const thin = wantedOf(['LEDGERNAME', 'AMOUNT']);

/** The VOUCHER element that the Day Book writes. */
function asInDayBook(voucher: DemoVoucher): Pick<Element, 'attributes' | 'children'> {
  const sink = new ElementSink();
  writeVoucher(sink, voucher);
  const message = sink.elements[0]?.children ?? [];
  return message.find(({ name }) => name === 'VOUCHER') ?? { attributes: '', children: [] };
}

const stockLists = new Set(['ALLINVENTORYENTRIES', 'INVENTORYENTRIES']);
const isFilled = (list: Element): boolean => list.children.length > 0;

/**
 * The lists of a stock journal under the names that this Tally gives them. In ALLINVENTORYENTRIES outgoing goods come
 * before incoming goods.
 */
function withStockJournal(
  children: readonly Element[],
  stockJournals: LeanOptions['stockJournals'],
): readonly Element[] {
  const out = children.filter(({ name }) => name === 'INVENTORYENTRIESOUT');
  const moved = [...out, ...children.filter(({ name }) => name === 'INVENTORYENTRIESIN')].filter(isFilled);
  if (stockJournals === 'in-and-out' || moved.length === 0) return children;
  const kept = children.filter(
    (one) => one.name !== 'ALLINVENTORYENTRIES' && (stockJournals === 'both' || !moved.includes(one)),
  );
  return [...kept, ...moved.map((list) => ({ ...list, name: 'ALLINVENTORYENTRIES' }))];
}

/** The lists by the names that a collection uses, in the Day Book's order, after the aggregate (`aggregateOf`). */
function listsOf(children: readonly Element[], isAggregateOnly: boolean): Element[] {
  const lists = children.filter(({ kind }) => kind === 'list');
  const aggregate = aggregateOf(lists);
  const stored = lists.flatMap((list) => {
    if (aggregate.length > 0 && list.name === 'ALLLEDGERENTRIES') return [];
    if (aggregate.length > 0 && list.name === 'LEDGERENTRIES' && isAggregateOnly) return [];
    // Every stock line of an invoice appears in both lists.
    return stockLists.has(list.name) && isFilled(list) ? [...stockLists].map((name) => ({ ...list, name })) : [list];
  });
  return [...aggregate, ...stored];
}

/**
 * The aggregate ALLLEDGERENTRIES beside the stored lines of invoice view (docs/tally.md §1.6). It has all ledger lines, and one
 * line for each ledger that stock lines are booked on, with their sum. Empty in accounting view, where ALLLEDGERENTRIES are the
 * stored lines.
 */
function aggregateOf(lists: readonly Element[]): Element[] {
  const filled = lists.filter(isFilled);
  if (filled.some(({ name }) => name === 'ALLLEDGERENTRIES')) return [];
  const booked = new Map<string, Element[]>();
  for (const line of filled.filter(({ name }) => stockLists.has(name)))
    for (const allocation of line.children) {
      if (allocation.name !== 'ACCOUNTINGALLOCATIONS' || !isFilled(allocation)) continue;
      const ledger = textOf(allocation, 'LEDGERNAME');
      booked.set(ledger, [...(booked.get(ledger) ?? []), allocation]);
    }
  const lines = filled.filter(({ name }) => name === 'LEDGERENTRIES');
  return [...lines, ...[...booked.values()].map(sumOf)].map((line) => ({ ...line, name: 'ALLLEDGERENTRIES' }));
}

const textOf = (list: Element, field: string): string => list.children.find(({ name }) => name === field)?.text ?? '';

/** One line for several allocations to the same ledger, without lists below it. */
function sumOf(allocations: Element[]): Element {
  const [first] = allocations as [Element];
  const fields = first.children.filter(({ kind }) => kind === 'field');
  if (allocations.length === 1) return { ...first, children: fields };
  // In foreign currency the amount in rupees comes last.
  const amounts = allocations.map((allocation) =>
    textOf(allocation, 'AMOUNT').replace(/^.*= /, '').replace(/[₹ ]/g, ''),
  );
  const paise = amounts.map((amount) => parseDecimal(amount, 2));
  const sum = paise.every((amount) => amount !== undefined)
    ? formatDecimal(
        paise.reduce((total, amount) => total + amount, 0n),
        2,
      )
    : '';
  return { ...first, children: fields.map((field) => (field.name === 'AMOUNT' ? { ...field, text: sum } : field)) };
}

function listXml(depth: number, list: Element, wanted: Wanted | undefined): string {
  if (!wanted) return '';
  const inside = wanted === nothing ? '' : list.children.map((child) => childXml(depth + 1, child, wanted)).join('');
  const indent = ' '.repeat(depth);
  return inside === ''
    ? `${indent}<${list.name}.LIST/>\r\n`
    : `${indent}<${list.name}.LIST${list.attributes}>\r\n${inside}${indent}</${list.name}.LIST>\r\n`;
}

function childXml(depth: number, child: Element, wanted: Wanted): string {
  if (child.kind === 'list') return listXml(depth, child, wanted.list(child.name));
  return wanted.field(child.name) ? fieldXml(depth, child) : '';
}

function fieldXml(
  depth: number,
  { name, attributes, text, ...field }: Pick<Element, 'name' | 'attributes' | 'text'> & Partial<Element>,
): string {
  const indent = ' '.repeat(depth);
  if (field.kind === 'values') {
    const values = field.children!.map(
      (value) => `${indent} <${value.name}${value.attributes}>${value.text}</${value.name}>\r\n`,
    );
    return `${indent}<${name}.LIST${attributes}>\r\n${values.join('')}${indent}</${name}.LIST>\r\n`;
  }
  const typed = attributes.includes(' TYPE="') ? attributes : ` TYPE="${typeOf(name, text)}"${attributes}`;
  return text === '' ? `${indent}<${name}${typed}/>\r\n` : `${indent}<${name}${typed}>${text}</${name}>\r\n`;
}

function typeOf(name: string, text: string): FieldType {
  if (name.endsWith('AMOUNT')) return 'Amount';
  if (name.endsWith('DATE')) return 'Date';
  if (name.endsWith('QTY')) return 'Quantity';
  if (name === 'RATE') return 'Rate';
  if (text === 'Yes' || text === 'No') return 'Logical';
  return /^ [\d.]+$/.test(text) ? 'Number' : 'String';
}
