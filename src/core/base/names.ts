/**
 * Removes a leading `4;`. Tally writes `&#4;` before its own words, such as ` Primary`. The XML reader drops that character,
 * but somebody's earlier cleaning of a file can leave `4; ` (docs/tally.md §3).
 */
export const withoutMark = (text: string): string => text.replace(/^\s*4;\s*/, '');

/** The key for comparing names and Tally's fixed words (`Yes`, `New Ref`). As in Tally, case and outer spaces do not count. */
export const nameKey = (name: string): string => name.trim().toLowerCase();
