import { isCalendarDate } from '../../core/base/calendar.js';
import type { DateRange, RegisterFilter } from '../../core/core.js';
import type { CommandId } from '../commands/commandIds.js';
import { companyOf } from '../commands/companyOf.js';
import { runCommand } from '../commands/runCommand.js';
import type { GivenInvoices } from '../settings/booksInUse.js';
import { type SpanAction, spanActions } from './webMessages.js';

/** The command of each action. A page names an action, and cannot run any other command. */
const commands: Record<SpanAction, CommandId> = {
  invoices: 'tally.showInvoices',
  backfill: 'tally.backfillRange',
  verify: 'tally.verifyRange',
  reload: 'tally.clearAndReloadRange',
  export: 'tally.exportRange',
};

/** The books that a page shows. The page's actions are for these books, even if other books are in use by then. */
export interface ShownBooks {
  company: { id: string; name: string } | null;
  inDemo: boolean;
}

/** Runs a command on days of the shown books, or on filtered invoices of these days. Ignores an invalid action or range. */
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

/** Takes only the filter out of a message from a page. */
export const filterOf = ({ types, party, text, item, rate }: RegisterFilter): RegisterFilter => ({
  ...(types !== undefined && { types }),
  ...(party !== undefined && { party }),
  ...(text !== undefined && { text }),
  ...(item !== undefined && { item }),
  ...(rate !== undefined && { rate }),
});
