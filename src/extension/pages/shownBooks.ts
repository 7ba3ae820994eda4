import { isCalendarDate } from '../../core/base/calendar.js';
import type { DateRange, RegisterFilter } from '../../core/core.js';
import type { CommandId } from '../commands/commandIds.js';
import { companyOf } from '../commands/companyOf.js';
import { runCommand } from '../commands/runCommand.js';
import type { GivenInvoices } from '../settings/booksInUse.js';
import { type SpanAction, spanActions } from './webMessages.js';

/** The command of each action: what a page names is looked up here, never run by its name. */
const commands: Record<SpanAction, CommandId> = {
  invoices: 'tally.showInvoices',
  backfill: 'tally.backfillRange',
  verify: 'tally.verifyRange',
  reload: 'tally.clearAndReloadRange',
  export: 'tally.exportRange',
};

/** Whose invoices a page shows. Commands act on them even if other books are in use by then. */
export interface ShownBooks {
  company: { id: string; name: string } | null;
  inDemo: boolean;
}

/** Runs a command on days of the shown books, or on those invoices that the filter lets through. Nothing for anything that is not a range. */
export async function actOn(
  { company, inDemo }: ShownBooks,
  action: SpanAction,
  { from, to }: DateRange,
  listed: Pick<GivenInvoices, 'filter' | 'order'> = {},
): Promise<void> {
  if (!company || !spanActions.includes(action)) return;
  if (!isCalendarDate(from) || !isCalendarDate(to) || from > to) return;
  const { id: companyId, name: companyName } = company;
  const books = { inDemo, company: companyOf({ companyId, companyName }), companyId };
  const given: GivenInvoices = { from, to, ...books, ...listed };
  await runCommand(commands[action], given);
}

/** What of a message is a filter. */
export const filterOf = ({ types, party, text, item, rate }: RegisterFilter): RegisterFilter => ({
  ...(types !== undefined && { types }),
  ...(party !== undefined && { party }),
  ...(text !== undefined && { text }),
  ...(item !== undefined && { item }),
  ...(rate !== undefined && { rate }),
});
