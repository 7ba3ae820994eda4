import { nameKey } from '../../core/base/names.js';
import { messages } from '../messages.js';
import type { Books } from '../settings/booksInUse.js';
import { warehousePlace } from '../settings/warehouseUrl.js';
import type { Command } from './command.js';
import { removeCompanyWords as words } from './removeCompanyWords.js';

/** Removes all that the warehouse has of a company, once its name has been typed below the counts. */
export const removeCompany: Command<{ id: string; name: string; books: Books }> = {
  async ask({ books: inUse, questions, runner }) {
    const books = inUse.now();
    const config = await inUse.configOf(books);
    const title = messages.of(words.title(), books.inDemo);
    const { companies } = await runner.runQuietly('exportableCompanies', undefined, config);
    const items = companies.map(({ id, name }) => ({ label: name, detail: id, company: { id, name } }));
    const chosen = (await questions.pick({ title, placeholder: words.question(), items }))?.company;
    if (!chosen) return undefined;
    const request = { company: chosen.id, dryRun: true };
    const { result } = await runner.run('removeCompany', request, config, { title: words.counting() });
    const isName = (text: string): boolean => nameKey(text) === nameKey(chosen.name);
    const prompt = words.prompt(result, warehousePlace(config.dbUrl, books.inDemo));
    const typed = await questions.input({
      title,
      prompt,
      placeholder: chosen.name.trim(),
      value: '',
      // The remark takes the prompt's place, and the counts have to stay.
      check: (text) => (isName(text) ? undefined : { severity: 'unfinished', message: prompt }),
    });
    return typed !== undefined && isName(typed) ? { ...chosen, books } : undefined;
  },
  async run({ books: inUse, log, notifier, runner, warehouse }, { id, name, books }) {
    const config = await inUse.configOf(books);
    const title = words.running(name);
    const { result, text } = await runner.run('removeCompany', { company: id }, config, { title });
    const said = words.removed(result, warehousePlace(config.dbUrl, books.inDemo));
    log.info(`${said}\n${text}`);
    warehouse.forget();
    notifier.offer('info', said, []);
  },
};
