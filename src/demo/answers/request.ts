import { XMLParser } from 'fast-xml-parser';
import type { CalendarDate } from '../../core/base/calendar.js';
import type { AnswerEncoding } from './encoding.js';
import { literalBounds, typedDate, type LiteralBounds } from './typedDate.js';

/** The parts of a request that Tally understands; `unknown` if it cannot read the request. */
export interface TallyRequest {
  kind: 'report' | 'collection' | 'voucher' | 'unknown';
  /** The report's name, the collection's TYPE (`Voucher`, `Ledger`, …) as written, or a voucher's id (`ID:4002`). */
  name: string;
  /** Names of the fields to fetch, in capitals without blanks. */
  fields: string[];
  /** The name as written, with its blanks; absent if the active company is meant. */
  company?: string;
  /** Bounds of the period. A bound without TYPE="Date" does not count. Null: the bound was not a valid day and was dropped. */
  from?: CalendarDate | null;
  to?: CalendarDate | null;
  currentDate?: CalendarDate | null;
  /** The bounds for DATE in a collection's filter. Absent without a filter, null for a filter that this Tally cannot read. */
  literal?: LiteralBounds | null;
  /**
   * The filter keeps vouchers whose ALTERID (Tally's counter of changes) is above this; absent without such a filter.
   */
  alteredAfter?: number;
  /** The sums that a collection computes, each with its name; absent if its rows are requested. */
  sums?: AggregateSum[];
  /** The `sums` are for each date and voucher type, not for each date. */
  byType?: true;
  /** ISLEDGERWISE, which asks a Trial Balance for ledgers in place of groups. */
  ledgerWise?: true;
  /** EXPLODEFLAG, which asks for what lies below the rows of a report. */
  exploded?: true;
  encoding: AnswerEncoding;
}

/** One sum of a collection, which a request writes as `Vouchers : SUM : $$Number:1`. */
export interface AggregateSum {
  name: string;
  kind: 'SUM' | 'MAX';
  /** `ALTERID`, `MASTERID`, `AMOUNT`, or `1` for a count. */
  of: string;
}

/** The cost of an answer for a real Tally. */
export interface Cost {
  /** Vouchers that Tally goes through without sending them. */
  walked: number;
  /** Vouchers, masters or sums that it sends. */
  rows: number;
  bytes: number;
  /** How long Tally's screen is frozen. */
  seconds: number;
}

/** An entry of the log of requests. `status`: a GET, which only asks whether Tally runs. */
export interface LoggedRequest extends Omit<TallyRequest, 'kind'> {
  kind: TallyRequest['kind'] | 'status';
  /** The cost for a real Tally, if requests are metered. */
  cost?: Cost;
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  transformTagName: (tag) => tag.toUpperCase(),
  transformAttributeName: (name) => name.toUpperCase(),
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // oxlint-disable-next-line typescript/no-deprecated -- its successor is another package; this reads `&#39;`
  htmlEntities: true,
});

/** The charset of the request decides how its bytes are read, and the charset of the answer. */
export function encodingOf(contentType: string | undefined): AnswerEncoding {
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(contentType ?? '')?.[1]?.toLowerCase() ?? 'ascii';
  if (charset.startsWith('utf-16') || charset === 'unicode') return 'utf-16';
  return charset === 'utf-8' ? 'utf-8' : 'ascii';
}

/** Reads a POSTed request in either form (`Export Data`, or VERSION 1 with TYPE and ID). */
export function readRequest(body: Buffer, contentType: string | undefined): TallyRequest {
  const encoding = encodingOf(contentType);
  const unknown: TallyRequest = { kind: 'unknown', name: '', fields: [], encoding };
  const xml = body.toString(encoding === 'utf-16' ? 'utf16le' : 'utf8').replace(/^\ufeff/, '');
  // UTF-16 without a charset in the header shows as NULs between the letters. Tally does not understand such a request.
  const envelope = xml.includes('\u0000') ? undefined : child(wellFormed(xml), 'ENVELOPE');
  const header = child(envelope, 'HEADER');
  const bodyNode = child(envelope, 'BODY');
  const verb = text(child(header, 'TALLYREQUEST')).toLowerCase().replace(/\s/g, '');
  if (verb === 'exportdata') {
    const description = child(child(bodyNode, 'EXPORTDATA'), 'REQUESTDESC');
    const name = text(child(description, 'REPORTNAME'));
    return name === '' ? unknown : { ...unknown, kind: 'report', name, ...variables(description) };
  }
  if (verb !== 'export') return unknown;
  const description = child(bodyNode, 'DESC');
  const id = text(child(header, 'ID'));
  const asked = { ...unknown, ...variables(description) };
  switch (text(child(header, 'TYPE')).toLowerCase()) {
    case 'data':
      return { ...asked, kind: 'report', name: id };
    case 'collection':
      return collection(asked, description, id);
    case 'object':
      return text(child(header, 'SUBTYPE')).toLowerCase() === 'voucher'
        ? { ...asked, kind: 'voucher', name: id, fields: namesIn(children(child(description, 'FETCHLIST'), 'FETCH')) }
        : unknown;
    default:
      return unknown;
  }
}

/** The document's tree; undefined for text that is not XML, which Tally calls an unknown request. */
function wellFormed(xml: string): unknown {
  try {
    // oxlint-disable-next-line typescript/no-deprecated -- its successor is another package, for one request form
    return parser.parse(withMarks(xml), true);
  } catch {
    return undefined;
  }
}

/**
 * Replaces references to control characters, as Tally writes them, by the characters. XML 1.0 forbids such references,
 * so the parser would drop them.
 */
const withMarks = (xml: string): string =>
  xml.replace(/&#0*([1-8]|1[124-9]|2\d|3[01]);/g, (_, code) => String.fromCharCode(Number(code)));

function collection(asked: TallyRequest, description: unknown, id: string): TallyRequest {
  const message = child(child(description, 'TDL'), 'TDLMESSAGE');
  const definitions = children(message, 'COLLECTION');
  const named = (name: string): unknown =>
    definitions.find((c) => plainName(text(child(c, '@NAME'))) === plainName(name));
  const asking = named(id);
  const source = text(child(asking, 'SOURCECOLLECTION'));
  const definition = source === '' ? asking : named(source);
  const aggregate = source === '' ? undefined : aggregateOf(asking);
  if (definition === undefined || aggregate === null) return { ...asked, kind: 'unknown', name: id };
  const lists = [
    ...children(definition, 'FETCH'),
    ...children(definition, 'NATIVEMETHOD'),
    ...children(child(description, 'FETCHLIST'), 'FETCH'),
  ];
  return {
    ...asked,
    kind: 'collection',
    name: text(child(definition, 'TYPE')) || text(child(definition, '@TYPE')),
    fields: namesIn(lists),
    ...aggregate,
    ...filterOf(definition, message),
  };
}

/** The sums of a collection by date, or by date and type; null for any other form. */
function aggregateOf(definition: unknown): Pick<TallyRequest, 'sums' | 'byType'> | null {
  const by = children(definition, 'BY').map((one) => plainName(text(one)));
  const byType = by.length === 2 && by[1] === 'VOUCHERTYPENAME:$VOUCHERTYPENAME';
  if (by[0] !== 'DATE:$DATE' || (by.length !== 1 && !byType)) return null;
  const sums = children(definition, 'AGGRCOMPUTE').map((one) => {
    const [, name, kind, of] = /^(\w+):(SUM|MAX):\${1,2}(?:NUMBER:)?(\w+)$/.exec(plainName(text(one))) ?? [];
    return name === undefined ? undefined : { name, kind: kind as AggregateSum['kind'], of: of! };
  });
  return sums.every((sum) => sum !== undefined) ? { sums, ...(byType && { byType }) } : null;
}

const namesIn = (lists: readonly unknown[]): string[] => lists.flatMap((list) => text(list).split(',')).map(plainName);

const aboveAlterId = /^\(?\s*\$AlterID\s*>\s*(\d+)\s*\)?$/i;

/** Reads a collection's filter. Its formulas are defined beside the collection, under the names that the filter lists. */
function filterOf(definition: unknown, message: unknown): Pick<TallyRequest, 'literal' | 'alteredAfter'> {
  const wanted = namesIn([...children(definition, 'FILTERS'), ...children(definition, 'FILTER')]);
  if (wanted.length === 0) return {};
  const formulas = children(message, 'SYSTEM').filter((s) => plainName(text(child(s, '@TYPE'))) === 'FORMULAE');
  const named = new Map(formulas.map((formula) => [plainName(text(child(formula, '@NAME'))), text(formula)]));
  // A name without a formula matches none of the rows.
  const conditions = wanted.flatMap((name) => (named.get(name) ?? '').split(/\sAND\s/i)).map((part) => part.trim());
  const alterIds = conditions.flatMap((condition) => aboveAlterId.exec(condition)?.[1] ?? []);
  const others = conditions.filter((condition) => !aboveAlterId.test(condition));
  return {
    ...(alterIds.length > 0 && { alteredAfter: Math.max(...alterIds.map(Number)) }),
    ...(others.length > 0 && { literal: literalBounds(others) }),
  };
}

/** Tally ignores case and blanks in names. */
export const plainName = (name: string): string => name.replace(/\s/g, '').toUpperCase();

type Variables = Pick<TallyRequest, 'company' | 'from' | 'to' | 'currentDate' | 'ledgerWise' | 'exploded'>;

function variables(description: unknown): Variables {
  const node = child(description, 'STATICVARIABLES');
  const company = untrimmed(child(node, 'SVCURRENTCOMPANY'));
  const found: Variables = company.trim() === '' ? {} : { company };
  for (const [key, tag] of [
    ['from', 'SVFROMDATE'],
    ['to', 'SVTODATE'],
    ['currentDate', 'SVCURRENTDATE'],
  ] as const) {
    const value = child(node, tag);
    // Without TYPE="Date" the value is a text, and silently sets nothing.
    if (text(child(value, '@TYPE')).toLowerCase() === 'date') found[key] = typedDate(text(value)) ?? null;
  }
  const isYes = (tag: string): boolean => text(child(node, tag)).toLowerCase() === 'yes';
  if (isYes('ISLEDGERWISE')) found.ledgerWise = true;
  if (isYes('EXPLODEFLAG')) found.exploded = true;
  return found;
}

// The parser returns text for an element without attributes and children, an object for one with them, an array for several.

function child(node: unknown, name: string): unknown {
  return children(node, name)[0];
}

function children(node: unknown, name: string): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  const value: unknown = (node as Record<string, unknown>)[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

const text = (node: unknown): string => untrimmed(node).trim();

function untrimmed(node: unknown): string {
  if (typeof node === 'string') return node;
  return typeof node === 'object' && node !== null && '#text' in node ? String(node['#text']) : '';
}
