/**
 * Tally marks its own words with U+0004, which is taken off with all that XML forbids. A file may hold `4; `, which somebody's cleaning
 * left of the mark (docs/tally.md §3).
 */
export const withoutMark = (text: string): string => text.replace(/^\s*4;\s*/, '');

/** A name as Tally compares names of companies, ledgers, types and marks: without regard to case and outer spaces. */
export const nameKey = (name: string): string => name.trim().toLowerCase();
