import { element } from './element.js';

/** What may be wider than the page. While it is, it scrolls by itself, and the keyboard can reach and scroll it. */
export function scrollRegion(label: string, content: HTMLElement): HTMLElement {
  const region = element('div', { class: 'scroll' }, content);
  const observer = new ResizeObserver(() => {
    if (region.scrollWidth > region.clientWidth) {
      region.tabIndex = 0;
      region.setAttribute('role', 'region');
      region.setAttribute('aria-label', label);
    } else for (const name of ['tabindex', 'role', 'aria-label']) region.removeAttribute(name);
  });
  observer.observe(region);
  observer.observe(content);
  return region;
}
