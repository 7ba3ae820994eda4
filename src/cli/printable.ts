/**
 * Text that is safe in a terminal. Control characters and direction marks in names from outside could change what it shows,
 * so each becomes U+FFFD. The no-break spaces of our dates become ordinary ones, so that a search for a date finds it.
 */
export const printable = (text: string): string =>
  text
    .replaceAll('\u00a0', ' ')
    // oxlint-disable-next-line no-control-regex -- they are what is taken out
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
