import type { Config } from '../../core/core.js';
import { messages } from '../messages.js';
import type { Keeper } from '../settings/configuration.js';
import { inForce, targetOf } from '../settings/places.js';
import { placeWords } from '../settings/placeWords.js';
import { remarkOnWarehouseUrl, warehousePlace } from '../settings/warehouseUrl.js';
import { hasPassword, withoutPassword, withPassword } from '../sql/connectionStrings.js';
import { checkText } from '../view/runWords.js';
import { askUntilItWorks } from './askUntilItWorks.js';
import type { Command, Parts } from './command.js';

const words = messages.warehouse;

/** Asks for the address of the warehouse, and tries it before it is saved. */
export const setWarehouseUrl: Command<{ url: string; keeper: Keeper }> = {
  async ask(parts) {
    const { configuration, notifier } = parts;
    const sources = await configuration.sources();
    const { source, value } = inForce(sources, 'DB_URL');
    if (source === 'dotEnv') {
      notifier.offer('info', placeWords.urlInDotEnv(warehousePlace(value)), ['Open .env']);
      return undefined;
    }
    const keeper = sources.folder
      ? await askKeeper(parts, sources.folder.name, targetOf(sources, 'DB_URL') === 'workspace')
      : 'user';
    if (keeper === undefined) return undefined;
    const stored = sources[keeper].DB_URL;
    const asked = await askUntilItWorks<string>(parts, {
      ask: (before = stored) => askUrl(parts, keeper, before),
      problemOf: async (url) => (url === '' ? undefined : problemOf(parts, await configuration.read({ DB_URL: url }))),
      question: (url) => placeWords.save.noSuchWarehouse(warehousePlace(url)),
    });
    return asked && { url: asked.value, keeper };
  },
  async run({ configuration, demo, notifier }, { url, keeper }) {
    await configuration.keep('DB_URL', url, keeper);
    const { value } = inForce(await configuration.sources(), 'DB_URL');
    const said = [words.saved(warehousePlace(value)), ...(demo.running ? [words.demoFirst()] : [])];
    notifier.offer('info', said.join(' '), ['Check Setup']);
  },
};

async function askKeeper({ questions }: Parts, folder: string, own: boolean): Promise<Keeper | undefined> {
  const items = [
    { ...placeWords.keeper.user(), keeper: 'user' as const },
    { ...placeWords.keeper.workspace(folder), keeper: 'workspace' as const },
  ];
  const question = {
    title: words.title(),
    placeholder: placeWords.keeper.question(),
    items,
    active: own ? items[1] : undefined,
  };
  return (await questions.pick<(typeof items)[number]>(question))?.keeper;
}

/** Asks for the URL in a box that shows it, then for the password in a box that hides it. Undefined: the user left. */
async function askUrl({ questions }: Parts, keeper: Keeper, now: string | undefined): Promise<string | undefined> {
  const bare = now !== undefined && remarkOnWarehouseUrl(now) === undefined ? withoutPassword(now) : undefined;
  const url = await questions.input({
    title: words.title(),
    prompt: words.prompt(keeper),
    placeholder: words.placeholder,
    value: bare ?? '',
    check: remarkOnWarehouseUrl,
  });
  if (url === undefined || url === '' || new URL(url).username === '' || hasPassword(url)) return url;
  const keepsPassword = url === bare && hasPassword(now!);
  const password = await questions.input({
    title: words.title(),
    prompt: words.password(warehousePlace(url), keepsPassword),
    value: '',
    password: true,
    check: () => undefined,
  });
  if (password === undefined) return undefined;
  if (password !== '') return withPassword(url, password);
  return keepsPassword ? now : url;
}

/** Why the warehouse cannot be used; undefined if it can. Throws `cancelled`. */
async function problemOf({ runner }: Parts, config: Config): Promise<string | undefined> {
  const items = await runner.run('checkWarehouse', undefined, config, { title: words.trying() });
  const { ok, text } = checkText(items);
  return ok ? undefined : text;
}
