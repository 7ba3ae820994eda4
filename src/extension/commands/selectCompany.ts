import { dotEnvLine } from '../../core/base/dotEnv.js';
import { nameKey } from '../../core/base/names.js';
import { messages } from '../messages.js';
import { targetOf } from '../settings/places.js';
import { placeWords } from '../settings/placeWords.js';
import { type Command, perform } from './command.js';

const words = messages.company;

/** Lists the companies of the user's own Tally, also while the demo runs: the choice outlives the demo. */
export const selectCompany: Command<{ name: string; label: string }> = {
  async ask(parts) {
    const config = await parts.books.configOf({ inDemo: false });
    const title = messages.askingForCompanies();
    const companies = await parts.runner.run('companies', undefined, config, { title });
    if (companies.length === 0) {
      parts.notifier.offer('warning', words.none(), ['Retry', 'Show Log'], {
        Retry: () => perform(parts, selectCompany, undefined),
      });
      return undefined;
    }
    const isChosen = (name: string): boolean =>
      config.company !== undefined && nameKey(name) === nameKey(config.company);
    const items = companies.map(({ name, exactName, id }) => ({
      label: name,
      detail: id,
      // Names that differ only in what is left out for display are told apart by their exact text.
      name: exactName ?? name,
      ...((isChosen(exactName ?? name) || isChosen(name)) && { description: words.current() }),
    }));
    const active = items.find((item) => 'description' in item);
    return parts.questions.pick({ title: words.title(), placeholder: words.question(), items, active });
  },
  async run({ configuration, milestones, notifier }, { name, label }) {
    const target = targetOf(await configuration.sources(), 'TALLY_COMPANY');
    if (target === 'dotEnv') {
      notifier.offer('info', placeWords.companyInDotEnv(dotEnvLine('TALLY_COMPANY', name)), ['Open .env']);
      return;
    }
    await configuration.keep('TALLY_COMPANY', name, target);
    milestones.reach(['company']);
    notifier.offer('info', words.saved(label, target), ['Check Set-up']);
  },
};
