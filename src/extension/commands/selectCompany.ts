import { dotEnvLine } from '../../core/base/dotEnv.js';
import { nameKey } from '../../core/base/names.js';
import { companyItems, itemOf } from '../input/companyItems.js';
import { messages } from '../messages.js';
import type { Button } from '../notices/buttons.js';
import { targetOf } from '../settings/places.js';
import { placeWords } from '../settings/placeWords.js';
import type { Company } from '../../core/core.js';
import { type Command, type Parts, perform } from './command.js';

const words = messages.company;

/** Lists the companies of the user's own Tally, also while the demo runs: the choice outlives the demo. */
export const selectCompany: Command<{ name: string; label: string }> = {
  async ask(parts) {
    const config = await parts.books.configOf({ inDemo: false });
    const companies = await openCompanies(parts, selectCompany);
    if (!companies) return undefined;
    const isChosen = (name: string): boolean =>
      config.company !== undefined && nameKey(name) === nameKey(config.company);
    const items = companies.map((company) => ({
      ...itemOf(company),
      ...((isChosen(company.exactName ?? company.name) || isChosen(company.name)) && { description: words.current() }),
    }));
    const active = items.find((item) => 'description' in item);
    const several = { label: words.several(), detail: words.severalDetail(), name: undefined };
    const chosen = await parts.questions.pick({
      ...{ title: words.title(), placeholder: words.question(), active },
      items: [...items, ...(items.length > 1 ? [several] : [])],
    });
    if (chosen?.name !== undefined) return { name: chosen.name, label: chosen.label };
    if (chosen) await chooseCompanies(parts, companies, ['Sync All']);
    return undefined; // the several companies are saved; the one company does not change
  },
  async run({ configuration, milestones, notifier }, { name, label }) {
    const target = targetOf(await configuration.sources(), 'TALLY_COMPANY');
    if (target === 'dotEnv') {
      notifier.offer('info', placeWords.companyInDotEnv(dotEnvLine('TALLY_COMPANY', name)), ['Open .env']);
      return;
    }
    await configuration.keep('TALLY_COMPANY', name, target);
    milestones.reach(['company']);
    notifier.offer('info', words.saved(label, target), ['Backfill Range', 'Check Setup']);
  },
};

/** The companies that are open in the user's own Tally. If none is open: offers Retry, which runs `again`, and returns undefined. */
export async function openCompanies<Request>(parts: Parts, again: Command<Request>): Promise<Company[] | undefined> {
  const config = await parts.books.configOf({ inDemo: false });
  const title = messages.askingForCompanies();
  const companies = await parts.runner.run('companies', undefined, config, { title });
  if (companies.length > 0) return companies;
  parts.notifier.offer('warning', words.none(), ['Retry', 'Show Log'], {
    Retry: () => perform(parts, again, undefined),
  });
  return undefined;
}

/** Asks which companies Sync All and the schedule load, and saves the answer. Undefined: the user left. */
export async function chooseCompanies(
  { configuration, milestones, notifier, questions }: Parts,
  companies: readonly Company[],
  buttons: Button[] = [],
): Promise<readonly string[] | undefined> {
  const answer = await questions.pickMany({
    ...{ title: words.several(), placeholder: words.whichSeveral() },
    ...companyItems(companies, await configuration.companies()),
  });
  if (!answer) return undefined;
  const names = answer.map(({ name }) => name);
  const keeper = await configuration.keepCompanies(names);
  milestones.reach(['company']);
  notifier.offer(
    'info',
    words.savedSeveral(
      answer.map(({ label }) => label),
      keeper,
    ),
    buttons,
  );
  return names;
}
