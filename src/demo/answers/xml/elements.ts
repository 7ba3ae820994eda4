import type { Fixed, Sink } from './xmlText.js';

/** An element as Tally writes it in a report. Attributes and text stay escaped. */
export interface Element {
  /** The name without `.LIST`. */
  name: string;
  /** `values`: a list of plain values (`<X.LIST TYPE="String">`), which is fetched like a field. */
  kind: 'field' | 'values' | 'list';
  attributes: string;
  text: string;
  children: Element[];
}

const suffix = '.LIST';
const seen = new WeakMap<Fixed, Element[]>();

/** Parses the XML written to it into elements: a voucher of a report, from which a collection takes some. */
export class ElementSink implements Sink {
  private readonly root = elementOf('', '', '');
  /** The elements that are still open, the innermost last. */
  private readonly open = [this.root];

  get elements(): readonly Element[] {
    return this.root.children;
  }

  fixed(part: Fixed): void {
    let elements = seen.get(part);
    if (!elements) {
      const sink = new ElementSink();
      sink.text(part.text);
      seen.set(part, (elements = sink.root.children));
    }
    this.open.at(-1)!.children.push(...elements);
  }

  /** Accepts the broken XML that tests write: an element without an end tag ends with the element around it. */
  text(xml: string): void {
    let start = xml.indexOf('<');
    while (start >= 0) {
      const stop = xml.indexOf('>', start);
      if (stop < 0) return;
      const next = xml.indexOf('<', stop);
      if (xml[start + 1] === '/') this.close(xml.slice(start + 2, stop));
      else if (xml[stop - 1] === '/') this.add(xml.slice(start + 1, stop - 1), '');
      else this.open.push(this.add(xml.slice(start + 1, stop), next < 0 ? '' : xml.slice(stop + 1, next)));
      start = next;
    }
  }

  private add(inside: string, text: string): Element {
    const blank = inside.indexOf(' ');
    const element = elementOf(blank < 0 ? inside : inside.slice(0, blank), blank < 0 ? '' : inside.slice(blank), text);
    this.open.at(-1)!.children.push(element);
    return element;
  }

  private close(tag: string): void {
    const name = tag.endsWith(suffix) ? tag.slice(0, -suffix.length) : tag;
    const depth = this.open.findLastIndex((element) => element.name === name);
    if (depth > 0) this.open.length = depth;
  }
}

function elementOf(tag: string, attributes: string, text: string): Element {
  if (!tag.endsWith(suffix)) return { name: tag, kind: 'field', attributes, text, children: [] };
  const kind = attributes.includes(' TYPE="') ? 'values' : 'list';
  return { name: tag.slice(0, -suffix.length), kind, attributes, text: '', children: [] };
}
