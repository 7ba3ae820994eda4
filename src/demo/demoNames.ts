import type { DateRange } from '../core/base/calendar.js';

// These names have a file of their own, so that code that starts the demo does not load the recipes of the books.

/** The range that the demo loads. */
export const demoRange: DateRange = { from: '2024-04-01', to: '2024-10-13' };

/** Like many real names, it needs escaping in XML, and ends with the date that Tally appends for a split company. */
export const demoCompanyName = 'Bharat Traders & Sons (from 1-Apr-23)';

export const demoCompanyGuid = '6f1d3a52-90c4-4e7b-8d21-0b5e7c9a4f13';
