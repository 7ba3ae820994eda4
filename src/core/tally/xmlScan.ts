// Steps over plain XML text without parsing it. Each answers -1 or undefined for anything out of the ordinary, and the
// caller then takes the full parse: these are fast paths, never the judge.

const SLASH = 47;
const SPACE = 32;

const ordinaryAttributes = /^(?:\s+[^\s=<>"'/]+="[^"<]*")*\s*\/?$/;

/**
 * The name of the opening tag from `lt` (its `<`) to `gt` (the next `>`). Undefined for comments, CDATA and processing
 * instructions, and when the attributes are not plain `name="value"` pairs: then `gt` may lie inside one.
 */
export function openingTagName(xml: string, lt: number, gt: number): string | undefined {
  let end = lt + 1;
  while (end < gt) {
    const code = xml.charCodeAt(end);
    if (code <= SPACE || code === SLASH) break;
    end++;
  }
  const first = xml[lt + 1];
  if (end === lt + 1 || first === '!' || first === '?') return undefined;
  if (end < gt && !ordinaryAttributes.test(xml.slice(end, gt))) return undefined;
  return xml.slice(lt + 1, end);
}

export const isSelfClosing = (xml: string, gt: number): boolean => xml.charCodeAt(gt - 1) === SLASH;

export const isClosing = (xml: string, lt: number): boolean => xml.charCodeAt(lt + 1) === SLASH;

/** Where `</name>` at `lt` ends; -1 when something else stands there. */
export function closingTagEnd(xml: string, name: string, lt: number): number {
  if (!isClosing(xml, lt) || !xml.startsWith(name, lt + 2)) return -1;
  return xml[lt + 2 + name.length] === '>' ? lt + name.length + 3 : -1;
}

/** Past the element whose content begins at `at`: by its closing tag, without a look at its children. */
export function skipElement(xml: string, name: string, at: number): number {
  const lt = xml.indexOf('<', at);
  if (lt < 0) return -1;
  if (isClosing(xml, lt)) return closingTagEnd(xml, name, lt);
  const closing = `</${name}>`;
  const end = xml.indexOf(closing, lt);
  if (end < 0) return -1;
  const content = xml.slice(lt, end);
  // The first closing tag is the right one only if it stands neither in a comment nor in a child of the same name.
  if (content.includes('<!') || content.includes('<?') || holdsOpeningTag(content, name)) return -1;
  return end + closing.length;
}

function holdsOpeningTag(content: string, name: string): boolean {
  const opening = `<${name}`;
  for (let at = content.indexOf(opening); at >= 0; at = content.indexOf(opening, at + 1))
    if (/[\s/>]/.test(content[at + opening.length] ?? '>')) return true;
  return false;
}
