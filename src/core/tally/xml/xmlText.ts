const namedEntities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

// All characters that XML 1.0 does not allow. Tally writes U+0004 before reserved names, and now and then U+0003 or U+0005.
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Character data with its references resolved. A bare `&` and unknown names stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-f]+)|#([0-9]+)|(amp|lt|gt|quot|apos));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return namedEntities[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      // A code beyond Unicode is not a character. Two halves of a surrogate pair, each a reference, together become one
      // character. A single half is left to cleanText, which drops all characters that XML 1.0 forbids.
      return code > 0x10ffff ? '' : String.fromCodePoint(code);
    },
  );
}

/**
 * Whether the text has neither control characters nor anything from the surrogates up: only those may be forbidden. Nearly
 * every value passes.
 */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 0xd7ff) return false;
  }
  return true;
}

/** A value as the Voucher type promises it: trimmed, without the characters that XML 1.0 forbids. */
export function cleanText(decoded: string): string {
  const text = (isPlain(decoded) ? decoded : decoded.replace(forbidden, '')).trim();
  // V8 keeps the source text of a substring alive. Joining makes an independent copy.
  return text === '' ? '' : ` ${text}`.slice(1);
}

/** Line ends as an XML parser reports them; a CR or LF that is written as a reference is not changed. */
export const normalLineEnds = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

/** A stretch of character data without markup: decoded, but not trimmed or cleaned. */
export const decodeText = (xml: string): string => decodeEntities(normalLineEnds(xml));

/** A stretch of character data without markup as a value: decoded, cleaned and trimmed. */
export const readText = (xml: string): string => cleanText(decodeText(xml));

/**
 * The exact text of a row's field: from its first element of this name, else from the row's attribute, else ''. For rows as
 * Tally writes them, without CDATA.
 */
export function exactText(row: string, name: string): string {
  const element = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(row)?.[1];
  const text = element ?? new RegExp(`^<[^>]*?\\s${name}="([^"]*)"`).exec(row)?.[1] ?? '';
  return decodeText(text);
}

/** The text of the first element of this name; '' if there is none. `raw` need not be well-formed XML. */
export function firstText(raw: string, name: string): string {
  const found = new RegExp(`<${name}(?:\\s[^<>]*)?>([^<]*)<`, 'i').exec(raw)?.[1];
  return found === undefined ? '' : readText(found);
}
