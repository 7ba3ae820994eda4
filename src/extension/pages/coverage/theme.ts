import type { InvoiceType } from '../../../core/core.js';
import { levels } from './figures.js';

/** The colours of VS Code's theme, as the chart needs them: it draws by numbers, not by CSS. */
export interface Theme {
  text: string;
  faint: string;
  line: string;
  background: string;
  hover: string;
  font: string;
  /** By level, from 0: no invoice. */
  levels: string[];
  /** What can be read on each of them. */
  inks: string[];
  types: Record<InvoiceType, string>;
  different: string;
  isHighContrast: boolean;
}

type Rgb = [red: number, green: number, blue: number];

/** `rgb(1, 2, 3)` or `rgba(…)`, as a computed style says it. */
const parse = (computed: string): Rgb => {
  const [red = 0, green = 0, blue = 0] = (computed.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
};
const css = (color: Rgb): string => `rgb(${color.map(Math.round).join(', ')})`;
const mix = (from: Rgb, to: Rgb, share: number): Rgb =>
  [0, 1, 2].map((i) => from[i]! + (to[i]! - from[i]!) * share) as Rgb;

/** WCAG's relative luminance, and the contrast of two colours by it. */
const luminance = (color: Rgb): number => {
  const [red, green, blue] = color.map((part) =>
    part <= 10 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
  ) as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (a: Rgb, b: Rgb): number => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

/** Reads the theme that is in force now. */
export function readTheme(): Theme {
  const probe = document.body.appendChild(document.createElement('span'));
  const read = (...names: string[]): Rgb => {
    probe.style.color = '';
    probe.style.color = names.reduceRight((otherwise, name) => `var(--vscode-${name}, ${otherwise})`, 'gray');
    return parse(getComputedStyle(probe).color);
  };
  const background = read('editor-background');
  const text = read('foreground');
  const accent = read('charts-blue', 'focusBorder');
  const isHighContrast = document.body.matches('.vscode-high-contrast, .vscode-high-contrast-light');
  const shades = [
    mix(background, text, isHighContrast ? 0.12 : 0.09),
    ...Array.from({ length: levels }, (_, i) => mix(background, accent, 0.3 + (0.7 * i) / (levels - 1))),
  ];
  const theme: Theme = {
    text: css(text),
    faint: css(mix(background, text, isHighContrast ? 1 : 0.7)),
    line: css(mix(background, text, isHighContrast ? 0.8 : 0.4)),
    background: css(background),
    hover: css(mix(background, text, 0.06)),
    font: getComputedStyle(document.body).fontFamily,
    levels: shades.map(css),
    inks: shades.map((shade) => css(contrast(shade, text) > contrast(shade, background) ? text : background)),
    types: {
      sales: css(accent),
      purchase: css(read('charts-orange')),
      credit_note: css(read('charts-purple')),
      debit_note: css(read('charts-green')),
    },
    different: css(read('errorForeground', 'charts-red')),
    isHighContrast,
  };
  probe.remove();
  return theme;
}

/** Calls back when VS Code has changed its theme: it then rewrites the variables of the page. */
export function onThemeChange(changed: () => void): void {
  let due = 0;
  const observer = new MutationObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(changed);
  });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
}

/** Gives the style sheet the colours of the picture. On the body: the variables of the root are VS Code's. */
export function paintLegend({ levels: shades, types, different, line, background }: Theme): void {
  const { style } = document.body;
  shades.forEach((shade, level) => {
    style.setProperty(`--level-${level}`, shade);
  });
  for (const [type, color] of Object.entries(types)) style.setProperty(`--${type}`, color);
  style.setProperty('--different', different);
  style.setProperty('--line', line);
  style.setProperty('--background', background);
}
