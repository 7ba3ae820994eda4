const namedEntities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

// XML 1.0's own list of characters, turned round. Tally writes U+0004 before reserved names, now and then U+0003, U+0005.
const forbidden = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** Character data with its references resolved. A bare `&` and unknown names stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-f]+)|#([0-9]+)|(amp|lt|gt|quot|apos));/gi,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return namedEntities[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      // What lies beyond Unicode is no character. Two halves of a surrogate pair, each a reference, become the character
      // that they make together; half a pair alone is left to cleanText, which drops all that XML 1.0 forbids.
      return code > 0x10ffff ? '' : String.fromCodePoint(code);
    },
  );
}

/** Without control characters and surrogates, which alone may be forbidden; nearly every value is. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 || code > 0xd7ff) return false;
  }
  return true;
}

/** A value as the Voucher type promises it: without the characters that XML 1.0 forbids, and trimmed. */
export function cleanText(decoded: string): string {
  const text = (isPlain(decoded) ? decoded : decoded.replace(forbidden, '')).trim();
  // A substring keeps the text that it was cut from alive; joining makes a copy of its own.
  return text === '' ? '' : ` ${text}`.slice(1);
}

/** Line ends as an XML parser reports them; CR and LF written as references are not touched. */
export const normalLineEnds = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text);

/** A stretch of character data without markup, to the letter. */
export const decodeText = (xml: string): string => decodeEntities(normalLineEnds(xml));

/** The same as a value. */
export const readText = (xml: string): string => cleanText(decodeText(xml));

/**
 * The text of a row's field to the letter, from its first element of this name, else from the row's attribute; '' where there
 * is neither. For rows as Tally writes them, without CDATA.
 */
export function exactText(row: string, name: string): string {
  const element = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(row)?.[1];
  const text = element ?? new RegExp(`^<[^>]*?\\s${name}="([^"]*)"`).exec(row)?.[1] ?? '';
  return decodeText(text);
}

/** The text of the first element of this name; '' where there is none. The voucher may not be well-formed. */
export function firstText(raw: string, name: string): string {
  const found = new RegExp(`<${name}(?:\\s[^<>]*)?>([^<]*)<`, 'i').exec(raw)?.[1];
  return found === undefined ? '' : readText(found);
}
