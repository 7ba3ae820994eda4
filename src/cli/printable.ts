/**
 * Text for a terminal: control characters and marks of direction in foreign names could change what it shows. A no-break space
 * is an ordinary one there, so that other programs find dates.
 */
export const printable = (text: string): string =>
  text
    .replaceAll('\u00a0', ' ')
    // oxlint-disable-next-line no-control-regex -- they are what is taken out
    .replace(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD');
