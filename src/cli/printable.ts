/**
 * Text for a terminal. Names and error words come from Tally and PostgreSQL: control characters in them could recolour,
 * overwrite or retitle the terminal, and marks of writing direction show another text than there is.
 */
export const printable = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- they are what is taken out
  text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
