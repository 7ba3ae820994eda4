import type { CalendarDate, DateRange, WarehouseCalendar } from '../../core/core.js';
import type { CommandId } from '../commands/commandIds.js';

export interface Remedy {
  title: string;
  command: CommandId;
}

/** Host to view: what there is to show now. */
export type ToView =
  | (WarehouseCalendar & { type: 'calendar'; today: CalendarDate; remedies: Remedy[] })
  | { type: 'failed'; reason: string; remedies: Remedy[] };

export const spanActions = ['backfill', 'verify', 'reload', 'export'] as const;
export type SpanAction = (typeof spanActions)[number];

/** View to host. `ready` comes whenever the view is made anew, with the company that it showed before. */
export type FromView =
  | { type: 'ready' | 'company'; companyId?: string | undefined }
  | ({ type: 'act'; action: SpanAction } & DateRange)
  | { type: 'command'; command: string };
