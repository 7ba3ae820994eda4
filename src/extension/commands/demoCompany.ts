import * as vscode from 'vscode';
import { demoRange } from '../../demo/demoNames.js';
import { messages } from '../messages.js';
import type { Command, Parts } from './command.js';
import { runLoad } from './runLoad.js';

export const startDemoCompany: Command = { run: start };
export const stopDemoCompany: Command = { run: stop };

async function start(parts: Parts): Promise<void> {
  const already = parts.demo.running !== undefined;
  const location = vscode.ProgressLocation.Notification;
  const demo = await vscode.window.withProgress({ location, title: messages.demo.starting() }, () =>
    parts.demo.start(),
  );
  if (!already) parts.warehouseSwitched();
  const text = already ? messages.demo.alreadyRunning(demo.company) : messages.demo.running(demo.company);
  parts.notifier.offer('info', text, ['Backfill Demo Range', 'Stop Demo'], {
    'Backfill Demo Range': () =>
      runLoad(parts, { load: { job: 'backfill', request: { ...demoRange } }, books: { inDemo: true } }),
  });
}

async function stop(parts: Parts): Promise<void> {
  if (!parts.demo.running) return;
  await parts.demo.stop();
  parts.warehouseSwitched();
  parts.notifier.offer('info', messages.demo.stopped(), ['Get Started']);
}
