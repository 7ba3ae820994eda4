import type { Config } from '../../core/core.js';
import { nameKey } from '../../core/base/names.js';
import { messages } from '../messages.js';
import type { Books } from '../settings/booksInUse.js';
import { warehousePlace } from '../settings/warehouseUrl.js';
import type { CompanyNode, TreeNode } from '../view/treeNodes.js';
import type { Command, Parts } from './command.js';
import { removeCompanyWords as words } from './removeCompanyWords.js';

interface Chosen {
  id: string;
  name: string;
}

/**
 * Removes all that the warehouse has of a company. Shows the counts first, and asks the user to type the company's name. Asks which
 * company unless called on a company's row.
 */
export const removeCompany: Command<Chosen & { books: Books }, TreeNode | undefined> = {
  async ask(parts, node) {
    const { books: inUse, questions, runner } = parts;
    const row = node?.kind === 'company' ? node : undefined;
    const books = inUse.now(row && { inDemo: row.inDemo });
    const config = await inUse.configOf(books);
    const title = messages.of(words.title(), books.inDemo);
    const chosen = row ? ofRow(row) : await askCompany(parts, config, title);
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
      // A remark replaces the prompt, so it repeats the prompt with its counts.
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
    // A message without a button is shown in one line, which cuts it off.
    notifier.offer('info', said, ['Show Log']);
  },
};

const ofRow = ({ summary: { id, name } }: CompanyNode): Chosen => ({ id, name });

async function askCompany({ questions, runner }: Parts, config: Config, title: string): Promise<Chosen | undefined> {
  const { companies } = await runner.runQuietly('exportableCompanies', undefined, config);
  const items = companies.map(({ id, name }) => ({ label: name, detail: id, company: { id, name } }));
  return (await questions.pick({ title, placeholder: words.question(), items }))?.company;
}
