import { warehouseUrlKey } from '../settings/configuration.js';
import { messages } from '../messages.js';
import { remarkOnWarehouseUrl, warehousePlace } from '../settings/warehouseUrl.js';
import type { Command } from './command.js';

const words = messages.warehouse;

export const setWarehouseUrl: Command<string> = {
  async ask({ context, questions }) {
    const stored = await context.secrets.get(warehouseUrlKey);
    return questions.input({
      title: words.title(),
      prompt: words.prompt(stored === undefined ? undefined : warehousePlace(stored)),
      placeholder: words.placeholder,
      value: '', // the stored one does not come back to the screen
      password: true,
      check: remarkOnWarehouseUrl,
    });
  },
  async run({ context, books, demo, notifier }, url) {
    if (url === '') await context.secrets.delete(warehouseUrlKey);
    else await context.secrets.store(warehouseUrlKey, url);
    const { dbUrl } = await books.configOf({ inDemo: false });
    const said = [
      words.saved(warehousePlace(dbUrl)),
      ...(url === '' && dbUrl !== undefined ? [words.dotEnvRules()] : []),
      ...(demo.running ? [words.demoFirst()] : []),
    ];
    notifier.offer('info', said.join(' '), ['Check Setup']);
  },
};
