import type { CalendarDate, DateRange, WarehouseCalendar } from '../../core/core.js';
import type { Failed, Remedy, SpanAction } from './webMessages.js';

/** The calendar to show. */
export type ShownCalendar = WarehouseCalendar & { type: 'calendar'; today: CalendarDate; remedies: Remedy[] };

/** Host to view. */
export type ToView = ShownCalendar | Failed;

/** View to host. `ready` comes each time that VS Code creates the page, with the company that it showed before. */
export type FromView =
  | { type: 'ready' | 'company'; companyId?: string | undefined }
  | ({ type: 'act'; action: SpanAction } & DateRange)
  | { type: 'command'; command: string };
