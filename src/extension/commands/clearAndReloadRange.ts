import { EtlError } from '../../core/base/errors.js';
import { messages } from '../messages.js';
import { warehousePlace } from '../settings/warehouseUrl.js';
import type { Command, Parts } from './command.js';
import { askRangeOfBooks, type RangeOfBooks } from './givenRange.js';
import { runLoad } from './runLoad.js';
import { settlePlaces } from './settlePlaces.js';

const words = messages.reload;

/** Asks for a range unless it is called with one. Always asks for a confirmation. */
export const clearAndReloadRange: Command<RangeOfBooks> = {
  async ask(parts, argument) {
    const asked = await askRangeOfBooks(parts, argument, {
      title: messages.reloadInput(),
      withMode: true,
      replaces: true,
    });
    if (!asked) return undefined;
    const { range, books } = asked;
    // The dialog names company and warehouse, so a doubt about them is settled before.
    if (!books.inDemo && !(await settlePlaces(parts))) return undefined;
    const { company, dbUrl } = await parts.books.configOf(books);
    const question = words.confirm(range, company === undefined ? words.theOpenCompany() : `“${company}”`);
    const detail = words.detail(warehousePlace(dbUrl, books.inDemo), range.dayByDay ?? false);
    return (await parts.questions.confirm(question, detail, words.button())) ? asked : undefined;
  },
  run: reload,
};

/** If a guard refuses the result as a likely mistake, shows why, and loads it only if the user confirms. */
async function reload(parts: Parts, { range, books }: RangeOfBooks): Promise<void> {
  try {
    await runLoad(parts, { load: { job: 'clearAndReload', request: range }, books });
  } catch (error) {
    if (!(error instanceof EtlError) || error.code !== 'guard') throw error;
    parts.log.warn(`${error.code}: ${error.message}`);
    if (!(await parts.questions.confirm(error.message, words.guardDetail(), words.anyway()))) return;
    const forced = { job: 'clearAndReload' as const, request: { ...range, force: true } };
    await parts.notifier.attempt(() => runLoad(parts, { load: forced, books }));
  }
}
