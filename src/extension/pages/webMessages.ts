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
