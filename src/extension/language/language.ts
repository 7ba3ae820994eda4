// The language of the extension's texts. Each thread and each page gets it once, when it starts.
import { config } from '@vscode/l10n';
import type { CalendarDate } from '../../core/base/calendar.js';
import { timeText } from '../../core/base/countWords.js';

/** Plain data, because it is sent to threads and pages. */
export interface Language {
  /** As VS Code names its display language: `en`, `hi`. */
  name: string;
  /** The translation of each English sentence; absent for English, and for a language without a translation. */
  sentences?: Record<string, string> | undefined;
}

/** The languages that `l10n/` has translations for. The setting `tally.language` offers them. */
export const translations: readonly string[] = ['hi'];

/** The language of the setting; the display language if the setting is `auto` or not known. `read` reads a translation. */
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

/** The language of this thread or page. */
export const spoken = (): Language => language;

/**
 * The locale of dates. Plain `en` would be American, but users of Tally write the day first. A build or a language pack may
 * give its display language a name that is not a locale: then dates are as in `en-IN`.
 */
function localeOf({ name }: Language): string {
  try {
    return Intl.getCanonicalLocales(name)[0] === 'en' ? 'en-IN' : name;
  } catch (error) {
    if (error instanceof RangeError) return 'en-IN';
    throw error;
  }
}

/** A date format. It is made at its first use, because that takes longer than all other work in a window that starts. */
const format = (kind: keyof typeof dateFormats): Intl.DateTimeFormat =>
  (made[kind] ??= new Intl.DateTimeFormat(localeOf(language), {
    calendar: 'gregory',
    numberingSystem: 'latn',
    ...dateFormats[kind],
  }));

/** A calendar date for the formats above. Both use UTC, so time zones do not matter. */
const instantOf = (date: CalendarDate): number =>
  Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8)));

/** `1 April 2024`. */
export const longDate = (date: CalendarDate): string => format('longDay').format(instantOf(date));

/** `1 Apr 2024, 2:04 pm`, in this computer's time zone. */
export const localTime = (iso: string): string => timeText(new Date(iso));

/** A part of a calendar date by its name: `April 2024`, `Monday`, `Mon`. */
export const partName = (date: CalendarDate, part: 'month' | 'weekday' | 'shortWeekday'): string =>
  format(part).format(instantOf(date));
