import * as vscode from 'vscode';
import { demoRange } from '../../demo/book/book.js';
import { messages } from '../messages.js';
import type { Session } from '../session.js';
import { runLoad } from './runLoad.js';

export async function startDemoCompany(session: Session): Promise<void> {
  const already = session.demo.running !== undefined;
  const location = vscode.ProgressLocation.Notification;
  const demo = await vscode.window.withProgress({ location, title: messages.demo.starting() }, () =>
    session.demo.start(),
  );
  if (!already) session.warehouseSwitched();
  const text = already ? messages.demo.alreadyRunning(demo.company) : messages.demo.running(demo.company);
  session.offer('info', text, ['Backfill Demo Range', 'Stop Demo'], {
    'Backfill Demo Range': () => runLoad(session, { job: 'backfill', request: { ...demoRange } }, { inDemo: true }),
  });
}

export async function stopDemoCompany(session: Session): Promise<void> {
  if (!session.demo.running) return;
  await session.demo.stop();
  session.warehouseSwitched();
  session.offer('info', messages.demo.stopped(), ['Get Started']);
}
