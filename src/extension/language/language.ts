// The language that the extension speaks. Each thread and each page is told it once, as soon as it starts.
import { config } from '@vscode/l10n';
import type { CalendarDate } from '../../core/base/calendar.js';
import { timeText } from '../../core/base/countWords.js';

/** Plain data: it goes to threads and pages. */
export interface Language {
  /** As VS Code names its display language: `en`, `hi`. */
  name: string;
  /** What is said in it for each English sentence; none for English, and for a language that nobody has translated into. */
  sentences?: Record<string, string> | undefined;
}

/** Those that l10n has sentences for; `tally.language` offers them. */
export const translations: readonly string[] = ['hi'];

/** What the setting asks for; the display language where it says `auto`, or anything that there is not. */
export function chosenLanguage(setting: unknown, display: Language, read: (name: string) => string): Language {
  if (setting === display.name) return display;
  if (setting === 'en') return { name: 'en' };
  const name = translations.find((one) => one === setting);
  return name === undefined ? display : { name, sentences: JSON.parse(read(name)) as Record<string, string> };
}

const dateFormats = {
  longDay: { dateStyle: 'long', timeZone: 'UTC' },
  month: { month: 'long', year: 'numeric', timeZone: 'UTC' },
  weekday: { weekday: 'long', timeZone: 'UTC' },
  shortWeekday: { weekday: 'short', timeZone: 'UTC' },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

let language: Language = { name: 'en' };
let made: Partial<Record<keyof typeof dateFormats, Intl.DateTimeFormat>> = {};

export function speak(wanted: Language): void {
  language = wanted;
  made = {};
  config({ contents: wanted.sentences ?? {} });
}

/** What this thread speaks. */
export const spoken = (): Language => language;

/**
 * The locale of dates. Plain `en` would be American: who uses Tally writes the day first. A display language is whatever a
 * build or a language pack calls it, so a name that is no locale must not stop the extension.
 */
function localeOf({ name }: Language): string {
  try {
    return Intl.getCanonicalLocales(name)[0] === 'en' ? 'en-IN' : name;
  } catch (error) {
    if (error instanceof RangeError) return 'en-IN';
    throw error;
  }
}

/** Made when the first date is shown: they take longer than all else that is done in a window that starts. */
const format = (kind: keyof typeof dateFormats): Intl.DateTimeFormat =>
  (made[kind] ??= new Intl.DateTimeFormat(localeOf(language), {
    calendar: 'gregory',
    numberingSystem: 'latn',
    ...dateFormats[kind],
  }));

/** A calendar date as the formats above take it, which read it in UTC again: no time zone has a say. */
const instantOf = (date: CalendarDate): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8)));

/** `1 April 2024`. */
export const longDate = (date: CalendarDate): string => format('longDay').format(instantOf(date));

/** `1 Apr 2024, 2:04 pm` by this computer's clock. */
export const localTime = (iso: string): string => timeText(new Date(iso));

/** A part of a calendar date by its name: `April 2024`, `Monday`, `Mon`. */
export const partName = (date: CalendarDate, part: 'month' | 'weekday' | 'shortWeekday'): string =>
  format(part).format(instantOf(date));
