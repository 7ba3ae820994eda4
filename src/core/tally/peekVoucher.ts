import { isAscii } from 'node:buffer';
import { decodeBytes, effectiveEncoding, type Encoding } from './encoding.js';
import { closingTagEnd, isClosing, isSelfClosing, openingTagName, skipElement } from './xmlScan.js';
import { readText } from './xmlText.js';

/**
 * What decides about a voucher before it is parsed, as text; '' where the voucher has none, undefined where it cannot be
 * told cheaply and the voucher has to be parsed.
 */
export interface PeekedVoucher {
  date: string | undefined;
  /** VOUCHERTYPENAME, else the attribute VCHTYPE. */
  voucherType: string | undefined;
  guid: string | undefined;
}

interface Span {
  from: number;
  to: number;
}

interface TopLevel {
  /** Where the wanted values stand, in characters. */
  spans: Map<string, Span>;
  /** Nothing that is wanted can stand further on: what has no span is absent. */
  complete: boolean;
}

// All three stand among the first elements. ALTERID and MASTERID come some 190 elements later: looking for them too would
// make this five times as dear.
const wanted = new Set(['DATE', 'VOUCHERTYPENAME', 'GUID']);
const VCHTYPE = '@VCHTYPE';
const firstWindow = 8192;

/** Reads those values of a voucher's bytes that stand at its top level, without decoding the rest. */
export function peekVoucher(bytes: Buffer, encoding: Encoding): PeekedVoucher {
  let top = scanTopLevel(view(bytes.subarray(0, firstWindow), encoding));
  if (!top.complete && bytes.length > firstWindow) top = scanTopLevel(view(bytes, encoding));
  const value = (name: string): string | undefined => {
    const span = top.spans.get(name);
    if (span === undefined) return top.complete ? '' : undefined;
    const unit = encoding === 'utf-16le' ? 2 : 1;
    const part = bytes.subarray(span.from * unit, span.to * unit);
    // Whether these bytes are UTF-8 is decided by the whole voucher, as in the full parse.
    return readText(decodeBytes(part, isAscii(part) ? encoding : effectiveEncoding(bytes, encoding)));
  };
  const typeName = value('VOUCHERTYPENAME');
  return {
    date: value('DATE'),
    voucherType: typeName === '' ? value(VCHTYPE) : typeName,
    guid: value('GUID'),
  };
}

/** One character a unit, so that an index is a byte offset; only markup, which is ASCII, is read from it. */
const view = (bytes: Buffer, encoding: Encoding): string =>
  bytes.toString(encoding === 'utf-16le' ? 'utf16le' : 'latin1');

function scanTopLevel(xml: string): TopLevel {
  const top: TopLevel = { spans: new Map(), complete: false };
  let gt = xml.indexOf('>');
  const root = gt < 0 || isSelfClosing(xml, gt) ? undefined : openingTagName(xml, 0, gt);
  if (root === undefined) return top;
  noteVoucherTypeAttribute(xml.slice(0, gt), top.spans);
  let missing = wanted.size;
  let at = gt + 1;
  while (missing > 0) {
    const lt = xml.indexOf('<', at);
    if (lt < 0) return top;
    if (isClosing(xml, lt)) {
      top.complete = closingTagEnd(xml, root, lt) === xml.length;
      return top;
    }
    gt = xml.indexOf('>', lt);
    const name = gt < 0 ? undefined : openingTagName(xml, lt, gt);
    if (name === undefined) return top;
    const isNew = wanted.has(name) && !top.spans.has(name);
    at = isSelfClosing(xml, gt) ? gt + 1 : isNew ? valueEnd(xml, name, gt + 1) : skipElement(xml, name, gt + 1);
    if (at < 0) return top;
    if (!isNew) continue;
    missing--;
    const to = isSelfClosing(xml, gt) ? gt + 1 : at - name.length - 3;
    top.spans.set(name, { from: gt + 1, to });
  }
  top.complete = true;
  return top;
}

/** Past a value's closing tag; -1 when the value holds markup. */
function valueEnd(xml: string, name: string, at: number): number {
  const lt = xml.indexOf('<', at);
  return lt < 0 ? -1 : closingTagEnd(xml, name, lt);
}

function noteVoucherTypeAttribute(startTag: string, spans: Map<string, Span>): void {
  const attribute = /\sVCHTYPE="([^"]*)"/.exec(startTag);
  if (attribute === null) return;
  const to = attribute.index + attribute[0].length - 1;
  spans.set(VCHTYPE, { from: to - attribute[1]!.length, to });
}
