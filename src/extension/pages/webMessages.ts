import type { CommandId } from '../commands/commandIds.js';

export interface Remedy {
  title: string;
  command: CommandId;
}

/** Host to view: the data cannot be read, and why. */
export interface Failed {
  type: 'failed';
  reason: string;
  remedies: Remedy[];
}

/** The actions that a page offers on days. */
export const spanActions = ['invoices', 'backfill', 'verify', 'reload', 'export'] as const;
export type SpanAction = (typeof spanActions)[number];
