import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { extensionRoot } from '../host/sandbox.js';
import { useWorkbench } from './workbench.js';

describe('The workbench with the extension', () => {
  const workbench = useWorkbench();

  it('offers the commands of the category Tally in the Command Palette', async () => {
    const { quickInput } = workbench();
    await workbench().palette('Tally:');
    await quickInput.item('Tally: Backfill Range').first().waitFor();
    await workbench().screenshot('command-palette');
    const read = (file: string): unknown => JSON.parse(readFileSync(path.join(extensionRoot, file), 'utf8'));
    const manifest = read('package.json') as {
      contributes: {
        commands: { command: string; category: string; title: string; enablement?: string }[];
        menus: { commandPalette: { command: string; when: string }[] };
      };
    };
    const words = read('package.nls.json') as Record<string, string>;
    const inWords = (key: string): string => words[key.slice(1, -1)]!;
    const { commands, menus } = manifest.contributes;
    const hidden = new Set(menus.commandPalette.map(({ command }) => command));
    const wanted = commands.filter(({ command, enablement }) => enablement === undefined && !hidden.has(command));
    const titles = wanted.map(({ category, title }) => `${inWords(category)}: ${inWords(title)}`);
    // The list shows as many as fit; the others are found by name.
    const offered = await quickInput.items();
    for (const title of titles.filter((one) => !offered.includes(one))) {
      await quickInput.dismiss();
      await workbench().palette(title);
      await quickInput.item(title).first().waitFor();
    }
    await quickInput.dismiss();
    assert.ok(offered.length > 5);
  });
});
