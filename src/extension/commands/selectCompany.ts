import { saveCompany } from '../configuration.js';
import { messages } from '../messages.js';
import { back, pick } from '../quickInput.js';
import type { Session } from '../session.js';

/** Lists the companies of the user's own Tally, also while the demo runs: the choice outlives the demo. */
export async function selectCompany(session: Session): Promise<void> {
  const config = await session.configFor(false);
  const companies = await session.run('companies', undefined, config, messages.askingForCompanies);
  if (companies.length === 0) {
    session.offer('warning', messages.company.none, ['Retry', 'Show Log'], { Retry: () => selectCompany(session) });
    return;
  }
  const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
  const items = companies.map(({ name, id }) => ({
    label: name,
    detail: id,
    ...(config.company !== undefined && same(name, config.company) && { description: messages.company.current }),
  }));
  const answer = await pick({
    title: messages.company.title,
    placeholder: messages.company.question,
    items,
    active: items.find((item) => 'description' in item),
  });
  if (answer === undefined || answer === back) return;
  const where = await saveCompany(answer.label);
  session.reach('company');
  session.offer('info', messages.company.saved(answer.label, where), ['Check Set-up']);
}
