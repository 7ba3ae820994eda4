import { warehouseUrlKey } from '../settings/configuration.js';
import { messages } from '../messages.js';
import { back, input } from '../input/quickInput.js';
import type { Parts } from './parts.js';
import { remarkOnWarehouseUrl, warehousePlace } from '../settings/warehouseUrl.js';

export async function setWarehouseUrl(parts: Parts): Promise<void> {
  const { secrets } = parts.context;
  const stored = await secrets.get(warehouseUrlKey);
  const url = await input({
    title: messages.warehouse.title(),
    prompt: messages.warehouse.prompt(stored === undefined ? undefined : warehousePlace(stored)),
    placeholder: messages.warehouse.placeholder,
    value: '', // the stored one does not come back to the screen
    password: true,
    check: remarkOnWarehouseUrl,
  });
  if (url === undefined || url === back) return;
  if (url === '') await secrets.delete(warehouseUrlKey);
  else await secrets.store(warehouseUrlKey, url);
  const { dbUrl } = await parts.books.configOf({ inDemo: false });
  const said = [
    messages.warehouse.saved(warehousePlace(dbUrl)),
    ...(url === '' && dbUrl !== undefined ? [messages.warehouse.dotEnvRules()] : []),
    ...(parts.demo.running ? [messages.warehouse.demoFirst()] : []),
  ];
  parts.notifier.offer('info', said.join(' '), ['Check Set-up']);
}
