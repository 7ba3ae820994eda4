import type { CalendarDate, DateRange, WarehouseCalendar } from '../../core/core.js';
import type { Failed, Remedy, SpanAction } from './webMessages.js';

/** What there is to show now. */
export type ShownCalendar = WarehouseCalendar & { type: 'calendar'; today: CalendarDate; remedies: Remedy[] };

/** Host to view. */
export type ToView = ShownCalendar | Failed;

/** View to host. `ready` comes whenever the view is made anew, with the company that it showed before. */
export type FromView =
  | { type: 'ready' | 'company'; companyId?: string | undefined }
  | ({ type: 'act'; action: SpanAction } & DateRange)
  | { type: 'command'; command: string };
