import { messages } from '../messages.js';
import type { Command } from './command.js';
import type { CommandId } from './commandIds.js';
import { runCommand } from './runCommand.js';

/** The menu of the status bar. */
export const showMenu: Command<CommandId | 'view'> = {
  async ask({ questions, demo }) {
    const items = messages.menu.items(demo.running !== undefined);
    return (await questions.pick({ title: messages.menu.title(), placeholder: messages.menu.question(), items }))?.does;
  },
  run: async (parts, does) => {
    await (does === 'view' ? parts.tree.focus() : runCommand(does));
  },
};
