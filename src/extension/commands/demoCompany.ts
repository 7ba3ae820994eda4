import * as vscode from 'vscode';
import { demoRange } from '../../demo/book/book.js';
import { messages } from '../messages.js';
import type { Parts } from './parts.js';
import { runLoad } from './runLoad.js';

export async function startDemoCompany(parts: Parts): Promise<void> {
  const already = parts.demo.running !== undefined;
  const location = vscode.ProgressLocation.Notification;
  const demo = await vscode.window.withProgress({ location, title: messages.demo.starting() }, () =>
    parts.demo.start(),
  );
  if (!already) parts.warehouseSwitched();
  const text = already ? messages.demo.alreadyRunning(demo.company) : messages.demo.running(demo.company);
  parts.notifier.offer('info', text, ['Backfill Demo Range', 'Stop Demo'], {
    'Backfill Demo Range': () => runLoad(parts, { job: 'backfill', request: { ...demoRange } }, { inDemo: true }),
  });
}

export async function stopDemoCompany(parts: Parts): Promise<void> {
  if (!parts.demo.running) return;
  await parts.demo.stop();
  parts.warehouseSwitched();
  parts.notifier.offer('info', messages.demo.stopped(), ['Get Started']);
}
