/** A name of the demo's masters as the warehouse has it: without Tally's mark and outer spaces. */
// oxlint-disable-next-line no-control-regex -- the mark is a control character
export const asStored = (name: string): string => name.replaceAll(/[\x00-\x08]/g, '').trim();
