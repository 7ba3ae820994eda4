import { nameKey } from '../../core/base/names.js';
import { saveCompany } from '../settings/configuration.js';
import { messages } from '../messages.js';
import { back, pick } from '../input/quickInput.js';
import type { Parts } from './parts.js';

/** Lists the companies of the user's own Tally, also while the demo runs: the choice outlives the demo. */
export async function selectCompany(parts: Parts): Promise<void> {
  const config = await parts.books.configOf({ inDemo: false });
  const companies = await parts.runner.run('companies', undefined, config, {
    title: messages.askingForCompanies(),
  });
  if (companies.length === 0) {
    parts.notifier.offer('warning', messages.company.none(), ['Retry', 'Show Log'], {
      Retry: () => selectCompany(parts),
    });
    return;
  }
  const isChosen = (name: string): boolean => config.company !== undefined && nameKey(name) === nameKey(config.company);
  const items = companies.map(({ name, exactName, id }) => ({
    label: name,
    detail: id,
    // Names that differ only in what is left out for display are told apart by their exact text.
    value: exactName ?? name,
    ...((isChosen(exactName ?? name) || isChosen(name)) && { description: messages.company.current() }),
  }));
  const answer = await pick({
    title: messages.company.title(),
    placeholder: messages.company.question(),
    items,
    active: items.find((item) => 'description' in item),
  });
  if (answer === undefined || answer === back) return;
  const where = await saveCompany(answer.value);
  parts.milestones.reach(['company']);
  parts.notifier.offer('info', messages.company.saved(answer.label, where), ['Check Set-up']);
}
