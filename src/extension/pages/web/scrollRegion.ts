import { element } from './element.js';

/** Wraps content that may be wider than the page. While it is wider, the region scrolls, and the keyboard can reach it. */
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
