import type { CommandId } from '../commands/commandIds.js';

export interface Remedy {
  title: string;
  command: CommandId;
}

/** Host to view: the warehouse does not answer. */
export interface Failed {
  type: 'failed';
  reason: string;
  remedies: Remedy[];
}

/** The actions on days that are shown. */
export const spanActions = ['invoices', 'backfill', 'verify', 'reload', 'export'] as const;
export type SpanAction = (typeof spanActions)[number];
