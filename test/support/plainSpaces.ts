/** A sentence with ordinary spaces where it has no-break ones, inside dates and amounts. */
export const plainSpaces = (text: string): string => text.replaceAll('\u00a0', ' ');
